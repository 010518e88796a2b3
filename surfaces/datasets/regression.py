"""Models of two weights on real measurements: the loss is a mean over samples, a step may see a few of them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array, Box, Objective, Point, titled
from surfaces.datasets.loss_minimum import find_loss_minimum
from surfaces.datasets.mean_loss import Loss, MeanLoss
from surfaces.datasets.minibatches import Minibatches
from surfaces.minimum_refinement import refine_minimum


@dataclass(frozen=True, eq=False)
class Regression:
    """A problem whose surface is the loss of all samples and whose step t sees one minibatch of them."""

    full_loss: MeanLoss  # over all samples
    box: Box
    start: Point
    minima: tuple[Point, ...]
    batch_size: int
    seed: int
    batches: Minibatches = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "batches", Minibatches(self.sample_count, self.batch_size, self.seed))
        object.__setattr__(self, "batch_size", self.batches.batch_size)

    @property
    def sample_count(self) -> int:
        return len(self.full_loss.y)

    def value(self, p: Array) -> Array:
        return self.full_loss.value(p)

    def grad(self, p: Array) -> Array:
        return self.full_loss.grad(p)

    def hess(self, p: Array) -> Array:
        return self.full_loss.hess(p)

    def at(self, t: int) -> Objective:
        if self.batch_size == self.sample_count:
            return self
        return self.full_loss.subset(self.batch_rows(t))

    def batch_rows(self, t: int) -> NDArray[np.int64]:
        """The samples of step t = 1, 2, ..."""
        return self.batches.find_rows(t)

    @property
    def batches_per_epoch(self) -> int:
        return self.batches.batches_per_epoch


def least_squares_line(batch_size: int = 0, seed: int = 0) -> Regression:
    r"""A straight line through braking distances: because no car drives at a speed below zero, the bowl is a ravine.

    $$ f(w, b) = \frac1n \sum_i \tfrac12 (w x_i + b - y_i)^2 $$

    Data: 50 cars of the 1920s, speed $x$ in 10 mph and stopping distance $y$ in 10 ft. The inputs are not
    centred, so slope and intercept pull on each other (condition number 46). Minimum at $w = 3.9324$,
    $b = -1.7579$.
    Ezekiel (1930), *Methods of Correlation Analysis*, Wiley; `cars` in R, whose `lm(dist ~ speed)` gives
    3.9324 and -17.5791 (ft). A batch size of 0 means all samples.
    """
    loss = Loss(value=lambda z, y: 0.5 * (z - y) ** 2, slope=lambda z, y: z - y, bend=lambda z, y: np.ones_like(z))
    full = MeanLoss(loss, *CARS)
    low = refine_minimum(full.grad, full.hess, (0.0, 0.0))  # one step: it is a quadratic
    return Regression(full, Box((-1, 9), (-8, 6)), (0.0, 4.5), (low,), batch_size, seed)


def logistic_regression(batch_size: int = 0, seed: int = 0) -> Regression:
    r"""The chance of a damaged seal at a temperature: one wall of the valley is steep, the other flat for ever.

    $$ f(w, b) = \frac1n \sum_i \log\left(1 + e^{z_i}\right) - y_i z_i, \quad z_i = w x_i + b $$

    Data: the 23 flights of the Space Shuttle before the last of Challenger; $x$ is the temperature at
    launch, $(T - 70\,^\circ\mathrm F) / 10$, and $y = 1$ where an O-ring was damaged. Minimum, the maximum
    of the likelihood, at $w = -2.3216$, $b = -1.2085$.
    Dalal, Fowlkes & Hoadley (1989), *J. Am. Stat. Assoc.* 84(408), 945-957: logit = 15.043 - 0.2322 T.
    A batch size of 0 means all samples.
    """
    loss = Loss(
        value=lambda z, y: np.logaddexp(0.0, z) - y * z,
        slope=lambda z, y: _sigmoid(z) - y,
        bend=lambda z, y: _sigmoid(z) * _sigmoid(-z),
    )
    full = MeanLoss(loss, *CHALLENGER)
    low = refine_minimum(full.grad, full.hess, (0.0, 0.0))
    return Regression(full, Box((-7, 5), (-5, 4)), (3.5, 2.5), (low,), batch_size, seed)


@titled("Tanh neuron")
def tanh_neuron(batch_size: int = 0, seed: int = 0) -> Regression:
    r"""One neuron that saturates: far from the minimum every sample sits on a flat end of tanh, and learning stops.

    $$ f(w, b) = \frac1n \sum_i \tfrac12 (\tanh(w x_i + b) - y_i)^2 $$

    Data: 8 groups of flour beetles, $x = 10\,(\log_{10} \text{dose} - 1.8)$ of carbon disulphide and
    $y$ from -1 (all alive) to 1 (all dead). The loss is not convex: large weights lie on a plateau.
    Bliss (1935), *Annals of Applied Biology* 22, 134-167. A batch size of 0
    means all samples.
    """

    def slope(z: Array, y: Array) -> Array:
        h = np.tanh(z)
        return (h - y) * (1 - h * h)

    def bend(z: Array, y: Array) -> Array:
        h = np.tanh(z)
        return (1 - h * h) * (1 - h * h - 2 * h * (h - y))

    loss = Loss(lambda z, y: 0.5 * (np.tanh(z) - y) ** 2, slope, bend)
    full = MeanLoss(loss, *BEETLES)
    low = refine_minimum(full.grad, full.hess, (1.7, 0.5))
    return Regression(full, Box((-4, 6), (-4, 4)), (-0.5, 2.5), (low,), batch_size, seed)


@titled("Linear SVM")
def linear_svm(batch_size: int = 0, seed: int = 0) -> Regression:
    r"""Two kinds of iris told apart by one threshold: a landscape of flat facets, where slopes only change in jumps.

    $$ f(w, b) = \frac1n \sum_i \max\left(0,\; 1 - y_i (w x_i + b)\right) $$

    Data: petal length of 50 *Iris versicolor* ($y = -1$) and 50 *Iris virginica* ($y = 1$), $x$ in cm
    less 5. The penalty on $w$ is left out, so that only the hinge is seen. At a kink `grad` takes the
    side where the sample costs nothing (the derivative of $\max(0, \cdot)$ at 0 is 0), as CS231n does;
    the Hessian is 0. The minimum is a corner, where kinks cross: it is found by linear programming, and
    of the crossings of kinks that go through it the lowest is taken. The chosen gradient is not 0 there.
    Cortes & Vapnik (1995), *Machine Learning* 20, 273-297; Fisher (1936), *Annals of Eugenics* 7, 179-188.
    A batch size of 0 means all samples.
    """
    loss = Loss(
        value=lambda z, y: np.maximum(0.0, 1 - y * z),
        slope=lambda z, y: -y * (y * z < 1),
        bend=lambda z, y: np.zeros_like(z),
    )
    full = MeanLoss(loss, *IRIS)
    low = find_loss_minimum("svm", full).weights
    return Regression(full, Box((-3, 10), (-4, 4)), (-2.0, 2.5), (low,), batch_size, seed)


def _sigmoid(z: Array) -> Array:
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _parse_column(text: str) -> Array:
    return np.array(text.split(), dtype=np.float64)


CARS = (
    _parse_column("""4 4 7 7 8 9 10 10 10 11 11 12 12 12 12 13 13 13 13 14 14 14 14 15 15 15 16 16 17 17 17 18 18 18 18
               19 19 19 20 20 20 20 20 22 23 24 24 24 24 25""") / 10,
    _parse_column("""2 10 4 22 16 10 18 26 34 17 28 14 20 24 28 26 34 34 46 26 36 60 80 20 26 54 32 40 32 40 50 42 56 76
               84 36 46 68 32 48 52 56 64 66 54 70 92 93 120 85""") / 10,
)  # fmt: skip
CHALLENGER = (
    (_parse_column("66 70 69 68 67 72 73 70 57 63 70 78 67 53 67 75 70 81 76 79 75 76 58") - 70) / 10,
    _parse_column("0 1 0 0 0 0 0 0 1 1 1 0 0 1 0 0 0 0 0 0 1 0 1"),
)
BEETLES = (
    10 * (_parse_column("1.6907 1.7242 1.7552 1.7842 1.8113 1.8369 1.8610 1.8839") - 1.8),
    2 * _parse_column("6 13 18 28 52 53 61 60") / _parse_column("59 60 62 56 63 59 62 60") - 1,
)
VERSICOLOR = _parse_column("""
    4.7 4.5 4.9 4.0 4.6 4.5 4.7 3.3 4.6 3.9 3.5 4.2 4.0 4.7 3.6 4.4 4.5 4.1 4.5 3.9 4.8 4.0 4.9
    4.7 4.3 4.4 4.8 5.0 4.5 3.5 3.8 3.7 3.9 5.1 4.5 4.5 4.7 4.4 4.1 4.0 4.4 4.6 4.0 3.3 4.2 4.2 4.2 4.3 3.0 4.1""")
VIRGINICA = _parse_column("""6.0 5.1 5.9 5.6 5.8 6.6 4.5 6.3 5.8 6.1 5.1 5.3 5.5 5.0 5.1 5.3 5.5 6.7 6.9 5.0 5.7 4.9 6.7
    4.9 5.7 6.0 4.8 4.9 5.6 5.8 6.1 6.4 5.6 5.1 5.6 6.1 5.6 5.5 4.8 5.4 5.6 5.1 5.1 5.9 5.7 5.2 5.0 5.2 5.4 5.1""")
IRIS = (np.concatenate((VERSICOLOR, VIRGINICA)) - 5, np.repeat((-1.0, 1.0), 50))
