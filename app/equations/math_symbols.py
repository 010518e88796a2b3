"""The LaTeX symbols of the names in the code."""

from app.model.hyperparameter_ranges import HYPERPARAMETERS

THIS_STEP, LAST_STEP = "t", "t-1"

# Letter and own subscript of hyperparameters, and of states and local variables of the methods.
LATEX_NAMES = {name: known.latex for name, known in HYPERPARAMETERS.items() if known.latex} | {
    "mu_next": (r"\mu", "t+1"), "beta": (r"\beta", ""), "rho_inf": (r"\rho", r"\infty"), "r2": ("r^{2}", ""),
    "product": ("P", ""), "cache": ("c", ""), "g2": ("E[g^{2}]", ""), "dx": (r"\Delta x", ""),
    "dx2": (r"E[\Delta x^{2}]", ""), "v_max": (r"v^{\max}", ""), "lengths": (r"\Delta", ""),
    "trusted": (r"\Delta", ""), "ratio": (r"\varrho", ""), "mean": (r"\bar{x}", ""), "slow": (r"\phi", ""),
    "x_next": (r"\tilde{x}", ""), "scale": ("s", ""), "loss": (r"\ell", ""), "best": (r"\ell^{\min}", ""),
    "first": (r"\alpha", "0"), "growth": (r"\kappa", ""), "Hy": ("z", ""), "MAX_TRIAL_GROWTH": ("100", ""),
}  # fmt: skip

# Fields of an evaluated point: `at` where the step begins, `new` where it ends.
POINT_LATEX = {
    "at": {"x": "x_{t-1}", "f": r"f\left(x_{t-1}\right)", "g": "g_{t}"},
    "new": {"x": "x_{t}", "f": r"f\left(x_{t}\right)", "g": "g_{t+1}"},
}
# Evaluated at a trial point.
TRIAL_LATEX = {"value": r"f\left(x_{t-1} + p_{t}\right)", "grad": r"\nabla f\left(x_{t-1} + p_{t}\right)"}


def write_name(name: str, when: str = "") -> str:
    """Write a name in LaTeX, with the subscript of this step (`THIS_STEP`), the last (`LAST_STEP`) or none."""
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
    both = ",".join(filter(None, (subscript, when)))
    return f"{base}_{{{both}}}" if both else base
