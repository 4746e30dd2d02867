"""Own numbers for every student: drawn from HMAC(secret, student, exercise), the same at every call.

Nobody draws the text's own numbers, whose answers are printed. A draw in which a misconception would give the
same answer as the solution, or as another misconception, is thrown away too, so that every mistake stays tellable.
"""

from __future__ import annotations

import hmac
import json
import secrets
import unicodedata
from itertools import combinations
from typing import Any

import numpy as np

from . import registry
from .calling import Outcome
from .compare import within
from .declaration import Exercise, apply

REDRAWS = 500


def variant(exercise: str | Exercise, student: str, secret: str | bytes) -> Exercise:
    """The exercise with this student's numbers; itself, if it has none to vary.

    Who does not know `secret` cannot tell the numbers of another student.
    """
    exercise = registry.get(exercise)
    if not exercise.vary:
        return exercise
    key = secret.encode() if isinstance(secret, str) else bytes(secret)
    if not key:
        raise ValueError("secret must not be empty: without it anyone could work out everyone's numbers")
    student = unicodedata.normalize("NFC", str(student))
    for draw in range(REDRAWS):
        drawn = exercise.with_numbers(_draw(exercise, key, student, draw))
        if drawn is not exercise and not collisions(drawn):
            return drawn
    raise RuntimeError(f"{exercise.id}: no draw of {REDRAWS} keeps all misconceptions apart")


def practice(exercise: str | Exercise) -> Exercise:
    """The same exercise with fresh numbers, to repeat it: `again = practice("8.4.2")`, `check(again, …)`."""
    return variant(exercise, "practice", secrets.token_bytes(16))


def _draw(exercise: Exercise, key: bytes, student: str, draw: int) -> dict[str, Any]:
    given = dict(exercise.given)
    for name, nice in exercise.vary.items():
        values = apply(nice, given) if callable(nice) else nice
        message = json.dumps([student, exercise.id, draw, name]).encode()
        number = int.from_bytes(hmac.digest(key, message, "sha256"), "big")
        given[name] = values[number % len(values)]
    return given


def collisions(exercise: Exercise) -> list[tuple[int, int]]:
    """Pairs that cannot be told apart and should: -1 stands for the solution, 0, 1, … for the misconceptions."""
    always = [i for i, m in enumerate(exercise.misconceptions) if not m.sometimes]
    return [(i, j) for i, j in combinations([-1, *always], 2) if alike(exercise, i, j)]


def alike(exercise: Exercise, i: int, j: int) -> bool:
    """Whether two of the answers are taken for one: -1 stands for the solution, 0, 1, … for the misconceptions."""
    is_function = callable(exercise.answer)
    wrong, right = exercise.wrong_answers, exercise.answer
    if is_function:
        wrong, right = exercise.wrong_outcomes, exercise.outcomes
    return _alike(*(right if k == -1 else wrong[k] for k in (i, j)), exercise)


def hidden(exercise: Exercise, index: int) -> bool:
    """Whether a misconception that can be told apart only sometimes cannot be with these numbers."""
    if not exercise.misconceptions[index].sometimes:
        return False
    return any(alike(exercise, other, index) for other in range(-1, len(exercise.misconceptions)) if other != index)


def _alike(a: Any, b: Any, exercise: Exercise) -> bool:
    """Whether two answers lie within twice the tolerance of each other, in every place."""
    if isinstance(a, str | dict):
        return a == b
    if isinstance(a, tuple):
        return len(a) == len(b) and all(_alike_outcomes(x, y, exercise) for x, y in zip(a, b, strict=True))
    if exercise.measure:
        a, b = np.vectorize(exercise.measure)(a), np.vectorize(exercise.measure)(b)
    rtol, atol = (0, 0.4) if exercise.whole else (2 * exercise.rtol, 2 * exercise.atol)
    return bool(np.all(within(a, b, rtol, atol) | within(b, a, rtol, atol)))


def _alike_outcomes(a: Outcome, b: Outcome, exercise: Exercise) -> bool:
    if a.value is None or b.value is None:
        return a.value is b.value and a.cause == b.cause
    rtol, atol = 2 * exercise.rtol, 2 * exercise.atol
    return a.value.shape == b.value.shape and bool(np.all(within(a.value, b.value, rtol, atol)))
