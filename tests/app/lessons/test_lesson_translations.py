"""The lessons in another language say the same as in English, whole, and as that language is set."""

import re
from collections import Counter

import pytest
from latex2mathml.converter import convert

from app.lessons.catalogue import CHAPTERS, LESSONS
from app.lessons.lesson import measure_facts
from app.lessons.lesson_text_parser import NUMBER_PLACEHOLDER, fill_numbers, load_chapter_titles, load_lesson_text
from app.translation import DEFAULT_LANGUAGE, LANGUAGES, get_translator
from tests.support.chinese_text import find_faults
from tests.support.lesson_texts import CHINESE, FORMULA, list_lesson_texts
from tests.tools.translation_catalogues import list_page_texts

OTHERS = [language for language in LANGUAGES if language != DEFAULT_LANGUAGE]
TRANSLATED = [(word, language) for word in LESSONS for language in OTHERS]
CHINESE_TEXTS = {(word, part): text for word in LESSONS for part, text in list_lesson_texts(word, "zh").items()}
CHINESE_TEXTS |= {("chapters", chapter): called for chapter, called in load_chapter_titles("zh").items()}
PAGE = frozenset(list_page_texts()) - {"", "About"}  # which is stressed in a lesson, and not a name there
WIDE = r"[，。；：！？、（）“”]"  # punctuation as wide as a character
PLACEHOLDER, SIGN = "0", re.compile(r"\\text\{[^}]*\}|\s+")  # of a formula: its words and blanks, which may differ


def plain(text: str) -> str:
    """A text without marks of Markdown, each formula and each number to be filled in a mere digit."""
    return NUMBER_PLACEHOLDER.sub(PLACEHOLDER, FORMULA.sub(PLACEHOLDER, text)).replace("*", "")


def write_bare(formula: str) -> str:
    """A formula without words and blanks, and without the mark that ends its sentence in English."""
    return re.sub(r"[.,](?=\$\$$)", "", SIGN.sub("", formula))


def blocks(text: str) -> list[str]:
    """Its paragraphs, items of lists and rows of tables, but for displayed formulas and the rules of tables."""
    whole = re.split(r"\n\s*\n|\n(?=[-|] *)", re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL))
    return [block for block in map(str.strip, whole) if block and not re.fullmatch(r"[|\-]+", block)]


def slanted(text: str) -> list[str]:
    """The words between single stars: in English the names of things on the page, and stressed words."""
    return re.findall(r"\*([^*]+)\*", text.replace("**", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_the_page_has_the_lessons(language: str) -> None:
    assert load_chapter_titles(language).keys() == CHAPTERS.keys()
    assert all(list_lesson_texts(word, language) for word in LESSONS)


def test_texts_are_read_once_a_language() -> None:
    assert load_lesson_text("ball") == load_lesson_text("ball", DEFAULT_LANGUAGE)
    for language in LANGUAGES:
        assert load_lesson_text("ball", language) is load_lesson_text("ball", language)
        assert load_chapter_titles(language) is load_chapter_titles(language)


@pytest.mark.parametrize(("word", "language"), TRANSLATED)
def test_a_lesson_has_the_same_parts_numbers_and_formulas_in_every_language(word: str, language: str) -> None:
    here, there = list_lesson_texts(word, DEFAULT_LANGUAGE), list_lesson_texts(word, language)
    assert here.keys() == there.keys()
    assert list(load_lesson_text(word, DEFAULT_LANGUAGE).choices) == list(load_lesson_text(word, language).choices)
    for part, text in here.items():
        for found in (
            NUMBER_PLACEHOLDER.findall,  # once or more, as the sentences need it
            lambda text: re.findall(r"\]\([^)]*\)|`[^`]+`", text),
            lambda text: re.findall(r"[0-9]+", NUMBER_PLACEHOLDER.sub("", FORMULA.sub("", text))),
        ):
            assert set(found(text)) == set(found(there[part])), part
        assert len(blocks(text)) == len(blocks(there[part])), part
        formulas = [Counter(write_bare(one) for one in FORMULA.findall(said)) for said in (text, there[part])]
        assert formulas[0] == formulas[1], part


@pytest.mark.parametrize(("word", "language"), TRANSLATED)
def test_a_lesson_calls_things_as_the_page_calls_them(word: str, language: str) -> None:
    """A name of the page that is slanted in English appears in the translation as the translated page has it."""
    here, there, translated = (
        list_lesson_texts(word, DEFAULT_LANGUAGE),
        list_lesson_texts(word, language),
        get_translator(language),
    )
    scenes = {
        name.lower(): {load_lesson_text(word, language).scenes[key]}
        for key, name in load_lesson_text(word, DEFAULT_LANGUAGE).scenes.items()
    }
    for part, text in here.items():
        for name in slanted(text):
            called = {translated(known) for known in PAGE if known.lower() == name.lower()}
            called |= scenes.get(name.lower(), set())
            spoken = {*re.findall(r"“([^”]+)”", there[part]), *re.findall(r"\*+([^*]+)\*", there[part])}
            assert not called or called & spoken, f"{part}: {name}"


def test_names_of_the_page_are_found_in_the_lessons() -> None:
    """The test before this one would pass as well if it found none."""
    assert (
        "“步长”" in load_lesson_text("step", "zh").explanation
        and "*Step length*" in load_lesson_text("step").explanation
    )
    assert get_translator("zh")("Step length") == "步长"


@pytest.mark.parametrize(("word", "part"), CHINESE_TEXTS)
def test_nothing_is_left_in_english(word: str, part: str) -> None:
    text = CHINESE_TEXTS[word, part]
    names = {known for known in PAGE if get_translator("zh")(known) == known}  # Adam is Adam
    for block in blocks(text):
        assert re.search(CHINESE, block) or block in names or not re.search("[A-Za-z]{2}", plain(block)), block
        assert not re.search(r"[A-Za-z]{2,} [a-z]{2,}", plain(block)), block
    for said in re.findall(r"\\text\{([^}]*)\}", text):
        assert re.search(CHINESE, said), said


@pytest.mark.parametrize(("word", "part"), CHINESE_TEXTS)
def test_chinese_is_set_as_chinese_is(word: str, part: str) -> None:
    """Its own punctuation; a blank on either side of other letters, digits and formulas, and nowhere else."""
    text = CHINESE_TEXTS[word, part]
    said = plain(text)
    assert not re.search(r"[,.;:!?()\"']", said), "punctuation of another language"
    assert not re.search(rf"{CHINESE}[A-Za-z0-9]|[A-Za-z0-9]{CHINESE}", said), "no blank beside other letters"
    assert not re.search(rf"{CHINESE} +{CHINESE}|{WIDE} | +{WIDE}", said), "a blank too many"
    assert not re.search(rf"({CHINESE}|{WIDE})\n(?![\n|-])", said), "a new line is shown as a blank"
    assert said.count("“") == said.count("”") and said.count("（") == said.count("）")
    assert part not in {"intro", "question", "explanation", "exercise"} or said[-1] in "。？", "no stop at the end"


@pytest.mark.parametrize(("word", "part"), CHINESE_TEXTS)
def test_marks_and_spaces_are_those_of_chinese(word: str, part: str) -> None:
    assert find_faults(CHINESE_TEXTS[word, part]) == []
    assert not re.search(r"[.,]\s*\$\$", CHINESE_TEXTS[word, part]), "a mark of English at the end of a formula"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", LESSONS)
def test_formulas_are_whole_in_markdown_and_latex(word: str, language: str) -> None:
    """Markdown drops what follows an opening `$$` on its line, unless the formula is closed there; see `signs`."""
    numbers = measure_facts(LESSONS[word]).numbers
    for part, text in list_lesson_texts(word, language).items():
        said = fill_numbers(text, numbers)
        lines = said.split("\n")
        assert all(line == "$$" for line in lines if "$$" in line), part
        assert lines.count("$$") % 2 == 0, part
        prose = re.sub(r"^\$\$\n.*?^\$\$$", "", said, flags=re.DOTALL | re.MULTILINE)
        assert all(paragraph.count("$") % 2 == 0 for paragraph in prose.split("\n\n")), part
        for formula in FORMULA.findall(said):
            convert(formula.strip("$\n"))  # raises for what is no LaTeX
            assert not re.search(r"\$|\n\s*\n", formula.strip("$")), part
            assert formula.count("{") == formula.count("}"), part
            assert formula.count(r"\left(") == formula.count(r"\right)"), part


@pytest.mark.parametrize(("word", "part"), CHINESE_TEXTS)
def test_emphasis_in_chinese_is_read_as_such(word: str, part: str) -> None:
    """Chinese is not slanted; and stars with a punctuation mark inside, a character outside, mark nothing."""
    text = CHINESE_TEXTS[word, part]
    assert text.count("**") % 2 == 0
    for strong in re.findall(r"\*\*(.+?)\*\*", text):
        assert re.fullmatch(rf"\w.*\w|{CHINESE}|\w", strong), strong
    assert [said for said in slanted(text) if re.search(CHINESE, said)] == []
