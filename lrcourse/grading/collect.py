"""Whose file is whose: a folder as a learning platform exports it, or nbgrader's `submitted/STUDENT/ASSIGNMENT/`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from .model import Assignment, student_id

_BESIDE = {".csv", ".txt", ".html", ".json", ".log", ".db"}  # what platforms and systems put beside the notebooks
_CANVAS = re.compile(r"(?P<name>[^\W_]+)(?:_LATE)?_(?P<user>\d+)_(?P<number>\d+)(?:_.*)?")
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?.*")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? (?:UTC|[+-]\d\d:?\d\d)")
_DEEPEST = 5


@dataclass(frozen=True)
class Found:
    """A file, whose it seems to be, and when it came; "" where that cannot be known: Canvas writes the time of the
    export into its ZIP, and says `_LATE_` in the file's name."""

    student: str
    path: Path
    submitted: str


def collect(
    folder: str | Path, assignment: Assignment, roster: dict[str, tuple[str, ...]] | None = None
) -> list[Found]:
    """Every file that is somebody's, oldest first, so that a student's latest is graded last and counts."""
    folder = Path(folder)
    if not folder.is_dir() and not folder.is_file():
        raise ValueError(f"there is no folder {folder}: name the one that holds the submissions")
    if folder.suffix.lower() == ".zip":
        raise ValueError(f"{folder} is packed: unzip it into a folder of its own, and name that")
    files = [_File(folder, folder.stem)] if folder.is_file() else list(_files(folder, assignment.name))
    known = _Names(roster) if roster else None
    found = []
    served: set[str] = set()
    claimed = _claimed_twice(files, assignment.name, known)
    for path, label, beside, sure, stamp in sorted(files, key=lambda file: file.beside):
        student = _student(label, assignment.name, known)
        if student in claimed and known.find(_number(label)) != student:  # names are chosen, numbers are not
            student = _student(label, assignment.name, None)
        canvas = _CANVAS.fullmatch(label)
        sure = sure or student in (roster or {}) or canvas or _MOODLE.fullmatch(label)
        if not beside or (sure and student not in served):
            served.add(student)
            when = _when(path, stamp)
            found.append((when, Found(student, path, "" if canvas and path.parent == folder else when)))
    return [each for _, each in sorted(found, key=lambda f: (f[0], f[1].student, _by_number(f[1].path)))]


def _by_number(path: Path) -> list[tuple[int, str]]:
    """Sorts Canvas's file 10 after its file 9."""
    return [(int(part) if part.isdecimal() else -1, part) for part in re.split(r"(\d+)", str(path))]


def _claimed_twice(files: list[_File], assignment: str, known: _Names | None) -> set[str]:
    """Students of the roster as whom two people of the platform, of different numbers, handed in."""
    numbers: dict[str, set[str]] = {}
    for file in files if known else []:
        if number := _number(file.label):
            numbers.setdefault(_student(file.label, assignment, known), set()).add(number)
    return {student for student, those in numbers.items() if len(those) > 1}


def _number(label: str) -> str:
    """The number by which a platform knows who handed in; "" where no platform named the file."""
    canvas, moodle = _CANVAS.fullmatch(label), _MOODLE.fullmatch(label)
    return canvas["user"] if canvas else moodle["number"] if moodle else ""


def _when(path: Path, stamp: Path | None) -> str:
    """When a file came: what nbgrader wrote down beside it, else its time of change."""
    try:
        if stamp and stamp.is_file() and not stamp.is_symlink() and _STAMP.fullmatch(told := stamp.read_text().strip()):
            when = datetime.fromisoformat(told.replace(" UTC", "+00:00").replace(" +", "+").replace(" -", "-"))
        else:
            when = datetime.fromtimestamp(os.lstat(path).st_mtime, UTC)
        return when.astimezone(UTC).isoformat(timespec="seconds")
    except (OSError, ValueError, OverflowError):
        return ""


class _File(NamedTuple):
    """`label` is what names the student, `sure` that it names one. What is `beside` the notebooks, a text or an empty
    folder, counts for somebody who handed in no notebook. `stamp` is where nbgrader writes down when it came."""

    path: Path
    label: str
    beside: bool = False
    sure: bool = False
    stamp: Path | None = None


def _files(folder: Path, assignment: str) -> Iterator[_File]:
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        path = Path(entry.path)
        if entry.name.startswith((".", "__MACOSX")):
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield _File(path, path.stem, path.suffix.lower() in _BESIDE)
            continue
        inner = path / assignment
        within = inner if inner.is_dir() and not inner.is_symlink() else path
        theirs = sorted(_within(within, _DEEPEST), key=lambda p: p.suffix.lower() in _BESIDE)
        notebooks = [p for p in theirs if p.suffix.lower() == ".ipynb"]
        label = path.stem if path.suffix.lower() == ".ipynb" else entry.name
        for each in notebooks or theirs[:1] or [within]:
            yield _File(each, label, not notebooks, True, within / "timestamp.txt" if within == inner else None)


def _within(folder: Path, deep: int) -> Iterator[Path]:
    """Files below, links not followed. A folder that may not be entered holds none."""
    try:
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if not entry.is_dir(follow_symlinks=False):
            yield Path(entry.path)
        elif deep:
            yield from _within(Path(entry.path), deep - 1)


class _Names:
    """Looking a file's label up in the roster; only what points to exactly one student is believed."""

    def __init__(self, roster: dict[str, tuple[str, ...]]) -> None:
        self.by_name: dict[str, set[str]] = {}
        for student, names in roster.items():
            words = [word for name in names for word in re.split(r"\W+", name.split("@")[0]) if word]
            for name in (student, *names, *(n.split("@")[0] for n in names), "".join(words)):
                self.by_name.setdefault(plain_name(name), set()).add(student)
            for name in names:  # "Ann Lee" comes as "leeann" from Canvas
                self.by_name.setdefault(plain_name("".join(reversed(name.split()))), set()).add(student)

    def find(self, *labels: str) -> str | None:
        for label in labels:
            students = self.by_name.get(plain_name(label), set())
            if len(students) == 1:
                return next(iter(students))
        return None


def plain_name(name: str) -> str:
    return "".join(c for c in student_id(name).casefold() if c.isalnum())


def platform_name(path: str, assignment: str) -> str:
    """How a platform would name a file of this student's, without its ending; "" where no platform named the file."""
    file = Path(path)
    if _MOODLE.fullmatch(file.parent.name):
        return f"{file.parent.name.rstrip('_')}_{assignment}"
    return file.stem if _CANVAS.fullmatch(file.stem) or _MOODLE.fullmatch(file.stem) else ""


def _student(label: str, assignment: str, known: _Names | None) -> str:
    label = label.encode("utf-8", "replace").decode()
    apart = rf"[\s_.-]*{re.escape(assignment)}[\s_.-]*"
    bare = re.sub(rf"^{apart}|{apart}$", "", label) or label
    moodle, canvas = _MOODLE.fullmatch(bare), _CANVAS.fullmatch(bare)
    labels = [bare, label]
    if moodle:
        labels = [moodle["name"], moodle["number"], *labels]
    elif canvas:
        labels = [canvas["user"], canvas["name"], *labels]
    if known and (student := known.find(*labels)):
        return student
    if moodle:
        return student_id(f"{moodle['name']}_{moodle['number']}")  # names alone may be shared
    if canvas and not known:
        return student_id(f"{canvas['name']}_{canvas['user']}")
    return student_id(labels[0]) or "unnamed"
