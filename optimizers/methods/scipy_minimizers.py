"""SciPy's own minimizers as racers: run to their end at the first step, then replayed step by step."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from optimizers.base import Optimizer
from optimizers.method_traits import ScipyMethod, Traits
from surfaces.base import Array, Objective
from surfaces.translatable import Translatable, UserError

MAX_ITERATIONS = 2000  # of a run


class ReplayState(NamedTuple):
    """A finished run of SciPy, and the number of its iterate that is shown."""

    path: Array  # (n, d, ...) the iterates; a lane that ends earlier repeats its last
    counts: NDArray[np.int64]  # (n, 3, ...) SciPy's own count of values, gradients and Hessians up to each
    shown: int  # the iterate shown now
    stop_reason: str = ""  # SciPy's message at the end of a single run

    @property
    def message(self) -> str:
        """SciPy's message once its last iterate is shown; "" before, and for a batch."""
        return self.stop_reason if self.shown + 1 == len(self.path) else ""

    @property
    def evaluations(self) -> NDArray[np.int64]:
        """Values, gradients and Hessians that SciPy asked for up to the iterate shown, all lanes together: (3,)."""
        return self.counts[self.shown].reshape(3, -1).sum(axis=1)


def scipy_lbfgsb(tolerance: float = 1e-10) -> Optimizer:
    r"""SciPy's L-BFGS-B, a translation of the authors' Fortran: the same idea as `lbfgs`, implemented by others.

    It stops where no component of the gradient is larger than `tolerance`, or, as its authors' code does, where a
    step gains nothing that f can show.
    Byrd, Lu, Nocedal & Zhu (1995), SIAM J. Sci. Comput. 16(5), 1190-1208; `scipy.optimize.minimize`, method
    `L-BFGS-B`, with `ftol` = 0 and otherwise SciPy's defaults (10 pairs).

    SciPy runs to its end on the function of the first step, so minibatches and noise stay as they are there. The
    evaluations shown are SciPy's own count.
    """
    return replay_solver("L-BFGS-B", {"gtol": tolerance, "ftol": 0.0, "maxfun": 100 * MAX_ITERATIONS})


def scipy_newton_cg(tolerance: float = 1e-10) -> Optimizer:
    r"""SciPy's Newton-CG: Newton's equation solved by conjugate gradients, cut short where curvature is negative.

    It stops where a step changes the coordinates by no more than `tolerance` on average.
    Nocedal & Wright (2006), Algorithm 7.1; `scipy.optimize.minimize`, method `Newton-CG`, with the exact Hessian.

    SciPy runs to its end on the function of the first step, so minibatches and noise stay as they are there. The
    evaluations shown are SciPy's own count.
    """
    return replay_solver("Newton-CG", {"xtol": tolerance}, hess=True)


def scipy_trust_exact(tolerance: float = 1e-10) -> Optimizer:
    r"""SciPy's trust-exact: the same idea as `trust_region`, implemented by others.

    It stops where the gradient is no longer than `tolerance`.
    Conn, Gould & Toint (2000), *Trust-Region Methods*, section 7.3; `scipy.optimize.minimize`, method `trust-exact`,
    with the exact Hessian and SciPy's defaults (first radius 1, at most 1000).

    SciPy runs to its end on the function of the first step, so minibatches and noise stay as they are there. The
    evaluations shown are SciPy's own count.
    """
    return replay_solver("trust-exact", {"gtol": tolerance}, hess=True)


def replay_solver(method: str, options: dict[str, Any], hess: bool = False) -> Optimizer:
    """SciPy has no single steps: its solver runs to the end at step 1, and each step shows one more of its iterates."""

    def init(x: Array) -> ReplayState:
        return ReplayState(x[None], np.zeros((1, 3, *x.shape[1:]), dtype=np.int64), 0)

    def step(f: Objective, x: Array, state: ReplayState, t: int) -> tuple[Array, ReplayState]:
        if t == 1:
            starts = x.reshape(len(x), -1).T  # (n, d)
            runs = [_run_solver(method, options, f, start, hess) for start in starts]
            path, counts = _stack_lanes(runs)
            lanes = x.shape[1:]
            reason = "" if lanes else runs[0].stop_reason
            state = ReplayState(
                path.reshape(*path.shape[:2], *lanes), counts.reshape(*counts.shape[:2], *lanes), 0, reason
            )
        if state.shown + 1 == len(state.path):
            return x, state
        k = state.shown + 1
        return state.path[k], state._replace(shown=k)

    return Optimizer(init, step)


class SolverRun(NamedTuple):
    """SciPy's run of one lane."""

    path: Array  # (n, d) all iterates
    counts: NDArray[np.int64]  # (n, 3) the evaluations up to each iterate
    stop_reason: str  # SciPy's message; "" where the run became non-finite


def _run_solver(method: str, options: dict[str, Any], f: Objective, start: Array, hess: bool) -> SolverRun:
    asked = np.zeros(3, dtype=np.int64)
    path, counts = [start], [asked.copy()]

    def counting(i: int, question: Any) -> Any:
        def answer(p: Array) -> Array:
            asked[i] += 1
            return question(p)

        return answer

    def keep(p: Array) -> None:
        path.append(np.array(p, dtype=np.float64))
        counts.append(asked.copy())

    questions = {"jac": counting(1, f.grad), **({"hess": counting(2, f.hess)} if hess else {})}
    limited = options | {"maxiter": MAX_ITERATIONS}
    with np.errstate(all="ignore"):
        try:
            found = minimize(  # type: ignore[call-overload]
                counting(0, f.value), start, method=method, callback=keep, options=limited, **questions
            )
            words = str(found.message)
        except UserError:  # the problem refuses what the method asks
            raise
        except (ArithmeticError, ValueError) as error:  # the run ends with its last iterate
            words = f"an error: {str(error) or type(error).__name__}"
    counts[-1] = asked
    finite = np.isfinite(path).all(axis=1).cumprod().astype(bool)
    reason = " ".join(words.split()) if finite.all() else ""
    return SolverRun(np.array(path)[finite], np.array(counts)[finite], reason)


def _stack_lanes(runs: list[SolverRun]) -> tuple[Array, NDArray[np.int64]]:
    """Stack the paths (n, d, lanes) and counts (n, 3, lanes); a shorter run repeats its last iterate."""
    longest = np.arange(max(len(run.path) for run in runs))
    paths = [run.path[np.minimum(longest, len(run.path) - 1)] for run in runs]
    counts = [run.counts[np.minimum(longest, len(run.counts) - 1)] for run in runs]
    return np.stack(paths, axis=-1), np.stack(counts, axis=-1)


OWN_PATH = Translatable("SciPy's own path and its own counts")
TRAITS = {
    scipy_lbfgsb: Traits(
        "SciPy",
        ScipyMethod("L-BFGS-B", ("grad",), f'"gtol": {{tolerance}}, "ftol": 0.0, "maxfun": {100 * MAX_ITERATIONS}'),
        display_name="SciPy L-BFGS-B",
        closed_form=OWN_PATH,
        for_small_models=True,
    ),
    scipy_newton_cg: Traits(
        "SciPy",
        ScipyMethod("Newton-CG", ("grad", "hess"), '"xtol": {tolerance}'),
        display_name="SciPy Newton-CG",
        closed_form=OWN_PATH,
        for_small_models=True,
    ),
    scipy_trust_exact: Traits(
        "SciPy",
        ScipyMethod("trust-exact", ("grad", "hess"), '"gtol": {tolerance}'),
        display_name="SciPy trust-exact",
        closed_form=OWN_PATH,
        for_small_models=True,
    ),
}
