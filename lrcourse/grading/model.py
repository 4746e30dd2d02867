"""The records that grading speaks in: what was set, what came in, what it is worth."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import re
import secrets
import tomllib
import unicodedata
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from lrcourse import exercises
from lrcourse.exercises import Exercise
from lrcourse.exercises.problem_sets import Essay, ProblemSet

#: Raised whenever grading itself would mark the same answers differently; part of every spec hash.
RULES = 1

#: The one code cell above the exercises of a released notebook; the grader runs this text, not the student's copy.
SETUP = """\
import numpy as np
import matplotlib.pyplot as plt
from lrcourse import figures
from lrcourse.exercises import check, hint
from lrcourse.schedules import *"""

GRADED, UNREADABLE, QUARANTINED, MISSING = "graded", "unreadable", "quarantined", "missing"
#: How a row's note begins where a notebook names another student; who that is stays with the teacher.
RELEASED_TO = "the notebook says it was released to"
STATUSES = (GRADED, UNREADABLE, QUARANTINED, MISSING)


@dataclass(frozen=True)
class Assignment:
    """Some exercises under one name. With `own_numbers` every student gets numbers of their own."""

    name: str
    exercises: tuple[str, ...]
    own_numbers: bool = True
    title: str = ""
    due: str = ""  # ISO date and time with offset; "" means no deadline
    setup: str = SETUP
    essays: tuple[tuple[str, int], ...] = ()  # id and points of what a person grades: Journal.adjust(…, "manual", id)
    options: dict = field(default_factory=dict)  # further keys of its TOML file, such as a late rule

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\w.-]{1,64}", self.name) or self.name.startswith("."):
            raise ValueError(f"an assignment's name is made of letters, digits, '.', '-' and '_', got {self.name!r}")
        if not self.exercises or len(set(self.exercises)) != len(self.exercises):
            raise ValueError(f"assignment {self.name}: name at least one exercise, and none twice")
        for id in self.exercises:
            exercises.get(id)

    def for_student(self, student: str, secret: bytes) -> tuple[Exercise, ...]:
        """The exercises with this student's numbers; all alike where the class shares one notebook."""
        declared = map(exercises.get, self.exercises)
        return tuple(exercises.variant(e, student, secret) if self.own_numbers else e for e in declared)

    @property
    def out_of(self) -> int:
        return sum(exercises.get(id).points for id in self.exercises) + sum(points for _, points in self.essays)

    def spec_hash(self, secret: bytes) -> str:
        """What a mark depends on beside the submission: exercises, declarations, machinery, everyone's numbers.

        The deadline is not in it, for lateness is a rule applied to the mark afterwards.
        """
        told = [RULES, self.name, self.exercises, self.own_numbers, self.setup, self.essays]
        digest = hashlib.sha256(json.dumps(told).encode())
        for name, hashed in sorted(declaration_hashes(self.exercises).items()):
            digest.update(f"{name} {hashed}\n".encode())
        if self.own_numbers:
            digest.update(hashlib.sha256(b"numbers of" + secret).digest())
        return digest.hexdigest()


@cache
def declaration_hashes(ids: tuple[str, ...]) -> dict[str, str]:
    """Hashes of the files that decide: the answer key's modules and the machinery that judges."""
    key = Path(inspect.getfile(import_module("exercises"))).parent
    wanted = {f"section_{exercises.get(id).section.replace('.', '_')}.py" for id in ids} | {"formulas.py"}
    files = [path for path in sorted(key.glob("*.py")) if path.name in wanted]
    files += sorted(Path(inspect.getfile(exercises)).parent.glob("*.py"))
    return {f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def read_assignment(name: str) -> Assignment:
    """The assignment of this name: a problem set of `exercises/assignments/`, a section ("8.8"), or a TOML file.

    A file holds `exercises = ["8.4.1", "8.8.2"]`, or `set = "schedules_by_hand"` for a problem set with its essays;
    and, if wanted, `name`, `title`, `own_numbers`, `due` and others.
    """
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        if "set" in told:
            ready = read_assignment(told.pop("set"))
            told = {"exercises": ready.exercises, "title": ready.title, "essays": ready.essays} | told
        known = {key: told.pop(key) for key in ("title", "own_numbers", "setup", "essays") if key in told}
        due = told.pop("due", "")
        named = told.pop("name", path.stem)
        ids = tuple(told.pop("exercises", ()))
        return Assignment(named, ids, due=due if isinstance(due, str) else due.isoformat(), options=told, **known)
    sets = {each.name: each for each in import_module("exercises.assignments").SETS}
    if name in sets:
        return from_problem_set(sets[name])
    if re.fullmatch(r"8\.\d", name):
        return Assignment(name, tuple(e.id for e in exercises.section(name)))
    if re.fullmatch(r"8\.\d\.\d+", name):
        return Assignment(name, (exercises.get(name).id,))
    if path.suffix == ".toml":
        raise ValueError(f"there is no file {name}: name the assignment's TOML file, from the folder you are in")
    raise ValueError(
        f"there is no assignment {name!r}: name one of {', '.join(sets)}, a section such as 8.8, or a TOML file"
    )


def from_problem_set(problem_set: ProblemSet) -> Assignment:
    """A problem set as an assignment; its essays are marked by a person."""
    essays = tuple((item.id, item.points) for item in problem_set.items if isinstance(item, Essay))
    ids = tuple(item for item in problem_set.items if isinstance(item, str))
    return Assignment(problem_set.name, ids, title=problem_set.title, essays=essays)


@dataclass(frozen=True)
class Course:
    """The folder a teacher works in: the journal, and the secret that everyone's numbers are drawn from."""

    folder: Path

    @property
    def roster(self) -> Path:
        return self.folder / "roster.csv"

    @property
    def journal(self) -> Path:
        return self.folder / "grades.db"

    @property
    def secret_file(self) -> Path:
        return self.folder / "secret.key"

    def secret(self, create: bool = False) -> bytes:
        """The course's secret; made once, readable by its owner alone. Whoever loses it loses everyone's numbers."""
        try:
            return self.secret_file.read_bytes().strip()
        except FileNotFoundError:
            if not create:
                raise ValueError(
                    f"there is no {self.secret_file}: `lrcourse release` makes it, and grading needs the same one "
                    "(name its folder with --course)"
                ) from None
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(self.secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was quicker
            return self.secret_file.read_bytes().strip()
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode())
        return self.secret()


def student_id(name: str) -> str:
    """A student's name in the one form it is stored under: NFC, no characters that hide or turn text round."""
    kept = (c for c in unicodedata.normalize("NFC", str(name)) if unicodedata.category(c)[0] != "C")
    return " ".join("".join(kept).split())[:120]


@dataclass(frozen=True)
class Submission:
    """A file that came in for a student. `sha256` is "" where it could not even be read."""

    student: str
    path: str
    sha256: str = ""
    submitted: str = ""  # ISO time, where known
    anomalies: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExerciseMark:
    """What one answer is worth, and why. `got` is the answer in typed JSON (see `wire`), None where there is none."""

    exercise: str
    points: float
    out_of: float
    verdict: str  # a Verdict's kind, or "crashed", "timeout", "no answer"
    text: str
    misconception: int | None = None
    got: Any = None
    anomalies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grade:
    """One row of the journal: a submission, its marks, and under which conditions they were given.

    `points` is None where nothing was graded (unreadable, quarantined, missing): a person looks at those, and no
    machine's trouble turns into a 0. `total` adds manual points and takes off the late penalty.
    """

    assignment: str
    student: str
    submission: str  # its sha256
    spec: str
    status: str
    reason: str
    marks: tuple[ExerciseMark, ...] = ()
    out_of: float = 0.0
    level: str = ""  # the isolation it ran under
    path: str = ""
    submitted: str = ""
    graded: str = ""  # ISO time
    run: str = ""  # key of the manifest: Journal.manifest(run)
    seed: str = ""  # of its hidden inputs: what a regrade draws from again
    anomalies: tuple[str, ...] = ()
    seconds: float = 0.0
    manual: float = 0.0
    late: float = 0.0  # what a late rule takes off, at least 0
    by_hand: bool = False  # whether a person gave points, be it 0

    @property
    def points(self) -> float | None:
        return sum(mark.points for mark in self.marks) if self.status == GRADED else None

    @property
    def total(self) -> float | None:
        """Points with manual ones and the late penalty; never below 0."""
        if self.points is None:
            return self.manual if self.by_hand else None
        return max(0.0, self.points + self.manual - self.late)

    def to_dict(self) -> dict:
        return asdict(self) | {"points": self.points, "total": self.total}

    @classmethod
    def from_dict(cls, told: dict) -> Grade:
        told = {key: value for key, value in told.items() if key not in ("points", "total")}
        told["anomalies"] = tuple(told.get("anomalies", ()))
        told["marks"] = tuple(
            ExerciseMark(**mark | {"anomalies": tuple(mark.get("anomalies", ()))}) for mark in told.get("marks", ())
        )
        return cls(**told)

    def with_adjustments(self, manual: float, late: float, by_hand: bool) -> Grade:
        return replace(self, manual=manual, late=late, by_hand=by_hand)
