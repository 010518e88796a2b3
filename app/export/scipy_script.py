"""One run of SciPy's own minimizers as a script for SciPy alone."""

import numpy as np

from app.compute.cached_simulation import epoch
from app.export.python_literals import literal, written
from app.export.source_extraction import ordered
from app.export.surface_code import in_numpy, noise_of
from app.model import display_names
from app.model.scene import Rejected, Run, Scene
from optimizers.methods.nelder_mead import nelder_mead
from optimizers.methods.scipy_minimizers import ITERATIONS
from surfaces.translatable import Sentence

# SciPy's method, what it is asked for beside the value, and its options.
MAKE = {
    "scipy_lbfgsb": ("L-BFGS-B", ("grad",), '"gtol": {tolerance}, "ftol": 0.0, "maxfun": ' + str(100 * ITERATIONS)),
    "scipy_newton_cg": ("Newton-CG", ("grad", "hess"), '"xtol": {tolerance}'),
    "scipy_trust_exact": ("trust-exact", ("grad", "hess"), '"gtol": {tolerance}'),
    "nelder_mead": ("Nelder-Mead", (), '"initial_simplex": SIMPLEX, "xatol": 0.0, "fatol": 0.0'),
}
IMPORTS = {"from contextlib import suppress", "import numpy as np", "from scipy.optimize import minimize"}
SAME = "It takes the same steps as the same run of Descent."
NEARLY = """\
It takes the same steps as the same run of Descent, to 1e-9, as long
as f tells the corners apart: where they are equally high, or so close together that f shows only rounding
errors, these decide."""

TEXT = '''\
"""{title} with SciPy: from {start}.

Run it where SciPy is installed. {promise}
"""

{imports}

{functions}
{blur}
path = [np.array({start})]
with suppress(ArithmeticError, ValueError):  # a run that leaves the finite world ends at its last finite point
    minimize(
        f,
        path[0],
        method={method},{derivatives}
        callback=lambda p: path.append(p.copy()),
        options={{{options}, "maxiter": {steps}}},
    )
print(next(p for p in reversed(path) if np.isfinite(p).all()).tolist())
'''


def scipy_script(scene: Scene, run: Run) -> str:
    """The script of `run`; `Rejected` with the reason where there is none."""
    if run.wrapper:
        raise Rejected(
            "SciPy has no “{wrapper}” around its minimizers.",
            wrapper=Sentence(display_names.in_english(run.wrapper.word)),
        )
    method, questions, options = MAKE[run.optimizer.word]
    surface = in_numpy(scene.surface, "value", *questions)
    steps, before, promise = min(scene.steps, ITERATIONS), "", SAME
    if run.optimizer.word == "nelder_mead":
        if epoch(scene.surface) not in {None, 1}:
            raise Rejected("SciPy's Nelder-Mead sees one function for good, and here each step sees another minibatch.")
        vertices = nelder_mead(run.optimizer["size"]).init(np.array(scene.start)).vertices
        before = f"\nSIMPLEX = np.array({written(tuple(map(tuple, vertices.tolist())))})\n"
        steps, promise = scene.steps + 1, NEARLY  # it counts from 1
    if scene.noise and questions:
        before = f"\nnoise = {noise_of(scene.noise, scene.seed, '1')}  # the first step's, as in all steps here\n"
    jac = "lambda p: gradient(p) + noise" if scene.noise else "gradient"
    derivatives = {"grad": f"jac={jac},", "hess": "hess=hessian,"}
    return TEXT.format(
        title=f"{display_names.title_of(run)} on {display_names.name(scene.surface.word)}",
        steps=literal(steps),
        promise=promise,
        start=literal(scene.start),
        imports=ordered({*surface.imports, *IMPORTS}),
        functions="\n" + "\n\n".join(surface.functions),
        blur=before,
        method=literal(method),
        derivatives="".join(f"\n        {derivatives[question]}" for question in questions),
        options=options.format(**{name: literal(value) for name, value in run.optimizer.hyper}),
    )
