"""The journal: what was graded, written so that a kill at any moment loses nothing and doubles nothing.

Every row is keyed by assignment, student, submission hash and spec hash, and written in one transaction: grading
the same thing again finds the row and writes nothing. Manual points and late penalties have a table of their own,
keyed without hashes, so that they survive a regrade. One process writes at a time and says so where another tries.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from .database import LOCK_SECONDS, Busy, Unusable, connect
from .model import GRADED, Course, Grade

__all__ = ["Busy", "Journal", "Unusable", "journal_of", "now"]

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (run TEXT PRIMARY KEY, started TEXT NOT NULL, manifest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS grades (
    assignment TEXT NOT NULL, student TEXT NOT NULL, submission TEXT NOT NULL, spec TEXT NOT NULL,
    status TEXT NOT NULL, reason TEXT NOT NULL, points DOUBLE PRECISION, out_of DOUBLE PRECISION NOT NULL,
    level TEXT NOT NULL, path TEXT NOT NULL, submitted TEXT NOT NULL, graded TEXT NOT NULL,
    run TEXT NOT NULL REFERENCES runs, seed TEXT NOT NULL, seconds DOUBLE PRECISION NOT NULL,
    marks TEXT NOT NULL, anomalies TEXT NOT NULL, sources {binary}, sequence INTEGER NOT NULL,
    PRIMARY KEY (assignment, student, submission, spec)
);
CREATE INDEX IF NOT EXISTS grades_latest ON grades (assignment, student, sequence);
CREATE TABLE IF NOT EXISTS adjustments (
    assignment TEXT NOT NULL, student TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('manual', 'late')),
    item TEXT NOT NULL, points DOUBLE PRECISION NOT NULL, note TEXT NOT NULL, changed TEXT NOT NULL,
    PRIMARY KEY (assignment, student, kind, item)
);
CREATE TABLE IF NOT EXISTS changes (
    changed TEXT NOT NULL, assignment TEXT NOT NULL, student TEXT NOT NULL, submission TEXT NOT NULL,
    spec TEXT NOT NULL, before TEXT NOT NULL
)
"""
_KEY = ("assignment", "student", "submission", "spec")
_COLUMNS = (
    *_KEY, "status", "reason", "out_of", "level", "path", "submitted", "graded", "run", "seed", "seconds", "marks",
    "anomalies",
)  # fmt: skip
_SELECT = ", ".join(_COLUMNS)
_MATCH = " AND ".join(f"{name} = :{name}" for name in _KEY)
#: The rows that count, as a table: of every student the one handed in last, and of that the one graded last.
_COUNTING = (
    "(SELECT *, row_number() OVER (PARTITION BY student ORDER BY submitted DESC, sequence DESC) AS place "
    "FROM grades WHERE assignment = :assignment) AS ranked WHERE place = 1"
)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def journal_of(course: Course, named: str | None = None, *, new: bool = False) -> Journal:
    """The journal that is named (--journal), else that of LRCOURSE_JOURNAL, else the course's own `grades.db`."""
    where = str(named or os.environ.get("LRCOURSE_JOURNAL") or course.journal)
    file = where.removeprefix("sqlite:///")
    if not new and "://" not in file and not Path(file).is_file():
        raise ValueError(f"there is no journal {where}: grade first, or name its folder with --course")
    return Journal(where)


class Journal:
    """Grades on disk. Reading needs no lock; `with journal.writing():` makes this process the one writer.

    `where` is the path of a SQLite file, or a SQLAlchemy URL: `postgresql://user@host/database`.
    """

    def __init__(self, where: str | Path, lock_seconds: float = LOCK_SECONDS) -> None:
        self._db = connect(where, lock_seconds)
        self.where = self._db.told
        try:
            for statement in _TABLES.format(binary=self._db.BINARY).split(";"):
                self._db.run(statement)
        except Unusable:
            self._db.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_exc) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer, or raise `Busy`."""
        with self._db.writer():
            yield

    # -- reading ---------------------------------------------------------------------------------------------

    def assignments(self) -> list[str]:
        return [row[0] for row in self._db.run("SELECT DISTINCT assignment FROM grades ORDER BY 1")]

    def grades(self, assignment: str) -> list[Grade]:
        """The row that counts for every student, by name, with manual points and late penalty: that of the file
        that came in last, as it was graded last."""
        rows = self._db.run(f"SELECT {_SELECT} FROM {_COUNTING}", assignment=assignment)
        return self.adjusted(sorted(map(_grade, rows), key=lambda grade: grade.student))

    def graded(self, assignment: str) -> Iterator[Grade]:
        """The graded rows that count, read one at a time: a class of any size fits into memory."""
        keys = self._db.run(f"SELECT {', '.join(_KEY)}, status FROM {_COUNTING}", assignment=assignment)
        for *key, status in sorted(keys):
            if status == GRADED and (row := self.find(*key)):
                yield row

    def waiting(self, assignment: str) -> set[str]:
        """Whose file that counts could not be graded."""
        rows = self._db.run(
            f"SELECT student FROM {_COUNTING} AND status != :graded", assignment=assignment, graded=GRADED
        )
        return {row[0] for row in rows}

    def history(self, assignment: str, student: str) -> list[Grade]:
        """Every row of one student, oldest first."""
        rows = self._db.run(
            f"SELECT {_SELECT} FROM grades WHERE assignment = :assignment AND student = :student ORDER BY sequence",
            assignment=assignment,
            student=student,
        )
        return [_grade(row) for row in rows]

    def find(self, assignment: str, student: str, submission: str, spec: str) -> Grade | None:
        values = dict(zip(_KEY, (assignment, student, submission, spec)))
        return next(map(_grade, self._db.run(f"SELECT {_SELECT} FROM grades WHERE {_MATCH}", **values)), None)

    def parts(self, grade: Grade) -> list[list]:
        """What was run of the student's, in order: exercise ("" for a cell of their own), source, whether last. Kept
        so that a regrade and a comparison need no files."""
        rows = self._db.run(f"SELECT sources FROM grades WHERE {_MATCH}", **_key(grade))
        return json.loads(zlib.decompress(rows[0][0])) if rows and rows[0][0] else []

    def sources(self, grade: Grade) -> dict[str, str]:
        """What the student wrote, by exercise; cells of their own under ""."""
        told: dict[str, str] = {}
        for exercise, source, _last in self.parts(grade):
            told[exercise] = told.get(exercise, "") + source.rstrip() + "\n"
        return told

    def manifest(self, run: str) -> dict:
        """Under which conditions a run graded: packages, Python, declarations, seed."""
        rows = self._db.run("SELECT manifest FROM runs WHERE run = :run", run=run)
        return json.loads(rows[0][0]) if rows else {}

    def runs(self, assignment: str) -> dict[str, dict]:
        """The manifests of all runs that graded something of this assignment, oldest first."""
        rows = self._db.run(
            "SELECT started, run, manifest FROM runs "
            "WHERE run IN (SELECT run FROM grades WHERE assignment = :assignment)",
            assignment=assignment,
        )
        return {run: {"started": started} | json.loads(told) for started, run, told in sorted(rows)}

    def adjustments(self, assignment: str, student: str | None = None) -> list[dict]:
        """Manual points and late penalties: student, kind, item, points, note, changed."""
        names = ("student", "kind", "item", "points", "note", "changed")
        rows = self._db.run(
            f"SELECT {', '.join(names)} FROM adjustments WHERE assignment = :assignment", assignment=assignment
        )
        return [dict(zip(names, row)) for row in sorted(rows) if student in (None, row[0])]

    def by_hand(self, assignment: str) -> dict[tuple[str, str], dict]:
        """The adjustments that are manual points, by student and item."""
        told = self.adjustments(assignment)
        return {(each["student"], each["item"]): each for each in told if each["kind"] == "manual"}

    def adjusted(self, grades: Iterable[Grade]) -> list[Grade]:
        """These rows with manual points and late penalty. Manual points for an exercise stand in place of the
        machine's, so that a regrade does not count twice; those for anything else are added."""
        told: dict[tuple[str, str], list[dict]] = {}
        rows = list(grades)
        for assignment in {row.assignment for row in rows}:
            for each in self.adjustments(assignment):
                told.setdefault((assignment, each["student"]), []).append(each)
        return [_with(row, told.get((row.assignment, row.student), ())) for row in rows]

    def missing(self, assignment: str, students: Iterable[str]) -> list[str]:
        """Who of `students` has no row."""
        rows = self._db.run("SELECT DISTINCT student FROM grades WHERE assignment = :assignment", assignment=assignment)
        have = {row[0] for row in rows}
        return [student for student in students if student not in have]

    def changes(self, assignment: str) -> list[Grade]:
        """Rows that gave way to another, oldest first: what a regrade or a second try replaced."""
        rows = self._db.run("SELECT changed, before FROM changes WHERE assignment = :assignment", assignment=assignment)
        return [Grade.from_dict(json.loads(before)) for _changed, before in sorted(rows)]

    # -- writing ---------------------------------------------------------------------------------------------

    def adjust(self, assignment: str, student: str, kind: str, item: str, points: float, note: str = "") -> None:
        """Set manual points ("manual", for an essay or an exercise) or a penalty ("late"); the same again changes
        nothing, for the item is the key."""
        values = dict(assignment=assignment, student=student, kind=kind, item=item, points=points, note=note)
        self._db.run(
            "INSERT INTO adjustments VALUES (:assignment, :student, :kind, :item, :points, :note, :changed) "
            "ON CONFLICT (assignment, student, kind, item) DO UPDATE SET "
            "points = excluded.points, note = excluded.note, changed = excluded.changed "
            "WHERE adjustments.points != excluded.points OR adjustments.note != excluded.note",
            **values,
            changed=now(),
        )

    def withdraw(self, assignment: str, student: str, kind: str, item: str) -> bool:
        """Take an adjustment back; False where there was none."""
        gone = self._db.run(
            "DELETE FROM adjustments WHERE assignment = :assignment AND student = :student AND kind = :kind "
            "AND item = :item RETURNING item",
            **dict(assignment=assignment, student=student, kind=kind, item=item),
        )
        return bool(gone)

    def start_run(self, run: str, manifest: dict) -> None:
        values = dict(run=run, started=now(), manifest=json.dumps(manifest))
        self._db.run("INSERT INTO runs VALUES (:run, :started, :manifest) ON CONFLICT DO NOTHING", **values)

    def record(self, grade: Grade, parts: list[list] | None = None, *, replace: bool = False) -> bool:
        """Write one row, whole or not at all; False where it was there already. `replace` keeps the old one aside."""
        key = _key(grade)
        with self._db.transaction():
            old = self.find(**key)
            if old and not replace and old.status == GRADED:
                return False
            if old:
                self._db.run(
                    "INSERT INTO changes VALUES (:changed, :assignment, :student, :submission, :spec, :before)",
                    **key,
                    changed=now(),
                    before=json.dumps(old.to_dict()),
                )
                self._db.run(f"DELETE FROM grades WHERE {_MATCH}", **key)
            self._db.run(
                f"INSERT INTO grades ({_SELECT}, points, sources, sequence) "
                f"VALUES ({', '.join(':' + name for name in _COLUMNS)}, :points, :sources, "
                "(SELECT coalesce(max(sequence), 0) + 1 FROM grades "
                "WHERE assignment = :assignment AND student = :student))",
                **_row(grade),
                points=grade.points,
                sources=zlib.compress(json.dumps(parts).encode(), 1) if parts else None,
            )
        return True


def _with(grade: Grade, adjustments: Iterable[dict]) -> Grade:
    machine = {mark.exercise: mark.points for mark in grade.marks}
    manual = [each["points"] - machine.get(each["item"], 0.0) for each in adjustments if each["kind"] == "manual"]
    late = [each["points"] for each in adjustments if each["kind"] == "late"]
    return grade.with_adjustments(sum(manual, 0.0), sum(late, 0.0), by_hand=bool(manual))


def _key(grade: Grade) -> dict[str, str]:
    return {name: getattr(grade, name) for name in _KEY}


def _row(grade: Grade) -> dict:
    told = asdict(grade)
    told |= {"marks": json.dumps(told["marks"]), "anomalies": json.dumps(told["anomalies"])}
    return {name: told[name] for name in _COLUMNS}


def _grade(row: tuple) -> Grade:
    told = dict(zip(_COLUMNS, row))
    return Grade.from_dict(told | {"marks": json.loads(told["marks"]), "anomalies": json.loads(told["anomalies"])})
