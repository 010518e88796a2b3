"""Records what other packages' checkers say of the gradients of `gradient_cases.py`, into gradient_checkers.json.

By hand, where PyTorch, JAX, SciPy and OpenMDAO are installed: `python -m tests.references.record_gradient_checkers`.
"""

import json
from pathlib import Path

import jax
import jax.test_util
import numpy as np
import openmdao
import openmdao.api as om
import scipy
import torch

from tests.references.gradient_cases import CASES, GradientCase

FILE = Path(__file__).parent / "gradient_checkers.json"
jax.config.update("jax_enable_x64", True)


def ask_torch(case: GradientCase, fast_mode: bool) -> bool:
    class Function(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return torch.tensor(case.value(x.detach().numpy()), dtype=torch.float64)

        @staticmethod
        def backward(ctx, weight):
            (x,) = ctx.saved_tensors
            return weight * torch.from_numpy(np.array(case.grad(x.detach().numpy()), dtype=np.float64))

    x = torch.tensor(case.x, dtype=torch.float64, requires_grad=True)
    return torch.autograd.gradcheck(Function.apply, (x,), fast_mode=fast_mode, raise_exception=False)


def ask_jax(case: GradientCase) -> bool:
    shapes = jax.ShapeDtypeStruct((), np.float64), jax.ShapeDtypeStruct(case.x.shape, np.float64)

    @jax.custom_vjp
    def f(x):
        return jax.pure_callback(lambda p: np.float64(case.value(np.asarray(p))), shapes[0], x)

    def forward(x):
        return f(x), x

    def backward(x, weight):
        g = jax.pure_callback(lambda p: np.array(case.grad(np.asarray(p)), dtype=np.float64), shapes[1], x)
        return (weight * g,)

    f.defvjp(forward, backward)
    try:
        jax.test_util.check_grads(f, (jax.numpy.array(case.x),), order=1, modes=("rev",))
    except AssertionError:
        return False
    return True


def ask_openmdao(case: GradientCase) -> bool:
    class Component(om.ExplicitComponent):
        def setup(self):
            self.add_input("x", case.x)
            self.add_output("f", 0.0)
            self.declare_partials("f", "x")

        def compute(self, inputs, outputs):
            outputs["f"] = case.value(inputs["x"])

        def compute_partials(self, inputs, partials):
            partials["f", "x"] = case.grad(inputs["x"])[None]

    problem = om.Problem(reports=False)
    problem.model.add_subsystem("component", Component())
    problem.setup()
    problem.run_model()
    (found,) = problem.check_partials(out_stream=None).values()
    return not found["f", "x"]["tol violation"].forward > 0


def ask_scipy(case: GradientCase) -> float:
    return float(scipy.optimize.check_grad(case.value, case.grad, case.x))


def draw_torch_direction(size: int) -> list[float]:
    """The direction of `gradcheck(fast_mode=True)`, which is the same in every call."""
    u = torch.rand(size, generator=torch.Generator())
    u = u.to(torch.float64)
    return (u / u.norm()).tolist()


if __name__ == "__main__":
    packages = {"torch": torch, "jax": jax, "scipy": scipy, "openmdao": openmdao, "numpy": np}
    outcomes = {
        name: {
            "torch.autograd.gradcheck": ask_torch(case, fast_mode=False),
            "torch.autograd.gradcheck(fast_mode=True)": ask_torch(case, fast_mode=True),
            "jax.test_util.check_grads": ask_jax(case),
            "OpenMDAO check_partials": ask_openmdao(case),
            "scipy.optimize.check_grad": ask_scipy(case),
        }
        for name, case in CASES.items()
    }
    record = {
        "versions": {name: package.__version__ for name, package in packages.items()},
        "torch direction": draw_torch_direction(6),
        "outcomes": outcomes,
    }
    FILE.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
