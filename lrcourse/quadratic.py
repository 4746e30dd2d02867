"""The smallest training run there is: one weight in a bowl, with noise in its gradient.

The loss is L(x) = ½ λ x². Each update sees the slope λx with noise of standard deviation σ on top:

    x ← x − η (λ x + σ ξ),    ξ ~ N(0, 1)

The rest follows exactly. One update multiplies the distance by 1 − ηλ and adds η²σ² to its variance, so

    E[x²] ← (1 − ηλ)² E[x²] + η² σ²

and the mean loss of any schedule can be computed without a single random number. `simulate` draws the random
numbers all the same: a second road to the same place.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["NoisyQuadratic", "descend"]

#: A rate whose ηλ is this close (relatively) to a boundary is taken to be on it.
_ON_THE_LINE = 1e-12


@dataclass(frozen=True)
class NoisyQuadratic:
    """The bowl ½ λ x² seen through gradients with noise of standard deviation σ.

    Rates are given one per update, as an array: `schedule.values(n)` of any schedule will do.

    >>> bowl = NoisyQuadratic(curvature=10.0)
    >>> bowl.limit
    0.2
    >>> round(float(bowl.noise_floor(0.1)), 6)
    0.05
    """

    curvature: float = 1.0
    noise: float = 1.0

    def __post_init__(self):
        _require(_number("curvature", self.curvature) > 0, "curvature", "greater than 0", self.curvature)
        _require(_number("noise", self.noise) >= 0, "noise", "0 or greater", self.noise)

    # -- the bowl ----------------------------------------------------------------------------------
    def loss(self, x):
        """½ λ x², for a number or an array."""
        return 0.5 * self.curvature * np.square(x)

    def factor(self, eta):
        """What one update without noise multiplies x by: 1 − ηλ."""
        return 1.0 - np.asarray(eta) * self.curvature

    @property
    def limit(self) -> float:
        """2/λ. Below it gradient descent comes closer at every update, above it it runs away."""
        return 2.0 / self.curvature

    def regime(self, eta: float) -> str:
        """In a word, what a fixed rate does when there is no noise: one of five, by the size of ηλ."""
        product = _positive("eta", eta) * self.curvature
        for boundary, name in ((1.0, "one step"), (2.0, "perpetual")):
            if abs(product - boundary) <= _ON_THE_LINE * boundary:
                return name
        if product < 1.0:
            return "monotone"
        return "oscillating" if product < 2.0 else "diverging"

    def steps_to_shrink(self, eta: float, times: float) -> int | None:
        """The first update count at which |x| is at most 1/times of its start, without noise.

        None when that never happens.

        >>> NoisyQuadratic(curvature=1.0).steps_to_shrink(0.001, times=100)
        4603
        """
        product = _positive("eta", eta) * self.curvature
        _require(_number("times", times) > 1, "times", "greater than 1", times)
        shrink = abs(1.0 - product)
        if shrink == 0.0:
            return 1
        if product >= 2.0 * (1.0 - _ON_THE_LINE):
            return None
        # log1p keeps the digits of a tiny ηλ; above 1 the factor itself has them.
        log_shrink = math.log1p(-product) if product < 1.0 else math.log(shrink)
        exact = -math.log(times) / log_shrink
        # 1e-9: a count that is whole on paper must not be pushed up by the last bit.
        return max(1, math.ceil(exact - 1e-9))

    # -- the mean over all noise, exactly ----------------------------------------------------------
    def mean_squares(self, rates, x_0: float) -> np.ndarray:
        """E[x²] before the first update and after each: n rates give n + 1 values."""
        rates = _rates(rates)
        square = _number("x_0", x_0) ** 2
        squares = [square]
        shrinks, kicks = self.factor(rates) ** 2, (rates * self.noise) ** 2
        # Python's floats, so that a run above the limit ends at inf without a warning.
        for shrink, kick in zip(shrinks.tolist(), kicks.tolist(), strict=True):
            square = shrink * square + kick
            squares.append(square)
        return np.array(squares)

    def mean_losses(self, rates, x_0: float) -> np.ndarray:
        """½ λ E[x²], one value more than there are rates."""
        with np.errstate(over="ignore"):  # above the limit the loss may end at inf
            return 0.5 * self.curvature * self.mean_squares(rates, x_0)

    def noise_floor(self, eta):
        """The mean loss that a fixed rate settles at: ½ ησ²/(2 − ηλ). Infinite at the limit 2/λ and above."""
        eta = np.asarray(eta, dtype=float)
        _require(bool(np.all(eta > 0)), "eta", "greater than 0", eta)
        room = 2.0 - eta * self.curvature
        with np.errstate(divide="ignore", invalid="ignore"):
            settled = 0.5 * eta * self.noise**2 / room
        return np.where(room > 0, settled, np.inf)[()]

    def best_rates(self, steps: int, x_0: float) -> np.ndarray:
        """The rates that make the mean loss after the last of `steps` updates as small as it can be.

        Each is η = λE[x²]/(λ²E[x²] + σ²), the one that minimises the next mean loss. Greed is right here:
        a smaller E[x²] now never makes the best E[x²] later larger. In closed form 1/(λ(t + 1 + σ²/(λx_0)²)).
        """
        _count("steps", steps)
        _require(_number("x_0", x_0) != 0, "x_0", "other than 0", x_0)
        head_start = (self.noise / (self.curvature * x_0)) ** 2
        if head_start == 0.0:
            return np.full(steps, 1.0 / self.curvature)
        return 1.0 / (self.curvature * (np.arange(1.0, steps + 1.0) + head_start))

    # -- chance ------------------------------------------------------------------------------------
    def simulate(self, rates, x_0: float, runs: int = 1, seed: int = 0) -> np.ndarray:
        """Positions of `runs` independent runs, shape (runs, n + 1). One seed, one answer."""
        rates = _rates(rates)
        xi = np.random.default_rng(seed).standard_normal((rates.size, _count("runs", runs)))
        x = np.empty((rates.size + 1, runs))
        x[0] = _number("x_0", x_0)
        for t, eta in enumerate(rates):
            x[t + 1] = x[t] - eta * (self.curvature * x[t] + self.noise * xi[t])
        return x.T


def descend(slope: Callable, x_0, rates) -> np.ndarray:
    """Gradient descent x ← x − η slope(x) from x_0, one update per rate: the n + 1 places it visits.

    >>> descend(lambda x: 10 * x, 1.0, [0.05, 0.05]).tolist()
    [1.0, 0.5, 0.25]
    """
    rates = _rates(rates)
    x = np.empty((rates.size + 1, *np.shape(x_0)))
    x[0] = x_0
    for t, eta in enumerate(rates):
        x[t + 1] = x[t] - eta * np.asarray(slope(x[t]))
    return x


# -- what may be asked -----------------------------------------------------------------------------
def _require(holds: bool, name: str, rule: str, value) -> None:
    if not holds:
        raise ValueError(f"{name} must be {rule}, got {value!r}")


def _number(name: str, value) -> float:
    real = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not real:
        raise TypeError(f"{name} must be a number, got {value!r}")
    _require(math.isfinite(value), name, "finite", value)
    return float(value)


def _positive(name: str, value) -> float:
    _require(_number(name, value) > 0, name, "greater than 0", value)
    return float(value)


def _count(name: str, value) -> int:
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole:
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    _require(value >= 1, name, "1 or more", value)
    return int(value)


def _rates(rates) -> np.ndarray:
    rates = np.asarray(rates)
    if rates.dtype.kind not in "iuf":
        raise TypeError(f"rates must be numbers, got an array of {rates.dtype}")
    _require(rates.ndim == 1, "rates", "one rate per update (one-dimensional)", rates)
    sound = bool(np.all(np.isfinite(rates)) and np.all(rates >= 0))
    _require(sound, "rates", "finite and 0 or greater", rates)
    return rates.astype(float)
