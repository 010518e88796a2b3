"""One run as a script for another library, where that takes the same steps; or why there is none."""

from typing import NamedTuple

from app import words
from app.export import scipy_script, torch_script
from app.scene import Rejected, Run, Scene

LINE_SEARCH = "its line search tries other steps than the one here"

REPLAYED = {"scipy_lbfgsb", "scipy_newton_cg", "scipy_trust_exact"}  # SciPy itself runs them here

# Why an optimizer has no second script.
DIFFERS = {
    "nesterov_lookahead": "PyTorch's nesterov=True shows the look-ahead points, as `nesterov` does, and not these",
    "adabelief": "neither PyTorch nor SciPy has it",
    "yogi": "neither PyTorch nor SciPy has it",
    "lion": "neither PyTorch nor SciPy has it",
    "newton": "neither PyTorch nor SciPy has the plain step; SciPy's Newton-CG searches along a line",
    "bfgs": f"SciPy has a BFGS, but {LINE_SEARCH}",
    "lbfgs": "PyTorch has an LBFGS and SciPy an L-BFGS-B, but each with a line search of its own, unlike the one here",
    "trust_region": "SciPy's trust-exact solves the step only as exactly as it needs, and has other first radii",
    "nonlinear_cg": f"SciPy has a CG, but {LINE_SEARCH}",
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
    raise Rejected(f"{words.name(word)} has no second script: {DIFFERS.get(word, 'no other library has it')}.")
