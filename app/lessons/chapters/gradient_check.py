"""Lessons about the check of a gradient against difference quotients."""

import numpy as np

from app.check_scenes.check_scene import CheckScene, Precision
from app.check_scenes.checked_problem import get_problem
from app.lessons.check_metrics import (
    ask_checkers,
    count_crossed,
    find_largest_error,
    find_least_error,
    find_point,
    find_violated_fraction,
    get_model,
    judge_scene,
    list_entries,
    measure_error,
    measure_slope,
    predict_best_h,
    run_check,
)
from app.lessons.lesson import CheckLesson, Facts, ShownCurve
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.entry_sampling import count_by_block, probability_of_missing, sample_flat_vector
from surfaces.gradient_check.other_checkers import TORCH_ATOL
from surfaces.gradient_check.step_size_theory import rule_of_thumb_step
from surfaces.gradient_check.verdict import SUSPICIOUS_ABOVE, WRONG_ABOVE, GradientVerdict

# Rounding errors differ from processor to processor: claims about them leave a factor of three or more.
DRAWS = 400  # samples of entries in which a block is looked for


def measure_smaller_h(scene: CheckScene) -> Facts:
    (known,) = SMALLER_BEFORE
    start, end, tenth = (measure_error(scene, h=h) for h in (known.smallest_h, scene.h, 10 * scene.h))
    best_h, thumb = predict_best_h(scene), rule_of_thumb_step(Method.CENTRED)
    value = run_check(scene).value
    return Facts(
        "falls" if end < start / 3 else "rises" if end > 3 * start else "stays",
        {
            "h_start": known.smallest_h, "h": scene.h, "start": start, "end": end,
            "loss": value, "eps": float(np.finfo(np.float64).eps), "best": best_h, "thumb": thumb,
            "least": measure_error(scene, h=1e-5),
        },
        {
            "the gradient is right": judge_scene(scene, h=1e-5).passed,
            "the error grows by many decades": end > 1e4 * start,
            "about two digits are left": 1e-3 < end < 0.1,
            "a smaller h makes it larger by as much": 3 < end / tenth < 30,
            "the best h is near the cube root of the precision": thumb / 10 < best_h < 10 * thumb,
            "it is small near the best h": measure_error(scene, h=1e-5) < 1e-7,
            "the check says that rounding explains it": judge_scene(scene).kind is GradientVerdict.ROUND_OFF,
        },
    )  # fmt: skip


def measure_centred(scene: CheckScene) -> Facts:
    forward, centred = (measure_error(scene, method=method) for method in (Method.FORWARD, Method.CENTRED))
    gains = {m: measure_error(scene, method=m, h=10 * scene.h) / measure_error(scene, method=m) for m in Method}
    best = {m: find_least_error(scene, range(-9, -2), method=m) for m in (Method.FORWARD, Method.CENTRED)}
    slopes = {m: measure_slope(scene, scene.h, 10 * scene.h, method=m) for m in Method}
    ratio = forward / centred
    return Facts(
        "far" if ratio > 100 else "tenth" if ratio > 5 else "half",
        {
            "h": scene.h, "forward": forward, "centred": centred,
            "gain_forward": round(gains[Method.FORWARD]), "gain_centred": round(gains[Method.CENTRED]),
            "best_forward": best[Method.FORWARD], "best_centred": best[Method.CENTRED],
        },
        {
            "the gradient is right": judge_scene(scene, h=1e-5).passed,
            "the best h of a forward difference is near the square root of the precision": best[Method.FORWARD]
            == min(measure_error(scene, method=Method.FORWARD, h=h) for h in (1e-8, 1e-7)),
            "the error of a forward difference is of order h": abs(slopes[Method.FORWARD] - 1) < 0.2,
            "the error of a centred difference is of order h²": abs(slopes[Method.CENTRED] - 2) < 0.2,
            "at its best too a centred difference is far better": best[Method.CENTRED] < best[Method.FORWARD] / 30,
        },
    )  # fmt: skip


def measure_relative(scaled: CheckScene, whole: CheckScene) -> Facts:
    small, large = ask_checkers(scaled), ask_checkers(whole)
    torch, notes = "torch.autograd.gradcheck", "notes"
    absolute_finds, relative_finds = not small[torch].passed, not small[notes].passed
    check = run_check(scaled)
    return Facts(
        {(True, True): "both", (True, False): "absolute", (False, True): "relative"}.get(
            (absolute_finds, relative_finds), "neither"
        ),
        {
            "scale": scaled.scale, "atol": TORCH_ATOL,
            "difference": float(np.abs(check.analytic - check.numeric).max()),
            "error": find_largest_error(scaled), "error_whole": find_largest_error(whole),
        },
        {
            "every difference is far below the absolute tolerance": np.abs(check.analytic - check.numeric).max()
            < TORCH_ATOL / 30,
            "a gradient of zeros would pass as well": np.abs(check.numeric).max() < TORCH_ATOL,
            "at 1e-10 of its size the check says that the numbers are too small": judge_scene(scaled, scale=1e-10).kind
            is GradientVerdict.TINY,
            "SciPy's check passes too": small["scipy.optimize.check_grad"].passed,
            "the relative error is the same at either size": np.isclose(
                find_largest_error(scaled), find_largest_error(whole), rtol=0.02
            ),
            "the relative error tells that it is wrong": find_largest_error(scaled) > 10 * WRONG_ABOVE,
            "of the unscaled loss all of them find the fault": not any(opinion.passed for opinion in large.values()),
        },
    )  # fmt: skip


def measure_kinks(many: CheckScene, few: CheckScene, small: CheckScene) -> Facts:
    crossed = {name: count_crossed(scene) for name, scene in (("many", many), ("few", few), ("small", small))}
    count = {name: len(list_entries(scene)) for name, scene in (("many", many), ("few", few))}
    samples = {name: count_samples(scene) for name, scene in (("many", many), ("few", few))}
    share = crossed["many"] / count["many"]
    units = get_model(many).width
    return Facts(
        "third" if share > 0.15 else "few" if share > 0 else "none",
        {
            "h": many.h, "h_small": small.h, "crossed": crossed["many"], "count": count["many"],
            "crossed_few": crossed["few"], "count_few": count["few"], "crossed_small": crossed["small"],
            "samples": samples["many"], "samples_few": samples["few"], "units": units,
            "kinks": samples["many"] * units, "error": find_largest_error(many),
            "error_small": find_largest_error(small),
        },
        {
            "with few samples hardly a step crosses one": crossed["few"] < 0.05 * count["few"],
            "with a small step hardly one does": crossed["small"] < 0.3 * crossed["many"],
            "the error of the worst entry looks like that of a wrong gradient": find_largest_error(many) > WRONG_ABOVE,
            "the gradient is right": judge_scene(small).passed and judge_scene(few).passed,
            "the check blames the kinks": judge_scene(many).kind is GradientVerdict.KINKS_CROSSED,
        },
    )  # fmt: skip


def count_samples(scene: CheckScene) -> int:
    classifier = get_problem(scene).classifier
    return classifier.sample_count if classifier else 0


def measure_penalty(strong: CheckScene, weaker: CheckScene, none: CheckScene) -> Facts:
    strong_error, weaker_error, error = (find_largest_error(scene) for scene in (strong, weaker, none))
    verdict = judge_scene(strong)
    limits = {"wrong": WRONG_ABOVE, "suspicious": SUSPICIOUS_ABOVE}
    return Facts(
        "right" if verdict.passed else next((name for name, limit in limits.items() if strong_error > limit), "right"),
        {
            "strong": get_model(strong).l2, "weaker": get_model(weaker).l2, "error_strong": strong_error,
            "error_weaker": weaker_error, "error": error, "limit": SUSPICIOUS_ABOVE,
        },
        {
            "without the penalty the error is a half": abs(error - 0.5) < 0.05,
            "a weaker penalty does not hide it": judge_scene(weaker).kind is GradientVerdict.WRONG,
            "nor does none": judge_scene(none).kind is GradientVerdict.WRONG,
            "the stronger it is, the less is left": strong_error < weaker_error / 100 < error / 100,
        },
    )  # fmt: skip


def measure_moment(first: CheckScene, later: CheckScene) -> Facts:
    at_first, at_last = judge_scene(first), judge_scene(later)
    violated = [find_violated_fraction(scene) for scene in (first, later)]
    is_found = [verdict.kind is GradientVerdict.WRONG for verdict in (at_first, at_last)]
    return Facts(
        "first" if is_found[0] else "later" if is_found[1] else "never",
        {
            "error_first": measure_error(first), "error_later": measure_error(later),
            "steps": get_model(later).warmup,
            "violated": f"{violated[1]:.0%}",
        },
        {
            "the check passes the wrong gradient at first": at_first.passed,
            "every margin is violated at first": violated[0] == 1,
            "after training most margins are met": violated[1] < 0.5,
            "no digit of the gradient is right then": measure_error(later) > 0.3,
            "the error is that of a right gradient at first": measure_error(first) < 1e-7,
        },
    )  # fmt: skip


def measure_single(single: CheckScene, double: CheckScene) -> Facts:
    error, error_double = measure_error(single), measure_error(double)
    check = run_check(double)
    change = float(np.median(np.abs(check.numeric[check.numeric != 0])) * 2 * single.h)
    spacing = float(np.spacing(np.float32(check.value)))
    best_h = rule_of_thumb_step(Method.CENTRED, np.float32)
    best = find_least_error(single, range(-4, 0))
    return Facts(
        "none" if error > 0.05 else "half" if error > 1e-6 else "seven",
        {
            "h": single.h, "error": error, "error_double": error_double, "loss": check.value, "change": change,
            "spacing": spacing, "best_h": best_h, "best": best,
        },
        {
            "the gradient is right": judge_scene(double).passed,
            "the loss changes by few of its last digits": change < 10 * spacing,
            "in float64 the same check has many digits": error_double < 1e-7,
            "a larger h is better": best < error / 30,
            "no h makes it as good as float64": best > 1000 * error_double,
            "float32 resolves the loss itself to seven digits": spacing / check.value < 1e-6,
        },
    )  # fmt: skip


def measure_dropout(noisy: CheckScene, seeded: CheckScene) -> Facts:
    large_h, small_h = 1e-3, 1e-6
    lengths = [float(np.linalg.norm(run_check(noisy, h=h).numeric)) for h in (large_h, small_h)]
    check = run_check(noisy)
    true_length, ratio = float(np.linalg.norm(check.analytic)), lengths[1] / lengths[0]
    return Facts(
        "grows" if ratio > 30 else "vanishes" if ratio < 1 / 30 else "settles",
        {
            "p": get_model(noisy).dropout, "h_large": large_h,
            "h_small": small_h, "length_large": lengths[0], "length_small": lengths[1], "length": true_length,
            "error_seeded": measure_error(seeded),
        },
        {
            "it grows as 1/h": 100 < ratio < 10_000,
            "the curve is flat, at one": all(abs(measure_error(noisy, h=h) - 1) < 0.1 for h in (1e-2, 1e-5, 1e-8)),
            "it is far longer than the gradient": lengths[0] > 100 * true_length,
            "the check blames the gradient": judge_scene(noisy).kind is GradientVerdict.WRONG,
            "with a seeded mask the gradient is right": judge_scene(seeded).passed and measure_error(seeded) < 1e-7,
        },
    )  # fmt: skip


def measure_blocks(flat: CheckScene, each: CheckScene) -> Facts:
    problem = get_problem(flat)
    block, count = problem.layout.blocks[-1], len(list_entries(flat))
    size = block.stop - block.start
    chance = 1 - probability_of_missing(size, problem.size, count)
    drawn = [count_by_block(problem.layout, sample_flat_vector(problem.size, count, seed))[-1] for seed in range(DRAWS)]
    choices = {"certain": 0.99, "half": 0.5, "fifth": 0.2}
    here, there = (count_by_block(problem.layout, list_entries(scene))[-1] for scene in (flat, each))
    gradient = problem.function.analytic_gradient(find_point(flat))
    return Facts(
        min(choices, key=lambda name: abs(choices[name] - chance)),
        {
            "parameters": problem.size, "biases": size, "count": count, "chance": f"{chance:.0%}",
            "error": measure_error(flat), "checked": int(there), "error_each": find_largest_error(each),
        },
        {
            "it is drawn as often as the formula says": abs(np.mean(np.array(drawn) > 0) - chance) < 0.08,
            "this time no bias was drawn": here == 0,
            "and so the wrong gradient passes": judge_scene(flat).passed,
            "the gradient of the last biases is 0": not gradient[block.start :].any(),
            "some of every block are enough to find it": there > 0
            and judge_scene(each).kind is GradientVerdict.WRONG,
        },
    )  # fmt: skip


FORWARD, CENTRED = ShownCurve(Method.FORWARD), ShownCurve(Method.CENTRED)
CENTRED_SINGLE = ShownCurve(Method.CENTRED, Precision.SINGLE)
SMALLER_BEFORE = (ShownCurve(Method.CENTRED, smallest_h=1e-4),)
ENTRIES = ("verdict", "entries")
KINKED = "of=network(activation=relu,initialization=he,samples={})&how=centred(h={})"
DROWNED = "of=network(activation=relu,initialization=he,samples=100,l2={},fault=half)&how=centred(h=0.0001,seed=2)"
UNTRAINED = "of=svm(samples=50,initialization=too_small,fault=margin{})"

LESSONS = (
    CheckLesson(
        "smaller", {"tiny": "how=centred(h=1e-12)"}, ("falls", "stays", "rises"), "rises", measure_smaller_h,
        curves_before=SMALLER_BEFORE,
    ),
    CheckLesson(
        "centred", {"tanh": "how=centred(h=0.0001)"}, ("half", "tenth", "far"), "far", measure_centred,
        curves=(FORWARD, CENTRED), curves_before=(FORWARD,),
    ),
    CheckLesson(
        "relative",
        {"scaled": "of=network(fault=half)&how=centred(scale=1e-06)", "whole": "of=network(fault=half)"},
        ("both", "absolute", "relative", "neither"), "relative", measure_relative,
        parts=("verdict", "chart", "others"),
    ),
    CheckLesson(
        "single", {"single": "how=centred(precision=float32)", "double": "how=centred()"}, ("seven", "half", "none"),
        "none", measure_single, curves=(CENTRED, CENTRED_SINGLE), curves_before=(CENTRED,),
    ),
    CheckLesson(
        "kinks",
        {
            "many": KINKED.format(2000, "0.001"), "few": KINKED.format(10, "0.001"),
            "small": KINKED.format(2000, "1e-06"),
        },
        ("none", "few", "third"), "third", measure_kinks, parts=("verdict", "chart", "entries"),
    ),
    CheckLesson(
        "penalty", {"strong": DROWNED.format(10000), "weaker": DROWNED.format(10), "none": DROWNED.format(0)},
        ("wrong", "suspicious", "right"), "right", measure_penalty,
    ),
    CheckLesson(
        "moment", {"first": UNTRAINED.format(""), "later": UNTRAINED.format(",warmup=200")},
        ("first", "later", "never"), "later", measure_moment,
    ),
    CheckLesson(
        "dropout",
        {"noisy": "of=network(dropout=0.5,fixed_mask=False)", "seeded": "of=network(dropout=0.5)"},
        ("settles", "grows", "vanishes"), "grows", measure_dropout,
    ),
    CheckLesson(
        "blocks",
        {"flat": "of=network(fault=bias)&how=centred(entries=flat)", "each": "of=network(fault=bias)"},
        ("certain", "half", "fifth"), "fifth", measure_blocks, parts=ENTRIES, parts_before=ENTRIES,
    ),
)  # fmt: skip
