"""One run as a script for another library, where that takes the same steps; or why there is none."""

from typing import NamedTuple

from app.export import scipy_script, torch_script
from app.model import display_names
from app.model.scene import Run, Scene, UserError
from surfaces.translatable import Translatable

SCIPY_METHODS_HERE = {"scipy_lbfgsb", "scipy_newton_cg", "scipy_trust_exact"}  # SciPy itself runs them here

# Why an optimizer has no script for another library.
UNAVAILABLE = Translatable("neither PyTorch nor SciPy has it")
REFUSAL_REASONS = {
    "nesterov_lookahead": Translatable(
        "PyTorch's nesterov=True shows the look-ahead points, as `nesterov` does, and not these"
    ),
    "adabelief": UNAVAILABLE,
    "yogi": UNAVAILABLE,
    "lion": UNAVAILABLE,
    "newton": Translatable("neither PyTorch nor SciPy has the plain step; SciPy's Newton-CG searches along a line"),
    "bfgs": Translatable("SciPy has a BFGS, but its line search tries other steps than the one here"),
    "lbfgs": Translatable(
        "PyTorch has an LBFGS and SciPy an L-BFGS-B, but their first steps, scales and line searches are others"
    ),
    "trust_region": Translatable(
        "SciPy's trust-exact solves the step only as exactly as it needs, and has other first radii"
    ),
    "nonlinear_cg": Translatable("SciPy has a CG, but its line search tries other steps than the one here"),
}


class StandaloneScript(NamedTuple):
    library: str  # PyTorch or SciPy
    file: str
    text: str
    same_code: bool  # whether the library runs the very code that runs here


def make_standalone_script(scene: Scene, run: Run) -> StandaloneScript:
    """The second script of `run` in `scene`; `UserError` with the reason where another library takes other steps."""
    word = run.optimizer.word
    if word in torch_script.TORCH_OPTIMIZERS:
        return StandaloneScript("PyTorch", f"{word}_torch.py", torch_script.make_torch_script(scene, run), False)
    if word in scipy_script.SCIPY_METHODS:
        return StandaloneScript(
            "SciPy", f"{word}.py", scipy_script.make_scipy_script(scene, run), word in SCIPY_METHODS_HERE
        )
    raise UserError(
        "{optimizer} has no second script: {reason}.",
        optimizer=Translatable(display_names.get_english_name(word)),
        reason=REFUSAL_REASONS.get(word, Translatable("no other library has it")),
    )
