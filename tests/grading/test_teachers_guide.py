"""The teacher's guide, as a new teacher would follow it: every command runs and says what the guide says it says."""

import csv
import os
import re
from datetime import datetime
from pathlib import Path

import pytest
from office_class import all_right, filled, wrong_code

from lrcourse.cli import main
from lrcourse.grading import similarity
from lrcourse.grading.model import read_assignment

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "teachers_guide.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def commands():
    """Every command of the guide with what it prints, in order."""
    for kind, block in BLOCKS:
        if kind == "console":
            for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, printed = piece.partition("\n")
                yield command, printed


def split(command):
    return [a or b for a, b in re.findall(r'"([^"]*)"|(\S+)', command)][1:]


def matches(promised, said):
    """`…` stands for anything, on a line of its own for any lines."""
    pattern = re.escape(promised.replace("\n…\n", "\n⋮")).replace("⋮", "(?:.*\n)*").replace("…", ".*")
    return re.fullmatch(pattern, said)


def hand_in():
    """Ada is right, Bob half right and a day late, Cyd hands in Ada's answers, Dee nothing."""
    assignment, secret = read_assignment("hw1.toml"), Path("secret.key").read_bytes()
    theirs = {student: all_right(assignment, student, secret) for student in ("ada", "bob")}
    for exercise in assignment.for_student("bob", secret):
        if exercise.id in ("8.2.2", "8.6.1"):
            theirs["bob"][exercise.id] = wrong_code(exercise)
    theirs["bob"].pop("8.2.1")
    theirs["cyd"] = theirs["ada"]
    files = {"ada": "byronada_1001_501", "bob": "noycebob_LATE_1002_502", "cyd": "malonecyd_1003_503"}
    times = {"ada": "2026-03-01T20:00:00+01:00", "bob": "2026-03-02T09:00:00+01:00", "cyd": "2026-03-01T21:00:00+01:00"}
    Path("submissions").mkdir()
    for student, name in files.items():
        path = Path("submissions") / f"{name}_hw1.ipynb"
        essay = {"which-is-better": f"{student} thinks that it depends on the tuning."}
        path.write_text(filled(assignment, student, theirs[student], essay, secret), encoding="utf-8")
        os.utime(path, (datetime.fromisoformat(times[student]).timestamp(),) * 2)


def fill_in_the_table():
    with open("hw1-essays.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == ["ada", "bob", "cyd"]
    rows[0] |= {"points": "3", "note": "Clear."}
    with open("hw1-essays.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)


@pytest.fixture
def few_strangers(monkeypatch):
    """Nine answers for another's numbers are strong evidence beside twenty made-up students, too."""
    similarity._strangers.cache_clear()
    monkeypatch.setattr(similarity, "MADE_UP", 20)
    yield
    similarity._strangers.cache_clear()


def test_every_command_of_the_guide_says_what_the_guide_says(tmp_path, monkeypatch, capsys, few_strangers):
    monkeypatch.chdir(tmp_path)
    for kind, name in (("csv", "roster.csv"), ("toml", "hw1.toml")):
        (text,) = [block for told, block in BLOCKS if told == kind]
        Path(name).write_text(text, encoding="utf-8")
    for command, promised in commands():
        if command.startswith("lrcourse grade") and not Path("submissions").exists():
            hand_in()
        if "--from hw1-essays.csv" in command:
            fill_in_the_table()
        status = main(split(command))
        told = capsys.readouterr()
        said = "\n".join(line.rstrip() for line in told.out.splitlines()) + "\n"
        assert status in (0, 1), f"{command}: {told.err}"
        assert matches(promised, said), f"{command} says\n{said}"
    the_files_hold_what_was_promised()


def the_files_hold_what_was_promised():
    with open("hw1-canvas.csv", newline="", encoding="utf-8") as file:
        rows = {row["ID"]: row for row in csv.DictReader(file)}
    assert rows["1001"]["Experiments and claims"] == "29" and rows["1004"]["Experiments and claims"] == ""
    assert float(rows["1002"]["Experiments and claims"]) == pytest.approx(20.1)
    assert "1 day late: 10% of all points" in Path("feedback/bob/hw1/hw1.html").read_text("utf-8")
    assert "ada" in Path("similar.html").read_text("utf-8") and "cyd" in Path("similar.html").read_text("utf-8")


def test_every_command_that_the_guide_names_exists():
    for command in re.findall(r"`lrcourse (\w+)", GUIDE):
        with pytest.raises(SystemExit) as done:
            main([command, "--help"])
        assert done.value.code == 0


def test_it_is_no_longer_than_two_pages():
    assert GUIDE.count("\n") <= 130 and len(GUIDE.split()) <= 900
