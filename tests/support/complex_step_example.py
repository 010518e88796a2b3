"""The function on which the complex step is usually shown, with its derivative."""

from typing import Any

import numpy as np

from surfaces.gradient_check.checked_function import CheckedFunction


def complex_step_example() -> CheckedFunction:
    r"""The function with which the complex step is usually shown.

    $$ f(x) = \frac{e^x}{\sqrt{\sin^3 x + \cos^3 x}}, \qquad f'(1.5) = 4.05342789389862\ldots $$

    Martins, Sturdza & Alonso (2003), *ACM Transactions on Mathematical Software* 29(3), 245-262. Without the square
    root it is Squire and Trapp's own (1998, *SIAM Review* 40(1), 110-112), with f'(1.5) = 3.62203370071632.
    """

    def value(p: Any) -> Any:
        (x,) = p
        return np.exp(x) / np.sqrt(np.sin(x) ** 3 + np.cos(x) ** 3)

    def grad(p: Any) -> Any:
        (x,) = p
        q = np.sin(x) ** 3 + np.cos(x) ** 3
        dq = 3 * np.sin(x) * np.cos(x) * (np.sin(x) - np.cos(x))
        return np.array([np.exp(x) * (q - dq / 2) / q**1.5])

    return CheckedFunction(value, grad, is_analytic=True)
