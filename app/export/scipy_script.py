"""Export a run as a script that needs only SciPy, for runs that SciPy's `minimize` reproduces."""

import numpy as np

from app.compute.cached_simulation import build_optimizer, get_steps_per_epoch
from app.export.python_literals import format_literal, format_value
from app.export.source_extraction import sort_imports
from app.export.surface_code import write_noise, write_numpy
from app.model import display_names
from app.model.scene import Run, Scene, UserError
from optimizers.catalogue import TRAITS
from optimizers.method_traits import ScipyMethod
from optimizers.methods.scipy_minimizers import MAX_ITERATIONS
from surfaces.translatable import Translatable

IMPORTS = {"from contextlib import suppress", "import numpy as np", "from scipy.optimize import minimize"}
EXACT_PROMISE = "It takes the same steps as the same run of Descent."
CLOSE_PROMISE = """\
It takes the same steps as the same run of Descent, to 1e-9, as long
as the values of f at the corners differ: if they are equal, or differ by rounding errors only, so may the steps."""

SCRIPT_TEMPLATE = '''\
"""{title} with SciPy: from {start}.

Run it where SciPy is installed. {promise}
"""

{imports}

{functions}
{preamble}
path = [np.array({start})]
with suppress(ArithmeticError, ValueError):  # a run that becomes non-finite ends at its last finite point
    minimize(
        f,
        path[0],
        method={method},{derivatives}
        callback=lambda p: path.append(p.copy()),
        options={{{options}, "maxiter": {steps}}},
    )
print(next(p for p in reversed(path) if np.isfinite(p).all()).tolist())
'''


def make_scipy_script(scene: Scene, run: Run, counterpart: ScipyMethod) -> str:
    """The script of `run`. Raises `UserError` with the reason if there is none."""
    if run.wrapper:
        raise UserError(
            "SciPy cannot put “{wrapper}” around its minimizers.",
            wrapper=Translatable(display_names.get_english_name(run.wrapper.name)),
        )
    surface = write_numpy(scene.surface, "value", *counterpart.derivatives)
    steps, preamble, promise = min(scene.steps, MAX_ITERATIONS), "", EXACT_PROMISE
    if TRAITS[run.optimizer.name].compares_corners:
        if get_steps_per_epoch(scene.surface) not in {None, 1}:
            raise UserError(
                "SciPy's Nelder-Mead minimizes one fixed function, but here each step sees another minibatch."
            )
        vertices = build_optimizer(run.optimizer).init(np.array(scene.start)).vertices
        preamble = f"\nSIMPLEX = np.array({format_value(tuple(map(tuple, vertices.tolist())))})\n"
        steps, promise = scene.steps + 1, CLOSE_PROMISE  # SciPy counts them from 1
    if scene.noise and counterpart.derivatives:
        preamble = f"\nnoise = {write_noise(scene.noise, scene.seed, '1')}  # of step 1, in all steps\n"
    jac = "lambda p: gradient(p) + noise" if scene.noise else "gradient"
    derivatives = {"grad": f"jac={jac},", "hess": "hess=hessian,"}
    return SCRIPT_TEMPLATE.format(
        title=f"{display_names.format_title(run)} on {display_names.get_display_name(scene.surface.name)}",
        steps=format_literal(steps),
        promise=promise,
        start=format_literal(scene.start),
        imports=sort_imports({*surface.imports, *IMPORTS}),
        functions="\n" + "\n\n".join(surface.functions),
        preamble=preamble,
        method=format_literal(counterpart.name),
        derivatives="".join(f"\n        {derivatives[name]}" for name in counterpart.derivatives),
        options=counterpart.options.format(**{name: format_literal(value) for name, value in run.optimizer.arguments}),
    )
