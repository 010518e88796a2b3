"""The page About: a description of the site, and tables of what the tests verified against which references."""

import platform
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import streamlit as st
from plotly.offline import get_plotlyjs_version

from app.about.verification_results import PublishedResults, RecordedRuns, find_citation, load_verification
from app.model import display_names
from app.session import language_switch, race_url_sync
from app.translation import translate
from optimizers.catalogue import OPTIMIZERS, TRAITS
from surfaces.catalogue import SURFACES


def show_table(*rows: tuple[str, ...]) -> None:
    """Show rows as a table; the first one is its head."""
    head, *body = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows)
    st.markdown("\n".join((head, " | ".join("---" for _ in rows[0]), *body)))


def make_race_link(label: str, parameter: str, make: Callable[..., Any]) -> str:
    """A link to the race with this optimizer or surface."""
    return f"[{label}](./?{parameter}={make.__name__}())"


def format_error(error: float) -> str:
    return display_names.format_compact(error) if error else "0"


def describe_recorded_runs(runs: RecordedRuns) -> str:
    values = runs._asdict() | {"deviation": format_error(runs.deviation)}
    return translate("{library} {version}, {runs} runs of {steps} steps: {deviation}", **values)


def describe_published_results(results: PublishedResults) -> str:
    (certified, regressions), (minima, starts) = results
    return translate(
        "{certified} of {regressions} certified regressions to nine digits, {minima} of {starts} published minima",
        certified=certified, regressions=regressions, minima=minima, starts=starts,
    )  # fmt: skip


def describe_verification(optimizer: str) -> str:
    """The references that an optimizer was compared with, and the results."""
    verification, closed_form = load_verification(), TRAITS[optimizer].closed_form
    checks = [describe_recorded_runs(runs) for runs in verification.optimizers.get(optimizer, ())]
    if optimizer in verification.published:
        checks.append(describe_published_results(verification.published[optimizer]))
    if closed_form:
        checks.append(translate(closed_form))
    return " · ".join(checks)


def show_optimizers() -> None:
    rows = (
        (
            make_race_link(display_names.get_display_name(name), "run", make),
            find_citation(make),
            describe_verification(name),
        )
        for name, make in OPTIMIZERS.items()
    )
    show_table(
        (
            translate("Optimizer"),
            translate("Source"),
            translate("Verified against, with the largest relative deviation"),
        ),
        *rows,
    )


def show_surfaces() -> None:
    errors = load_verification().surfaces
    rows = (
        (
            make_race_link(display_names.get_display_name(name), "surface", make),
            find_citation(make),
            format_error(errors[name].gradient),
            format_error(errors[name].hessian),
        )
        for name, make in SURFACES.items()
    )
    show_table(
        (
            translate("Surface"),
            translate("Source"),
            translate("Error of the gradient"),
            translate("Error of the Hessian"),
        ),
        *rows,
    )


race_url_sync.mark_race_left()
language_switch.apply_url_language()
st.query_params.from_dict(language_switch.make_url_parameters())
with st.container(key="about"):
    st.title(translate("About"), anchor=False)
    st.markdown(translate(
        "Descent is a laboratory for optimization. It runs optimizers on functions of two variables, step by step "
        "as their formulas say, and shows what they do. It is for students working on their own and for lecturers "
        "sharing their screen. The server stores nothing of what you do here: a race is in its link, and which lessons "
        "you have seen and what you predicted is in a cookie of your browser, for a year. How your bug hunts "
        "went is kept in your browser alone."
    ))  # fmt: skip
    st.header(translate("When a run has reached a minimum"), anchor=False)
    st.markdown(display_names.describe_arrival())
    st.header(translate("What is verified, and how"), anchor=False)
    st.markdown(translate(
        "Every number here was measured by the tests of this very code, and a test fails when one no longer holds. "
        "Click or tap a name to open the race with it."
    ))  # fmt: skip
    st.subheader(translate("Optimizers"), anchor=False)
    st.markdown(translate(
        "The same runs were made with another library and recorded; here they are repeated and compared in every "
        "coordinate at every step. Rounding alone causes differences of about 1e-12."
    ))  # fmt: skip
    show_optimizers()
    st.subheader(translate("Surfaces"), anchor=False)
    st.markdown(translate(
        "Gradient and Hessian are formulas. At {points} points of the view, away from kinks, they are compared "
        "with centred differences of the value and of the gradient: the relative error is |a − n| / max(|a|, |n|). "
        "Below 1e-7 is good; more comes from rounding in the differences.",
        points=next(iter(load_verification().surfaces.values())).points,
    ))  # fmt: skip
    show_surfaces()
    st.subheader(translate("Versions"), anchor=False)
    running = {"Python": platform.python_version(), "plotly.js": get_plotlyjs_version()}
    running |= {name: version(name) for name in ("numpy", "scipy", "plotly", "streamlit")}
    measured = load_verification().versions
    rows = ((name, number, measured.get(name, "")) for name, number in running.items())
    show_table((translate("Library"), translate("Running now"), translate("Measured with")), *rows)
