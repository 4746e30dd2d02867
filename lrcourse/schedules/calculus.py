"""The area under a schedule: closed forms where there are any, else Gauss–Legendre between the knots."""

from __future__ import annotations

import math

import numpy as np

from . import checks
from .namespaces import SLACK, past_the_end

FEW = 64  # up to so many smooth pieces, each is refined towards its ends, where a root may be steep


def integral(schedule, stop=None) -> float:
    """Area under `schedule` from 0 to `stop` (default: its horizon), in rate × steps."""
    T = schedule.horizon
    if stop is None:
        if T is None:
            raise ValueError(f"stop must be given: {schedule!r} has no end, write integral(10_000), say")
        stop = T
    stop = checks.real("stop", stop, "a finite number of steps of at least 0")
    if stop < 0:
        raise ValueError(f"stop must be a finite number of steps of at least 0, got {stop!r}: areas begin at t = 0")
    if T is None or stop <= T or schedule.ends_itself:
        return _area(schedule, stop)
    if schedule.after == "raise" and stop > T + SLACK:
        past_the_end(stop, T)
    full = _area(schedule, T)
    if schedule.after in ("hold", "raise"):
        return full + schedule(T) * (stop - T)
    rounds, rest = divmod(stop, 2 * T)
    return 2 * full * rounds + (_area(schedule, rest) if rest <= T else 2 * full - _area(schedule, 2 * T - rest))


def _area(schedule, stop: float) -> float:
    closed = schedule._area(stop)
    return float(_quadrature(schedule, stop) if closed is None else closed)


def _quadrature(schedule, stop: float) -> float:
    if stop == 0:
        return 0.0
    edges = np.array([0.0, *(k for k in schedule._knots(stop) if 0 < k < stop), stop])
    if len(edges) <= FEW:
        half = 2.0 ** -np.arange(1, 40)
        inner = np.concatenate([[0.0], half[::-1], 1 - half[1:], [1.0]])
    else:
        inner = np.array([0.0, 0.5, 1.0])
    cuts = edges[:-1, None] + np.diff(edges)[:, None] * inner
    nodes, weights = np.polynomial.legendre.leggauss(12)
    middle, radius = (cuts[:, 1:] + cuts[:, :-1]) / 2, np.diff(cuts, axis=1) / 2
    rates = schedule(middle[..., None] + radius[..., None] * nodes)
    return math.fsum((rates @ weights * radius).ravel())
