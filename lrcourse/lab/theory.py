"""What theory says before anything is trained: the convex bound, and the noise floor of softmax regression."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .tasks import make_task

__all__ = ["SoftmaxFloor", "best_peak", "bound", "rank_correlation", "softmax_floor"]


def _bound_parts(rates, G):
    """The two parts of the bound for one schedule (T,): (1/(2Ση), all that grows with η)."""
    rates = np.asarray(rates, dtype=float)
    rates = rates[: np.flatnonzero(rates)[-1] + 1]  # updates at rate 0 at the end change nothing
    total = rates.sum()
    squares = rates**2 * np.broadcast_to(np.asarray(G, dtype=float) ** 2, rates.shape)
    left = np.cumsum(rates[::-1])[::-1]  # Σ_{s ≥ k} η_s
    noise = np.cumsum(squares[::-1])[::-1]  # Σ_{s ≥ k} η_s² G_s²
    last = 0.5 * np.sum(rates[:-1] / left[1:] * noise[:-1] / left[:-1])
    return 0.5 / total, 0.5 * squares.sum() / total + last


def bound(rates, D=1.0, G=1.0) -> float:
    """An upper bound on the suboptimality of the last iterate of SGD on a convex, G-Lipschitz function.

    rates: (T,), the rate of each update; D: distance from the start to the minimum; G: size of the gradients, one
    number or one per update. Theorem 10 of Defazio, Cutkosky, Mehta and Mishchenko (2023, arXiv 2310.07831), as used
    by Schaipp et al. (2025, arXiv 2501.18965):

        D²/(2Ση) + Ση²G²/(2Ση) + ½ Σ_{k<T} η_k/Σ_{s>k}η_s · Σ_{s≥k}η_s²G²/Σ_{s≥k}η_s

    >>> bound([0.5])                          # one step: D²/(2η) + ηG²/2
    1.25
    """
    distance, noise = _bound_parts(rates, G)
    return float(D**2 * distance + noise)


def best_peak(shape, D=1.0, G=1.0) -> tuple[float, float]:
    """The peak that makes the bound of peak × shape smallest, and that smallest bound.

    The first part falls as 1/peak, the second grows as peak, so both follow in closed form.
    """
    distance, noise = _bound_parts(shape, G)
    distance *= D**2
    return float(np.sqrt(distance / noise)), float(2 * np.sqrt(distance * noise))


def rank_correlation(a, b) -> float:
    """Spearman's: the correlation of the ranks (no ties)."""
    ranks = [np.argsort(np.argsort(x)) for x in (a, b)]
    return float(np.corrcoef(*ranks)[0, 1])


@dataclass(frozen=True)
class SoftmaxFloor:
    """The minimum of the task "softmax" and the noise around it, in the eigenvectors of its Hessian."""

    minimum: float  # the training loss at the minimum
    curvatures: np.ndarray  # λ_i
    noises: np.ndarray  # C_ii: variance of one row's gradient along eigenvector i
    batch: int

    @property
    def limit(self) -> float:
        """2/λ_max."""
        return 2.0 / float(self.curvatures.max())

    def excess(self, eta: float) -> float:
        """Mean loss above the minimum that a fixed rate settles at: Σ ηC_ii / (2B(2 − ηλ_i)).

        To first order: curvature and noise are taken to be what they are at the minimum. Rows drawn with replacement.
        """
        room = 2.0 - eta * self.curvatures
        return float(np.sum(eta * self.noises / (2 * self.batch * room))) if (room > 0).all() else float("inf")


@lru_cache(maxsize=4)
def softmax_floor(batch: int = 16, l2: float = 0.01) -> SoftmaxFloor:
    """Find the minimum by Newton's method and measure curvature and noise there, exactly, over all training rows."""
    task = make_task("softmax", batch=batch, l2=l2)
    x, y = (np.asarray(part) for part in task.judged_by)
    x = np.hstack([x.astype(float), np.ones((len(x), 1))])  # the bias as one more input
    rows, inputs, classes = len(x), x.shape[1], task.model.classes
    target = np.eye(classes)[y]
    w = np.zeros((inputs, classes))
    for _ in range(50):
        z = x @ w
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        p /= p.sum(axis=1, keepdims=True)
        slope = x.T @ (p - target) / rows + l2 * w
        weights = np.einsum("nk,kl->nkl", p, np.eye(classes)) - p[:, :, None] * p[:, None, :]
        hessian = np.empty((inputs, classes, inputs, classes))
        for k in range(classes):
            for j in range(classes):
                hessian[:, k, :, j] = (x * weights[:, k, j, None]).T @ x / rows
        hessian = hessian.reshape(w.size, w.size) + l2 * np.eye(w.size)
        w -= np.linalg.solve(hessian, slope.ravel()).reshape(w.shape)
        if np.abs(slope).max() < 1e-12:
            break
    loss = -np.log(p[np.arange(rows), y]).mean() + 0.5 * l2 * np.square(w).sum()
    curvatures, axes = np.linalg.eigh(hessian)
    each = (x[:, :, None] * (p - target)[:, None, :]).reshape(rows, -1) + l2 * w.ravel()
    along = each @ axes
    return SoftmaxFloor(float(loss), curvatures, along.var(axis=0), batch)
