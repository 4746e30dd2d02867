"""Answers that a page can check and does not tell.

A page holds, for every right and every known wrong answer, a salted hash that is slow to compute (PBKDF2), and what to
say, enciphered with the rest of the same hash: without the answer neither can be read. A number is hashed as the
place it has on a grid whose step is twice the tolerance and which is shifted so that the answer lies in the middle of
its place: whatever is within the tolerance has the same hash. docs/_static/check.js does the same with what is typed.
"""

from __future__ import annotations

import base64
import hashlib
import math
from dataclasses import dataclass

import numpy as np

from lrcourse.exercises.declaration import Exercise
from lrcourse.exercises.words import show

ROUNDS = 20_000
NEARLY = 2e-3  # as lrcourse.exercises.compare: so close to the answer, it was rounded or cut
HALF = 5e-4  # half a unit in the fourth digit is never more
_TAG = 8  # bytes of a hash that are compared; the others are the cipher's key


@dataclass(frozen=True)
class Grid:
    """Places of equal width: on the numbers themselves ("linear"), or on their logarithms ("log")."""

    scale: str
    width: float
    shift: float

    @classmethod
    def around(cls, value: float, rtol: float, atol: float) -> Grid:
        """The grid on which everything within the larger of the tolerances lies in one place with `value`."""
        if value == 0 or atol > rtol * abs(value):
            return cls._centred("linear", value, 2 * max(atol, 1e-12))
        return cls._centred("log", math.log(abs(value)), math.log1p(rtol) - math.log1p(-rtol))

    @classmethod
    def _centred(cls, scale, middle, width):
        return cls(scale, width, (middle / width - 0.5) % 1.0)

    def place(self, value: float) -> str:
        if self.scale == "linear":
            return str(math.floor(value / self.width - self.shift))
        if value == 0:
            return "0"
        sign = "-" if value < 0 else "+"
        return sign + str(math.floor(math.log(abs(value)) / self.width - self.shift))

    @property
    def plain(self):
        return [self.scale, self.width, self.shift]


def sheet(exercise: Exercise) -> dict | None:
    """What the page needs to check an exercise: None for functions, which are run in a notebook."""
    answer = exercise.answer
    if callable(answer):
        return None
    base = {"id": exercise.id, "rounds": ROUNDS}
    if isinstance(answer, str):
        return base | {"kind": "choice", "options": list(exercise.options), "targets": _choices(exercise)}
    if isinstance(answer, dict):
        return base | {
            "kind": "classification",
            "options": list(exercise.categories),
            "items": list(answer),
            "parts": [_sealed(exercise, f"part{i}", kind, "") for i, kind in enumerate(answer.values())],
        }
    places = len(answer) if isinstance(answer, list) else 1
    kind = "number" if not isinstance(answer, list) else "numbers"
    return base | {
        "kind": kind,
        "places": places,
        "unit": exercise.unit,
        "targets": _numbers(exercise),
        "parts": _parts(exercise) if places > 1 else [],
    }


def _choices(exercise):
    targets = [_sealed(exercise, "0", exercise.answer, _praise(exercise), right=True)]
    wrong = enumerate(zip(exercise.wrong_answers, exercise.misconceptions), start=1)
    return targets + [_sealed(exercise, str(i), key, found.message) for i, (key, found) in wrong]


def _numbers(exercise):
    """The first that fits counts: the answer, the misconceptions, what is nearly the answer, or nearly one of them."""
    rtol, atol = 1e-9 if exercise.whole else exercise.rtol, exercise.atol
    wrong = [
        (str(i), value, found.message)
        for i, (value, found) in enumerate(zip(exercise.wrong_answers, exercise.misconceptions), start=1)
    ]
    targets = [_right(exercise, "0", exercise.answer, _praise(exercise), right=True)]
    targets += [_target(exercise, name, value, rtol, atol, message) for name, value, message in wrong]
    if not exercise.whole:
        loose, more = max(NEARLY, rtol), "You are close: give more digits, and don't round on the way."
        targets.append(_target(exercise, "near", exercise.answer, loose, atol, more))
        targets += [_target(exercise, f"near {name}", value, loose, atol, message) for name, value, message in wrong]
    return targets


def _right(exercise, name, value, message, right=False):
    """The exact answer, and it rounded to four digits where the exercise asks for no more."""
    rtol = 1e-9 if exercise.whole else exercise.rtol
    values = value if isinstance(value, list) else [value]
    if exercise.four_digits:
        rtol = [HALF if abs(float(f"{v:.4g}") - v) > rtol * abs(v) else rtol for v in values]
    return _target(exercise, name, value, rtol, exercise.atol, message, right)


def _target(exercise, name, value, rtol, atol, message, right=False):
    values = [float(v) for v in (value if isinstance(value, list) else [value])]
    grids = [Grid.around(v, r, atol) for v, r in zip(values, np.broadcast_to(rtol, len(values)).tolist())]
    places = "|".join(grid.place(v) for grid, v in zip(grids, values))
    return _sealed(exercise, name, places, message, right) | {"grids": [grid.plain for grid in grids]}


def _parts(exercise):
    """Each of several numbers by itself, to say how many are right."""
    return [_right(exercise, f"part{i}", v, "") for i, v in enumerate(exercise.answer)]


def _praise(exercise: Exercise) -> str:
    lines = [
        "Right."
        if isinstance(exercise.answer, str)
        else f"Right: {show(exercise.answer, exercise.rtol)}{' ' + exercise.unit if exercise.unit else ''}."
    ]
    noted = exercise.documented
    if noted and noted.note:
        lines.append(f"The text has {show(noted.value)} ({noted.place}): {noted.note}")
    if exercise.afterthought:
        lines.append(exercise.afterthought)
    return "\n".join(lines)


def _sealed(exercise, name, text, message, right=False):
    """The hash of `text`, and `message` under the key that the same hash holds."""
    salt = f"lrcourse {exercise.id} {name}"
    made = hashlib.pbkdf2_hmac("sha256", text.encode(), salt.encode(), ROUNDS, 32)
    told = message.encode()
    sealed = base64.b64encode(bytes(a ^ b for a, b in zip(told, _stream(made[_TAG:], len(told))))).decode()
    return {"name": name, "tag": made[:_TAG].hex(), "message": sealed} | ({"right": True} if right else {})


def _stream(key: bytes, length: int) -> bytes:
    """As many bytes as wanted from one key: SHA-256 of the key and a counter."""
    blocks = (hashlib.sha256(key + bytes([i >> 8, i & 255])).digest() for i in range(length // 32 + 1))
    return b"".join(blocks)[:length]


def question_label(exercise: Exercise) -> str:
    """What the form's field is called."""
    if isinstance(exercise.answer, list):
        return f"Your {len(exercise.answer)} numbers, separated by commas"
    return f"Your number{', in ' + exercise.unit if exercise.unit else ''}"
