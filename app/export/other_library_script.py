"""One run as a script for another library, where that takes the same steps; or why there is none."""

from typing import NamedTuple

from app.export import scipy_script, torch_script
from app.model import display_names
from app.model.scene import Rejected, Run, Scene
from surfaces.translatable import Sentence

REPLAYED = {"scipy_lbfgsb", "scipy_newton_cg", "scipy_trust_exact"}  # SciPy itself runs them here

# Why an optimizer has no second script.
ALONE = Sentence("neither PyTorch nor SciPy has it")
DIFFERS = {
    "nesterov_lookahead": Sentence(
        "PyTorch's nesterov=True shows the look-ahead points, as `nesterov` does, and not these"
    ),
    "adabelief": ALONE,
    "yogi": ALONE,
    "lion": ALONE,
    "newton": Sentence("neither PyTorch nor SciPy has the plain step; SciPy's Newton-CG searches along a line"),
    "bfgs": Sentence("SciPy has a BFGS, but its line search tries other steps than the one here"),
    "lbfgs": Sentence(
        "PyTorch has an LBFGS and SciPy an L-BFGS-B, but their first steps, scales and line searches are others"
    ),
    "trust_region": Sentence(
        "SciPy's trust-exact solves the step only as exactly as it needs, and has other first radii"
    ),
    "nonlinear_cg": Sentence("SciPy has a CG, but its line search tries other steps than the one here"),
}


class Elsewhere(NamedTuple):
    library: str  # PyTorch or SciPy
    file: str
    text: str
    same_code: bool  # is it, step by step, the very code that runs here?


def elsewhere(scene: Scene, run: Run) -> Elsewhere:
    """The second script of `run` in `scene`; `Rejected` with the reason where another library takes other steps."""
    word = run.optimizer.word
    if word in torch_script.MAKE:
        return Elsewhere("PyTorch", f"{word}_torch.py", torch_script.torch_script(scene, run), False)
    if word in scipy_script.MAKE:
        return Elsewhere("SciPy", f"{word}.py", scipy_script.scipy_script(scene, run), word in REPLAYED)
    raise Rejected(
        "{optimizer} has no second script: {reason}.",
        optimizer=Sentence(display_names.in_english(word)),
        reason=DIFFERS.get(word, Sentence("no other library has it")),
    )
