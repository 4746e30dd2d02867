"""SGD, momentum and Adam. An optimizer turns a gradient into a direction; the schedule alone says how far to go.

    optimizer.state(P)               what it remembers, zeros at the start
    optimizer.update(P, G, state, n, rate)   the n-th update (n = 1, 2, …), in place; G may be used as scratch

P and G are (…, n) and `rate` broadcasts against them, so that each run has its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["SGD", "Adam", "Momentum", "optimizer"]


@dataclass(frozen=True)
class SGD:
    """x ← x − η g."""

    def state(self, P):
        return ()

    def update(self, P, G, state, n, rate):
        G *= rate
        P -= G


@dataclass(frozen=True)
class Momentum:
    """m ← β m + g, x ← x − η m (PyTorch's convention: a steady gradient is amplified 1/(1 − β) times)."""

    beta: float = 0.9

    def state(self, P):
        return (np.zeros_like(P),)

    def update(self, P, G, state, n, rate):
        (m,) = state
        m *= self.beta
        m += G
        np.multiply(m, rate, out=G)
        P -= G


@dataclass(frozen=True)
class Adam:
    """Adam with bias correction (Kingma and Ba 2015, arXiv 1412.6980), without weight decay."""

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def state(self, P):
        return np.zeros_like(P), np.zeros_like(P)

    def update(self, P, G, state, n, rate):
        m, v = state
        m *= self.beta1
        m += (1 - self.beta1) * G
        v *= self.beta2
        np.square(G, out=G)
        G *= 1 - self.beta2
        v += G
        np.sqrt(v, out=G)
        G *= 1 / (1 - self.beta2**n) ** 0.5
        G += self.epsilon
        np.divide(m, G, out=G)
        G *= rate / (1 - self.beta1**n)
        P -= G


_NAMES = {"sgd": SGD(), "momentum": Momentum(), "adam": Adam()}


def optimizer(choice):
    """An optimizer from its name, or the one given."""
    if isinstance(choice, str):
        if choice not in _NAMES:
            raise ValueError(f"optimizer must be one of {', '.join(_NAMES)}, got {choice!r}")
        return _NAMES[choice]
    if not hasattr(choice, "update"):
        raise TypeError(f"optimizer must be a name or an SGD, Momentum or Adam, got {choice!r}")
    return choice
