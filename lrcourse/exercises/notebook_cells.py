"""An exercise as the four cells of a notebook: question, stub, check and, collapsed, the written-out solution."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import indent

from . import registry
from .declaration import Exercise, apply
from .words import literal


@dataclass(frozen=True)
class Cell:
    """One cell: `role` (question, stub, check, solution), `cell_type`, `source` and ready `metadata`."""

    role: str
    cell_type: str
    source: str
    metadata: dict = field(default_factory=dict)


def cells(id: str | Exercise) -> tuple[Cell, Cell, Cell, Cell]:
    """The four cells of one exercise.

    The notebook imports `check` and `show_solution` from `lrcourse.exercises` in its first cell.
    """
    exercise = registry.get(id)
    return (
        _cell(exercise, "question", "markdown", question(exercise)),
        _cell(exercise, "stub", "code", stub(exercise)),
        _cell(exercise, "check", "code", f'check("{exercise.id}", {exercise.name})'),
        _cell(exercise, "solution", "code", solution(exercise)),
    )


def _cell(exercise: Exercise, role: str, cell_type: str, source: str) -> Cell:
    metadata: dict = {"lrcourse": {"exercise": exercise.id, "role": role}}
    if role == "solution":
        metadata |= {"jupyter": {"outputs_hidden": True, "source_hidden": True}, "tags": ["solution"]}
    return Cell(role, cell_type, source, metadata)


def question(exercise: Exercise) -> str:
    """Heading, effort, question and, for a choice, its options."""
    level = ("a first step", "takes some thought", "a challenge")[exercise.difficulty - 1]
    minutes = "1 minute" if exercise.minutes == 1 else f"{exercise.minutes} minutes"
    points = "1 point" if exercise.points == 1 else f"{exercise.points} points"
    lines = [
        f"#### Exercise {exercise.id}: {exercise.title}",
        f"*{level}, about {minutes}, {points}*",
        exercise.question_text(),
    ]
    if exercise.options:
        lines.append("\n".join(f"- **{key})** {text}" for key, text in exercise.options.items()))
    if exercise.categories:
        lines.append("Categories: " + ", ".join(f"`{c}`" for c in exercise.categories) + ".")
    return "\n\n".join(lines)


def stub(exercise: Exercise) -> str:
    """What the learner fills in; as it stands it runs and is "to do"."""
    answer = exercise.answer
    if callable(answer):
        return f"def {exercise.name}({exercise.signature}):\n    return ...  # {exercise.stub}"
    if isinstance(answer, dict):
        lines = "".join(f'    "{item}": ...,\n' for item in answer)
        return f"{exercise.name} = {{  # {exercise.stub}\n{lines}}}"
    blank = "[" + ", ".join(["..."] * len(answer)) + "]" if isinstance(answer, list) else "..."
    line = f"{exercise.name} = {blank}  # {exercise.stub}"
    return f"{line}\n{apply(exercise.figure, exercise.given)}" if exercise.figure else line


def solution(exercise: Exercise) -> str:
    """A function of the given values, so that none of the learner's names is touched, and the comparison."""
    defined, call = _worked(exercise)
    return f'# Solution: click to open\n{defined}\n\nshow_solution("{exercise.id}", {call})'


def answering(exercise: Exercise) -> str:
    """The same solution as code that answers the exercise."""
    defined, call = _worked(exercise)
    return f"{defined}\n\n{exercise.name} = {call}\n"


def _worked(exercise: Exercise) -> tuple[str, str]:
    """The written-out solution as a function, and its call."""
    name = "solution_" + exercise.id.replace(".", "_")
    given = ", ".join(f"{key}={literal(value)}" for key, value in exercise.given.items())
    body = indent(exercise.worked_text(), "    ")
    return f"def {name}({given}):\n{body}", f"{name}()"
