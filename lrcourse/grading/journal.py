"""The journal: one SQLite file that a kill at any moment leaves whole.

Every row is keyed by assignment, student, submission hash and spec hash, and written in one transaction: grading
the same thing again finds the row and writes nothing. Manual points and late penalties have a table of their own,
keyed without hashes, so that they survive a regrade. One process writes at a time and says so where another tries.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from .model import GRADED, Grade

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (run TEXT PRIMARY KEY, started TEXT NOT NULL, manifest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS grades (
    assignment TEXT NOT NULL, student TEXT NOT NULL, submission TEXT NOT NULL, spec TEXT NOT NULL,
    status TEXT NOT NULL, reason TEXT NOT NULL, points REAL, out_of REAL NOT NULL, level TEXT NOT NULL,
    path TEXT NOT NULL, submitted TEXT NOT NULL, graded TEXT NOT NULL, run TEXT NOT NULL REFERENCES runs,
    seconds REAL NOT NULL, marks TEXT NOT NULL, anomalies TEXT NOT NULL, sources BLOB,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (assignment, student, submission, spec)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS grades_latest ON grades (assignment, student, sequence);
CREATE TABLE IF NOT EXISTS faults (
    assignment TEXT NOT NULL, student TEXT NOT NULL, submission TEXT NOT NULL, spec TEXT NOT NULL,
    count INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (assignment, student, submission, spec)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS adjustments (
    assignment TEXT NOT NULL, student TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('manual', 'late')),
    item TEXT NOT NULL, points REAL NOT NULL, note TEXT NOT NULL, changed TEXT NOT NULL,
    PRIMARY KEY (assignment, student, kind, item)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS changes (
    changed TEXT NOT NULL, assignment TEXT NOT NULL, student TEXT NOT NULL, submission TEXT NOT NULL,
    spec TEXT NOT NULL, before TEXT NOT NULL
);
"""
_COLUMNS = (
    "assignment, student, submission, spec, status, reason, out_of, level, path, submitted, graded, run, seconds, "
    "marks, anomalies"
)


class Busy(RuntimeError):
    """Another process is writing into this journal."""


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Journal:
    """Grades on disk. Reading needs no lock; `with journal.writing():` makes this process the one writer."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")  # survives a kill; a power cut may cost the last rows, not more
        self._db.executescript(_TABLES)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_exc) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def writing(self):
        """Hold the writer's lock; the kernel frees it when this process ends, however it ends."""
        import fcntl  # not on Windows, where nothing is graded anyway

        with open(self.path.with_suffix(".lock"), "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Busy(f"another `lrcourse grade` is writing into {self.path}: wait for it, or end it") from None
            yield self

    # -- reading ---------------------------------------------------------------------------------------------

    def assignments(self) -> list[str]:
        return [row[0] for row in self._db.execute("SELECT DISTINCT assignment FROM grades ORDER BY 1")]

    def grades(self, assignment: str) -> list[Grade]:
        """The row that counts for every student, by name, with manual points and late penalty: that of the file
        that came in last, as it was graded last."""
        place = "row_number() OVER (PARTITION BY student ORDER BY submitted DESC, sequence DESC) AS place"
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM (SELECT *, {place} FROM grades WHERE assignment = ?) WHERE place = 1 "
            "ORDER BY student",
            (assignment,),
        )
        return self.adjusted(map(_grade, rows))

    def history(self, assignment: str, student: str) -> list[Grade]:
        """Every row of one student, oldest first."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM grades WHERE assignment = ? AND student = ? ORDER BY sequence",
            (assignment, student),
        )
        return [_grade(row) for row in rows]

    def find(self, assignment: str, student: str, submission: str, spec: str) -> Grade | None:
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM grades WHERE assignment = ? AND student = ? AND submission = ? AND spec = ?",
            (assignment, student, submission, spec),
        )
        return next(map(_grade, rows), None)

    def parts(self, grade: Grade) -> list[list]:
        """What was run of the student's, in order: exercise ("" for a cell of their own), source, whether last. Kept
        so that a regrade and a comparison need no files."""
        key = (grade.assignment, grade.student, grade.submission, grade.spec)
        row = self._db.execute(
            "SELECT sources FROM grades WHERE assignment = ? AND student = ? AND submission = ? AND spec = ?", key
        ).fetchone()
        return json.loads(zlib.decompress(row[0])) if row and row[0] else []

    def sources(self, grade: Grade) -> dict[str, str]:
        """What the student wrote, by exercise; cells of their own under ""."""
        told: dict[str, str] = {}
        for exercise, source, _last in self.parts(grade):
            told[exercise] = told.get(exercise, "") + source.rstrip() + "\n"
        return told

    def manifest(self, run: str) -> dict:
        row = self._db.execute("SELECT manifest FROM runs WHERE run = ?", (run,)).fetchone()
        return json.loads(row[0]) if row else {}

    def adjustments(self, assignment: str, student: str | None = None) -> list[dict]:
        """Manual points and late penalties: student, kind, item, points, note, changed."""
        names = ("student", "kind", "item", "points", "note", "changed")
        rows = self._db.execute(
            f"SELECT {', '.join(names)} FROM adjustments WHERE assignment = ? ORDER BY student, kind, item",
            (assignment,),
        )
        return [dict(zip(names, row)) for row in rows if student in (None, row[0])]

    def adjusted(self, grades: Iterable[Grade]) -> list[Grade]:
        """These rows with manual points and late penalty. Manual points for an exercise stand in place of the
        machine's, so that a regrade does not count twice; those for anything else are added."""
        told: dict[tuple[str, str], list[dict]] = {}
        rows = list(grades)
        for assignment in {row.assignment for row in rows}:
            for each in self.adjustments(assignment):
                told.setdefault((assignment, each["student"]), []).append(each)
        return [_with(row, told.get((row.assignment, row.student), ())) for row in rows]

    # -- writing ---------------------------------------------------------------------------------------------

    def adjust(self, assignment: str, student: str, kind: str, item: str, points: float, note: str = "") -> None:
        """Set manual points ("manual", for an essay or an exercise) or a penalty ("late"); the same again changes
        nothing, for the item is the key."""
        self._db.execute(
            "INSERT INTO adjustments VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "points = excluded.points, note = excluded.note, changed = excluded.changed "
            "WHERE points != excluded.points OR note != excluded.note",
            (assignment, student, kind, item, points, note, now()),
        )

    def withdraw(self, assignment: str, student: str, kind: str, item: str) -> bool:
        """Take an adjustment back; False where there was none."""
        key = (assignment, student, kind, item)
        match = "assignment = ? AND student = ? AND kind = ? AND item = ?"
        return self._db.execute(f"DELETE FROM adjustments WHERE {match}", key).rowcount > 0

    def start_run(self, run: str, manifest: dict) -> None:
        self._db.execute("INSERT OR IGNORE INTO runs VALUES (?, ?, ?)", (run, now(), json.dumps(manifest)))

    def record(self, grade: Grade, parts: list[list] | None = None, *, replace: bool = False) -> bool:
        """Write one row, whole or not at all; False where it was there already. `replace` keeps the old one aside."""
        packed = zlib.compress(json.dumps(parts).encode(), 1) if parts else None
        key = (grade.assignment, grade.student, grade.submission, grade.spec)
        match = "assignment = ? AND student = ? AND submission = ? AND spec = ?"
        with self._transaction():
            old = self.find(*key)
            if old and not replace and old.status == GRADED:
                return False
            if old:
                told = (now(), *key, json.dumps(old.to_dict()))
                self._db.execute("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)", told)
                self._db.execute(f"DELETE FROM grades WHERE {match}", key)
            self._db.execute(f"DELETE FROM faults WHERE {match}", key)
            self._db.execute(
                f"INSERT INTO grades ({_COLUMNS}, points, sources, sequence) VALUES ({', '.join('?' * 17)}, "
                "(SELECT coalesce(max(sequence), 0) + 1 FROM grades WHERE assignment = ? AND student = ?))",
                (*_row(grade), grade.points, packed, grade.assignment, grade.student),
            )
        return True

    def fault(self, assignment: str, student: str, submission: str, spec: str, reason: str) -> int:
        """Count one more fault of the machine against a key, and say how many there were."""
        return self._db.execute(
            "INSERT INTO faults VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET count = count + 1, "
            "reason = excluded.reason RETURNING count",
            (assignment, student, submission, spec, reason),
        ).fetchone()[0]

    @contextlib.contextmanager
    def _transaction(self):
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def missing(self, assignment: str, students: Iterable[str]) -> list[str]:
        """Who of `students` has no row."""
        have = {row[0] for row in self._db.execute("SELECT student FROM grades WHERE assignment = ?", (assignment,))}
        return [student for student in students if student not in have]


def _with(grade: Grade, adjustments: Iterable[dict]) -> Grade:
    machine = {mark.exercise: mark.points for mark in grade.marks}
    manual = [each["points"] - machine.get(each["item"], 0.0) for each in adjustments if each["kind"] == "manual"]
    late = [each["points"] for each in adjustments if each["kind"] == "late"]
    return grade.with_adjustments(sum(manual, 0.0), sum(late, 0.0))


def _row(grade: Grade) -> tuple:
    told = asdict(grade)
    told |= {"marks": json.dumps(told["marks"]), "anomalies": json.dumps(told["anomalies"])}
    return tuple(told[name] for name in _COLUMNS.split(", "))


def _grade(row: tuple) -> Grade:
    told = dict(zip(_COLUMNS.split(", "), row))
    return Grade.from_dict(told | {"marks": json.loads(told["marks"]), "anomalies": json.loads(told["anomalies"])})
