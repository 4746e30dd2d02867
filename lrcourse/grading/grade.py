"""Grading a folder: read, run, mark, record; one row for every file, whatever happens."""

from __future__ import annotations

import platform
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import lrcourse

from . import marking, running
from .collect import Found
from .hidden import with_hidden_inputs
from .journal import Journal, Unusable, now
from .levels import Level, NoIsolation
from .model import GRADED, MISSING, QUARANTINED, RELEASED_TO, RULES, UNREADABLE, Assignment, Grade, declaration_hashes
from .pool import SECONDS, in_words
from .repair import Part, Work, find
from .scheduler import Came, Cluster, Here, Unreachable
from .submission import Unreadable, parse, read

TRIES = 3  # of the machine, before a submission is put aside for a person


@dataclass
class Summary:
    """How a run went: counts by status, rows found in place, seconds, and what was newly graded."""

    run: str
    level: str
    counts: dict[str, int] = field(default_factory=dict)
    already: int = 0
    seconds: float = 0.0
    changed: list[tuple[Grade, Grade]] = field(default_factory=list)  # by a regrade: before, after
    environment: list[str] = field(default_factory=list)  # what is otherwise at a regrade than it was then

    def count(self, status: str) -> None:
        self.counts[status] = self.counts.get(status, 0) + 1


@dataclass
class _Task:
    found: Found
    sha: str
    work: Work
    exercises: dict
    seed: str
    anomalies: list[str]
    tries: int = 0
    before: Grade | None = None  # the row that a regrade starts from


def manifest(assignment: Assignment, level: str, seed: str, seconds: float) -> dict:
    """All that a later regrade needs to know to come to the same marks."""
    versions = {each.name: each.version for each in metadata.distributions()}
    return {
        "lrcourse": lrcourse.__version__,
        "python": sys.version,
        "platform": platform.platform(),
        "packages": dict(sorted(versions.items())),
        "rules": RULES,
        "declarations": declaration_hashes(assignment.exercises),
        "assignment": assignment.name,
        "exercises": list(assignment.exercises),
        "own_numbers": assignment.own_numbers,
        "seed": seed,
        "level": level,
        "seconds": seconds,
    }


def differences(then: dict, today: dict) -> list[str]:
    """In words, what of a manifest that marks may depend on is otherwise today."""
    told = []
    for name in ("lrcourse", "python", "rules", "own_numbers", "declarations"):
        if then.get(name) != today.get(name):
            versions = "" if name == "declarations" else f": {then.get(name)} then, {today.get(name)} now"
            told.append(f"{name}{versions.replace(chr(10), '')}")
    for name in ("numpy", "matplotlib"):
        before, after = (each.get("packages", {}).get(name, "none") for each in (then, today))
        if before != after:
            told.append(f"{name}: {before} then, {after} now")
    return told


class Grader:
    """One run. Students' code runs in a pool's children, here or on a cluster's workers; reading, marking and writing
    happen in this thread."""

    def __init__(
        self,
        journal: Journal,
        assignment: Assignment,
        secret: bytes,
        level: Level | None,
        *,
        jobs: int = 2,
        seconds: float = SECONDS,
        seed: str | None = None,
        cluster: Cluster | None = None,
    ) -> None:
        if level is None and cluster is None:
            raise ValueError("name the level of isolation to grade under, or the cluster to grade on")
        self.journal, self.assignment, self.secret, self.level = journal, assignment, secret, level
        self.jobs, self.seconds, self.cluster = jobs, seconds, cluster
        self.seed = seed or secrets.token_hex(16)
        self.spec = assignment.spec_hash(secret)
        self.run = secrets.token_hex(8)
        self.summary = Summary(self.run, level.told if cluster is None else cluster.told)
        self._shared: dict[str, dict] = {}
        self._dry = False

    def grade(self, found: Iterable[Found], told: Callable[[Grade | None], None] = lambda _: None) -> Summary:
        """Grade these files into the journal; `told` hears of each row, and None of one that was there already."""
        return self._all(((each, None) for each in found), told)

    def regrade(self, told: Callable[[Grade | None], None] = lambda _: None, *, dry: bool = False) -> Summary:
        """Mark every graded row anew, from what the journal keeps and with the inputs it was marked with.

        Under changed declarations that gives new rows; under the same ones it is a proof, and a difference is told.
        `dry` only tells what would change.
        """
        self._dry, seen = dry, set()
        today = manifest(self.assignment, self.summary.level, self.seed, self.seconds)
        for then in self.journal.runs(self.assignment.name).values():
            seen.update(differences(then, today))
        self.summary.environment = sorted(seen)
        return self._all(((None, row) for row in self.journal.graded(self.assignment.name)), told)

    def _all(self, entries: Iterable[tuple[Found | None, Grade | None]], told) -> Summary:
        began = time.monotonic()
        with self.journal.writing(), self.cluster or Here(self.level, self.seconds, self.jobs) as workers:
            if not self._dry:
                self.journal.start_run(self.run, manifest(self.assignment, workers.told, self.seed, self.seconds))
            waiting: dict[Future, _Task] = {}
            for found, row in entries:
                if found and any(task.found.student == found.student for task in waiting.values()):
                    self._settle(waiting, workers, told, above=0)  # one student's files in their order: the last counts
                task = self._read(found, told) if found else self._recall(row)
                if task:
                    waiting[self._submit(workers, task)] = task
                self._settle(waiting, workers, told, above=workers.capacity)
            self._settle(waiting, workers, told, above=0)
        self.summary.seconds = time.monotonic() - began
        return self.summary

    def _submit(self, workers: Here | Cluster, task: _Task) -> Future:
        return workers.submit(running.steps_of(self.assignment.setup, task.work, task.exercises, self.seconds))

    def _recall(self, row: Grade) -> _Task:
        """A submission's work as the journal keeps it."""
        work = Work([Part(*part) for part in self.journal.parts(row)])
        work.notes = {mark.exercise: list(mark.anomalies) for mark in row.marks}
        found = Found(row.student, Path(row.path), row.submitted)
        exercises = self._exercises(row.student, row.seed)
        return _Task(found, row.submission, work, exercises, row.seed, list(row.anomalies), before=row)

    def _conclude(self, task: _Task, grade: Grade, told) -> None:
        before = task.before
        if before is None:
            self._record(grade, task.work.told, told)
            return
        if [(m.exercise, m.points, m.verdict) for m in before.marks] != [
            (m.exercise, m.points, m.verdict) for m in grade.marks
        ]:
            self.summary.changed.append((before, grade))
        elif before.spec == grade.spec:
            self._passed_over(told)
            return
        if not self._dry:
            self.journal.record(grade, task.work.told, replace=True)
        self.summary.count(grade.status)
        told(grade)

    def _settle(self, waiting: dict[Future, _Task], workers: Here | Cluster, told, above: int) -> None:
        """Mark and record what has come back, until no more than `above` are under way."""
        while len(waiting) > above:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                task = waiting.pop(future)
                try:
                    grade = self._marked(task, future.result())
                except (NoIsolation, Unreachable):
                    raise
                except Exception as fault:  # a Fault, or an error of ours: neither stops the class
                    again = self._fault(task, _spoken(fault), told)
                    if again:
                        waiting[self._submit(workers, again)] = again
                    continue
                self._conclude(task, grade, told)

    def _read(self, found: Found, told) -> _Task | None:
        """The submission's work, or a row that says why there is none; None too where its row is there already."""
        sha = f"unread:{_printable(found.path)}"  # stands for the hash of a file that cannot be read
        try:
            data, sha = read(found.path)
            if self._is_there(found.student, sha, told):
                return None
            notebook = parse(data)
            work = find(notebook, self.assignment)
        except Unreadable as why:
            if not self._is_there(found.student, sha, told):
                self._record(self._row(found, sha, UNREADABLE, f"not graded: {why}"), None, told)
            return None
        except Unusable:  # the journal, not the file
            raise
        except Exception as error:  # of ours, but no file may stop the class
            self._record(self._row(found, sha, QUARANTINED, f"not graded: {_spoken(error)}"), None, told)
            return None
        anomalies = list(work.notes.get("", []))
        claimed = notebook.claims.get("student")
        if type(claimed) is str and claimed and claimed != found.student:
            anomalies.append(f"{RELEASED_TO} {claimed[:80]!r}")
        return _Task(found, sha, work, self._exercises(found.student, self.seed), self.seed, anomalies)

    def _is_there(self, student: str, sha: str, told) -> bool:
        """Whether this is graded already; if so, it is counted and told."""
        row = self.journal.find(self.assignment.name, student, sha, self.spec)
        there = row is not None and row.status in (GRADED, UNREADABLE)
        if there:
            self._passed_over(told)
        return there

    def _passed_over(self, told) -> None:
        self.summary.already += 1
        told(None)

    def _exercises(self, student: str, seed: str) -> dict:
        """The student's own exercises, with the hidden inputs of this seed."""
        if self.assignment.own_numbers or "" not in self._shared:
            drawn = self.assignment.for_student(student, self.secret)
            self._shared = {"": {e.id: e for e in drawn}}
        return {id: with_hidden_inputs(e, student, seed) for id, e in self._shared[""].items()}

    def _marked(self, task: _Task, came: Came) -> Grade:
        marks, results = [], came.results
        for id, exercise in task.exercises.items():
            notes = task.work.notes.get(id, [])
            if id in results.answers:
                error = results.errors.get(id)
                marks.append(marking.mark(exercise, results.answers[id], error, self.seconds, notes))
            else:
                marks.append(marking.unanswered(exercise, notes))
        right = sum(mark.points > 0 for mark in marks)
        anomalies = dict.fromkeys([*task.anomalies, *results.notes])
        return self._row(
            task.found,
            task.sha,
            GRADED,
            f"{right} of {len(marks)} answers are right",
            marks=tuple(marks),
            anomalies=tuple(marking.clean(a, 300) for a in anomalies),
            seconds=round(came.seconds, 4),
            level=came.level,
            seed=task.seed,
        )

    def _row(self, found: Found, sha: str, status: str, reason: str, **rest) -> Grade:
        return Grade(
            assignment=self.assignment.name,
            student=found.student,
            submission=sha,
            spec=self.spec,
            status=status,
            reason=reason,
            out_of=float(self.assignment.out_of),
            path=_printable(found.path),
            submitted=found.submitted,
            graded=now(),
            run=self.run,
            **rest,
        )

    def _fault(self, task: _Task, reason: str, told) -> _Task | None:
        """A fault of ours: once more, until it has had its tries; then a person looks at it. Never a 0."""
        task.tries += 1
        if task.tries < TRIES:
            return task
        row = self._row(task.found, task.sha, QUARANTINED, f"not graded, {TRIES} tries failed: {reason}")
        if task.before is None:
            self._record(row, None, told)
        else:  # the mark that is there stays
            self.summary.count(QUARANTINED)
            told(row)
        return None

    def _record(self, grade: Grade, parts: list | None, told) -> None:
        if self.journal.record(grade, parts):
            self.summary.count(grade.status)
            told(grade)
        else:  # the same file twice in one run
            self._passed_over(told)

    def missing(self, students: Iterable[str]) -> list[Grade]:
        return missing_rows(self.journal, self.assignment, students)


def _printable(path: Path) -> str:
    """A path as text that any database takes: a stranger's file may bear a name that is none."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _spoken(error: Exception) -> str:
    """An error of ours in a row's reason, on one line."""
    return marking.clean(" ".join(in_words(error).split()), 300)


def missing_rows(journal: Journal, assignment: Assignment, students: Iterable[str]) -> list[Grade]:
    """A row for everyone on the roster who handed in nothing. Not written down: tomorrow it may be otherwise."""
    name, out_of = assignment.name, float(assignment.out_of)
    return [
        Grade(name, student, "", "", MISSING, "nothing was handed in", out_of=out_of)
        for student in journal.missing(name, students)
    ]


def unread(journal: Journal, assignment: Assignment, grades: list[Grade]) -> dict[str, int]:
    """Essays that wait for points: how many of those who were graded have none, by essay."""
    had = journal.by_hand(assignment.name)
    graded = [grade.student for grade in grades if grade.status == GRADED]
    counts = {id: sum((student, id) not in had for student in graded) for id, _ in assignment.essays}
    return {id: count for id, count in counts.items() if count}
