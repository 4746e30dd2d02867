"""Points that a person gives: one by one, from a table, or from nbgrader's formgrader; and the essays to read."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

from lrcourse import exercises

from .exports import table
from .journal import Journal
from .model import Assignment, student_id
from .names import Person, called
from .page import name, page, text

HEADS = ("student", "item", "points", "note")


def worth(assignment: Assignment) -> dict[str, float]:
    """What every question is worth."""
    return {id: float(exercises.get(id).points) for id in assignment.exercises} | {
        id: float(points) for id, points in assignment.essays
    }


def give(
    journal: Journal, assignment: Assignment, students: set[str], student: str, item: str, points: float, note: str = ""
) -> dict:
    """Set the points for an essay, or instead of the grader's for an exercise."""
    student, most = student_id(student), worth(assignment)
    if student not in students:
        raise ValueError(f"student {student!r} is neither on the roster nor in the journal")
    if item not in most:
        raise ValueError(f"{assignment.name} has no {item!r}; points can be given for {', '.join(most)}")
    if points is None or not math.isfinite(points) or not 0 <= points <= most[item]:
        raise ValueError(f"points for {item} go from 0 to {most[item]:g}, got {points}")
    journal.adjust(assignment.name, student, "manual", item, float(points), note)
    return dict(student=student, item=item, points=float(points), note=note)


def withdraw(journal: Journal, assignment: Assignment, student: str, item: str | None) -> list[dict]:
    """Take back what was given; all of a student's where no item is named. Returns what was taken back."""
    student = student_id(student)
    given = journal.by_hand(assignment.name).items()
    had = [each for (who, what), each in given if who == student and item in (None, what)]
    if not had:
        raise ValueError(f"{student} has no points by hand" + (f" for {item}" if item else ""))
    for each in had:
        journal.withdraw(assignment.name, student, "manual", each["item"])
    return had


def read(journal: Journal, assignment: Assignment, source: Path, students: set[str]) -> tuple[list[dict], list[str]]:
    """Points from a CSV or nbgrader's gradebook: what was given, and what was left aside, with the reason."""
    if source.suffix == ".db":
        from .nbgrader_bridge import bring_back

        back = bring_back(journal, assignment, source, students)
        return [dict(zip(HEADS, (*each, ""))) for each in back.points], back.left
    if not source.is_file():
        raise ValueError(f"there is no file {source}: `lrcourse essays` writes one to fill in")
    rows = list(csv.DictReader(io.StringIO(source.read_text(encoding="utf-8-sig"))))
    if rows and not set(HEADS[:3]) <= set(rows[0]):
        raise ValueError(f"{source} needs the columns student,item,points and, if wanted, note")
    given, left = [], []
    for number, row in enumerate(rows, 2):
        if not (row["points"] or "").strip():
            continue
        try:
            points = float(row["points"].replace(",", "."))
            told = (_unquoted(row["student"]), row["item"], points, _unquoted(row.get("note") or ""))
            given.append(give(journal, assignment, students, *told))
        except ValueError as why:
            left.append(f"line {number}: {why}")
    return given, left


def _unquoted(cell: str) -> str:
    """A cell as it was before `table` made it safe."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" else cell


def essay_files(journal: Journal, assignment: Assignment, people: dict[str, Person]) -> dict[str, str]:
    """A page with everyone's essays, question by question, and a table with a line for each, points left open."""
    from .nbgrader_bridge import read_essays

    grades = journal.grades(assignment.name)
    had = journal.by_hand(assignment.name)
    written = {grade.student: read_essays(assignment, grade) for grade in grades}
    body, rows = [f"<h1>{text(assignment.title or assignment.name)}: essays</h1>"], [HEADS]
    for id, points in assignment.essays:
        body.append(f"<h2>{text(id)}, {points:g} points</h2>")
        for grade in grades:
            who = name(called(people.get(grade.student), grade.student))
            body.append(f'<section><h2>{who}</h2><p class="said">{text(written[grade.student][id])}</p></section>')
            given = had.get((grade.student, id))
            rows.append([grade.student, id, f"{given['points']:g}" if given else "", given["note"] if given else ""])
    return {
        f"{assignment.name}-essays.html": page(f"{assignment.name}: essays", "\n".join(body)),
        f"{assignment.name}-essays.csv": table(rows),
    }
