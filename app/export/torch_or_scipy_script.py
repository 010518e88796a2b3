"""One run as a script for another library, where that takes the same steps; or why there is none."""

from typing import NamedTuple

from app.export.scipy_script import make_scipy_script
from app.export.torch_script import make_torch_script
from app.model import display_names
from app.model.scene import Run, Scene, UserError
from optimizers.catalogue import TRAITS
from optimizers.traits import ScipyMethod, TorchOptimizer
from surfaces.translatable import Translatable


class StandaloneScript(NamedTuple):
    library: str  # PyTorch or SciPy
    file_name: str
    text: str
    is_same_code: bool  # whether the library runs the very code that runs here


def make_standalone_script(scene: Scene, run: Run) -> StandaloneScript:
    """The second script of `run` in `scene`; `UserError` with the reason where another library takes other steps."""
    word = run.optimizer.name
    counterpart = TRAITS[word].counterpart
    if isinstance(counterpart, TorchOptimizer):
        return StandaloneScript("PyTorch", f"{word}_torch.py", make_torch_script(scene, run, counterpart), False)
    if isinstance(counterpart, ScipyMethod):
        return StandaloneScript(
            "SciPy", f"{word}.py", make_scipy_script(scene, run, counterpart), counterpart.runs_here
        )
    raise UserError(
        "{optimizer} has no second script: {reason}.",
        optimizer=Translatable(display_names.get_english_name(word)),
        reason=counterpart,
    )
