"""The text after a hunt: the bug, its line, the checkers that it fools, and how an expert finds it."""

from typing import Any

from app.bug_hunt.check_description import describe_setting, join
from app.bug_hunt.hunt_progress import HuntProgress
from app.check_scenes.choice_titles import WORD_TITLES
from app.translation import get_punctuation, translate
from surfaces.gradient_check.bug_hunt import Hunt, find_par, list_expert_checks, play_as_expert, score
from surfaces.gradient_check.buggy_network_check import build_loss_at_point
from surfaces.gradient_check.fooled_checks import FOOLED_CHECKS, THIS
from surfaces.models.seeded_bugs import SEEDED_BUGS


def describe_ending(hunt: Hunt, progress: HuntProgress) -> dict[str, Any]:
    """The answer, for the browser."""
    code = hunt.code
    bug = SEEDED_BUGS[code.bug]
    line = bug.write_line(code.layer)
    par, spent = find_par(hunt), progress.state.spent
    blocks = join(hunt.source)
    if progress.state.is_found:
        headline = translate("Found with {spent} evaluations; par is {par}: {score} points, where par gives 100.",
                             score=score(progress.state, hunt), spent=spent, par=par)  # fmt: skip
    else:
        headline = translate("Given up after {spent} evaluations; par is {par}.", spent=spent, par=par)
    return {
        "found": progress.state.is_found, "headline": headline, "title": translate(bug.title),
        "where": translate("It is in {blocks}.", blocks=blocks) + get_punctuation().gap + translate(bug.fault),
        "wrong_line": line.wrong, "right_line": line.right, "detection": translate(bug.detection),
        "fooled": list(describe_fooled(code.bug)), "steps": list(describe_expert(hunt)),
    }  # fmt: skip


def describe_fooled(bug: str) -> tuple[str, str]:
    """Describe a naive check of code with the bug, and list the checkers that let it pass."""
    fooled = FOOLED_CHECKS[bug]
    names = [translate("this laboratory") if name == THIS else name for name in fooled.fooled]
    network = build_loss_at_point(fooled.code, fooled.setting)[0].network
    setting = translate("A check that is too easy to see it: {setting}.",
                        setting=describe_setting(fooled.setting, fooled.code))  # fmt: skip
    who = translate(
        "With this check, in a network of {sizes} units ({activation}), these let the gradient pass: {names}.",
        sizes=" → ".join(map(str, network.layer_sizes)), activation=translate(WORD_TITLES[fooled.code.activation]),
        names=join(names),
    )  # fmt: skip
    return setting, who


def describe_expert(hunt: Hunt) -> list[str]:
    """The expert's checks, one a sentence."""
    checks = list_expert_checks(hunt.code)
    _, block = play_as_expert(hunt.code)
    gap = get_punctuation().gap
    return [
        translate("An ordinary point, few samples, and all parts of the loss: {setting}.",
                  setting=describe_setting(checks[0].setting._replace(blocks=()), hunt.code)),
        *(
            translate("{blocks}, {entries} entries, {count} evaluations:", blocks=join(check.setting.blocks),
                      entries=len(check.report.check.entries), count=check.report.evaluations)
            + gap + translate(check.report.verdict.sentence)
            for check in checks
        ),
        translate("The worst entry is in {block}: that is the block to be named.", block=block),
    ]  # fmt: skip
