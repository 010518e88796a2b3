"""The layers of the Python code, and what a module of each may import."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = [ROOT / "surfaces", ROOT / "optimizers", ROOT / "app"]
FILES = sorted(file for part in PARTS for file in part.rglob("*.py"))
NUMERICS = {"numpy", "scipy"}
ANY = None  # any foreign package

# The layers from the bottom to the top. A module belongs to the longest prefix that fits its name, and may import
# modules of its own layer entry, of entries in lines above this one, and the foreign packages named beside it.
# Entries in one line do not know each other.
LAYERS: list[dict[str, set[str] | None]] = [
    {
        "surfaces.translatable": set(),
        "surfaces.base": NUMERICS,
        "surfaces.spelling_suggestions": set(),
        "surfaces.number_format": set(),
    },
    {"surfaces": NUMERICS},
    {
        "surfaces.functions": NUMERICS,
        "surfaces.formula": NUMERICS,
        "surfaces.datasets": NUMERICS,
        "surfaces.observers": NUMERICS,
    },
    {"surfaces.catalogue": NUMERICS, "surfaces.models": NUMERICS},
    {"surfaces.gradient_check": {"numpy"}},
    {"optimizers": NUMERICS},
    {"optimizers.numerics": NUMERICS},
    {"optimizers.lane_selection": NUMERICS, "optimizers.batch_run_outcomes": NUMERICS},
    {"optimizers.methods": NUMERICS, "optimizers.compiler": {*NUMERICS, "llvmlite"}},
    {"optimizers.schedules": NUMERICS, "optimizers.simulate": NUMERICS},
    {"optimizers.wrappers": NUMERICS, "optimizers.parallel_batch": NUMERICS},
    {"optimizers.catalogue": NUMERICS},
    {"optimizers.analysis": NUMERICS, "optimizers.training": {"numpy"}},
    {"app": set()},
    {"app.translation": {"babel", "streamlit"}, "app.server": {"google", "starlette", "streamlit"}},
    {"app.model": NUMERICS},
    {"app.training_scenes": set()},  # below the race, which may be on the landscape around the weights of a training
    {"app.figures": {*NUMERICS, "plotly"}, "app.equations": NUMERICS},
    {"app.compute": {*NUMERICS, "streamlit"}},
    {"app.check_scenes": NUMERICS},
    {"app.scene_text": NUMERICS},
    {"app.browser": ANY, "app.lessons": {*NUMERICS, "PIL"}},
    {"app.scene_text.playlist": set()},  # a playlist may contain lessons
    {"app.export": {*NUMERICS, "plotly"}},
    {"app.session": ANY},
    {"app.panels": ANY},
    {
        "app.race": ANY,
        "app.playlist": ANY,
        "app.about": ANY,
        "app.maps": ANY,
        "app.gradient_check": ANY,
        "app.training": ANY,
    },
    # These show parts of the laboratories of the gradient check and of training.
    {"app.lessons.page": ANY, "app.bug_hunt": ANY, "app.training_log": ANY},
    {"app.too_long_link_notice": ANY},
    {"app.navigation": ANY},
    {"app.main": ANY},
]
# An optimizer knows what a problem is and no problem in particular.
SEEN = ("surfaces.base.", "surfaces.translatable.", "surfaces.number_format.")
# These need a problem that counts its evaluations, may be interrupted, or has other rounding errors.
OBSERVING = {
    "optimizers.compiler.single_run_interpreter",
    "optimizers.analysis.random_search",
    "optimizers.analysis.rounding_sensitivity",
}
OBSERVERS = "surfaces.observers"
TRAINING = "optimizers.training"  # is of models and their data, and checks their gradients


def module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def is_within(name: str, prefix: str) -> bool:
    return f"{name}.".startswith(f"{prefix}.")


def layer_of(name: str) -> tuple[int, str]:
    """The height of a module's layer, and the entry that it belongs to."""
    found = ((height, entry) for height, layer in enumerate(LAYERS) for entry in layer if is_within(name, entry))
    return max(found, key=lambda pair: len(pair[1]))
