"""Grades in the files that learning platforms read: Canvas, Moodle, Gradescope, and a plain table.

Every cell is quoted, and what a spreadsheet would take for a formula gets an apostrophe in front: a student may be
called `=HYPERLINK(…)`. A grade that is not there is an empty cell, which every platform leaves as it is.

Canvas matches a line by its own ID, then SIS ID, login and name, so the roster's columns serve, or the file that
Canvas itself exports (`template`). Moodle's grading worksheet has an identifier that only Moodle knows: it is filled
in. Without one the file is for Moodle's gradebook import, which matches by e-mail address or ID number.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from lrcourse import exercises

from .collect import plain_name
from .feedback import shown
from .grade import missing_rows
from .journal import Journal
from .model import GRADED, MISSING, Assignment, Grade
from .names import Person, folder_names

_FORMULA = re.compile("[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-|[-+]?\d+([.,]\d+)?%?")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE_NEEDS = ("Identifier", "Grade", "Last modified (grade)")


@dataclass(frozen=True)
class Line:
    """A student of the class, with the grade that counts."""

    person: Person
    grade: Grade

    @property
    def total(self) -> str:
        return "" if self.grade.total is None else f"{round(self.grade.total, 4):g}"


def lines(journal: Journal, assignment: Assignment, people: dict[str, Person]) -> list[Line]:
    """The whole class: who handed in, and who is on the roster only, in the roster's order."""
    rows = journal.grades(assignment.name) + journal.adjusted(missing_rows(journal, assignment, people))
    place = {id: number for number, id in enumerate(people)}
    rows.sort(key=lambda row: (place.get(row.student, len(place)), row.student))
    return [Line(people.get(row.student) or Person(row.student), row) for row in rows]


def on_roster(class_lines: list[Line], people: dict[str, Person]) -> tuple[list[Line], list[str]]:
    """The lines of who is on the roster, where there is one, and the others' names: they have left, or their file
    is nobody's yet."""
    strangers = [line.grade.student for line in class_lines if people and line.grade.student not in people]
    return [line for line in class_lines if line.grade.student not in strangers], strangers


def safe(cell: object) -> str:
    """A cell's text that no spreadsheet runs.

    >>> safe("=1+1"), safe("-2.5"), safe("ada")
    ("'=1+1", '-2.5', 'ada')
    """
    text = str(cell).replace("\0", "")
    return f"'{text}" if _FORMULA.match(text.lstrip(" ")) and not _NUMBER.fullmatch(text) else text


def table(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [safe(cell) for cell in row] for row in rows
    )
    return out.getvalue()


def read_table(path: str | Path) -> list[dict[str, str]]:
    """A platform's own file, commas or semicolons; its headings are stripped of spaces."""
    text = Path(path).read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ","))
    if len(rows) < 2:
        raise ValueError(f"{path} holds no line below its headings: export it anew from the platform")
    heads = [head.strip() for head in rows[0]]
    return [dict(zip(heads, row)) for row in rows[1:] if any(row)]


def as_csv(assignment: Assignment, class_lines: list[Line]) -> str:
    """Everything in one plain table, a line for every student."""
    ids = assignment.exercises
    head = [
        "student",
        "name",
        "email",
        "status",
        "points",
        "manual",
        "late",
        "total",
        "out_of",
        *ids,
        "submitted",
        "reason",
    ]
    rows = []
    for line in class_lines:
        grade, marks = line.grade, {mark.exercise: mark for mark in line.grade.marks}
        points = "" if grade.points is None else f"{grade.points:g}"
        each = [f"{marks[id].points:g}" if id in marks else "" for id in ids]
        told = [grade.status, points, f"{grade.manual:g}", f"{grade.late:g}", line.total, f"{grade.out_of:g}"]
        rows.append([grade.student, line.person.name, line.person.email, *told, *each, grade.submitted, grade.reason])
    return table([head, *rows])


def as_canvas(
    assignment: Assignment, class_lines: list[Line], template: str | Path | None = None, column: str = ""
) -> tuple[str, list[str]]:
    """Canvas's gradebook import, and whom it cannot hold. `column` is how Canvas heads the assignment: `Name (123)`."""
    possible = f"{assignment.out_of:g}"
    if template is None:
        head = [*CANVAS, column or assignment.title or assignment.name]
        rows = [[_sorted_name(line.person), *_canvas_ids(line.person), line.total] for line in class_lines]
        return table([head, ["    Points Possible", "", "", "", "", possible], *rows]), []
    told = read_table(template)
    kept = [name for name in told[0] if name in CANVAS or name in ("Integration ID", "Root Account")]
    if not {"Student", "ID", "Section"} <= set(kept):
        raise ValueError(f"{template} is no Canvas gradebook: it needs the columns Student, ID and Section")
    column = column or _canvas_column(template, told[0], assignment)
    class_of = _Matcher(class_lines)
    rows, filled = [], set()
    for row in told:
        if "Points Possible" in row["Student"]:
            rows.append([row[name] for name in kept] + [possible])
            continue
        keys = (row.get("SIS User ID"), row.get("SIS Login ID"), row["Student"])
        line = class_of.find(row["ID"], "canvas_id") or class_of.find_any(*keys)
        if line:
            filled.add(line.grade.student)
            rows.append([row[name] for name in kept] + [line.total])
    return table([[*kept, column], *rows]), _left(class_lines, filled)


def _canvas_column(template, heads: Iterable[str], assignment: Assignment) -> str:
    """The assignment's column in Canvas's own file: `Name (123)`."""
    wanted = {plain_name(assignment.name), plain_name(assignment.title)} - {""}
    found = [head for head in heads if plain_name(re.sub(r"\s*\(\d+\)$", "", head)) in wanted]
    if len(found) != 1:
        raise ValueError(
            f"{template}: no single column is called {assignment.name}; name it with --column 'Name (123)'"
        )
    return found[0]


def _canvas_ids(person: Person) -> list[str]:
    return [person.canvas_id, person.sis_id or person.id, person.login or person.email.split("@")[0], person.section]


def _sorted_name(person: Person) -> str:
    return person.name or person.id


def as_moodle(
    assignment: Assignment, class_lines: list[Line], template: str | Path | None = None
) -> tuple[str, list[str]]:
    """Moodle's grading worksheet filled in, or a file for its gradebook's import; and whom it cannot hold."""
    if template is None:
        title = assignment.title or assignment.name
        rows = [[line.person.email, line.grade.student, line.person.name, line.total] for line in class_lines]
        return table([["Email address", "ID number", "Full name", title], *rows]), []
    told = read_table(template)
    lacking = [name for name in MOODLE_NEEDS if name not in told[0]]
    if lacking:
        raise ValueError(
            f"{template} is no grading worksheet: it lacks the column {lacking[0]!r}. In the assignment's settings "
            "turn on the feedback type 'Offline grading worksheet', then download it from there, in English"
        )
    class_of, filled = _Matcher(class_lines), set()
    for row in told:
        line = class_of.find_any(row.get("Email address"), row.get("ID number"), row.get("Full name"))
        if line and line.total:
            filled.add(line.grade.student)
            row["Grade"] = line.total
            if "Feedback comments" in row:
                row["Feedback comments"] = _comment(assignment, line.grade)
    waiting = [line for line in class_lines if line.total]
    return table([list(told[0]), *(list(row.values()) for row in told)]), _left(waiting, filled)


def _comment(assignment: Assignment, grade: Grade) -> str:
    """What Moodle shows beside the grade; it takes HTML."""
    told = [f"{mark.exercise}: {mark.points:g} of {mark.out_of:g}" for mark in grade.marks]
    told += [f"Taken off for lateness: {grade.late:g}"] if grade.late else []
    return "<br>".join(escape(text) for text in [*told, f"Total: {grade.total:g} of {assignment.out_of:g}"])


class _Matcher:
    """Finding a platform's student in the class; only what points to exactly one is believed."""

    def __init__(self, class_lines: list[Line]) -> None:
        self.by: dict[tuple[str, str], set[int]] = {}
        self.lines = class_lines
        for number, line in enumerate(class_lines):
            person = line.person
            for name in (person.id, person.name, person.email, person.email.split("@")[0], person.sis_id, person.login):
                self._add("", name, number)
            self._add("", "".join(reversed(person.name.split())), number)  # "Lee, Ann"
            self._add("canvas_id", person.canvas_id, number)

    def _add(self, kind: str, name: str, number: int) -> None:
        if plain_name(name):
            self.by.setdefault((kind, plain_name(name)), set()).add(number)

    def find(self, name: str | None, kind: str = "") -> Line | None:
        numbers = self.by.get((kind, plain_name(name or "")), set())
        return self.lines[next(iter(numbers))] if len(numbers) == 1 else None

    def find_any(self, *names: str | None) -> Line | None:
        return next(filter(None, map(self.find, names)), None)


def _left(class_lines: list[Line], filled: set[str]) -> list[str]:
    return [line.grade.student for line in class_lines if line.grade.student not in filled]


def as_gradescope(assignment: Assignment, class_lines: list[Line], secret: bytes) -> dict[str, str]:
    """Files by path: `scores.csv` as Gradescope heads its own, and for every student an autograder's `results.json`."""
    titles = [f"{exercises.get(id).id}: {exercises.get(id).title}" for id in assignment.exercises]
    heads = [f"{title} ({exercises.get(id).points:g} pts)" for id, title in zip(assignment.exercises, titles)]
    first = ("First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status")
    rows = []
    files = {}
    folders = folder_names(line.grade.student for line in class_lines)
    for line in class_lines:
        grade, person = line.grade, line.person
        status = {GRADED: "Graded", MISSING: "Missing"}.get(grade.status, "Ungraded")
        given, _, family = person.name.rpartition(" ")
        marks = {mark.exercise: f"{mark.points:g}" for mark in grade.marks}
        each = [marks.get(id, "") for id in assignment.exercises]
        told = [given, family, grade.student, person.email, person.section, line.total, f"{grade.out_of:g}", status]
        rows.append([*told, grade.submitted, *each])
        if grade.status == GRADED:
            built = _results(assignment, grade, secret)
            files[f"{folders[grade.student]}/results.json"] = json.dumps(built, indent=1, ensure_ascii=False) + "\n"
    return {"scores.csv": table([[*first, "Submission Time", *heads], *rows]), **files}


def _results(assignment: Assignment, grade: Grade, secret: bytes) -> dict:
    """One student's results in the autograder's format."""
    drawn = {e.id: e for e in assignment.for_student(grade.student, secret)}
    tests = []
    for mark in grade.marks:
        tests.append(
            {
                "name": f"{mark.exercise}: {drawn[mark.exercise].title}",
                "number": mark.exercise,
                "score": mark.points,
                "max_score": mark.out_of,
                "status": "passed" if mark.points == mark.out_of else "failed",
                "output": shown(drawn[mark.exercise], mark),
                "output_format": "text",
                "visibility": "visible",
            }
        )
    said = [f"{grade.reason}."] + ([f"Taken off for lateness: {grade.late:g} points."] if grade.late else [])
    said += [f"Points given by hand: {grade.manual:g}."] if grade.manual else []
    return {"score": grade.total, "output": " ".join(said), "output_format": "text", "tests": tests}
