"""Which isolation is taken, and what is said where there is none."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys

import pytest

from lrcourse import cli
from lrcourse.exercises import get
from lrcourse.exercises.notebook_cells import answering
from lrcourse.grading import doctor, levels
from lrcourse.grading.journal import Journal
from lrcourse.grading.levels import Level, NoIsolation
from lrcourse.grading.model import read_assignment
from lrcourse.grading.release import student_notebook
from lrcourse.grading.sandbox import landlock, seccomp

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox is Linux's")
NONE = {"bwrap": "bubblewrap is not installed", "landlock": "this kernel has no Landlock"}
BOTH = {"bwrap": Level("bwrap", "bwrap: all", True), "landlock": Level("landlock", "landlock: much", False)}


@pytest.fixture
def submissions(tmp_path):
    """One right submission, in a course of its own."""
    book = student_notebook(read_assignment("8.8.2"))
    for cell in book["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == "answer-8-8-2":
            cell["source"] = answering(get("8.8.2"))
    folder = tmp_path / "submitted"
    folder.mkdir()
    (folder / "ada.ipynb").write_text(json.dumps(book))
    return folder


def grade(folder, *more):
    told = ["grade", str(folder), "--assignment", "8.8.2", "--same-numbers", "--course", str(folder.parent), *more]
    return cli.main(told)


def row(folder):
    with Journal(folder.parent / "grades.db") as journal:
        (grade,) = journal.grades("8.8.2")
        return grade, journal.manifest(grade.run)


def test_the_strongest_is_taken(monkeypatch):
    monkeypatch.setattr(levels, "available", lambda: BOTH)
    assert levels.strongest().name == "bwrap"
    assert levels.strongest("landlock").name == "landlock"
    monkeypatch.setattr(levels, "available", lambda: BOTH | {"bwrap": "not installed"})
    assert levels.strongest().name == "landlock"


def test_the_level_that_was_asked_for_is_not_replaced_by_a_weaker_one(monkeypatch):
    monkeypatch.setattr(levels, "available", lambda: BOTH | {"bwrap": "not installed"})
    with pytest.raises(NoIsolation, match=r"bwrap: not installed.*apt install bubblewrap"):
        levels.strongest("bwrap")


def test_without_isolation_nothing_is_graded_and_the_remedy_is_named(monkeypatch, submissions, capsys):
    monkeypatch.setattr(levels, "available", lambda: NONE)
    assert grade(submissions) == 3
    said = capsys.readouterr().err
    assert "no isolation here, so nothing is run" in said and "apt install bubblewrap" in said
    assert "Linux 5.13" in said and "--unsafe" in said
    with Journal(submissions.parent / "grades.db") as journal:
        assert journal.assignments() == []


@linux
def test_unsafe_grades_all_the_same_and_every_row_says_so(monkeypatch, submissions, capsys):
    monkeypatch.setattr(levels, "available", lambda: NONE)
    assert grade(submissions, "--unsafe") == 0
    assert "isolation: none" in capsys.readouterr().out
    graded, manifest = row(submissions)
    assert graded.points == graded.out_of
    assert "none" in graded.level and "--unsafe" in graded.level and manifest["level"] == graded.level


@linux
def test_unsafe_changes_nothing_where_there_is_isolation(submissions):
    if all(isinstance(told, str) for told in levels.available().values()):
        pytest.skip(f"no isolation here: {levels.available()}")
    assert grade(submissions, "--unsafe") == 0
    assert row(submissions)[0].level == levels.strongest().told


def test_macos_is_refused_with_a_remedy(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert set(levels.available().values()) == {"Darwin has neither namespaces nor Landlock"}
    with pytest.raises(NoIsolation, match=r"Linux container \(Docker Desktop\).*With --unsafe"):
        levels.strongest()
    assert levels.strongest(unsafe=True).name == "unsafe"


# Windows is played by taking away what it does not have, before anything of the grader is loaded.
WINDOWS = """
import builtins, ctypes, os, platform, sys
import numpy, pathlib, subprocess, tempfile, sqlite3, concurrent.futures
import lrcourse.cli
honest = builtins.__import__
def without(name, *rest, **more):
    if name in ("pwd", "fcntl", "resource", "grp"):
        raise ModuleNotFoundError(f"No module named {name!r}")
    return honest(name, *rest, **more)
def no_libc(name, *rest, **more):
    if name is None:
        raise TypeError("bad argument type for built-in operation")
builtins.__import__, ctypes.CDLL = without, no_libc
for name in ("pwd", "fcntl", "resource", "grp"):
    sys.modules.pop(name, None)
for name in ("fork", "geteuid", "sched_getaffinity", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "setsid"):
    delattr(os, name)
sys.platform = "win32"
platform.system = lambda: "Windows"
sys.exit(lrcourse.cli.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("unsafe", [[], ["--unsafe"]])
def test_windows_is_refused_with_a_remedy(submissions, unsafe):
    told = ["grade", str(submissions), "--assignment", "8.8.2", "--same-numbers", "--course", str(submissions.parent)]
    run = subprocess.run([sys.executable, "-c", WINDOWS, *told, *unsafe], capture_output=True, text=True)
    assert run.returncode == 3, run.stderr
    assert "Windows has neither namespaces nor Landlock" in run.stderr and "WSL 2" in run.stderr


def test_the_doctor_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "available", lambda: NONE)
    assert cli.main(["doctor"]) == 3
    said = capsys.readouterr().out
    assert "bubblewrap is not installed" in said and "nothing. Install bubblewrap" in said


@linux
def test_the_doctor_tries_what_there_is(level, monkeypatch, capsys):
    monkeypatch.setattr(doctor, "available", lambda: {level.name: level})
    assert cli.main(["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["levels"][level.name]["works"] and told["used"] == level.told
    assert all(attempt in told["levels"][level.name]["said"] for attempt in doctor.ATTEMPTS)


@linux
def test_the_doctor_does_not_take_a_lock_that_gives_way(monkeypatch):
    monkeypatch.setattr(doctor, "available", lambda: {"landlock": Level("unsafe", "a lock of paper", False)})
    monkeypatch.setattr(doctor, "ATTEMPTS", {"read other files": doctor.ATTEMPTS["read other files"]})
    told = doctor.examine()
    assert not told["levels"]["landlock"]["works"] and not told["used"]
    assert told["levels"]["landlock"]["said"] == "a child could read other files"


def test_other_processors_and_old_kernels_are_named(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(seccomp, "supported", lambda: False)
    assert "no filter for system calls" in levels.available()["bwrap"]
    monkeypatch.setattr(seccomp, "supported", lambda: True)
    monkeypatch.setattr(landlock, "version", lambda: 0)
    monkeypatch.setattr(levels, "_why_no_bwrap", lambda: "")
    offered = levels.available()
    assert "no Landlock" in offered["landlock"] and "Landlock" not in offered["bwrap"].told


@linux
@pytest.mark.parametrize("told, said", [("exit 1", "is refused"), (None, "is not installed")])
def test_a_bubblewrap_that_does_not_work_is_not_taken(monkeypatch, tmp_path, told, said):
    if told:
        (tmp_path / "bwrap").write_text(f"#!/bin/sh\n{told}\n")
        (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert said in levels._why_no_bwrap()


@linux
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root has rights to give up")
def test_root_becomes_somebody_who_owns_nothing(monkeypatch):
    import pwd

    uid, gid = levels.unprivileged()
    assert 61184 <= uid == gid < 65520
    assert uid not in {entry.pw_uid for entry in pwd.getpwall()}


def test_the_answer_key_is_not_among_what_a_child_may_read():
    import exercises

    key = os.path.realpath(os.path.dirname(exercises.__file__))
    for folder in [*levels.libraries(), *levels.SYSTEM]:
        assert os.path.commonpath([key, os.path.realpath(folder)]) != os.path.realpath(folder)


def test_nothing_of_the_graders_environment_reaches_a_child(monkeypatch):
    monkeypatch.setenv("DATABASE_PASSWORD", "secret")
    assert "secret" not in str(levels.environment("/fonts"))
