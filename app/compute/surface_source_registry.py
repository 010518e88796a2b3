"""The `SurfaceSource` of every surface, by the name in its calls."""

import re

from app.model.data_source import DATA, DataSource
from app.model.formula_source import FORMULA, FormulaSource
from app.model.scene import Call, UserError
from app.model.surface_source import SurfaceSource
from app.training_scenes.network_loss_source import NETWORK_LOSS, NetworkLossSource
from optimizers.training.training_landscape import network_loss
from surfaces.catalogue import KINDS, SURFACES, find_kind
from surfaces.datasets.table_surface import data
from surfaces.formula.formula_surface import formula

SURFACE_SOURCES: dict[str, SurfaceSource] = {
    **{name: SurfaceSource(name, make) for name, make in SURFACES.items()},
    FORMULA: FormulaSource(FORMULA, formula),
    DATA: DataSource(DATA, data),
    NETWORK_LOSS: NetworkLossSource(NETWORK_LOSS, network_loss),
}
KIND_ORDER = list(KINDS)
OFFERED_SURFACES = (  # in the menu
    FORMULA, DATA, NETWORK_LOSS, *sorted(SURFACES, key=lambda name: KIND_ORDER.index(find_kind(name))),
)  # fmt: skip
CATALOGUE_SOURCE = next(iter(SURFACE_SOURCES.values()))  # reads every call of the catalogue, and refuses all others


def get_source(call: Call) -> SurfaceSource:
    return SURFACE_SOURCES[call.name]


def find_source(name: object) -> SurfaceSource:
    """The source of this name. Raises `UserError`."""
    if name not in SURFACE_SOURCES:
        raise UserError("There is no “{word}” here.", word=str(name)[:40])
    return SURFACE_SOURCES[str(name)]


def find_source_of_text(value: str) -> SurfaceSource:
    """The source that reads this text of a call."""
    match = re.match(r" *(\w*)", value)
    return SURFACE_SOURCES.get(match[1] if match else "", CATALOGUE_SOURCE)
