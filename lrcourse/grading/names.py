"""Who is in the class, and a safe folder name for everyone, whatever they are called."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .model import student_id

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # no file may be called so on Windows
_LONGEST = 60

#: Under which headings rosters and learning platforms keep what the exports need; the first one found counts.
COLUMNS = {
    "id": ("id", "student", "student_id", "sis id", "username"),
    "name": ("name", "full name", "student name"),
    "email": ("email", "email address", "e-mail"),
    "canvas_id": ("canvas_id", "canvas id"),
    "sis_id": ("sis_id", "sis user id", "sis id"),
    "login": ("login", "login_id", "sis login id", "username"),
    "section": ("section",),
}


@dataclass(frozen=True)
class Person:
    """A line of the roster; what it does not hold is ""."""

    id: str
    name: str = ""
    email: str = ""
    canvas_id: str = ""
    sis_id: str = ""
    login: str = ""
    section: str = ""


def called(person: Person | None, student: str) -> str:
    """A student's name, where the roster has one, else their id."""
    return person.name if person and person.name else student


def read_people(path: str | Path) -> dict[str, Person]:
    """The class by id, in the roster's order. The id is the column `id`, or one of its other names, or the first."""
    headings, rows = _roster(path)
    found = {what: next((headings[n] for n in names if n in headings), None) for what, names in COLUMNS.items()}
    return {
        id: Person(**{what: student_id(row[head] or "") if head else "" for what, head in found.items()} | {"id": id})
        for id, row in rows.items()
    }


def read_roster(path: str | Path) -> dict[str, tuple[str, ...]]:
    """Students by id, each with the names a file of theirs may bear: what their line holds, and their folder's name."""
    headings, rows = _roster(path)
    folders = folder_names(rows)  # as `release` names them
    return {id: (*filter(None, (row[head] for head in headings.values())), folders[id]) for id, row in rows.items()}


def _roster(path: str | Path) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """A roster's headings, as written by their plain form, and its lines by id."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        lines = [line for line in csv.DictReader(file) if any(line.values())]
    if not lines:
        raise ValueError(f"roster {path} names nobody: it needs a first line such as id,name,email and a line each")
    headings = {name.strip().casefold(): name for name in lines[0] if name}
    key = next((headings[name] for name in COLUMNS["id"] if name in headings), None) or next(iter(headings.values()))
    rows: dict[str, dict[str, str]] = {}
    for line in lines:
        id = student_id(line[key] or "")
        if id in rows:
            raise ValueError(f"roster {path}: the id {id!r} stands there twice; every student needs one of theirs")
        if id:
            rows[id] = line
    return headings, rows


def folder_names(students: Iterable[str]) -> dict[str, str]:
    """A folder name for every student: their id where it is a plain name, else a cleaned one and a few hex digits.

    >>> folder_names(["ada", "../ada", "Ada"])
    {'ada': 'ada-fdee430d', '../ada': 'ada-60088279', 'Ada': 'Ada-99a563ab'}
    """
    cleaned = {student: _clean(student) for student in students}
    same = Counter(_alike(name) for name in cleaned.values())
    return {
        student: name if name == student and same[_alike(name)] == 1 else f"{name}-{_digest(student)}"
        for student, name in cleaned.items()
    }


def _clean(student: str) -> str:
    name = re.sub(r"[^\w.@ -]", "_", unicodedata.normalize("NFC", student))[:_LONGEST]
    name = name.encode()[:150].decode(errors="ignore").lstrip(" ._-").rstrip(" .")
    return f"_{name}" if _RESERVED.fullmatch(name) else name or "student"


def _alike(name: str) -> str:
    """What a file system that ignores case would take for the same name."""
    return unicodedata.normalize("NFKC", name).casefold()


def _digest(student: str) -> str:
    return hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:8]
