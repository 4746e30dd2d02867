"""`check` and `show_solution`: what the cells of a notebook call."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import record, registry
from .compare import within
from .declaration import Exercise
from .judging import judge
from .registry import NoAnswerKey, UnknownExercise
from .verdict import Solution, Verdict
from .words import show


def check(id: str | Exercise, answer: Any = ..., **numbers: Any) -> Verdict:
    """Check an answer and say what to make of it.

    The verdict is the cell's output; `if check(…):` is true only where the answer is right. What you try is
    noted in a file of your own (see `progress`) and sent nowhere. Where you were given numbers of your own, the
    cell names them: `check("8.8.2", answer_8_8_2, T_max=4800, t=1200)`.
    """
    try:
        exercise = registry.get(id)
        if numbers:
            exercise = exercise.with_numbers({**exercise.given, **numbers})
    except UnknownExercise as unknown:
        return Verdict(str(id), "unknown", str(unknown))
    except NoAnswerKey as missing:
        return Verdict(str(id), "no key", f"{id}: {missing}")
    try:
        verdict = judge(exercise, answer)
    except Exception as error:  # an object that misbehaves must not show a learner our insides
        verdict = Verdict(
            exercise.id,
            "type",
            f"{exercise.id} not yet: your answer, of type "
            f"{type(answer).__name__}, could not be read ({type(error).__name__}).",
        )
    record.note_verdict(exercise, verdict)
    return verdict


def show_solution(id: str | Exercise, value: Any) -> Solution:
    """Show a worked-out value beside the exact and the documented one; AssertionError where they part.

    Solution cells end with this, so that running them proves them. It is never noted as progress.
    """
    try:
        exercise = registry.get(id)
    except NoAnswerKey:
        return Solution(str(id), "right", f"{id} solution: {show(value, 1e-9)}")
    verdict = judge(exercise, value)
    assert verdict.correct, f"the written-out solution of {exercise.id} gives {show(value)}: {verdict.text}"
    lines = [f"{exercise.id} solution: {_spoken(exercise)}"]
    documented = exercise.documented
    if documented:
        assert _agrees(exercise) == documented.agrees, f"{exercise.id}: {documented} and {exercise.answer}"
        lines.append(
            f"The text has {show(documented.value)} ({documented.place})"
            + (f": {documented.note}" if documented.note else "; they agree.")
        )
    return Solution(exercise.id, "right", "\n".join(lines))


def _spoken(exercise: Exercise) -> str:
    answer = exercise.answer
    if isinstance(answer, str):
        return f"{answer}) {exercise.options[answer]}"
    if callable(answer):
        return f"right at all {len(exercise.calls)} inputs it is called with"
    return show(answer, exercise.rtol) + (f" {exercise.unit}" if exercise.unit else "")


def _agrees(exercise: Exercise) -> bool:
    """Whether the text's value lies within tolerance; for a function, its values at the last call."""
    expected = exercise.answer
    if callable(expected):
        expected = exercise.outcomes[-1].value
    return bool(np.all(within(exercise.documented.value, expected, exercise.rtol, exercise.atol)))
