"""One run as a script for another library, where that takes the same steps; or why there is none."""

from typing import NamedTuple

from app import words
from app.export import scipy_script, torch_script
from app.scene import Rejected, Run, Scene

LINE_SEARCH = "its line search tries other steps than the one here"

# Why an optimizer has no second script.
DIFFERS = {
    "nesterov_lookahead": "PyTorch's nesterov=True shows the look-ahead points, as `nesterov` does, and not these",
    "adabelief": "neither PyTorch nor SciPy has it",
    "yogi": "neither PyTorch nor SciPy has it",
    "lion": "neither PyTorch nor SciPy has it",
    "newton": "neither PyTorch nor SciPy has the plain step; SciPy's Newton-CG searches along a line",
    "bfgs": f"SciPy has a BFGS, but {LINE_SEARCH}",
    "lbfgs": f"PyTorch has an LBFGS and SciPy an L-BFGS-B, but each with a line search of its own, unlike the one here",
    "trust_region": "SciPy's trust-exact solves the step only as exactly as it needs, and has other first radii",
    "nonlinear_cg": f"SciPy has a CG, but {LINE_SEARCH}",
    "nelder_mead": "SciPy's adds the corners of its simplex in another order, and where two are equally good "
    "the last digit decides which one moves",
}


class Elsewhere(NamedTuple):
    library: str  # PyTorch or SciPy
    file: str
    text: str


def elsewhere(scene: Scene, run: Run) -> Elsewhere:
    """The second script of `run` in `scene`; `Rejected` with the reason where another library takes other steps."""
    word = run.optimizer.word
    if word in torch_script.MAKE:
        return Elsewhere("PyTorch", f"{word}_torch.py", torch_script.torch_script(scene, run))
    if word in scipy_script.MAKE:
        return Elsewhere("SciPy", f"{word}.py", scipy_script.scipy_script(scene, run))
    raise Rejected(f"{words.name(word)} has no second script: {DIFFERS.get(word, 'no other library has it')}.")
