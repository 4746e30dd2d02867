"""Names that strangers choose, and kernels that are older than the one at hand."""

from __future__ import annotations

import os
import re
import sys

import pytest

from lrcourse import cli
from lrcourse.grading import levels
from lrcourse.grading.collect import collect
from lrcourse.grading.model import Assignment
from lrcourse.grading.names import read_roster
from lrcourse.grading.pool import Pool, Step
from lrcourse.grading.sandbox import landlock, lockdown, seccomp
from lrcourse.grading.sandbox.wire import decode

HW = Assignment("hw1", ("8.8.1",))
COLOURS = "\x1b[2J\x1b]0;yours\x07\r\u202e"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems refuse such names")
@pytest.mark.parametrize("dry", [["--dry-run"], []], ids=["dry", "graded"])
def test_a_files_name_does_not_steer_the_terminal(tmp_path, capsys, monkeypatch, dry):
    """Not by escapes, not by a line of its own, and not by bytes that are no text."""
    folder = tmp_path / "handed in"
    folder.mkdir()
    (folder / f"{COLOURS}\n  bob: graded.ipynb").write_text("{")
    with open(os.fsencode(folder) + b"/no\xfftext.ipynb", "w") as file:
        file.write("{")
    monkeypatch.setattr(sys, "argv", ["lrcourse"])
    told = ["grade", str(folder), "--assignment", "8.8", "--same-numbers", "--course", str(tmp_path), *dry]
    status = cli.main(told)
    said = capsys.readouterr().out
    if status == 3:
        pytest.skip("no isolation here")
    assert said.count("graded") >= 1 and "text" in said
    said.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", said)
    assert not re.search("^  bob: graded", said, re.M)


def hand_in(tmp_path, *names):
    for name in names:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    return tmp_path / "in"


def test_who_takes_anothers_name_on_the_platform_does_not_become_them(tmp_path):
    """Nobody is believed then, for nothing tells which of the two was there first."""
    (tmp_path / "roster.csv").write_text("id,name\ns1,Ann Lee\ns2,Bo Øst\n")
    roster = read_roster(tmp_path / "roster.csv")
    moodle = [f"{name}_assignsubmission_file/hw1.ipynb" for name in ("Ann Lee_55", "Ann Lee_66", "Bo Øst_77")]
    folder = hand_in(tmp_path, *moodle, "Bo Øst_77_assignsubmission_file/second.ipynb")
    found = sorted(each.student for each in collect(folder, HW, roster))
    assert found == ["Ann Lee_55", "Ann Lee_66", "s2", "s2"]


def test_the_same_in_canvas_and_a_number_in_the_roster_settles_it(tmp_path):
    folder = hand_in(tmp_path, "leeann_55_1_hw1.ipynb", "leeann_66_2_hw1.ipynb")
    (tmp_path / "roster.csv").write_text("id,name\ns1,Ann Lee\n")
    assert {e.student for e in collect(folder, HW, read_roster(tmp_path / "roster.csv"))} == {"leeann_55", "leeann_66"}
    (tmp_path / "roster.csv").write_text("id,name,canvas_id\ns1,Ann Lee,55\n")
    assert {e.student for e in collect(folder, HW, read_roster(tmp_path / "roster.csv"))} == {"s1", "leeann_66"}


@pytest.mark.skipif(not landlock.version() or not seccomp.supported(), reason="needs Landlock and seccomp")
@pytest.mark.parametrize("mode", [os.O_RDONLY | os.O_TRUNC, 3, 3 | os.O_TRUNC], ids=["reading", "neither", "emptying"])
def test_where_landlock_is_old_no_file_is_emptied_all_the_same(tmp_path, monkeypatch, mode):
    """Linux 5.13 to 6.1: opening in order to empty is not ruled, for it is neither reading nor writing."""
    library, journal = tmp_path / "library", tmp_path / "grades.db"
    library.mkdir()
    files = [library / "module.py", journal]
    for file in files:
        file.write_text("dear")
    child = os.fork()
    if child == 0:
        opened = 0
        try:
            monkeypatch.setattr(landlock, "version", lambda: 1)
            lockdown.prctl(38, 1)
            landlock.restrict([str(library)])
            seccomp.install(os.getpid())
            for file in files:
                try:
                    os.open(file, mode)
                    opened += 1
                except PermissionError:
                    pass
        finally:
            os._exit(opened)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [file.read_text() for file in files] == ["dear", "dear"]


def test_without_landlock_a_child_of_bubblewrap_leaves_nothing_for_the_next(monkeypatch):
    """Its folders belong to the user who grades: they must be read-only, not only somebody else's."""
    bwrap = levels.available()["bwrap"]
    if isinstance(bwrap, str):
        pytest.skip(bwrap)
    honest = levels.command

    def without_landlock(*told):
        command = honest(*told)
        place = command.index("-c") + 1
        old = "import lrcourse.grading.sandbox.landlock as old; old.version = lambda: 0; "
        command[place] = command[place].replace("from lrcourse", f"{old}from lrcourse")
        return command

    monkeypatch.setattr(levels, "command", without_landlock)
    writes = """
x = []
for folder in ("/", "/etc", "/usr", "/dev", "/dev/shm", "/fonts", "/tmp"):
    try:
        open(folder + "/left", "w").close()
        x.append("wrote " + folder)
    except OSError as error:
        x.append(error.strerror)
"""
    with Pool(bwrap) as pool:
        *_, ran = pool.run([Step("run", "q", {"source": writes}), Step("answer", "q", {"name": "x"})])
    assert decode(ran.told["value"]) == ["Read-only file system"] * 6 + ["wrote /tmp"]
