"""Inputs that a student's function has not seen: drawn for each run, between those that the exercise declares."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

import numpy as np

from lrcourse.exercises import Exercise, call_all

DRAWN = 4


def with_hidden_inputs(exercise: Exercise, student: str, seed: str) -> Exercise:
    """The exercise with further calls. Each is a mean of two declared ones, argument by argument: it keeps whatever
    holds for both of them, such as t ≤ T. Where no solution exists there, the draw is left out."""
    if not exercise.calls:
        return exercise
    digest = hashlib.sha256(f"{seed}\n{student}\n{exercise.id}".encode()).digest()
    chance = random.Random(digest)
    pairs = [(a, b) for a in exercise.calls for b in exercise.calls if a is not b and _can_mix(a, b)]
    if not pairs:
        return exercise
    whole = [
        all(np.asarray(call[i]).dtype.kind in "iu" for call in exercise.calls) for i in range(len(exercise.calls[0]))
    ]
    drawn = [_mix(*chance.choice(pairs), chance.uniform(0.1, 0.9), whole) for _ in range(DRAWN)]
    good = [o.call for o in call_all(exercise.answer, tuple(drawn)) if o.problem is None]
    calls = (*exercise.calls, *good)
    return replace(exercise, probes=lambda: calls)


def _can_mix(a: tuple, b: tuple) -> bool:
    return len(a) == len(b) and all(
        isinstance(x, int | float | np.ndarray)
        and isinstance(y, int | float | np.ndarray)
        and (np.shape(x) == np.shape(y) or () in (np.shape(x), np.shape(y)))
        for x, y in zip(a, b)
    )


def _mix(a: tuple, b: tuple, share: float, whole: list[bool]) -> tuple:
    """Whole numbers are rounded up, all of them, which keeps their order."""
    mixed = []
    for x, y, is_whole in zip(a, b, whole):
        value = share * np.asarray(x, dtype=float) + (1 - share) * np.asarray(y, dtype=float)
        if is_whole:
            value = np.ceil(value).astype(int)
        mixed.append(value if np.ndim(value) else value.item())
    return tuple(mixed)
