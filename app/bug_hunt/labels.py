"""The words that the browser shows on the page of a bug hunt."""

LABELS = {
    "par_help": "Par is the number of evaluations of the loss that an expert spends.",
    "code": "The code under test",
    "blocks_help": "Press a block to check it or leave it out; press a layer to check that layer alone.",
    "flat_help": "Entries of the whole vector are checked, whatever their block.",
    "all_blocks": "All blocks",
    "is_checked": "will be checked",
    "not_checked": "will not be checked",
    "last_error": "largest relative error when last checked: {error}",
    "check": "Check",
    "accuse": "Name the faulty block",
    "accuse_help": (
        "The gradient is computed from the last layer back to the first, so a bug in one layer makes the layers before "
        "it wrong as well: name a wrong block of the last layer that has one."
    ),
    "log": "The checks so far",
    "log_none": "None yet.",
    "next": "Next hunt",
    "give_up": "Give up …",
    "show": "Show the bug",
    "wrong_line": "What the line says",
    "right_line": "What it should say",
    "sees_it": "Which checks see it, and which do not",
    "expert": "How an expert finds it",
    "bugs": "The twelve bugs, and those that you have found",
    "found": "found",
    "unchecked": "not checked",
}
