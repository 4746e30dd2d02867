"""The noisy bowl in several directions, exactly: ½ Σ λ_i x_i², gradients with noise of standard deviation σ.

One update multiplies direction i by 1 − ηλ_i and adds η²σ² to its variance, so its mean square m_i follows

    m_i ← (1 − ηλ_i)² m_i + η²σ²

without a random number. The task "quadratic" simulates the same bowl; a test holds the two together.
"""

from __future__ import annotations

import numpy as np

__all__ = ["floor", "limit", "mean_losses"]


def mean_losses(rates, curvatures=(1.0, 0.1, 0.01), noise=0.3, start=1.0) -> np.ndarray:
    """Mean loss before the first update and after each: rates (…, T) give (…, T + 1).

    >>> mean_losses([0.5, 0.5], curvatures=[1.0], noise=0.0).tolist()
    [0.5, 0.125, 0.03125]
    """
    rates = np.asarray(rates, dtype=float)
    curvatures = np.asarray(curvatures, dtype=float)
    m = np.full((*rates.shape[:-1], curvatures.size), float(start) ** 2)
    losses = np.empty((*rates.shape[:-1], rates.shape[-1] + 1))
    with np.errstate(over="ignore"):  # above the limit it may end at inf
        losses[..., 0] = 0.5 * m @ curvatures
        for t in range(rates.shape[-1]):
            eta = rates[..., t, None]
            m = (1 - eta * curvatures) ** 2 * m + (eta * noise) ** 2
            losses[..., t + 1] = 0.5 * m @ curvatures
    return losses


def limit(curvatures=(1.0, 0.1, 0.01)) -> float:
    """2/λ of the steepest direction: above it a fixed rate runs away."""
    return 2.0 / float(np.max(curvatures))


def floor(eta, curvatures=(1.0, 0.1, 0.01), noise=0.3) -> float:
    """The mean loss a fixed rate settles at, Σ ησ²/(2(2 − ηλ_i)); inf at the limit and above.

    >>> round(floor(0.5, curvatures=[1.0], noise=1.0), 4)
    0.1667
    """
    room = 2.0 - eta * np.asarray(curvatures, dtype=float)
    return float(np.sum(0.5 * eta * noise**2 / room)) if (room > 0).all() else float("inf")
