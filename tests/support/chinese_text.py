"""Faults in the typesetting of Chinese texts: English punctuation, and spaces beside its own marks."""

import re

from tests.support.lesson_texts import CHINESE, FORMULA

WIDE = "[，。；：！？、（）]"
NOT_PROSE = re.compile(  # code, formulas, icons, addresses, HTML, and formulas that have Chinese words in them
    rf"`[^`]*`|{FORMULA.pattern}|:material/\w+:|:\w+\[|\]\([^)]*\)|<[^>]*>|&\w+;|(?:where|log₁₀)\([^)]*\)", re.DOTALL
)
FAULTS = {
    "a mark of English": re.compile(rf"{CHINESE}[,;:()!?]|[,;:()!?]{CHINESE}|{CHINESE}\.(?!\w)|\)\.$"),
    "a space beside a mark": re.compile(rf"{WIDE} +(?![=·+×])|(?<![|\-*#\d>=·+×:]) +{WIDE}"),
    "a space within Chinese": re.compile(rf"{CHINESE} +{CHINESE}"),
    "a space before %": re.compile(r"[\d}][ \u00a0]%"),
    "a space on one side of an equals sign": re.compile(r"(?<=[\wλμαβρ₁₂])= (?=\S)|(?<=\w) =(?=[\w\d−])"),
}


def keep_prose(text: str) -> str:
    """The text with a digit in place of everything that is not prose."""
    return NOT_PROSE.sub("0", text)


def find_faults(text: str) -> list[str]:
    """List the faults in a Chinese text's typesetting; none in a text without Chinese."""
    prose = keep_prose(text)
    if not re.search(CHINESE, prose):
        return []
    faults = [fault for fault, pattern in FAULTS.items() if pattern.search(prose)]
    # Markdown sees no end in stars between a mark and a character, and no beginning in those between the reverse.
    for bold, after in re.findall(r"\*\*([^*]+)\*\*(.?)", prose):
        if re.match(rf"{CHINESE}|\w", after) and not re.match(r"\w", bold[-1]):
            faults.append("bold type without an end")
    return [f"{fault}: {text!r}" for fault in faults]
