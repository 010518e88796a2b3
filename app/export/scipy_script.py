"""One run of SciPy's own minimizers as a script for SciPy alone."""

from app import words
from app.export.literals import literal
from app.export.objective import in_numpy, noise_of
from app.notation import number
from app.scene import Rejected, Run, Scene
from optimizers.reference import ITERATIONS

# SciPy's method, what it is asked for beside the value, and its options.
MAKE = {
    "scipy_lbfgsb": ("L-BFGS-B", ("grad",), '"gtol": {tolerance}, "ftol": 0.0, "maxfun": ' + str(100 * ITERATIONS)),
    "scipy_newton_cg": ("Newton-CG", ("grad", "hess"), '"xtol": {tolerance}'),
    "scipy_trust_exact": ("trust-exact", ("grad", "hess"), '"gtol": {tolerance}'),
}

TEXT = '''\
"""{title} with SciPy: at most {steps} steps from ({x}, {y}).

Run it where SciPy is installed. It takes the same steps as the same run of Descent, to the last bit.
"""

{imports}
from scipy.optimize import minimize

{functions}
{blur}
path = [np.array([{start}])]
minimize(
    f,
    path[0],
    method={method},
    jac={jac},{hess}
    callback=lambda p: path.append(p.copy()),
    options={{{options}, "maxiter": {steps}}},
)
print(path[-1].tolist())
'''


def scipy_script(scene: Scene, run: Run) -> str:
    """The script of `run`; `Rejected` with the reason where there is none."""
    if run.wrapper:
        raise Rejected(f"SciPy has no {words.name(run.wrapper.word).lower()} around its minimizers.")
    method, questions, options = MAKE[run.optimizer.word]
    surface = in_numpy(scene.surface, "value", *questions)
    x, y = scene.start
    noise = noise_of(scene.noise, scene.seed, "1")
    return TEXT.format(
        title=f"{words.title_of(run)} on {words.name(scene.surface.word)}",
        steps=literal(min(scene.steps, ITERATIONS)),
        x=number(x),
        y=number(y),
        imports="\n".join(sorted({*surface.imports, "import numpy as np"})).replace("math\n", "math\n\n"),
        functions="\n" + "\n\n".join(surface.functions),
        blur=f"\nnoise = {noise}  # of the first step, as it is for all of SciPy's\n" if scene.noise else "",
        start=f"{literal(x)}, {literal(y)}",
        method=literal(method),
        jac="lambda p: gradient(p) + noise" if scene.noise else "gradient",
        hess="\n    hess=hessian," if "hess" in questions else "",
        options=options.format(tolerance=literal(run.optimizer["tolerance"])),
    )
