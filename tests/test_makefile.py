"""`make` on a machine that is not ready, or was interrupted. Stand-in Pythons play the machine, so it takes moments."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAKE = shutil.which("make")
pytestmark = pytest.mark.skipif(os.name == "nt" or not MAKE, reason="needs make")

# It makes a .venv that holds itself, and notes what it installs and runs in ./calls.
PYTHON = """#!/bin/sh
case "$*" in
  *version_info*) echo {version};;
  *ensurepip*) exit {lacks_venv};;
  *"-m venv"*) echo venv >> calls; mkdir -p .venv/bin; cp "$0" .venv/bin/python;;
  *"pip"*" -r "*) echo pins >> calls; [ ! -e no-network ];;
  *"pip"*" -e "*) echo course >> calls;;
  *"-m lrcourse lab"*) echo "$*" >> calls;;
esac
"""


class Machine:
    """A folder with the course's Makefile, and a PATH on which nothing is but what a test puts there."""

    def __init__(self, folder):
        self.course, self.bin = folder / "the course", folder / "bin"
        self.course.mkdir()
        self.bin.mkdir()
        for name in ("Makefile", "pyproject.toml", "requirements.txt"):
            shutil.copy2(ROOT / name, self.course)
        for tool in ("sh", "cat", "cp", "mkdir", "rm", "mv"):
            (self.bin / tool).symlink_to(shutil.which(tool))

    def python(self, name, version, lacks_venv=0):
        path = self.bin / name
        path.write_text(PYTHON.format(version=version, lacks_venv=lacks_venv))
        path.chmod(0o755)
        return path

    def make(self, *arguments):
        run = subprocess.run(
            [MAKE, *arguments], cwd=self.course, env={"PATH": str(self.bin)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        return run.returncode, run.stdout

    def calls(self):
        calls = self.course / "calls"
        said = calls.read_text().splitlines() if calls.exists() else []
        calls.unlink(missing_ok=True)
        return said


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


LAB = "-m lrcourse lab"


def test_make_alone_says_what_it_can_do(machine):
    status, said = machine.make()
    assert status == 0 and "make lab" in said and "make test" in said
    assert machine.calls() == []


def test_a_first_run_sets_up_and_a_second_starts_at_once(machine):
    machine.python("python3", "3.12")
    assert machine.make("lab")[0] == 0
    assert machine.calls() == ["venv", "pins", "course", LAB]
    status, said = machine.make("lab")
    assert status == 0 and said == ""
    assert machine.calls() == [LAB]


def test_port_and_address_reach_the_lab(machine):
    machine.python("python3", "3.12")
    machine.make("lab", "PORT=9000", "IP=0.0.0.0", "ARGS=--no-browser")
    assert machine.calls()[-1] == f"{LAB} --port 9000 --ip 0.0.0.0 --no-browser"


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.9", "3.10"])
def test_an_old_python_is_named_with_the_remedy(machine, version):
    machine.python("python3", version)
    status, said = machine.make("lab")
    assert status != 0
    assert "needs Python 3.11 or newer" in said and f"python3 ({version})" in said and "PYTHON=" in said
    assert machine.calls() == [] and not (machine.course / ".venv").exists()


def test_no_python_at_all(machine):
    status, said = machine.make("test")
    assert status != 0 and "needs Python 3.11 or newer" in said and "none" in said


@pytest.mark.parametrize("version", ["3.11", "3.14", "3.20", "4.0"])
def test_a_newer_python_beside_an_old_one_is_found(machine, version):
    machine.python("python3", "3.9")
    machine.python("python3.13", version)
    status, said = machine.make("lab")
    assert status == 0 and f"Python {version}" in said


def test_a_missing_venv_module_is_named_with_the_remedy(machine):
    machine.python("python3", "3.11", lacks_venv=1)
    status, said = machine.make("lab")
    assert status != 0 and "apt install python3.11-venv" in said
    assert machine.calls() == []


def test_a_python_with_venv_is_preferred(machine):
    machine.python("python3", "3.11", lacks_venv=1)
    machine.python("python3.12", "3.12")
    status, said = machine.make("lab")
    assert status == 0 and "Python 3.12" in said


def test_a_python_may_be_named_even_in_a_path_with_a_space(machine):
    machine.python("python3", "3.9")
    folder = machine.bin.parent / "my pythons"
    folder.mkdir()
    named = machine.python("any", "3.12").rename(folder / "any")
    assert machine.make("lab", f"PYTHON={named}")[0] == 0
    shutil.rmtree(machine.course / ".venv")
    status, said = machine.make("lab", "PYTHON=python3")
    assert status != 0 and "python3 (3.9)" in said


def test_a_failed_install_says_so_and_the_next_run_starts_afresh(machine):
    machine.python("python3", "3.12")
    (machine.course / "no-network").touch()
    status, said = machine.make("lab")
    assert status != 0 and "run the same command again" in said
    assert machine.calls() == ["venv", "pins"]
    (machine.course / "no-network").unlink()
    assert machine.make("lab")[0] == 0
    assert machine.calls() == ["venv", "pins", "course", LAB]


def test_an_interrupted_set_up_starts_afresh(machine):
    machine.python("python3", "3.12")
    machine.make("lab")
    (machine.course / ".venv/ready").unlink()
    machine.calls()
    machine.make("lab")
    assert machine.calls() == ["venv", "pins", "course", LAB]


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_changed_pins_are_installed_into_the_same_venv(machine, name):
    machine.python("python3", "3.12")
    machine.make("lab")
    machine.calls()
    later = (machine.course / ".venv/ready").stat().st_mtime + 2
    os.utime(machine.course / name, (later, later))
    assert machine.make("lab")[0] == 0
    assert machine.calls() == ["pins", "course", LAB]


def test_a_moved_course_is_set_up_anew(machine):
    machine.python("python3", "3.12")
    machine.make("lab")
    machine.calls()
    machine.course = machine.course.rename(machine.course.parent / "moved")
    assert machine.make("lab")[0] == 0
    assert machine.calls() == ["venv", "pins", "course", LAB]


def test_a_venv_whose_python_is_gone_is_made_anew(machine):
    machine.python("python3", "3.12")
    machine.make("lab")
    machine.calls()
    (machine.course / ".venv/bin/python").unlink()
    assert machine.make("lab")[0] == 0
    assert machine.calls() == ["venv", "pins", "course", LAB]
