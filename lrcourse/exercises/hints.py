"""Three hints, each a step nearer: the idea, the formula, the first line."""

from __future__ import annotations

from . import record, registry
from .declaration import Exercise
from .registry import NoAnswerKey, UnknownExercise
from .verdict import Verdict

STEPS = ("idea", "formula", "first line")


def hint(id: str | Exercise, level: int | None = None) -> Verdict:
    """The next hint: the idea at the first call, then the formula, then the first line.

    `level` 1, 2 or 3 asks for one of them. How many you have seen is noted in your progress file.
    """
    try:
        exercise = registry.get(id)
    except UnknownExercise as unknown:
        return Verdict(str(id), "unknown", str(unknown))
    except NoAnswerKey as missing:
        return Verdict(str(id), "no key", f"{id}: {missing}")
    if level is not None and level not in (1, 2, 3):
        return Verdict(exercise.id, "hint", f"{exercise.id}: there are three hints: level 1, 2 or 3.")
    seen = record.note_hint(exercise, level)
    text = f"{exercise.id} hint {seen} of 3 ({STEPS[seen - 1]}): {exercise.hints[seen - 1]}"
    if seen == 3:
        text += "\nStill stuck? Open the solution below, close it again, and write it down by yourself."
    return Verdict(exercise.id, "hint", text)
