"""Where the declarations are found: the answer key, a package of its own that a plain install does not hold."""

from __future__ import annotations

import difflib
import importlib
from functools import lru_cache

from .declaration import Exercise


class UnknownExercise(KeyError):
    """No exercise has this id; the message says which are near."""

    def __str__(self) -> str:
        return self.args[0]


class NoAnswerKey(RuntimeError):
    """The package that holds the declarations is not installed here."""

    def __init__(self) -> None:
        super().__init__(
            "The answer key is not installed here, so nothing can be checked on this machine: "
            "your teacher's grader marks the answers. (Whoever works in a copy of the course's "
            "repository has the key, and this cell then checks at once.)"
        )


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, Exercise]:
    try:
        key = importlib.import_module("exercises")
    except ModuleNotFoundError as missing:
        if missing.name != "exercises":
            raise
        raise NoAnswerKey from None
    if getattr(key, "ANSWER_KEY_OF", None) != "lrcourse":  # some other folder of that name
        raise NoAnswerKey
    return {exercise.id: exercise for exercise in key.EXERCISES}


def all_exercises() -> tuple[Exercise, ...]:
    """Every exercise, in the order of the course."""
    return tuple(_catalogue().values())


def section(number: str) -> tuple[Exercise, ...]:
    """The exercises of one section, for instance "8.4"."""
    found = tuple(exercise for exercise in all_exercises() if exercise.section == str(number))
    if not found:
        known = dict.fromkeys(exercise.section for exercise in all_exercises())
        raise UnknownExercise(f"There is no section {number!r}; sections with exercises: {', '.join(known)}.")
    return found


def get(id: str | Exercise) -> Exercise:
    """The exercise with this id, for instance "8.4.2"; an Exercise is handed back as it is."""
    if isinstance(id, Exercise):
        return id
    catalogue = _catalogue()
    if not isinstance(id, str):
        raise UnknownExercise(f'An exercise is named by a string such as "8.4.2", not by {type(id).__name__}.')
    if id.strip() in catalogue:
        return catalogue[id.strip()]
    near = difflib.get_close_matches(id, catalogue, n=3, cutoff=0.5) or list(catalogue)[:3]
    raise UnknownExercise(f"There is no exercise {id!r}. Near it are {', '.join(near)}.")
