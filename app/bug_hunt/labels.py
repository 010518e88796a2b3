"""The words that the browser shows on the page of a bug hunt."""

LABELS = {
    "par_help": "Par is what an expert spends, in evaluations of the loss.",
    "code": "The code under test",
    "blocks_help": "Press a block to check it or not; press a layer to check that one alone.",
    "flat_help": "Entries of the whole vector are checked, whatever their block.",
    "all_blocks": "All blocks",
    "is_checked": "will be checked",
    "not_checked": "will not be checked",
    "last_error": "largest relative error when last checked: {error}",
    "check": "Check",
    "accuse": "Name the faulty block",
    "accuse_help": (
        "The gradient goes from the last layer to the first, and what is wrong in one layer makes those before it "
        "wrong as well: name a wrong block of the last layer that has one."
    ),
    "log": "The checks so far",
    "log_none": "None yet.",
    "next": "Next hunt",
    "give_up": "Give up …",
    "show": "Show what it is",
    "wrong_line": "What it says",
    "right_line": "What it should say",
    "sees_it": "Who sees it, and who does not",
    "expert": "How an expert finds it",
    "bugs": "The twelve bugs, and those that you have found",
    "found": "found",
    "unchecked": "not checked",
}
