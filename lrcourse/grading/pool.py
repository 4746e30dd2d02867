"""The grader's end of the sandbox: it owns the clock, the leash and the decision which question something cost."""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import levels
from .levels import Level
from .sandbox.wire import LINE, WireError, clean, read_line

SECONDS = 4.0  # for one question, from its first line to its answer
START_SECONDS = 60.0
_FOLDER = "lrcourse-grading-"


class Fault(RuntimeError):
    """Something of ours failed, not of the student's: tried again, and never a 0."""


def in_words(error: Exception) -> str:
    """An error in words: a Fault speaks for itself, of any other the kind is told too."""
    return str(error) if isinstance(error, Fault) else f"{type(error).__name__}: {error}"


@dataclass
class Step:
    """One thing for the child to do. `question` names what it costs if it hangs; `essential` is our own code."""

    do: str  # "run" or "answer"
    question: str
    told: dict
    essential: bool = False


@dataclass
class Ran:
    """What came of one step: the child's line, or how it ended the child."""

    told: dict | None = None
    ended: str = ""  # "timeout", "late", "crashed", "memory", "threads", "garbled"
    detail: str = ""
    seconds: float = 0.0  # since its question began


@dataclass
class _Child:
    """The grader's ends of a child's pipes. Each is closed once: its number may be another child's a moment later."""

    result: int
    status: int
    leash: int | None
    nonce: str
    received: bytearray = field(default_factory=bytearray)

    def let_go(self) -> None:
        """Close the leash: the keeper ends the child, whatever it is doing."""
        if self.leash is not None:
            os.close(self.leash)
            self.leash = None

    def close(self) -> None:
        self.let_go()
        os.close(self.result)
        os.close(self.status)


class Pool:
    """The warm server, started when first needed and again where it died. Threads may share it."""

    def __init__(self, level: Level, seconds: float = SECONDS) -> None:
        self.level = level
        self.seconds = seconds
        self._lock = threading.Lock()
        self._cpus = dict.fromkeys(sorted(_processors()), 0)  # how many children each has now
        self._server: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        _sweep()
        self._fonts = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-"))
        self._fonts.chmod(0o755)
        _copy_font_list(self._fonts)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_exc) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._stop()
        shutil.rmtree(self._fonts, ignore_errors=True)

    def _stop(self) -> None:
        if self._control:
            self._control.close()
        if self._server:
            try:
                self._server.wait(2)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        self._server = self._control = None

    def start(self) -> None:
        """Start the warm server now, so that the first submission need not wait for it."""
        with self._lock:
            self._ready()

    def _ready(self) -> socket.socket:
        if self._server and self._server.poll() is None:
            return self._control
        self._stop()
        ours, theirs = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET if sys.platform.startswith("linux") else socket.SOCK_STREAM
        )
        fonts = "/fonts" if self.level.name == "bwrap" else str(self._fonts)
        arguments = [str(theirs.fileno()), json.dumps(levels.plan(self.level, self.seconds))]
        self._server = subprocess.Popen(
            levels.command(self.level, arguments, self._fonts),
            env=levels.environment(fonts),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        ours.settimeout(START_SECONDS)
        self._control = ours
        try:
            told = json.loads(ours.recv(4096) or b"{}")
        except (OSError, ValueError):
            told = {}
        if "ready" not in told:
            self._server.kill()
            said = self._server.stderr.read()[-400:].decode(errors="replace").strip()
            self._stop()
            raise Fault(f"the sandbox's server does not start: {told.get('failed') or said or 'no word from it'}")
        self._server.stderr.close()
        return ours

    @contextlib.contextmanager
    def _processor(self):
        """The processor that has fewest children, for one more."""
        with self._lock:
            cpu = min(self._cpus, key=self._cpus.get)
            self._cpus[cpu] += 1
        try:
            yield cpu
        finally:
            with self._lock:
                self._cpus[cpu] -= 1

    def _fork(self, job: dict, cpu: int) -> _Child:
        """Ask for a child and hand it its work."""
        job_r, job_w = os.pipe()
        result_r, result_w = os.pipe()
        status_r, status_w = os.pipe()
        leash_r, leash_w = os.pipe()
        theirs = [job_r, result_w, status_w, leash_r]
        try:
            with self._lock:
                control = self._ready()
                try:
                    socket.send_fds(control, [json.dumps({"cpu": cpu}).encode()], theirs)
                except OSError as error:
                    self._stop()
                    raise Fault(f"the sandbox's server is gone: {error}") from None
        except Fault:
            for fd in (job_w, result_r, status_r, leash_w):
                os.close(fd)
            raise
        finally:
            for fd in theirs:
                os.close(fd)
        # A child that ended early is seen by its status, not by this pipe.
        with contextlib.suppress(BrokenPipeError), os.fdopen(job_w, "wb") as pipe:
            pipe.write(json.dumps(job).encode())
        return _Child(result_r, status_r, leash_w, job["nonce"])

    def run(self, steps: list[Step], stop: float = math.inf) -> list[Ran]:
        """Do all steps in one child, until `stop`; after the one that hangs or ends it, the rest is left out."""
        with self._processor() as cpu:
            return self._run(steps, stop, cpu)

    def _run(self, steps: list[Step], stop: float, cpu: int) -> list[Ran]:
        job = {"nonce": secrets.token_hex(16), "steps": [{"do": s.do} | s.told for s in steps]}
        child = self._fork(job, cpu)
        ran: list[Ran] = []
        began = deadline = time.monotonic()
        question = None
        try:
            for number, step in enumerate(steps):
                if number == 0 or step.question != question:
                    seconds = START_SECONDS if step.essential else self.seconds
                    began, question = time.monotonic(), step.question
                    deadline = min(stop, began + seconds)
                line = self._line(child, deadline)
                told = _read(line, child.nonce, number) if isinstance(line, bytes) else None
                if told is None:
                    ended = line if isinstance(line, str) else "garbled"
                    if ended == "timeout" and time.monotonic() >= stop:
                        ended = "late"
                    spent = time.monotonic() - began
                    ran.append(replace(self._how(child, ended, number), seconds=spent))
                    return ran
                ran.append(Ran(told))
                if told.get("threads") and (step.do == "answer" or step.question != _next(steps, number)):
                    return ran  # threads left behind would slow the other questions: they get a child without them
        finally:
            child.close()
        return ran

    def _line(self, child: _Child, deadline: float) -> bytes | str:
        """The next line, or how it came that there is none."""
        while b"\n" not in child.received:
            if len(child.received) > LINE:
                return "garbled"
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([child.result], [], [], left)[0]:
                return "timeout"
            block = os.read(child.result, 65536)
            if not block:
                return "crashed"
            child.received += block
        line, _, rest = bytes(child.received).partition(b"\n")
        child.received = bytearray(rest)
        return line

    def _how(self, child: _Child, ended: str, number: int) -> Ran:
        """Let the child go, and ask its keeper how it ended."""
        child.let_go()
        waiting = select.select([child.status], [], [], 10)[0]
        try:
            told = json.loads(os.read(child.status, 1000) or b"{}") if waiting else {}
        except ValueError:
            told = {}
        if "fault" in told or not told or (told["ended"] == 72 and number == 0):
            raise Fault(f"the sandbox failed: {clean(told.get('fault', 'no word from the keeper'), 200)}")
        if told.get("crowd"):
            return Ran(ended="threads")
        code = told["ended"]
        if ended != "crashed":
            return Ran(ended=ended)
        if code == 71:
            return Ran(ended="memory")
        return Ran(ended="crashed", detail=_spoken(code))


def _next(steps: list[Step], number: int) -> str | None:
    return steps[number + 1].question if number + 1 < len(steps) else None


def _spoken(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
        return f"signal {-code}"
    return f"exit {code}"


def _read(line: bytes, nonce: str, number: int) -> dict | None:
    """The child's line, if it has the form that is due; None where anything about it is off."""
    if len(line) > LINE:
        return None
    try:
        told = read_line(line)
    except WireError:
        return None
    if type(told) is not dict or told.get("nonce") != nonce or told.get("step") != number:
        return None
    return told


def _sweep() -> None:
    """Remove what graders that were killed left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        number = folder.name.removeprefix(_FOLDER).partition("-")[0]
        with contextlib.suppress(OSError, ValueError):
            about = folder.lstat()
            gone = sys.platform.startswith("linux") and not os.path.exists(f"/proc/{int(number)}")
            if gone and stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid():
                shutil.rmtree(folder, ignore_errors=True)


def _processors() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}


def _copy_font_list(folder: Path) -> None:
    """matplotlib's list of fonts, where there is one: to build it anew costs seconds."""
    told = os.environ.get("MPLCONFIGDIR")
    caches = [told] if told else [os.path.expanduser("~/.cache/matplotlib"), os.path.expanduser("~/.matplotlib")]
    for cache in caches:
        for path in Path(cache).glob("fontlist-*.json"):
            with contextlib.suppress(OSError):
                shutil.copyfile(path, folder / path.name)
