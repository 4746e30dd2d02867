"""Problem sets for a class: exercises and essays as one notebook, in nbgrader's format (metadata schema 3).

The teacher's notebook holds solutions and hidden tests between nbgrader's marks; `release=True` leaves out both,
as `nbgrader generate_assignment` does. The hidden test is the same checker that the course uses, so a wrong
answer is graded with its diagnosis.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import registry
from .declaration import Exercise
from .notebook_cells import answering, question, stub
from .words import literal

SCHEMA_VERSION = 3
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
ANSWER_HERE = "YOUR ANSWER HERE"
IMPORTS = "import numpy as np\n\nfrom lrcourse.exercises import check"


@dataclass(frozen=True)
class Essay:
    """A question that a person grades. `id` is letters and hyphens; `model` says what a good answer holds."""

    id: str
    title: str
    question: str
    model: str
    points: int = 3


@dataclass(frozen=True)
class ProblemSet:
    """`items` are exercise ids and essays, in order."""

    name: str
    title: str
    intro: str
    items: tuple[str | Essay, ...]

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return tuple(registry.get(item) for item in self.items if isinstance(item, str))

    @property
    def points(self) -> int:
        return sum(e.points for e in self.exercises) + sum(i.points for i in self.items if isinstance(i, Essay))

    @property
    def minutes(self) -> int:
        """What the exercises take, and ten minutes for each essay."""
        return sum(e.minutes for e in self.exercises) + 10 * sum(isinstance(i, Essay) for i in self.items)


def notebook(
    problem_set: ProblemSet, *, numbers: Callable[[Exercise], Exercise] | None = None, release: bool = False
) -> dict[str, Any]:
    """The notebook of a problem set. `numbers` may give each exercise a student's own ones (see `variant`)."""
    cells = [_markdown(problem_set.name, _head(problem_set)), _imports(problem_set.name)]
    for item in problem_set.items:
        if isinstance(item, Essay):
            cells += _essay(item, release)
        else:
            declared = registry.get(item)
            cells += _exercise(numbers(declared) if numbers else declared, release)
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def written(built: dict[str, Any]) -> str:
    """The notebook as a file's text, byte for byte as Jupyter would write it."""
    return json.dumps(built, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")) + "\n"


def _head(problem_set: ProblemSet) -> str:
    return (
        f"# {problem_set.title}\n\n{problem_set.intro.strip()}\n\n"
        f"*{len(problem_set.items)} questions, {problem_set.points} points, about {problem_set.minutes} minutes.* "
        "Put each answer where `...` stands, and leave the names as they are: they are how your answers are found. "
        "Before you hand in, restart the kernel and run all cells."
    )


def _exercise(exercise: Exercise, release: bool) -> list[dict]:
    key = exercise.id.replace(".", "-")
    answer, test = stub(exercise), f'check("{exercise.id}", {exercise.name})'
    if not release:
        answer += f"\n{BEGIN_SOLUTION}\n{answering(exercise)}{END_SOLUTION}"
        test += f"\n{BEGIN_HIDDEN}\n{_hidden_test(exercise)}\n{END_HIDDEN}"
    return [
        _markdown(f"question-{key}", question(exercise)),
        _code(f"answer-{key}", answer, solution=True),
        _code(f"test-{key}", test, grade=True, locked=True, points=exercise.points),
    ]


def _hidden_test(exercise: Exercise) -> str:
    """Under names of its own, so that nothing a student defined is in the way."""
    declared = f'_key.get("{exercise.id}")'
    if exercise is not registry.get(exercise.id):
        given = ", ".join(f'"{name}": {literal(value)}' for name, value in exercise.given.items())
        declared += f".with_numbers({{{given}}})"
    return (
        "import lrcourse.exercises as _key\n"
        f"_verdict = _key.judge({declared}, {exercise.name})\n"
        "assert _verdict.correct, _verdict.text"
    )


def _essay(essay: Essay, release: bool) -> list[dict]:
    text = ANSWER_HERE if release else essay.model
    return [
        _markdown(f"question-{essay.id}", f"#### {essay.title}\n\n*{essay.points} points*\n\n{essay.question.strip()}"),
        _cell("markdown", f"essay-{essay.id}", text, grade=True, solution=True, points=essay.points),
    ]


def _imports(name: str) -> dict:
    return _code(f"imports-{name}", IMPORTS, locked=True)


def _markdown(grade_id: str, source: str) -> dict:
    return _cell("markdown", grade_id, source, locked=True)


def _code(grade_id: str, source: str, **marks) -> dict:
    return {**_cell("code", grade_id, source, **marks), "execution_count": None, "outputs": []}


def _cell(
    cell_type: str, grade_id: str, source: str, *, grade=False, solution=False, locked=False, points=None
) -> dict:
    marks = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }
    if grade:
        marks |= {"cell_type": cell_type, "points": points}
    lines = source.splitlines(keepends=True)
    return {"cell_type": cell_type, "id": grade_id, "metadata": {"nbgrader": marks}, "source": lines}
