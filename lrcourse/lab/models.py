"""Models with hand-written gradients, vectorised over any number of leading run axes.

Every model is a frozen record without state. Its parameters live in one flat buffer `P` of shape (…, n), where `…`
are the run axes: () for a single run, (S, C) for S seeds times C configurations. `views(P)` cuts the buffer into the
named arrays without copying. Inputs carry the same leading axes or ones that broadcast against them: a batch of seed
s is stored once, (S, 1, B, d), and is seen by all C configurations of that seed. `np.matmul` does the rest: it runs
one small matrix product per run, over the leading axes.

    model.init(rng)                  (n,) float64   starting parameters
    model.loss_and_grad(P, G, batch) (…)            mean loss of the batch; writes its gradient into G, shape (…, n)
    model.loss(P, batch)             (…)            mean loss only
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

__all__ = ["MLP", "Bowl", "LeastSquares", "Model", "Softmax", "cross_entropy", "sum_rows"]


class Model:
    """What every model shares: the flat buffer and its named parts."""

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name → shape of each parameter array, in the order of the flat buffer."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        """The number of parameters n."""
        return sum(math.prod(shape) for shape in self.shapes().values())

    def views(self, P: np.ndarray) -> dict[str, np.ndarray]:
        """Name → array of shape (…, *shape), each a window into P: writing to it writes to P."""
        parts, start = {}, 0
        for name, shape in self.shapes().items():
            stop = start + math.prod(shape)
            parts[name] = P[..., start:stop].reshape(*P.shape[:-1], *shape)
            start = stop
        return parts

    def flops(self, rows: int) -> int:
        """Multiply-adds × 2 of the matrix products in one gradient over `rows` rows."""
        matrices = (math.prod(shape) for shape in self.shapes().values() if len(shape) > 1)
        return 6 * rows * sum(matrices)


def sum_rows(D: np.ndarray, out: np.ndarray) -> None:
    """Sum (…, B, K) over its rows into (…, 1, K): the gradient of a bias. As a matrix product, several times faster."""
    np.matmul(np.ones((1, D.shape[-2]), dtype=D.dtype), D, out=out)


def cross_entropy(Z: np.ndarray, y: np.ndarray, *, gradient: bool = True) -> np.ndarray:
    """Mean over rows of -log softmax(Z)[y]. Z (…, B, K) is overwritten with dloss/dZ if `gradient`. Returns (…).

    y holds whole numbers, (…, B) or anything that broadcasts to it.
    """
    *runs, rows, classes = Z.shape
    Z -= Z.max(axis=-1, keepdims=True)
    flat = Z.reshape(-1)  # Z is contiguous, so this is a window, not a copy
    picks = np.broadcast_to(y, (*runs, rows)).reshape(-1) + np.arange(0, flat.size, classes)
    chosen = flat[picks].reshape(*runs, rows)
    np.exp(Z, out=Z)
    total = np.einsum("...k->...", Z)[..., None]  # faster than Z.sum(-1) for short rows
    if gradient:
        total *= rows
        Z /= total
        flat[picks] -= 1 / rows
        total /= rows
    return (np.log(total[..., 0]) - chosen).mean(axis=-1)


@dataclass(frozen=True)
class Softmax(Model):
    """Softmax regression (multinomial logistic): scores XW + b, cross-entropy, and ½·l2·|parameters|².

    With l2 > 0 the loss is strongly convex: it has one minimum, around which the theory of the noise floor can be
    computed exactly. Batch: x (…, B, inputs) and y (…, B).
    """

    inputs: int
    classes: int
    l2: float = 0.0

    def shapes(self):
        return {"W": (self.inputs, self.classes), "b": (1, self.classes)}

    def init(self, rng):
        return np.zeros(self.size)

    def loss_and_grad(self, P, G, batch):
        x, y = batch
        p, g = self.views(P), self.views(G)
        Z = x @ p["W"]
        Z += p["b"]
        loss = cross_entropy(Z, y)
        np.matmul(np.swapaxes(x, -1, -2), Z, out=g["W"])
        sum_rows(Z, out=g["b"])
        if self.l2:
            G += self.l2 * P
            loss += 0.5 * self.l2 * np.square(P).sum(axis=-1)
        return loss

    def loss(self, P, batch):
        x, y = batch
        p = self.views(P)
        loss = cross_entropy(x @ p["W"] + p["b"], y, gradient=False)
        return loss + 0.5 * self.l2 * np.square(P).sum(axis=-1) if self.l2 else loss


@dataclass(frozen=True)
class MLP(Model):
    """One hidden layer of ReLU units and cross-entropy.

    On digits the inputs are pixels. As a character model they are three one-hot characters side by side
    (Bengio et al. 2003 in its smallest form), of which `active` = 3 are 1. Batch: x (…, B, inputs) and y (…, B).
    """

    inputs: int
    hidden: int
    classes: int
    active: int | None = None  # how many inputs are non-zero at a time (for the size of the first weights)

    def shapes(self):
        return {
            "W1": (self.inputs, self.hidden),
            "b1": (1, self.hidden),
            "W2": (self.hidden, self.classes),
            "b2": (1, self.classes),
        }

    def init(self, rng):
        """He initialisation: weights N(0, 2/fan-in), biases 0; the last layer at half the spread."""
        P = np.zeros(self.size)
        p = self.views(P)
        p["W1"][:] = rng.standard_normal(p["W1"].shape) * math.sqrt(2 / (self.active or self.inputs))
        p["W2"][:] = rng.standard_normal(p["W2"].shape) * math.sqrt(0.5 / self.hidden)
        return P

    def _forward(self, p, x):
        H = x @ p["W1"]
        H += p["b1"]
        np.maximum(H, 0, out=H)
        Z = H @ p["W2"]
        Z += p["b2"]
        return H, Z

    def loss_and_grad(self, P, G, batch):
        x, y = batch
        p, g = self.views(P), self.views(G)
        H, Z = self._forward(p, x)
        loss = cross_entropy(Z, y)  # Z is now dloss/dZ
        np.matmul(np.swapaxes(H, -1, -2), Z, out=g["W2"])
        sum_rows(Z, out=g["b2"])
        D = Z @ np.swapaxes(p["W2"], -1, -2)
        D *= H > 0
        np.matmul(np.swapaxes(x, -1, -2), D, out=g["W1"])
        sum_rows(D, out=g["b1"])
        return loss

    def loss(self, P, batch):
        x, y = batch
        return cross_entropy(self._forward(self.views(P), x)[1], y, gradient=False)


@dataclass(frozen=True)
class LeastSquares(Model):
    """Linear regression, ½ mean (xw − y)². Batch: x (…, B, inputs) and y (…, B).

    Where some w fits every row ("realizable"), the gradient noise dies out together with the loss.
    """

    inputs: int

    def shapes(self):
        return {"w": (self.inputs, 1)}

    def init(self, rng):
        return np.zeros(self.size)

    def loss_and_grad(self, P, G, batch):
        x, y = batch
        miss = x @ self.views(P)["w"]
        miss -= y[..., None]
        np.matmul(np.swapaxes(x, -1, -2), miss, out=self.views(G)["w"])
        G /= x.shape[-2]
        return 0.5 * np.square(miss).mean(axis=(-1, -2))

    def loss(self, P, batch):
        x, y = batch
        return 0.5 * np.square((x @ self.views(P)["w"])[..., 0] - y).mean(axis=-1)


@dataclass(frozen=True)
class Bowl(Model):
    """The noisy quadratic ½ Σ λ_i x_i², seen through gradients λ_i x_i + σ ξ_i; `curvatures` are the λ_i.

    Its "batch" is the noise ξ, (…, 1, d); `start` is every coordinate's first value. The loss reported is the true
    one. `lrcourse.lab.quadratic` has the exact mean over all noise.
    """

    curvatures: tuple[float, ...]
    noise: float = 1.0
    start: float = 1.0

    def shapes(self):
        return {"x": (len(self.curvatures),)}

    def init(self, rng):
        return np.full(self.size, float(self.start))

    def loss_and_grad(self, P, G, batch):
        curvatures = np.asarray(self.curvatures, dtype=P.dtype)
        np.multiply(P, curvatures, out=G)
        loss = 0.5 * (G * P).sum(axis=-1)
        G += self.noise * batch[0][..., 0, :]
        return loss

    def loss(self, P, batch):
        return 0.5 * (np.square(P) * np.asarray(self.curvatures, dtype=P.dtype)).sum(axis=-1)
