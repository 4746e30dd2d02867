"""Reading a file that a stranger sent: it may be anything, and whatever it is, it gets a reason and costs little."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

BYTES, DEPTH, CELLS, SOURCE = 4 << 20, 60, 2_000, 200_000
# A text that never ends reaches to the end of the file, so that every character is looked at once.
_PIECES = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_TURNED = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Unreadable(ValueError):
    """Why nothing of a file can be graded."""


@dataclass(frozen=True)
class Cell:
    """What grading needs of a cell: its kind, its text, and the marks that a release put there."""

    kind: str
    source: str
    exercise: str = ""
    role: str = ""
    grade_id: str = ""


@dataclass
class Notebook:
    cells: list[Cell]
    claims: dict = field(default_factory=dict)  # what its own metadata says of student and assignment; not trusted
    anomalies: list[str] = field(default_factory=list)


def read(path: str | Path) -> tuple[bytes, str]:
    """The bytes of a plain file and their SHA-256. Links, pipes, folders and what is too large are refused by name."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if os.path.islink(path):
            raise Unreadable("it is a link to another file, not a notebook; links are not followed") from None
        raise Unreadable(f"it cannot be opened: {error.strerror}") from None
    try:
        about = os.fstat(handle)
        if stat.S_ISDIR(about.st_mode):
            raise Unreadable("it is a folder with no notebook in it")
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable("it is not a plain file (a pipe or a device)")
        if about.st_size > BYTES:
            raise Unreadable(f"it is too large: {about.st_size / 1e6:.1f} MB; {BYTES >> 20} MB are read at most")
        with open(handle, "rb", closefd=False) as file:
            data = file.read(BYTES + 1)
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror}") from None
    finally:
        os.close(handle)
    if len(data) > BYTES:
        raise Unreadable("it grew while it was read")
    return data, hashlib.sha256(data).hexdigest()


def parse(data: bytes) -> Notebook:
    """The notebook in these bytes: strict JSON, no deeper than notebooks are, of format 4 or, upgraded, 3."""
    anomalies: list[str] = []
    told = _json(data, anomalies)
    if type(told) is not dict:
        raise Unreadable("it is JSON, but not a notebook")
    version = told.get("nbformat")
    cells = told.get("cells")
    if version in (1, 2, 3) and type(told.get("worksheets")) is list:
        cells = [cell for sheet in told["worksheets"] if type(sheet) is dict for cell in _listed(sheet.get("cells"))]
        anomalies.append(f"stored in the old format {version}: upgraded")
    elif version != 4:
        anomalies.append(f"says it is of format {str(version)[:20]}: read as format 4")
    if type(cells) is not list:
        raise Unreadable("it holds no cells: not a notebook")
    if len(cells) > CELLS:
        raise Unreadable(f"it holds {len(cells)} cells; {CELLS} are read at most")
    read = [_cell(cell, anomalies) for cell in cells]
    metadata = told.get("metadata")
    claims = metadata.get("lrcourse") if type(metadata) is dict else {}
    return Notebook([cell for cell in read if cell], claims if type(claims) is dict else {}, anomalies)


def _json(data: bytes, anomalies: list[str]):
    if not data.strip():
        raise Unreadable("it is empty")
    if data[:2] == b"PK":
        raise Unreadable("it is a zip archive, not a notebook; archives are not unpacked")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not UTF-8 text (byte {error.start})") from None
    depth = 0
    for piece in _PIECES.finditer(text):
        mark = piece[0]
        depth += (mark in "[{") - (mark in "]}")
        if depth > DEPTH:
            raise Unreadable(f"its JSON is nested more than {DEPTH} deep; a notebook needs less")

    def pairs(items):
        told = dict(items)
        if len(told) != len(items) and "a key stands twice in its JSON: the last one counts" not in anomalies:
            anomalies.append("a key stands twice in its JSON: the last one counts")
        return told

    def refuse(name):
        raise ValueError(f"{name} is not JSON")

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is not valid JSON ({str(error)[:80]})") from None


def _listed(value) -> list:
    return value if type(value) is list else []


def _cell(told, anomalies: list[str]) -> Cell | None:
    if type(told) is not dict:
        anomalies.append("a cell that is no cell was left out")
        return None
    source = told.get("source", told.get("input", ""))
    if type(source) is list and all(type(line) is str for line in source):
        source = "".join(source)
    if type(source) is not str or len(source) > SOURCE:
        anomalies.append("a cell without text, or with far too much, was left out")
        return None
    source = source.encode("utf-8", "replace").decode()
    if _TURNED.search(source):
        anomalies.append("invisible or direction-turning characters in a cell: look at it before you trust your eyes")
    metadata = told.get("metadata")
    metadata = metadata if type(metadata) is dict else {}
    ours, graded = (metadata.get(key) if type(metadata.get(key)) is dict else {} for key in ("lrcourse", "nbgrader"))
    kind = told.get("cell_type")
    return Cell(
        kind if kind in ("code", "markdown", "raw") else "other",
        source,
        *(value if type(value) is str else "" for value in (ours.get("exercise"), ours.get("role"))),
        graded.get("grade_id") if type(graded.get("grade_id")) is str else "",
    )
