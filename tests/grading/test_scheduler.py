"""Grading on a dask cluster: real workers, killed and frozen in the middle; what goes out and what comes back."""

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from databases import needs
from synthetic import hand_in, shared
from test_crash import descendants

from lrcourse import exercises
from lrcourse.exercises import Exercise
from lrcourse.grading import running, scheduler
from lrcourse.grading.collect import collect
from lrcourse.grading.grade import Grader
from lrcourse.grading.journal import Journal
from lrcourse.grading.levels import NoIsolation
from lrcourse.grading.model import GRADED, read_assignment
from lrcourse.grading.pool import Fault, Ran, Step
from lrcourse.grading.repair import Part, Work
from lrcourse.grading.sandbox.wire import encode
from lrcourse.grading.scheduler import Cluster, Unreachable

ROOT = Path(__file__).resolve().parents[2]
STUDENTS = 16


@pytest.fixture(scope="session")
def dask():
    needs(importlib.util.find_spec("distributed"), "dask.distributed: pip install 'lrcourse[grading]'")


class Workers:
    """Workers of a scheduler, each a process without a nanny: what the scheduler alone must notice."""

    def __init__(self, address):
        self.address = address
        self.processes = []

    def start(self, **environment):
        command = [sys.executable, "-m", "distributed.cli.dask_worker", self.address, "--no-nanny", "--nthreads", "1"]
        told = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)])} | environment
        silent = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.processes.append(subprocess.Popen([*command, "--no-dashboard"], cwd=ROOT, env=told, **silent))

    def stop(self):
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()


@pytest.fixture
def workers(dask):
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1") as cluster:
        started = Workers(cluster.scheduler_address)
        try:
            for _ in range(2):
                started.start()
            with Client(cluster, set_as_default=False) as client:
                client.wait_for_workers(2, timeout=60)
            yield started
        finally:
            started.stop()


@pytest.fixture
def handed_in(tmp_path):
    assignment = shared("8.8")
    points = hand_in(tmp_path / "submitted", assignment, STUDENTS)
    return assignment, collect(tmp_path / "submitted", assignment), points


def graded(tmp_path, cluster, assignment, found, told=lambda _: None):
    """Grade on the cluster, within a time no trial may need; totals by student, and the summary."""
    came = {}

    def work():
        with Journal(tmp_path / "grades.db") as journal:
            came["summary"] = Grader(journal, assignment, b"s", None, cluster=cluster).grade(found, told)
            came["totals"] = {row.student: row.points for row in journal.grades(assignment.name)}
            came["levels"] = {row.level.split(":")[0] for row in journal.grades(assignment.name)}

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(240)
    assert not thread.is_alive(), "it stalled"
    return came["totals"], came["summary"], came["levels"]


def once(count, do):
    """A listener that does something when the so-manieth row is told."""
    rows = []

    def told(row):
        rows.append(row)
        if len(rows) == count:
            do()

    return told


# ---- workers that live, die, and freeze ---------------------------------------------------------------------


def test_a_cluster_gives_the_marks_that_this_machine_gives(workers, handed_in, tmp_path):
    assignment, found, points = handed_in
    totals, summary, levels = graded(tmp_path, Cluster(workers.address, 4.0), assignment, found)
    assert totals == points and summary.counts == {GRADED: STUDENTS}
    assert levels <= {"bwrap", "landlock"} and levels


def test_a_worker_killed_in_the_middle(workers, handed_in, tmp_path):
    assignment, found, points = handed_in
    told = once(4, workers.processes[0].kill)
    totals, _, _ = graded(tmp_path, Cluster(workers.address, 4.0), assignment, found, told)
    assert totals == points


def test_workers_with_a_nanny_killed_again_and_again(dask, handed_in, tmp_path):
    from distributed import Client, LocalCluster

    assignment, found, points = handed_in
    local = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with local as cluster, Client(cluster, set_as_default=False) as client:
        victims = list(client.run(os.getpid).values())
        rows = []

        def told(row):
            rows.append(row)
            if len(rows) in (3, 6):
                os.kill(victims.pop(), signal.SIGKILL)

        totals, _, _ = graded(tmp_path, Cluster(cluster.scheduler_address, 4.0), assignment, found, told)
    assert totals == points


def leave_a_child():
    """On a worker: fork something that outlives it and so keeps its connection to the scheduler open."""
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pause()
    return os.getpid()


@pytest.mark.parametrize("how", ["a forked child holds its connection", "it is frozen"])
def test_a_worker_that_falls_silent_stalls_nothing(workers, handed_in, tmp_path, how):
    """The scheduler would wait for twice its worker-ttl, ten minutes."""
    from distributed import Client

    assignment, found, points = handed_in
    left = set()
    victim = workers.processes[0]

    def strike():
        if how == "it is frozen":
            victim.send_signal(signal.SIGSTOP)
        else:
            victim.kill()

    if how != "it is frozen":
        with Client(workers.address, set_as_default=False) as client:
            client.run(leave_a_child)
        for process in workers.processes:
            left |= descendants(process.pid)
    try:
        cluster = Cluster(workers.address, 4.0, silent=6.0)
        totals, _, _ = graded(tmp_path, cluster, assignment, found, once(4, strike))
        assert totals == points
    finally:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_no_scheduler_and_no_workers_are_told(dask, monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setattr(scheduler, "JOIN_SECONDS", 1.0)
    with pytest.raises(Unreachable, match="Start one with `dask scheduler`"):
        Cluster("tcp://127.0.0.1:9", 4.0)
    empty = LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1")
    with empty as cluster, pytest.raises(Unreachable, match="workers with `dask worker ADDRESS`"):
        Cluster(cluster.scheduler_address, 4.0)


def test_a_scheduler_that_dies_is_told_and_the_rest_can_follow(dask, handed_in, tmp_path):
    assignment, found, points = handed_in
    file = tmp_path / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard"]
    silent = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process = subprocess.Popen([*command, "--host", "127.0.0.1", "--scheduler-file", str(file)], **silent)
    try:
        for _ in range(600):
            if file.exists() and file.read_text().endswith("}"):
                break
            time.sleep(0.1)
        workers = Workers(json.loads(file.read_text())["address"])
        workers.start()
        with Journal(tmp_path / "grades.db") as journal, pytest.raises(Unreachable, match=r"is gone.*Nothing is lost"):
            cluster = Cluster(workers.address, 4.0)
            Grader(journal, assignment, b"s", None, cluster=cluster).grade(found, once(3, process.kill))
    finally:
        process.kill()
        process.wait()
        workers.stop()
    with Journal(tmp_path / "grades.db") as journal:
        rows = journal.grades("8.8")
        assert 3 <= len(rows) < STUDENTS and all(row.points == points[row.student] for row in rows)


# ---- what goes out, and what comes back ---------------------------------------------------------------------


def all_exercises():
    return {e.id: e for s in range(1, 10) for e in exercises.section(f"8.{s}")}


def test_no_expected_answer_leaves_the_grader():
    """The job names the cell, the input and the name to hand back; the answer, in any form it travels in, is absent."""
    asked = all_exercises()
    work = Work([Part(id, "pass", True) for id in asked])
    sent = json.dumps([vars(step) for step in running.steps_of("", work, asked, 4.0)])
    values = {id: e.answer for id, e in asked.items() if type(e.answer) is float and e.answer not in e.given.values()}
    assert len(values) > 12
    for id, answer in values.items():
        for form in (repr(answer), json.dumps(encode(answer))):
            assert form not in sent or len(repr(answer)) < 5, f"{id}: {form}"
    for exercise in asked.values():
        for wrong in exercise.misconceptions:
            assert wrong.message not in sent


def test_what_travels_is_names_and_inputs_only():
    asked = all_exercises()
    work = Work([Part(id, "pass", True) for id in asked])
    for step in running.steps_of("", work, asked, 4.0):
        assert set(vars(step)) == {"do", "question", "told", "essential"}
        assert set(step.told) <= {"source", "name", "signature", "calls", "seconds"}
        assert not isinstance(step.told, Exercise)


def loaded():
    return sorted(name for name in sys.modules if name.split(".")[0] == "exercises")


def test_a_worker_never_loads_the_answer_key(workers, handed_in, tmp_path):
    from distributed import Client

    assignment, found, _ = handed_in
    graded(tmp_path, Cluster(workers.address, 4.0), assignment, found[:4])
    with Client(workers.address, set_as_default=False) as client:
        assert list(client.run(loaded).values()) == [[], []]


class Evil:
    """What a worker in the wrong hands might send: it acts when it is unpickled."""

    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        return open, (self.place, "w")


def evil_work(job):
    return Evil(json.loads(job)["level"])


def test_nothing_that_a_worker_sends_is_unpickled(workers, tmp_path, monkeypatch):
    trap = tmp_path / "unpickled"
    monkeypatch.setattr(scheduler, "work", evil_work)
    with Cluster(workers.address, 4.0, level=str(trap)) as cluster, pytest.raises(Fault, match="the cluster lost it"):
        cluster.submit([Step("run", "q", {"source": ""})]).result(timeout=60)
    assert not trap.exists()


def test_a_worker_without_isolation_refuses(workers, handed_in, tmp_path):
    assignment, found, _ = handed_in
    with Journal(tmp_path / "grades.db") as journal:
        cluster = Cluster(workers.address, 4.0, level="no such level")
        with pytest.raises(NoIsolation, match="on a worker: no isolation here, so nothing is run"):
            Grader(journal, assignment, b"s", None, cluster=cluster).grade(found)
        assert journal.grades("8.8") == []


def test_work_answers_in_json_whatever_happens(monkeypatch):
    monkeypatch.setattr(scheduler, "_pool_of", lambda *_: None)
    job = {"rules": scheduler.RULES, "level": None, "unsafe": False, "seconds": 4.0, "steps": []}
    monkeypatch.setattr(running, "run", lambda *_: 1 / 0)
    assert json.loads(scheduler.work(json.dumps(job))) == {"fault": "ZeroDivisionError: division by zero"}
    other = json.loads(scheduler.work(json.dumps(job | {"rules": 0})))
    assert "the worker's lrcourse grades by rules" in other["fault"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"answers": {"q": {"told": {}, "ended": "", "detail": "", "more": 1}}}', '{"answers": [1]}', "1"],
)
def test_an_answer_out_of_form_is_refused(text):
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        scheduler._read(text)


def test_an_answer_in_form_is_read():
    told = {"answers": {"8.8.1": {"told": {"value": ["n"]}, "ended": "", "detail": ""}}, "errors": {}, "notes": []}
    came = scheduler._read(json.dumps(told | {"seconds": 1.5, "level": "bwrap"}))
    assert came.results.answers == {"8.8.1": Ran({"value": ["n"]})} and (came.seconds, came.level) == (1.5, "bwrap")


def test_a_cluster_or_a_level_must_be_named(tmp_path):
    with Journal(tmp_path / "grades.db") as journal, pytest.raises(ValueError, match="name the level of isolation"):
        Grader(journal, read_assignment("8.8"), b"s", None)
