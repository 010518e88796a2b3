"""The LaTeX symbols for names in the source of optimizers."""

from app.model.hyperparameter_table import HYPERPARAMETERS

THIS_STEP, LAST_STEP = "t", "t-1"

# Symbol and subscript of hyperparameters, and of the methods' state fields and local variables.
LATEX_NAMES = {name: facts.latex for name, facts in HYPERPARAMETERS.items() if facts.latex} | {
    "mu_next": (r"\mu", "t+1"), "beta": (r"\beta", ""), "rho_inf": (r"\rho", r"\infty"), "r2": ("r^{2}", ""),
    "product": ("P", ""), "cache": ("c", ""), "g2": ("E[g^{2}]", ""), "dx": (r"\Delta x", ""),
    "dx2": (r"E[\Delta x^{2}]", ""), "v_max": (r"v^{\max}", ""), "lengths": (r"\Delta", ""),
    "trusted": (r"\Delta", ""), "ratio": (r"\varrho", ""), "mean": (r"\bar{x}", ""), "slow": (r"\phi", ""),
    "x_next": (r"\tilde{x}", ""), "scale": ("s", ""), "loss": (r"\ell", ""), "best": (r"\ell^{\min}", ""),
    "first": (r"\alpha", "0"), "growth": (r"\kappa", ""), "Hy": ("z", ""), "MAX_TRIAL_GROWTH": ("100", ""),
}  # fmt: skip

# Fields of an evaluated point: `at` the beginning of the step, and the `new` one at its end.
POINT_LATEX = {
    "at": {"x": "x_{t-1}", "f": r"f\left(x_{t-1}\right)", "g": "g_{t}"},
    "new": {"x": "x_{t}", "f": r"f\left(x_{t}\right)", "g": "g_{t+1}"},
}
# Methods of the objective, called at a trial point.
TRIAL_LATEX = {"value": r"f\left(x_{t-1} + p_{t}\right)", "grad": r"\nabla f\left(x_{t-1} + p_{t}\right)"}


def write_name(name: str, when: str = "") -> str:
    """Write a name in LaTeX, with the subscript `THIS_STEP`, `LAST_STEP` or none."""
    if name in TRIAL_LATEX and when:
        return TRIAL_LATEX[name]
    if name in LATEX_NAMES:
        base, subscript = LATEX_NAMES[name]
    elif name.endswith("_hat"):
        base, subscript = rf"\hat{{{write_name(name.removesuffix('_hat'))}}}", ""
    elif len(name) == 1:
        base, subscript = name, ""
    else:
        return rf"\text{{{name.replace('_', ' ')}}}" + (f"_{{{LAST_STEP}}}" if when == LAST_STEP else "")
    if subscript in ("t+1", r"\infty"):
        when = ""
    subscripts = ",".join(filter(None, (subscript, when)))
    return f"{base}_{{{subscripts}}}" if subscripts else base
