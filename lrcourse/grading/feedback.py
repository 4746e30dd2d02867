"""What a student gets back: a page each, with points, diagnosis, what was graded, and a plot where it is a function.

A function is called with the inputs that the exercise declares, which any student can see, and with others drawn for
the grading. A page speaks of the first kind alone: the hidden ones, and what is right there, stay out of it.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

import numpy as np

from lrcourse.exercises import Exercise, Outcome, judge_outcomes
from lrcourse.exercises.calling import spoken
from lrcourse.exercises.compare import agree
from lrcourse.exercises.words import show
from lrcourse.figures.quick import Curve, chart

from .collect import platform_name
from .journal import Journal
from .late import came, moments
from .marking import read_outcome
from .model import GRADED, RELEASED_TO, UNREADABLE, Assignment, ExerciseMark, Grade
from .names import Person, called, folder_names
from .page import grid, items, name, page, text
from .release import problem_set
from .sandbox.wire import WireError, clean

HIDDEN = (
    "right at the inputs that you can see, and not at others that were drawn for the grading. Try your function with"
)
_MORE = " steps before, between and after those in the exercise, one at a time and as an array."
_ANOTHERS = "the notebook was made for another student, with other numbers than yours"
_AGAIN = "Save your notebook anew (.ipynb), open that file once to see that it is whole, and hand it in again."
_KINDS = {
    "right": "right",
    "near": "nearly right: rounded too early",
    "misconception": "a known wrong road",
    "wrong": "another value is wanted",
    "type": "not the kind of thing that is asked for",
    "shape": "not as many values as are asked for",
    "not finite": "NaN or infinite",
    "unit": "another unit or power of ten is wanted",
    "call": "the code raised an error, or changed its input",
    "to do": "nothing was handed in here",
    "timeout": "stopped: it took too long",
    "late": "not reached: the notebook took too long",
    "crashed": "it ended Python",
}


def seen(exercise: Exercise, mark: ExerciseMark) -> list[Outcome]:
    """What the student's function gave at the inputs it declares; nothing where it was not called."""
    told = mark.got.get("outcomes") if isinstance(mark.got, dict) and callable(exercise.answer) else None
    try:
        return [read_outcome(*pair) for pair in zip(exercise.calls, told)] if isinstance(told, list) else []
    except WireError:
        return []


def shown(exercise: Exercise, mark: ExerciseMark) -> str:
    """What a student is told of their answer."""
    outcomes = seen(exercise, mark)
    if mark.verdict == "right" or not outcomes:
        return mark.text
    verdict = judge_outcomes(exercise, outcomes)
    return f"{exercise.id} not yet: {HIDDEN}{_MORE}" if verdict.correct else verdict.text


@dataclass(frozen=True)
class Sheet:
    """One student's page, and where it goes: its file, and its name in the ZIP that platforms take back."""

    path: Path
    packed: str
    text: str


def sheets(
    journal: Journal, assignment: Assignment, secret: bytes, people: dict[str, Person], out: Path
) -> list[Sheet]:
    """A page for everyone who handed in: OUT/STUDENT/NAME/NAME.html, as nbgrader lays out feedback."""
    grades = journal.grades(assignment.name)
    folders = folder_names([*people, *(g.student for g in grades if g.student not in people)])
    notes: dict[str, list[dict]] = {}
    for each in journal.adjustments(assignment.name):
        notes.setdefault(each["student"], []).append(each)
    made = []
    for grade in grades:
        folder, adjusted = folders[grade.student], notes.get(grade.student, [])
        text = student_page(assignment, grade, secret, journal.sources(grade), adjusted, people.get(grade.student))
        packed = platform_name(grade.path, assignment.name) or f"{folder}_{assignment.name}"
        made.append(Sheet(out / folder / assignment.name / f"{assignment.name}.html", f"{packed}.html", text))
    return made


def packed(made: list[Sheet]) -> bytes:
    """All pages in one ZIP, named as the platform named the files: it finds its students by that."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in made:
            archive.writestr(sheet.packed, sheet.text)
    return whole.getvalue()


def student_page(
    assignment: Assignment,
    grade: Grade,
    secret: bytes,
    sources: dict[str, str],
    adjustments: list[dict],
    person: Person | None = None,
) -> str:
    """One student's page."""
    title = problem_set(assignment).title
    who = name(called(person, grade.student))
    parts = [f"<header><h1>{text(title)}</h1><p>{who}</p>{_points(assignment, grade, adjustments)}</header>"]
    drawn = {e.id: e for e in assignment.for_student(grade.student, secret)}
    manual = {each["item"]: each for each in adjustments if each["kind"] == "manual"}
    for mark in grade.marks:
        if mark.exercise in drawn:
            parts.append(_section(drawn[mark.exercise], mark, sources, manual.get(mark.exercise)))
    parts += [_essay(id, points, manual.get(id)) for id, points in assignment.essays]
    if grade.anomalies:
        told = [_ANOTHERS if note.startswith(RELEASED_TO) else note for note in grade.anomalies]  # and not whose
        parts.append(f"<section><h2>Notes on the notebook</h2>{items([text(a, 400) for a in told])}</section>")
    return page(f"{title}: {clean(grade.student, 120)}", "\n".join(parts))


def _points(assignment: Assignment, grade: Grade, adjustments: list[dict]) -> str:
    total = "not graded yet" if grade.total is None else f"{grade.total:g} of {assignment.out_of:g} points"
    lines = [f'<p class="total">{text(total)}</p>', f"<p>{text(grade.reason, 400)}</p>"]
    told = [_AGAIN] if grade.status == UNREADABLE else []
    if grade.status == GRADED and (grade.manual or grade.late):
        told.append(f"by the grader: {grade.points:g}")
        told += [f"by hand: {grade.manual:+g}"] if grade.manual else []
    for each in adjustments:
        if each["kind"] == "late":
            told.append(f"taken off for lateness: {each['points']:g} ({each['note']})")
    if when := came(grade, moments(assignment, "submitted")):
        zone = datetime.fromisoformat(assignment.due).tzinfo if assignment.due else None
        told.append(f"handed in {when.astimezone(zone):%Y-%m-%d %H:%M %z}")
    return "".join(lines) + items([text(each, 400) for each in told])


def _section(exercise: Exercise, mark: ExerciseMark, sources: dict[str, str], manual: dict | None) -> str:
    good = mark.points == mark.out_of
    kind = _KINDS.get(mark.verdict, mark.verdict)
    head = f"{text(exercise.id)} {text(exercise.title)}"
    parts = [f'<h2><span>{head}</span> <span class="points">{mark.points:g} of {mark.out_of:g}</span></h2>']
    parts.append(f'<p class="soft">{text(kind)}</p><p class="said">{text(shown(exercise, mark), 3000)}</p>')
    if manual:
        why = f": {manual['note']}" if manual["note"] else ""
        parts.append(f"<p><strong>Set by hand to {manual['points']:g}</strong>{text(why, 2000)}</p>")
    outcomes = seen(exercise, mark)
    if outcomes and not good:
        parts.append(_compared(exercise, outcomes))
    parts.append(items([text(note, 400) for note in mark.anomalies]))
    if sources.get(exercise.id, "").strip():
        code = text(sources[exercise.id])
        parts.append(f"<details><summary>What was graded</summary><pre>{code}</pre></details>")
    return f'<section class="{"good" if good else "bad"}">{"".join(parts)}</section>'


def _essay(id: str, points: int, manual: dict | None) -> str:
    got = f"{manual['points']:g} of {points:g}" if manual else f"{points:g} points"
    said = manual["note"] if manual else "A person reads this one; it is not graded yet."
    head = f'<h2><span>{text(id.replace("-", " ").capitalize())}</span> <span class="points">{text(got)}</span></h2>'
    return f'<section>{head}<p class="said">{text(said, 5000)}</p></section>'


def _compared(exercise: Exercise, outcomes: list[Outcome]) -> str:
    """Input by input what is wanted and what came, and a plot where some inputs differ in the step alone."""
    rows = []
    for got, wanted in zip(outcomes, exercise.outcomes):
        came = show(got.value) if got.value is not None else got.problem.message
        good = agree(got.value, wanted.value, exercise.rtol, exercise.atol)
        rows.append(["✓" if good else "✗", f"f({spoken(got.call)})", show(wanted.value), came])
    table = grid(["", "Input", "Wanted", "Yours"], [[text(cell, 400) for cell in row] for row in rows])
    drawn = plot(exercise, outcomes)
    if not drawn:
        return table
    label = escape(drawn.alt, quote=True)
    figure = f'<div role="img" aria-label="{label}">{drawn.svg}</div>'
    return f"{table}<figure>{figure}<figcaption>{text(drawn.caption)}</figcaption></figure>"


@dataclass(frozen=True)
class Plot:
    """A picture, its words for who cannot see it, and what stands below."""

    svg: str
    alt: str
    caption: str


def plot(exercise: Exercise, outcomes: list[Outcome]) -> Plot | None:
    """Wanted and given values over the step, at the visible inputs that agree in everything else; or nothing."""
    rest, points = max(_groups(exercise, outcomes).items(), key=lambda g: len({p[0] for p in g[1]}), default=("", []))
    t, wanted, got = (np.array(part) for part in zip(*sorted(points))) if points else (np.array([]),) * 3
    if len(set(t.tolist())) < 3:
        return None
    low, high = float(wanted.min()), float(wanted.max())
    span = (high - low) or abs(high) or 1.0
    low, high = max(low - 2 * span, min(low, got.min())), min(high + 2 * span, max(high, got.max()))
    pad = 0.05 * (high - low) or 0.5 * span
    curves = [Curve(t, wanted, "wanted", 0, dots=True), Curve(t, got, "yours", 1, dots=True)]
    svg = chart(curves, (t.min(), t.max()), (low - pad, high + pad), x_label="t", y_label="value")
    told = "; ".join(f"t = {a:g}: wanted {b:.4g}, yours {c:.4g}" for a, b, c in list(zip(t, wanted, got))[:12])
    names = [part.strip() for part in exercise.signature.split(",")[1:]]
    fixed = f", with {', '.join(names)} = {rest}" if rest else ""
    return Plot(svg, f"Line chart of wanted and given values over t. {told}.", f"Wanted and given values{fixed}")


def _groups(exercise: Exercise, outcomes: list[Outcome]) -> dict[str, list[tuple[float, float, float]]]:
    """Points (step, wanted, given) by the other arguments."""
    groups: dict[str, list[tuple[float, float, float]]] = {}
    for got, wanted in zip(outcomes, exercise.outcomes):
        if got.value is None or wanted.value is None or got.value.shape != wanted.value.shape:
            continue
        steps = np.asarray(got.call[0], dtype=float)
        if steps.shape == wanted.value.shape:
            rows = np.stack([steps.ravel(), wanted.value.ravel(), got.value.ravel()], axis=1).tolist()
            groups.setdefault(spoken(got.call[1:]), []).extend(map(tuple, rows))
    return groups
