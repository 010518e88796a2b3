"""Findings of axe-core in Streamlit's own elements, which cannot be mended from here."""

from typing import NamedTuple


class Known(NamedTuple):
    rule: str  # of axe-core
    html: str  # the beginning of the element
    reason: str


KNOWN = (
    Known(
        "region",
        '<div id=":',
        "Streamlit 1.67 lays an open popover at the end of the page, outside every landmark (data-floating-ui-portal); "
        "no issue of theirs is known to us.",
    ),
    Known(
        "presentation-role-conflict",
        '<section role="presentation" tabindex="-1" data-testid="stFileUploaderDropzone"',
        "Streamlit 1.67 names the drop zone of its file uploader, and says that it means nothing; "
        "no issue of theirs is known to us.",
    ),
)
