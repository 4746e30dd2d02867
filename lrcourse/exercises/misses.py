"""What to say of a function that misses: the outputs, held against the right ones, often tell the bug."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from .calling import Outcome, call_all
from .compare import agree
from .declaration import Exercise
from .words import plain


def pattern(exercise: Exercise, outcomes: Sequence[Outcome]) -> str | None:
    """The bug that explains every output, or None."""
    if len(outcomes) != len(exercise.outcomes) or any(o.value is None for o in outcomes):
        return None
    for calls, message in _other_calls(exercise):
        wanted = call_all(exercise.answer, calls)
        if all(agree(a.value, b.value, exercise.rtol, exercise.atol) for a, b in zip(outcomes, wanted, strict=True)):
            return message
    return _factor(exercise, outcomes)


def _other_calls(exercise: Exercise):
    """The calls as a buggy function may take them, and what to say if it does."""
    names = [name.strip() for name in exercise.signature.split(",")]
    for shift, word in ((1, "early"), (-1, "late")):
        sign = "+" if shift > 0 else "-"
        message = (
            f"your function is one step {word} (off by one): it gives at t what belongs to t {sign} 1. Steps count "
            "from 0, so t = 0 must give the first value."
        )
        yield _with(exercise, lambda call, d=shift: (call[0] + d, *call[1:])), message
    yield (
        _with(exercise, lambda call: (np.floor(call[0]), *call[1:])),
        "between two whole steps your function stands still: int(t), // or a loop over range(t) cuts t to a whole "
        "number. A fraction of a step counts too; use t itself.",
    )
    for i, j in combinations(range(len(names)), 2):
        message = f"you have swapped {names[i]} and {names[j]}: each stands in the other's place."
        yield _with(exercise, lambda call, i=i, j=j: _swapped(call, i, j)), message


def _with(exercise: Exercise, change) -> tuple[tuple, ...]:
    return tuple(change(call) for call in exercise.calls)


def _swapped(call: tuple, i: int, j: int) -> tuple:
    changed = list(call)
    changed[i], changed[j] = call[j], call[i]
    return tuple(changed)


def _factor(exercise: Exercise, outcomes: Sequence[Outcome]) -> str | None:
    """One factor or one difference between every output and the right one."""
    pairs = list(zip(outcomes, exercise.outcomes, strict=True))
    if any(a.value.shape != b.value.shape for a, b in pairs):
        return None
    got = np.concatenate([np.ravel(a.value) for a, _ in pairs])
    want = np.concatenate([np.ravel(b.value) for _, b in pairs])
    some = np.abs(want) > exercise.atol
    if some.sum() < 3:
        return None
    ratio = float(np.median(got[some] / want[some]))
    if math.isfinite(ratio) and ratio not in (0.0, 1.0) and np.allclose(got, ratio * want, rtol=1e-6, atol=1e-12):
        return _times(ratio)
    gap = float(np.median(got - want))
    if abs(gap) > 1e-9 and np.allclose(got, want + gap, rtol=1e-6, atol=1e-12):
        more = "large: something is added that does not belong" if gap > 0 else "small: something was left out"
        return f"every value is too {more}, {plain(round(abs(gap), 10))} each time."
    return None


def _times(ratio: float) -> str:
    if ratio == -1:
        return "every value has the wrong sign: plus and minus are swapped."
    known = {
        2: "a factor 1/2 got lost, so halve it (divide by 2)",
        0.5: "a factor 2 got lost, or one 1/2 too many came in",
        100: "that is percent; divide by 100",
        0.01: "multiply by 100, or don't divide by it",
    }
    why = next((why for times, why in known.items() if math.isclose(ratio, times, rel_tol=1e-6)), "")
    return f"every value is {plain(round(ratio, 6))} times what it should give" + (f": {why}." if why else ".")
