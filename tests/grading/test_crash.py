"""`lrcourse grade`, killed with -9 at random moments, and its parts killed under it: nothing lost, nothing twice."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
from databases import needs, postgres, sessions  # noqa: F401
from synthetic import hand_in, shared

from lrcourse.grading.collect import collect
from lrcourse.grading.grade import Grader
from lrcourse.grading.journal import Journal
from lrcourse.grading.levels import available, strongest
from lrcourse.grading.model import GRADED

ROOT = Path(__file__).resolve().parents[2]
STUDENTS, KILLS = 120, 8  # enough that no quick machine is done before the last kill
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kills processes as Linux has them")


def lrcourse(*arguments, **options):
    """The command, started in a process of its own."""
    command = [sys.executable, "-m", "lrcourse", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True, **options)


def descendants(pid):
    """Processes that a process started, and those that they started."""
    found, todo = set(), [pid]
    while todo:
        parent = todo.pop()
        with contextlib.suppress(OSError):  # it may end while we look
            for path in Path(f"/proc/{parent}/task").glob("*/children"):
                children = set(map(int, path.read_text().split()))
                todo += children - found
                found |= children
    return found


def alive(pids):
    def state(pid):
        with contextlib.suppress(OSError, IndexError):
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        return "gone"

    return {pid for pid in pids if state(pid) not in ("gone", "Z", "X")}


def gone_soon(pids):
    """Whether these processes end by themselves."""
    for _ in range(200):
        if not alive(pids):
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def handed_in(tmp_path):
    assignment = shared("8.8")
    return tmp_path / "submitted", hand_in(tmp_path / "submitted", assignment, STUDENTS)


def killed_after(process, rows, chance):
    """Let it tell of some rows, wait a moment more, and kill it; what it had started, and whether it was too late."""
    for _ in range(rows):
        if not process.stdout.readline():
            break
    time.sleep(chance.uniform(0, 0.08))
    started = descendants(process.pid)
    process.kill()
    process.communicate()
    return started, process.returncode != -signal.SIGKILL


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
@pytest.mark.parametrize("level", ["bwrap", "landlock"])
def test_killed_at_random_moments(handed_in, tmp_path, where, level, request):
    if not hasattr(available()[level], "told"):
        needs(False, level)
    folder, points = handed_in
    url = request.getfixturevalue("postgres").empty() if where == "postgresql" else tmp_path / "grades.db"
    command = ("grade", folder, "--assignment", "8.8", "--same-numbers", "--course", tmp_path, "--journal", url)
    command += ("--level", level, "--json")
    chance = random.Random(f"{where} {level}")
    kills, left = 0, set()
    for _ in range(KILLS):
        started, too_late = killed_after(lrcourse(*command), chance.randrange(5), chance)
        left |= started
        kills += not too_late
    process = lrcourse(*command)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    summary = json.loads(out.splitlines()[-1])
    with Journal(url) as journal:
        rows = [row for student in points for row in journal.history("8.8", student)]
        assert {row.student: row.points for row in rows} == points, "lost, or with other points"
        assert Counter(row.student for row in rows) == Counter(list(points)), "twice"
        assert journal.changes("8.8") == [], "written again"
        runs = journal.runs("8.8")
        assert all(row.run in runs and row.seed == runs[row.run]["seed"] for row in rows)
    assert summary["already"] + summary["counts"].get("graded", 0) == STUDENTS
    assert kills >= 4, f"only {kills} of {KILLS} came in time"
    assert gone_soon(left), "a killed grader left processes behind"
    again = lrcourse(*command)
    assert json.loads(again.communicate(timeout=300)[0].splitlines()[-1])["already"] == STUDENTS


def servers():
    """The warm servers that this process has started."""
    found = []
    for pid in descendants(os.getpid()):
        with contextlib.suppress(OSError):
            if b"sandbox.server" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def test_the_warm_server_killed_again_and_again(handed_in, tmp_path):
    folder, points = handed_in
    assignment, killed = shared("8.8"), []

    def told(row):
        if row and len(killed) < 4 and row.student[-1] in "0369":
            for pid in servers():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            killed.append(row.student)

    with Journal(tmp_path / "grades.db") as journal:
        grader = Grader(journal, assignment, b"s", strongest(None, True))
        summary = grader.grade(collect(folder, assignment), told)
        assert len(killed) == 4
        aside = {row.student for row in journal.grades("8.8") if row.status != GRADED}
        assert all(row.points is None for row in journal.grades("8.8") if row.student in aside)
        assert summary.counts.get(GRADED, 0) + len(aside) == STUDENTS
        Grader(journal, assignment, b"s", strongest(None, True)).grade(collect(folder, assignment))
        assert {row.student: row.points for row in journal.grades("8.8")} == points


def test_a_disk_that_fills_up(handed_in, tmp_path):
    """A real file system of one megabyte: the command says what is wrong, and goes on once there is room."""
    needs(os.geteuid() == 0 and shutil.which("mount"), "root, to mount a small disk")
    folder, points = handed_in
    small = Path(tempfile.mkdtemp(prefix="lrcourse-small-"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(small)], capture_output=True)
    try:
        needs(mounted.returncode == 0, "the right to mount a small disk")
        (small / "secret.key").write_text("s" * 32)
        (small / "filler").write_bytes(bytes(180_000))
        command = ("grade", folder, "--assignment", "8.8", "--same-numbers", "--course", small, "--json")
        process = lrcourse(*command)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 2 and "there is no room left on its disk" in err and "Traceback" not in err
        told = {json.loads(line)["student"] for line in out.splitlines()}
        assert len(told) < STUDENTS
        (small / "filler").unlink()
        with Journal(small / "grades.db") as journal:
            assert {row.student for row in journal.grades("8.8")} == told, "told, but not kept"
        subprocess.run(["mount", "-o", "remount,size=20m", str(small)], check=True)
        process = lrcourse(*command)
        summary = json.loads(process.communicate(timeout=300)[0].splitlines()[-1])
        assert summary["already"] == len(told) and summary["counts"] == {GRADED: STUDENTS - len(told)}
        with Journal(small / "grades.db") as journal:
            assert {row.student: row.points for row in journal.grades("8.8")} == points
    finally:
        subprocess.run(["umount", str(small)], capture_output=True)
        small.rmdir()
