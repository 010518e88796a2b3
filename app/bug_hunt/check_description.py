"""The code under test and the settings of a check in words."""

from collections.abc import Iterable

from app.bug_hunt.hunt_scene import list_block_names
from app.check_scenes.choice_titles import METHOD_TITLES, WORD_TITLES
from app.translation import get_punctuation, translate
from surfaces.gradient_check.bug_hunt import get_network
from surfaces.gradient_check.buggy_network_check import CheckSetting, CodeUnderTest, EntryChoice
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

LOSS_WORDS = {
    "softmax": Translatable("the cross-entropy of a softmax"),
    "svm": Translatable("the hinge loss of a support vector machine (Weston-Watkins)"),
}
LOSS_TITLES = {"softmax": Translatable("softmax loss"), "svm": Translatable("hinge loss")}


def describe_code(code: CodeUnderTest) -> list[str]:
    """Describe in sentences what the code computes."""
    network = get_network(code)
    sizes = network.layer_sizes
    activation = translate(WORD_TITLES[code.activation])
    sentences = [
        translate(
            "A fully connected network of {depth} layers: {inputs} inputs, hidden layers of {widths} {activation} "
            "units, and a score for each of {classes} classes.",
            depth=network.depth, inputs=sizes[0], widths=" + ".join(map(str, code.hidden)), activation=activation,
            classes=sizes[-1],
        ),
        translate("Data: {data}.", data=translate(WORD_TITLES[code.data])),
        translate(
            "Its loss is the mean of {loss} over the samples, plus λ/2 times the sum of the squares of all weights W, "
            "without the biases b.",
            loss=translate(LOSS_WORDS[code.loss]),
        ),
    ]  # fmt: skip
    if code.dropout:
        sentences.append(translate(
            "In training, dropout leaves out each hidden unit with probability {p}.", p=f"{code.dropout:g}"
        ))  # fmt: skip
    return sentences


def describe_setting(setting: CheckSetting, code: CodeUnderTest) -> str:
    """Where, what and how is checked, in a line."""
    parts = [describe_point(setting)]
    if setting.data:
        parts.append(translate("data: {data}", data=translate(WORD_TITLES[setting.data])))
    parts.append(translate("all samples") if not setting.sample_count
                 else translate("1 sample") if setting.sample_count == 1
                 else translate("{count} samples", count=setting.sample_count))  # fmt: skip
    parts.append(f"λ = {setting.l2:g}")
    if code.dropout:
        parts.append(translate("with dropout") if setting.has_dropout else translate("without dropout"))
    parts += [describe_entries(setting, code), describe_method(setting)]
    return " · ".join(parts)


def describe_point(setting: CheckSetting) -> str:
    where = (
        translate("after {steps} training steps", steps=setting.steps) if setting.steps else translate("at the start")
    )
    if setting.initialization == "glorot" and not setting.seed:
        return where
    weights = translate("first weights: {weights}", weights=translate(WORD_TITLES[setting.initialization]))
    seed = [translate("seed {seed}", seed=setting.seed)] if setting.seed else []
    return join([where, *([weights] if setting.initialization != "glorot" else []), *seed])


def describe_entries(setting: CheckSetting, code: CodeUnderTest) -> str:
    is_whole = setting.entries is EntryChoice.ALL
    if setting.entries is EntryChoice.FLAT:
        return translate("{count} entries of the whole vector", count=setting.entry_count)
    if not setting.blocks:
        return translate("all entries of all blocks") if is_whole else translate("some entries of all blocks")
    blocks = join(name for name in list_block_names(code) if name in setting.blocks)
    if is_whole:
        return translate("all entries of {blocks}", blocks=blocks)
    return translate("some entries of {blocks}", blocks=blocks)


def describe_method(setting: CheckSetting) -> str:
    precision = "float32" if setting.is_single else "float64"
    method = f"{translate(METHOD_TITLES[setting.method])} {precision}"
    return method if setting.h is None else join((method, f"h = {format_number(setting.h)}"))


def join(parts: Iterable[str]) -> str:
    """The parts with commas, as the language writes them."""
    return get_punctuation().comma.join(parts)
