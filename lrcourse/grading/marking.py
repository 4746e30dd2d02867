"""From what a child said to a mark: rebuilt from plain types, compared here, by the same judge as in the lesson."""

from __future__ import annotations

from typing import Any

import numpy as np

from lrcourse.exercises import Exercise, Outcome, judge, judge_outcomes
from lrcourse.exercises.judging import to_do
from lrcourse.exercises.reading import Problem
from lrcourse.exercises.verdict import TRIES, Verdict

from .model import ExerciseMark
from .pool import Ran
from .sandbox.wire import WireError, clean, decode

_KINDS = {*TRIES, "to do"} - {"right", "misconception", "near"}
_WORDS = {
    "timeout": "it was stopped after {seconds:g} seconds. Is there a loop whose condition never becomes false?",
    "crashed": "it ended the Python that ran it ({detail}). The other answers are not touched by that.",
    "threads": "it started more threads than there may be. The other answers are not touched by that.",
    "memory": "it asked for more memory than there is. The other answers are not touched by that.",
    "garbled": "what came back could not be read: it interfered with how answers are collected.",
    "late": "the notebook as a whole took too long, so this answer was not reached.",
}


def mark(exercise: Exercise, ran: Ran, error: list | None, seconds: float, notes: list[str]) -> ExerciseMark:
    """The mark for one answer. `error` is what its cell raised, if it did."""
    if ran.ended:
        text = _WORDS[ran.ended].format(seconds=seconds, detail=clean(ran.detail, 40))
        kind = ran.ended if ran.ended in ("timeout", "late") else "crashed"
        return _mark(exercise, Verdict(exercise.id, kind, f"{exercise.id}: {text}"), None, notes)
    got = {key: ran.told[key] for key in ("value", "outcomes", "problem", "error") if key in ran.told}
    try:
        with np.errstate(all="ignore"):  # what a stranger's numbers overflow is no message to the teacher
            verdict = _verdict(exercise, got)
    except WireError as odd:
        verdict = Verdict(exercise.id, "type", f"{exercise.id} not yet: your answer could not be read ({odd}).")
    except Exception as odd:  # as `check` says it in the notebook: no value may stop the class
        why = type(odd).__name__
        verdict = Verdict(exercise.id, "type", f"{exercise.id} not yet: your answer could not be read ({why}).")
    if verdict.kind == "to do" and error is not None:
        verdict = Verdict(exercise.id, "call", f"{exercise.id} not yet: your cell {_raised(error)}")
    elif error is not None:
        notes = [*notes, f"the cell {_raised(error)}"]
    return _mark(exercise, verdict, got, notes)


def unanswered(exercise: Exercise, notes: list[str]) -> ExerciseMark:
    """Nothing was handed in for this one."""
    return _mark(exercise, to_do(exercise), None, notes)


def _mark(exercise: Exercise, verdict: Verdict, got: Any, notes: list[str]) -> ExerciseMark:
    points = float(exercise.points) if verdict.correct else 0.0
    return ExerciseMark(
        exercise.id,
        points,
        float(exercise.points),
        verdict.kind,
        verdict.text,
        verdict.misconception,
        got,
        tuple(dict.fromkeys(clean(note, 300) for note in notes)),
    )


def _verdict(exercise: Exercise, got: dict) -> Verdict:
    if "error" in got:
        return Verdict(exercise.id, "type", f"{exercise.id} not yet: reading your answer {_raised(got['error'])}")
    if not callable(exercise.answer):
        return judge(exercise, decode(got.get("value")))
    if got.get("value") == ["e"]:
        return to_do(exercise)
    if "problem" in got:
        problem = _problem(*_texts(got["problem"], 3)[:2])
        return Verdict(exercise.id, problem.kind, f"{exercise.id} not yet: {problem.message}")
    told = got.get("outcomes")
    if type(told) is not list or len(told) > len(exercise.calls):
        raise WireError("not a list of outcomes")
    return judge_outcomes(exercise, [read_outcome(call, each) for call, each in zip(exercise.calls, told)])


def read_outcome(call: tuple, told: Any) -> Outcome:
    """What one call gave, from typed JSON; WireError where it is not in its form."""
    if type(told) is list and len(told) == 2 and told[0] == "v":
        value = decode(told[1])
        if type(value) is not np.ndarray or value.dtype != np.float64:
            raise WireError("an outcome is an array of floats")
        if not np.isfinite(value).all():
            return Outcome(call, problem=Problem("not finite", "It returns NaN or infinity: look for a division by 0."))
        return Outcome(call, value=value)
    kind, message, cause = _texts(told[1:] if type(told) is list and told[:1] == ["p"] else None, 3)
    return Outcome(call, problem=_problem(kind, message), cause=cause)


def _problem(kind: str, message: str) -> Problem:
    return Problem(kind if kind in _KINDS else "call", message)


def _texts(told: Any, count: int) -> list[str]:
    if type(told) is not list or len(told) != count or any(type(text) is not str for text in told):
        raise WireError("not a problem in words")
    return [clean(text, 400) for text in told]


def _raised(error: Any) -> str:
    if type(error) is not list or len(error) != 3:
        return "raised an error."
    name, message, line = error
    where = f" in line {line}" if type(line) is int and 0 < line < 100_000 else ""
    said = f": {clean(message, 200)}" if message else ""
    return f"raised {clean(name, 80)}{where}{said}"
