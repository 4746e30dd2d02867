"""A class that is attacked: its folder, its secrets, its listeners, one run of the grader, and what is left of it."""

from __future__ import annotations

import json
import os
import re
import secrets
import select
import socket
import subprocess
import sys
import time
from functools import cached_property
from pathlib import Path

import exercises
import lrcourse
from lrcourse.exercises.notebook_cells import answering
from lrcourse.grading import levels
from lrcourse.grading.journal import Journal
from lrcourse.grading.model import Course, Grade, read_assignment
from lrcourse.grading.release import student_notebook

from . import EXERCISES, TABLE, Attack, name

EVERYTHING = os.environ.get("LRCOURSE_GRADING") == "1"  # set by make test-grading
SECONDS = 1.0  # for a question, so that the hanging ones do not take all day
NEIGHBOURS = 8
STUB = "answer_8_3_2 = dict.fromkeys(('0.5', '1', '1.5', '2', '2.5'), '')\n"  # what an attack on a table finds there
TEMPORARY = [Path(folder) for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/") if Path(folder).is_dir()]


class World:
    """Attackers and neighbours of one class, graded under one level by one run of `lrcourse grade`."""

    def __init__(self, folder: Path, level: str, attacks: list[Attack]) -> None:
        self.folder, self.level, self.attacks = folder, level, attacks
        self.submitted = folder / "submitted"
        self.submitted.mkdir(parents=True)
        self.canary = f"CANARY-{secrets.token_hex(8)}"
        self.mark = f"lrcourse-attack-{secrets.token_hex(6)}"
        self.course = Course(folder)
        self.secret = self.course.secret(create=True)
        # The same numbers for all, so that a look at a neighbour's answer would be worth it.
        (folder / "attacked.toml").write_text(f"exercises = {json.dumps(EXERCISES)}\nown_numbers = false\n")
        self.assignment = read_assignment(str(folder / "attacked.toml"))
        self.right = self._right_notebook()
        self.neighbours = [f"{n * len(attacks) // NEIGHBOURS:03}~honest" for n in range(NEIGHBOURS)]
        self.listeners = self._listen()
        self.pid = 0

    @staticmethod
    def student(number: int, attack: Attack) -> str:
        return f"{number:03}-{attack.name}"

    def _listen(self) -> dict[str, socket.socket]:
        kinds = {
            "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.mark}"),
            "path": (socket.AF_UNIX, socket.SOCK_STREAM, f"/tmp/{self.mark}.socket"),
        }
        listeners = {}
        for what, (family, kind, address) in kinds.items():
            listeners[what] = socket.socket(family, kind)
            listeners[what].bind(address)
            if kind == socket.SOCK_STREAM:
                listeners[what].listen()
        os.chmod(f"/tmp/{self.mark}.socket", 0o777)
        return listeners

    @cached_property
    def told(self) -> dict:
        """What a cell is told of the world: where everything is that it must not reach."""
        return {
            "grader": os.getpid(),
            "uid": os.getuid(),
            "mark": self.mark,
            "course": str(self.folder),
            "secret": str(self.course.secret_file),
            "journal": str(self.course.journal),
            "neighbour": str(self.submitted / f"{self.neighbours[0]}.ipynb"),
            "repository": str(Path(exercises.__file__).parents[1]),
            "key": str(Path(exercises.__file__).parent / "section_8_8.py"),
            "grader_code": str(self.submitted.parent / "attacked.toml"),
            "package": lrcourse.__file__,
            "tcp": self.listeners["tcp"].getsockname()[1],
            "udp": self.listeners["udp"].getsockname()[1],
            "abstract": self.mark,
            "path": f"/tmp/{self.mark}.socket",
        }

    def _right_notebook(self) -> str:
        """The notebook as released, every answer right, as text."""
        book = student_notebook(self.assignment)
        answers = {name(e.id): answering(e) for e in self.assignment.for_student("", self.secret)}
        for cell in book["cells"]:
            named = cell["metadata"]["nbgrader"]["grade_id"].replace("-", "_")
            cell["source"] = answers.get(named, cell["source"])
        return json.dumps(book)

    def hand_in(self) -> None:
        """Write everybody's file."""
        for student in self.neighbours:
            (self.submitted / f"{student}.ipynb").write_text(self.right)
        for number, attack in enumerate(self.attacks):
            student = self.student(number, attack)
            path, book = self.submitted / f"{student}.ipynb", json.loads(self.right)
            if attack.what == "file":
                attack.do(path, self.right.encode())
                continue
            if attack.what == "notebook":
                attack.do(book)
            else:
                marked = "answer-" + attack.at.replace(".", "-")
                cell = next(c for c in book["cells"] if c["metadata"]["nbgrader"]["grade_id"] == marked)
                cell["source"] = (STUB if attack.at == TABLE else "") + attack.cell(self.told)
            path.write_text(json.dumps(book))
        for path in self.submitted.iterdir():
            if path.is_file() and not path.is_symlink():
                os.utime(path, (1_700_000_000, 1_700_000_000))  # so that they are graded by name, all mixed

    def grade(self) -> None:
        """One run, as a teacher starts it."""
        command = [sys.executable, "-m", "lrcourse", "grade", str(self.submitted), "--jobs", "2", "--json"]
        command += ["--assignment", str(self.folder / "attacked.toml"), "--course", str(self.folder)]
        command += ["--level", self.level, "--seconds", str(SECONDS)]
        began = time.monotonic()
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"LRCOURSE_CANARY": self.canary}
        ) as run:
            self.pid = run.pid
            self.out, self.err = (told.decode() for told in run.communicate(timeout=500))
        self.status, self.seconds = run.returncode, time.monotonic() - began

    @cached_property
    def rows(self) -> dict[str, Grade]:
        with Journal(self.course.journal) as journal:
            return {row.student: row for row in journal.grades("attacked")}

    # -- what is left ----------------------------------------------------------------------------------------

    def processes(self, patience: float = 10.0) -> list[str]:
        """Processes of the sandbox that outlived the run; those about to end have a moment for it."""
        stop = time.monotonic() + patience
        while (found := self._processes()) and time.monotonic() < stop:
            time.sleep(0.05)
        return found

    def _processes(self) -> list[str]:
        ours, found = levels.unprivileged(self.pid), []
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                told = status.read_text()
                started = (status.parent / "cmdline").read_bytes()
            except OSError:
                continue
            owner = re.search(r"^Uid:\s+(\d+)", told, re.M)
            if int(owner[1]) in ours[:1] or str(self.folder).encode() in started:
                found.append(f"{status.parent.name} {told.split()[1]}")
        return found

    def files(self) -> list[Path]:
        """Files that an attack made, and temporary folders that this run left."""
        owner, found = levels.unprivileged(self.pid)[:1], []
        for folder in [*TEMPORARY, self.folder, self.submitted, Path(lrcourse.__file__).parent]:
            for path in folder.iterdir():
                try:
                    about = path.lstat()
                except OSError:
                    continue
                if (self.mark in path.name and path.suffix != ".socket") or about.st_uid in owner:
                    found.append(path)
        return found

    def heard(self) -> list[str]:
        """Which listeners got a packet or a connection."""
        ready, _, _ = select.select(self.listeners.values(), [], [], 0.2)
        return [name for name, line in self.listeners.items() if line in ready]

    def close(self) -> None:
        for line in self.listeners.values():
            line.close()
        os.unlink(f"/tmp/{self.mark}.socket")
