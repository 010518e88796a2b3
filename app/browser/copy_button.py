"""A button that copies a text to the visitor's clipboard, which Streamlit's buttons cannot."""

import streamlit as st

from app.browser.loader_script import make_loader

_copy_button = st.components.v2.component(
    "descent_copy", js=make_loader("mountCopyButton", "player/panels/copy_button.js"), isolate_styles=False
)


def show_copy_button(label: str, text: str, *, key: str, done: str, by_hand: str, share: str = "") -> None:
    """`done` is said after it was copied, `by_hand` where the browser does not allow that and shows the text.

    With the label `share` it has a second button where a finger is used: the text is a link, which the browser hands to
    another app.
    """
    _copy_button(key=key, data={"text": text, "label": label, "done": done, "byHand": by_hand, "share": share})
