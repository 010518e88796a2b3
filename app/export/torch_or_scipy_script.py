"""Export a run as a script for PyTorch or SciPy, if either takes the same steps."""

from typing import NamedTuple

from app.export.scipy_script import make_scipy_script
from app.export.torch_script import make_torch_script
from app.model import display_names
from app.model.scene import Run, Scene, UserError
from optimizers.catalogue import TRAITS
from optimizers.method_traits import ScipyMethod, TorchOptimizer
from surfaces.translatable import Translatable


class StandaloneScript(NamedTuple):
    library: str  # PyTorch or SciPy
    file_name: str
    text: str
    is_same_code: bool  # whether Descent itself calls this library's code


def make_standalone_script(scene: Scene, run: Run) -> StandaloneScript:
    """The script of `run` in `scene`. Raises `UserError` with the reason if no other library takes the same steps."""
    name = run.optimizer.name
    counterpart = TRAITS[name].counterpart
    if isinstance(counterpart, TorchOptimizer):
        return StandaloneScript("PyTorch", f"{name}_torch.py", make_torch_script(scene, run, counterpart), False)
    if isinstance(counterpart, ScipyMethod):
        return StandaloneScript(
            "SciPy", f"{name}.py", make_scipy_script(scene, run, counterpart), counterpart.runs_here
        )
    raise UserError(
        "There is no script of {optimizer} for another library: {reason}.",
        optimizer=Translatable(display_names.get_english_name(name)),
        reason=counterpart,
    )
