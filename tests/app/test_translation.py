"""Two languages: nothing missing, nothing stale, and the same numbers and formulas in both."""

import ast
import pickle
import re
from collections import Counter
from pathlib import Path

import pytest
import streamlit as st

from app.model import display_names
from app.model.presets import PRESETS
from app.model.scene import UserError
from app.scene_text.reader import read_scene
from app.scene_text.writer import list_parts, write_scene
from app.translation import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    PSEUDO_LANGUAGES,
    choose_language,
    get_translator,
    translate,
    use_language,
)
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.catalogue import SURFACES
from surfaces.datasets.table_parser import DataError
from surfaces.formula.formula_reader import FormulaError, parse_formula
from surfaces.translatable import Translatable
from tests.support.app_pages import get_scene, open_popover, read_address, visit
from tests.support.chinese_text import find_faults, keep_prose
from tests.support.lesson_texts import CHINESE
from tests.tools.translation_catalogues import (
    CATALOGUES,
    MAKERS,
    ROOT,
    TRANSLATING_CALLS,
    list_page_texts,
    list_texts,
    read_catalogue,
)

TRANSLATED = [language for language in LANGUAGES if language != DEFAULT_LANGUAGE]
MESSAGES = [
    pytest.param(message.id, message.string, id=f"{language}-{message.id[:40]}")
    for language in TRANSLATED
    for message in read_catalogue(language)
    if message.id
]
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]+\$", re.DOTALL)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_exactly_the_texts_of_the_page(language):
    """`python -m tests.tools.translation_catalogues` brings it up to date."""
    assert [message.id for message in read_catalogue(language) if message.id] == list_texts()


@pytest.mark.parametrize(("said", "translated"), MESSAGES)
def test_a_translation_has_the_same_values_and_markup(said, translated):
    """It has the same values to fill in, code, marks, paragraphs and formulas, but for words in these."""
    assert translated
    translated = translated.replace("成立时, 不成立时", "here, elsewhere")  # words of an example of code

    def found(pattern, text):
        return Counter(re.findall(pattern, text))

    prose, prosa = (FORMULA.sub("", text) for text in (said, translated))
    for pattern in (r"\{[^}]*\}", r"`[^`]+`", r":material/\w+:", r":\w+\[", r"\*\*", r"\n\n"):
        assert found(pattern, prose) == found(pattern, prosa), pattern
    formulas = [
        Counter(re.sub(r"\\text\{[^}]*\}|\s+", "", formula) for formula in FORMULA.findall(text))
        for text in (said, translated)
    ]
    assert formulas[0] == formulas[1]
    assert not re.search(rf"{CHINESE}[,.;:!?](?!\w)", translated), "punctuation of another language"
    if re.search(r"[A-Za-z]{3,} [a-z]{3,}", re.sub(r"`.*?`", "", prose)) and said != display_names.get_english_name(
        "scipy_trust_exact"
    ):
        assert re.search(CHINESE, translated), "not translated"


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-CN", "zh"), ("zh", "zh"), ("zh_TW", "zh"), ("ZH-hans", "zh"), ("en-GB", "en"), ("de", "en"), ("", "en"),
     (None, "en"), ("x", "en"), ("xss", "en"), ("../zh", "en")],
)  # fmt: skip
def test_the_nearest_language_to_the_browser_is_chosen(locale, language):
    assert choose_language(locale) == language


def test_a_translatable_text_is_english_and_keeps_its_key_and_values():
    inner = Translatable("the {thing} is open", thing="door")
    outer = Translatable("{what}: {n:.1f} {braces}", what=inner, n=2, braces="{n}")
    assert outer == "the door is open: 2.0 {n}"
    again = pickle.loads(pickle.dumps(outer))  # noqa: S301, its own bytes
    assert (again, again.pattern, again.values) == (outer, outer.pattern, outer.values)
    german = {"the {thing} is open": "{thing} ist offen", "{what}: {n:.1f} {braces}": "{n:.1f}; {what}"}
    assert again.localize(lambda text: german.get(text, text)) == "2.0; door ist offen"
    assert Translatable("{untouched}") == "{untouched}"
    assert Translatable(inner) is inner


@pytest.mark.parametrize("error", [UserError, FormulaError, DataError])
def test_an_error_can_be_translated(error):
    with pytest.raises(error, match=r"^4 \{words\}$") as caught:
        raise error("{n} {words}", **{"n": 4, "words": "{words}"})
    assert caught.value.message.localize(lambda _: "{words} {n}") == "{words} 4"


def test_errors_are_chinese_to_the_end():
    """Patterns within patterns too: no English is left in what is refused."""
    with pytest.raises(FormulaError) as caught:
        parse_formula("x + foo(y)")
    said = caught.value.message.localize(get_translator("zh"))
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", said.replace("foo", "")), said
    fault = read_scene("surface = nowhere()").faults[0]
    assert re.search(CHINESE, fault.reason.localize(get_translator("zh")))


def test_the_switch_is_in_the_scene_and_in_its_link():
    page = visit()
    assert not page.button(key="switch_language").label.isascii()
    page.button(key="switch_language").click().run()
    assert get_scene(page).presentation.language == "zh"
    assert read_address(page).endswith("&language=zh")
    assert page.text_input(key="steps").label == get_translator("zh")("Steps") != "Steps"
    assert page.button(key="switch_language").label == "English"
    with use_language("zh"):  # the test tells what is chosen by its name, from outside of the visit
        page.button(key="undo").click().run()
    assert get_scene(page).presentation.language == ""
    assert page.text_input(key="steps").label == "Steps"


def test_a_page_whose_link_has_another_language_than_the_browser_is_run_once(monkeypatch):
    """A page that begins anew at its end takes twice the time, and Streamlit may lose what it has said by then."""
    begun_anew = []
    monkeypatch.setattr(st, "rerun", lambda *_: begun_anew.append(True))
    page = visit(("language", "zh"))
    assert page.text_input(key="steps").label == get_translator("zh")("Steps") and not begun_anew


def test_a_link_sets_the_language_and_an_unknown_one_is_reported():
    page = visit(*list_parts(PRESETS["The Adam family"]), ("language", "zh"))
    assert page.text_input(key="steps").label == get_translator("zh")("Steps")
    assert read_address(page) == ""
    page = visit(("language", "tlh"))
    assert "The language must be one of en, zh" in " ".join(markdown.value for markdown in page.markdown)
    assert write_scene(get_scene(page)) == write_scene(PRESETS["Momentum or Nesterov"])


@pytest.mark.parametrize("language", PSEUDO_LANGUAGES)
def test_pseudo_languages_are_offered_to_tests_only(language, monkeypatch):
    assert read_scene(f"language = {language}").faults
    monkeypatch.setenv("DESCENT_PSEUDO", "1")
    assert read_scene(f"language = {language}").scene.presentation.language == language


@pytest.mark.parametrize("language", [*LANGUAGES, *PSEUDO_LANGUAGES])
@pytest.mark.parametrize("makers", [OPTIMIZERS, SCHEDULES, WRAPPERS, SURFACES])
def test_no_two_names_of_a_catalogue_are_the_same(language, makers):
    """The browser says by its name what was chosen."""
    with use_language(language):
        names = [display_names.get_display_name(word) for word in makers]
    assert len(set(names)) == len(names)


# Texts in the code.

FILES = [file for part in ("app", "optimizers", "surfaces") for file in sorted((ROOT / part).rglob("*.py"))]
SHOWN = {
    "button", "caption", "title", "header", "subheader", "markdown", "toggle", "text_input", "text_area", "selectbox",
    "popover", "download_button", "file_uploader", "pills", "segmented_control", "info", "warning", "error", "success",
    "checkbox", "radio", "multiselect", "number_input", "slider", "select_slider", "metric", "expander", "tabs", "text",
    "link_button", "spinner", "dialog", "write", "toast",
}  # fmt: skip


def calls(file: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def named(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def has_words(node: ast.AST) -> bool:
    """A literal with two letters beside one another that is more than a mark of Markdown."""
    parts = [node] if isinstance(node, ast.Constant) else node.values if isinstance(node, ast.JoinedStr) else []
    said = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
    return bool(re.search(r"[A-Za-z]{2}", re.sub(r":material/\w+:?|:\w+\[|<[^>]*>|f\(x, y\)", "", said)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_is_shown_but_through_the_catalogues(file):
    """Patterns are literals, so that they can be found; values are filled in afterwards."""
    for call in calls(file):
        first = call.args[0] if call.args else None
        if named(call.func) in TRANSLATING_CALLS:
            literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
            filled = bool(call.keywords) or isinstance(first, ast.JoinedStr)
            passed_on = named(first) in {"pattern", "text"}  # of those that make a sentence of what they are given
            assert literal or not filled or passed_on, f"line {call.lineno}: the pattern is not to be found"
        elif isinstance(call.func, ast.Attribute) and named(call.func.value) in {
            "st",
            "box",
            "popover",
            "expander",
            "left",
            "right",
        }:
            words = [keyword.value for keyword in call.keywords if keyword.arg in {"help", "placeholder", "caption"}]
            for node in [*([first] if call.func.attr in SHOWN and first else []), *words]:
                assert not has_words(node), f"line {call.lineno}: {ast.unparse(node)} is not translated"


def test_what_is_chosen_from_has_a_docstring_to_translate():
    assert all(make.__doc__ for make in MAKERS)


def test_a_prepared_scene_and_a_text_without_a_language_leave_it_as_it_is():
    page = visit(("language", "zh"))
    with use_language("zh"):
        page.button_group("prepared").set_value("The Adam family").run()
        assert (get_scene(page).presentation.language, len(get_scene(page).runs)) == ("zh", 5)
        open_popover(page, "share")
        page.session_state["share"] = True
        page.text_area(key="scene_text").set_value("run = sgd()").run()
        page.session_state["share"] = True
        page.button(key="scene_read").click().run()
    assert [run.optimizer.name for run in get_scene(page).runs] == ["sgd"]
    assert get_scene(page).presentation.language == "zh"


def test_what_a_run_is_set_to_is_called_as_on_its_card() -> None:
    (run,) = read_scene("run=lbfgs(line_search=False)").scene.runs
    assert "memory = 10, line search = off" in display_names.describe_values(run)
    with use_language("zh"):
        assert get_translator("zh")("Line search") + " = 关" in display_names.describe_values(run)


def test_a_number_and_its_unit_stay_on_one_line():
    with use_language("en"):
        assert translate("Computing: {share} %", share=3) == "Computing: 3\u00a0%"
        assert translate("at most 3 MB of 2 steps") == "at most 3\u00a0MB of 2 steps"


# Words that Chinese has several of, of which the page uses one.
OTHER_CHINESE_WORDS = {
    "比赛": "竞赛", "赛跑": "竞赛", "极小点": "极小值点", "极大点": "极大值点", "黑塞": "海森", "您": "你",
    "步数 {": "第 {k} 步", "坡度": "斜率", "鞍脊": "山脊", "蛋盒": "鸡蛋托", "条运行": "次运行", "个运行": "次运行",
    "试看看": "试一试", "试试看": "试一试", "窗口": "视图", "画面": "视图", "固定的步会": "固定步长会",
    "高于最低": "与最低值之差", "高出最低": "与最低值之差", "与时间成反比": "1/t", "（阶梯）": "阶梯衰减",
    "影片": "视频",
    " / {n} 步": "共 {n} 步", " / 共": "共", "/ {count} 课": "共 {count} 课", "这里没有“": "不认识“",
    "这里不认识": "不认识", "不是数。": "不是数字。",
}  # fmt: skip


@pytest.mark.parametrize("word", OTHER_CHINESE_WORDS)
def test_one_thing_has_one_name_in_chinese(word):
    lessons = [path.read_text(encoding="utf-8") for path in (ROOT / "app/lessons/texts/zh").glob("*.md")]
    translations = [message.string for message in read_catalogue("zh")]
    assert not [text for text in (*lessons, *translations) if word in text], f"write {OTHER_CHINESE_WORDS[word]}"


def test_translations_are_set_as_chinese_is():
    assert [fault for message in read_catalogue("zh") if message.id for fault in find_faults(message.string)] == []


# Words in Latin letters that a Chinese text may have, besides the names of optimizers and surfaces that Chinese keeps:
# other names, terms without a usual translation, units, and keys.
LATIN_WORDS = {
    "LBFGS", "Polyak", "SVM", "ReLU", "Tanh", "ReduceLROnPlateau", "Alec", "Radford", "Brown", "Powell", "Descent",
    "PyTorch", "Python", "Matplotlib", "JavaScript", "LaTeX", "WebGL", "WebM", "GIF", "PNG", "SVG", "CSV", "Cookie",
    "MB", "Ctrl", "NumPy", "Enter", "Esc", "Shift", "Tab", "Softmax", "leaky", "Weston", "Watkins", "LeCun", "Glorot",
    "He", "JSON", "ln",
    # words of code and links
    "check", "class", "dropout", "float", "grad", "label", "sigmoid", "species", "target",
    "adam", "batch", "beta", "exact", "False", "floor", "high", "line", "low", "lr", "max", "min", "mod", "mu",
    "nesterov", "peak", "pi", "relu", "rosenbrock", "run", "runs", "sign", "size", "surface", "tanh", "threshold",
    "True", "trust", "where",
}  # fmt: skip


def find_latin_words(text):
    return set(re.findall(r"[A-Za-z]{2,}", text))


def test_no_english_word_is_left_in_the_chinese_catalogue():
    """But for names; docstrings, which cite sources, are not looked at."""
    names = {display_names.get_english_name(word) for catalogue in CATALOGUES for word in catalogue}
    kept_names = [find_latin_words(name) for name in names if get_translator("zh")(name) == name]
    page_texts = {text for text in list_page_texts() if text}
    left = {
        word
        for message in read_catalogue("zh")
        if message.id in page_texts and re.search(CHINESE, message.string)
        for word in find_latin_words(re.sub(r"\{[^}]*\}", "0", keep_prose(message.string)))
    }
    assert left - LATIN_WORDS - set().union(*kept_names) == set()


@pytest.mark.parametrize(
    ("text", "count"),
    [("学习率，动量。", 0), ("**好**吗？", 0), ("第 3 步 (0, 0)，10%", 0), ("where(x > 0, 成立时, 不成立时)", 0),
     ("学习率, 动量", 1), ("动量法: SGD", 1), ("完。 其余", 1), ("和 海森", 1), ("还剩 3 %", 1), ("取 λ= 10", 1),
     ("**通向哪里？**地图", 1), ("静止于 (0, 0).", 1), ("English, here: it is 3 %.", 0)],
)  # fmt: skip
def test_faults_of_chinese_texts_are_found(text, count):
    """The tests with `find_faults` would pass as well if it found nothing."""
    assert len(find_faults(text)) == count


@pytest.mark.parametrize(("language", "said"), [("en", "Momentum + Polyak average"), ("zh", "动量法 + Polyak 平均")])
def test_a_wrapper_is_called_as_in_its_menu(language, said):
    (run,) = read_scene("run=polyak(momentum())").scene.runs
    with use_language(language):
        assert display_names.format_title(run) == said
