"""Exercises that tell you which mistake was made.

    from lrcourse.exercises import check, hint, progress

    check("8.8.2", 0.00172)      # right? near? or which mistake
    hint("8.8.2")                # the idea, then the formula, then the first line
    progress()                   # what is solved, tried, open
    form("8.8.2")                # the same, with a field and a button

This package is the machinery and holds no answers: they are declared in `exercises/`, beside it in the
repository.
"""

from .calling import Outcome, call_all
from .checking import check, show_solution
from .declaration import Documented, Exercise, Misconception
from .hints import hint
from .judging import judge, judge_outcomes
from .notebook_cells import Cell, cells
from .registry import NoAnswerKey, UnknownExercise, all_exercises, get, section
from .report import progress
from .variants import collisions, practice, variant
from .verdict import Verdict


def __getattr__(name):
    if name == "form":  # loads ipywidgets, which check() does without
        from .forms import form

        return form
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Cell",
    "Documented",
    "Exercise",
    "Misconception",
    "NoAnswerKey",
    "Outcome",
    "UnknownExercise",
    "Verdict",
    "all_exercises",
    "call_all",
    "cells",
    "check",
    "collisions",
    "form",
    "get",
    "hint",
    "judge",
    "judge_outcomes",
    "practice",
    "progress",
    "section",
    "show_solution",
    "variant",
]
