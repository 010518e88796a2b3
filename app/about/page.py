"""About: what this is, and what of it is verified against what, as the tests wrote it down."""

import platform
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import streamlit as st
from plotly.offline import get_plotlyjs_version

from app.about.verification import CLOSED_FORMS, Published, Recorded, source, verified
from app.model import display_names
from app.session import language_switch, url_sync
from app.translation import say
from optimizers.catalogue import OPTIMIZERS
from surfaces.catalogue import SURFACES


def table(*rows: tuple[str, ...]) -> None:
    """The first row is the head."""
    head, *body = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows)
    st.markdown("\n".join((head, " | ".join("---" for _ in rows[0]), *body)))


def link(label: str, part: str, make: Callable[..., Any]) -> str:
    """To the race with this optimizer or surface in it."""
    return f"[{label}](./?{part}={make.__name__}())"


def small(error: float) -> str:
    return display_names.number(error) if error else "0"


def recorded(run: Recorded) -> str:
    return say(
        "{library} {version}, {runs} runs of {steps} steps: {deviation}",
        library=run.library, version=run.version, runs=run.runs, steps=run.steps, deviation=small(run.deviation),
    )  # fmt: skip


def published(reached: Published) -> str:
    (certified, regressions), (minima, starts) = reached
    return say(
        "{certified} of {regressions} certified regressions to nine digits, {minima} of {starts} published minima",
        certified=certified, regressions=regressions, minima=minima, starts=starts,
    )  # fmt: skip


def against(word: str) -> str:
    """What an optimizer is held against."""
    measured = verified()
    found = [recorded(run) for run in measured.optimizers.get(word, ())]
    found += [published(measured.published[word])] if word in measured.published else []
    found += [say(CLOSED_FORMS[word])] if word in CLOSED_FORMS else []
    return " · ".join(found)


def optimizers() -> None:
    rows = (
        (link(display_names.name(word), "run", make), source(make), against(word)) for word, make in OPTIMIZERS.items()
    )
    table((say("Optimizer"), say("Source"), say("Verified against, and the greatest relative deviation")), *rows)


def surfaces() -> None:
    measured = verified().surfaces
    rows = (
        (
            link(display_names.name(word), "surface", make),
            source(make),
            small(measured[word].gradient),
            small(measured[word].hessian),
        )
        for word, make in SURFACES.items()
    )
    table((say("Surface"), say("Source"), say("Error of the gradient"), say("Error of the Hessian")), *rows)


url_sync.leave()
language_switch.heed()
st.query_params.from_dict(language_switch.parameters())
with st.container(key="about"):
    st.title(say("About"), anchor=False)
    st.markdown(say(
        "Descent is a laboratory for optimization. It runs optimizers on functions of two variables, step by step as "
        "their formulas say, and shows what they do. It is for students alone, and for lecturers who share their "
        "screen. Nothing that you do here is kept: a race is in its link."
    ))  # fmt: skip
    st.header(say("What is verified, and how"), anchor=False)
    st.markdown(say(
        "Every number here was measured by the tests of this very code; a test fails when it is not so any more. "
        "A click on a name opens the race with it."
    ))  # fmt: skip
    st.subheader(say("Optimizers"), anchor=False)
    st.markdown(say(
        "The same runs were made by another library and recorded; here they are repeated, and compared in every "
        "coordinate at every step. Rounding alone makes differences of about 1e-12."
    ))  # fmt: skip
    optimizers()
    st.subheader(say("Surfaces"), anchor=False)
    st.markdown(say(
        "Gradient and Hessian are formulas. At {points} places of the view, away from kinks, they are compared with "
        "centred differences of the value and of the gradient: the relative error is |a − n| / max(|a|, |n|). Below "
        "1e-7 is good; more is the rounding of the differences.",
        points=next(iter(verified().surfaces.values())).points,
    ))  # fmt: skip
    surfaces()
    st.subheader(say("Versions"), anchor=False)
    now = {"Python": platform.python_version(), "plotly.js": get_plotlyjs_version()}
    now |= {name: version(name) for name in ("numpy", "scipy", "plotly", "streamlit")}
    then = verified().versions
    rows = ((name, running, then.get(name, "")) for name, running in now.items())
    table((say("Library"), say("Running now"), say("Measured with")), *rows)
