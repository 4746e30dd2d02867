"""The learner's own record: one small JSON file, kept on this machine and sent nowhere.

Written whole to a temporary file and moved into place, so that a crash leaves the old or the new one; under a
lock, so that two notebooks lose nothing of each other's. A file that cannot be read is set aside, not deleted.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from lrcourse.files import put

from .declaration import Exercise
from .verdict import TRIES, Verdict

FORMAT = 1
OFF = ("", "off", "0", "no")
NOT_LEARNING = ("PYTEST_CURRENT_TEST", "PYTEST_VERSION", "NBGRADER_EXECUTION")
_in_memory: dict = {"format": FORMAT, "exercises": {}}  # where no file is kept, for this session only


def path() -> Path | None:
    """The file, or None where nothing is to be kept.

    LRCOURSE_PROGRESS names another file, or "off". While pytest (and so nbval) or nbgrader runs, only a file named
    that way is written, so that testing or grading a notebook is never taken for learning.
    """
    chosen = os.environ.get("LRCOURSE_PROGRESS")
    if chosen is not None:
        return None if chosen.strip().lower() in OFF else Path(chosen).expanduser()
    if any(name in os.environ for name in NOT_LEARNING):
        return None
    return _user_data() / "lrcourse" / "progress.json"


def _user_data() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def read() -> dict:
    """The record as it stands: {"format": 1, "exercises": {id: {…}}}."""
    file = path()
    if file is None:
        return _in_memory
    try:
        file = file.resolve()
        if not file.exists():
            return _empty()
        with _lock(file):
            return _load(file)
    except OSError:
        return _in_memory


def _empty() -> dict:
    return {"format": FORMAT, "exercises": {}}


def _load(file: Path) -> dict:
    """The record in `file`; one that makes no sense is set aside. Called under the lock."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return _empty()
    except (ValueError, RecursionError):  # ValueError: not JSON, or not even text
        record = None
    if not _sound(record):
        _set_aside(file)
        return _empty()
    return record


def _sound(record: object) -> bool:
    if not isinstance(record, dict) or not isinstance(record.get("format"), int):
        return False
    entries = record.get("exercises")
    return isinstance(entries, dict) and all(
        isinstance(entry, dict) and all(isinstance(entry.get(key, 0), int) for key in ("tries", "hints"))
        for entry in entries.values()
    )


def _set_aside(file: Path) -> None:
    """Rename to progress.json.corrupt-1 (or -2, …), never over an older one."""
    number = 1
    while (aside := file.with_name(f"{file.name}.corrupt-{number}")).exists():
        number += 1
    with contextlib.suppress(OSError):
        file.rename(aside)


def set_aside() -> list[str]:
    """The names of files that could not be read and were set aside."""
    file = path()
    if file is None:
        return []
    return sorted(found.name for found in file.resolve().parent.glob(f"{file.name}.corrupt-*"))


def update(change: Callable[[dict], None]) -> str:
    """Read, change, write, as one step. Returns why it could not be kept, or an empty string."""
    file = path()
    if file is None:
        change(_in_memory["exercises"])
        return ""
    try:
        file = file.resolve()
        file.parent.mkdir(parents=True, exist_ok=True)
        with _lock(file):
            record = _load(file)
            if record["format"] > FORMAT:
                return f"{file} was written by a newer version of the course and is left as it is."
            change(record["exercises"])
            _write(file, record)
    except OSError as error:
        change(_in_memory["exercises"])
        return f"{file} could not be written ({error.strerror or type(error).__name__})."
    return ""


def _write(file: Path, record: dict) -> None:
    text = json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    put(file, text, mode=0o600, sync=True)


@contextlib.contextmanager
def _lock(file: Path, patience: float = 5.0) -> Iterator[None]:
    """Hold `.progress.json.lock`; the system lets go of it when a process dies. Where locks do not exist, go on."""
    with open(file.with_name(f".{file.name}.lock"), "a+b") as lock:
        until = time.monotonic() + patience
        while not _try_lock(lock) and time.monotonic() < until:
            time.sleep(0.01)
        yield  # closing the file lets go


def _try_lock(lock) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return sys.platform != "win32"  # a file system without locks; on Windows: someone holds it
    return True


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def note_verdict(exercise: Exercise, verdict: Verdict) -> None:
    """Count a try. An answer still to do leaves no trace, nor does one with other numbers than the text's."""
    if verdict.kind not in TRIES or not _declared(exercise):
        return

    def change(entries: dict) -> None:
        entry = entries.setdefault(exercise.id, {})
        first_time = not entry.get("solved")
        entry["last"] = _now()
        if first_time:
            entry["tries"] = entry.get("tries", 0) + 1
        if verdict.correct and first_time:
            entry["solved"] = _now()
        if verdict.misconception is not None and first_time:
            entry["stumbled"] = entry.get("stumbled", 0) + 1

    update(change)


def note_hint(exercise: Exercise, level: int | None) -> int:
    """Count a hint and say which one it is."""
    shown = [level or 1]

    def change(entries: dict) -> None:
        entry = entries.setdefault(exercise.id, {})
        seen = min(3, entry.get("hints", 0))
        shown[0] = level or min(3, seen + 1)
        entry["hints"] = max(seen, shown[0])

    update(change)
    return shown[0]


def _declared(exercise: Exercise) -> bool:
    from . import registry

    return registry.get(exercise.id) is exercise
