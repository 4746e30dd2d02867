"""The grader's commands as a teacher and a program see them: words, exit statuses, JSON, dry runs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from synthetic import hand_in, shared

from lrcourse import cli
from lrcourse.grading import commands, grade, levels, model, running
from lrcourse.grading.journal import Journal
from lrcourse.grading.model import GRADED, MISSING, QUARANTINED, UNREADABLE

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("grade", "regrade", "report", "doctor")
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="grading runs on Linux")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Three notebooks, a file that is none, somebody who handed in nothing; and what they are worth."""
    folder = tmp_path_factory.mktemp("course")
    points = hand_in(folder / "submitted", shared("8.8"), 3)
    (folder / "submitted" / "student00003" / "8.8").mkdir(parents=True)
    (folder / "submitted" / "student00003" / "8.8" / "8.8.ipynb").write_text("PK\x03\x04 or so")
    lines = "".join(f"student{n:05d},Student {n}\n" for n in range(5))
    (folder / "roster.csv").write_text(f"id,name\n{lines}")
    return folder, points


@pytest.fixture
def run(capsys):
    """Run a command in this process: its exit status, what it said, and what it said on stderr."""

    def run(*arguments):
        status = cli.main(list(map(str, arguments)))
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def grading(course, tmp_path, *more):
    folder, _ = course
    return ("grade", folder / "submitted", "--assignment", "8.8", "--same-numbers", "--course", tmp_path, *more)


@pytest.fixture
def graded(course, tmp_path, run):
    """A course that is graded already."""
    (tmp_path / "roster.csv").write_text((course[0] / "roster.csv").read_text())
    assert run(*grading(course, tmp_path))[0] == commands.LOOK
    return tmp_path


# ---- help ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_it_does_and_what_every_option_means(name, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0 and len(said.split("options:")[0].split("\n\n")[1]) > 60
    for action in actions(name):
        assert action.help and len(action.help) > 8, f"{name} {action.dest} says nothing"


def actions(name):
    subcommands = next(a for a in cli._parser()._actions if hasattr(a, "choices") and a.choices)
    return [action for action in subcommands.choices[name]._actions if action.dest != "json" or name != "doctor"]


@pytest.mark.parametrize("name", ["grade", "regrade"])
def test_exit_statuses_are_told(name, capsys):
    with pytest.raises(SystemExit):
        cli.main([name, "--help"])
    said = " ".join(capsys.readouterr().out.split())
    for status in (commands.DONE, commands.LOOK, 2, commands.NO_ISOLATION, commands.STOPPED):
        assert f" {status} " in said


# ---- grade --------------------------------------------------------------------------------------------------


def test_grading_says_how_many_and_who_needs_a_person(course, tmp_path, run):
    folder, _ = course
    (tmp_path / "roster.csv").write_text((folder / "roster.csv").read_text())
    status, said, _ = run(*grading(course, tmp_path))
    assert status == commands.LOOK
    assert said.startswith("3 graded, 1 unreadable, in ") and "isolation: " in said
    assert "student00003: not graded: it is a zip archive" in said
    assert "nothing handed in: student00004" in said
    status, said, err = run(*grading(course, tmp_path))
    assert status == commands.LOOK and said.startswith("nothing new, 4 were there already")
    assert err == "lrcourse: still not graded: student00003; ask for the file anew\n"


def test_grading_for_a_program(course, tmp_path, run):
    _, points = course
    status, said, _ = run(*grading(course, tmp_path, "--json"))
    *rows, summary = map(json.loads, said.splitlines())
    assert {row["student"]: row["points"] for row in rows} == points | {"student00003": None}
    assert all({"status", "reason", "level", "run", "seed", "marks"} <= set(row) for row in rows)
    assert summary["counts"] == {GRADED: 3, UNREADABLE: 1} and summary["run"] == rows[0]["run"]
    assert status == commands.LOOK


def test_a_dry_run_says_whose_each_file_is_and_writes_nothing(course, tmp_path, run):
    (tmp_path / "roster.csv").write_text("id,name\nstudent00001,One\n")
    status, said, _ = run(*grading(course, tmp_path, "--dry-run"))
    assert status == commands.LOOK and len(said.splitlines()) == 4
    assert said.count("(not on the roster)") == 3
    status, said, err = run(*grading(course, tmp_path, "--dry-run", "--json"))
    assert [json.loads(line)["student"] for line in said.splitlines()] == [f"student{n:05d}" for n in range(4)]
    assert "not on the roster: student00000, student00002, student00003. Whose they are" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["roster.csv"]


def test_a_folder_without_submissions_is_wrong_use(tmp_path, run):
    status, _, err = run("grade", tmp_path, "--assignment", "8.8", "--course", tmp_path)
    assert status == 2 and "holds no submissions" in err


@pytest.mark.parametrize(
    "change, said",
    [
        (("--jobs", "0"), "--jobs and --seconds must be more than 0"),
        (("--seconds", "-1"), "--jobs and --seconds must be more than 0"),
        (("--assignment", "9.9"), "there is no assignment '9.9'"),
        (("--journal", "elsewhere://me@host/x"), "--journal"),
        (("--roster", "no-such.csv"), "there is no roster no-such.csv"),
    ],
)
def test_wrong_use_is_told_in_words(course, tmp_path, run, change, said):
    status, _, err = run(*grading(course, tmp_path, *change))
    assert status == 2 and err.startswith("lrcourse: ") and said in err


def test_a_folder_that_is_not_there(tmp_path, run):
    status, _, err = run("grade", tmp_path / "none", "--assignment", "8.8", "--course", tmp_path)
    assert status == 2 and err.startswith("lrcourse: there is no folder")


def test_own_numbers_need_the_secret_they_were_drawn_from(course, tmp_path, run):
    status, _, err = run("grade", course[0] / "submitted", "--assignment", "8.8", "--course", tmp_path)
    assert status == 2 and "secret.key: `lrcourse release` makes it" in err


def test_without_isolation_nothing_runs(course, tmp_path, run, monkeypatch):
    monkeypatch.setattr(levels, "available", lambda: {"bwrap": "not installed", "landlock": "an old kernel"})
    monkeypatch.setattr(running, "run", lambda *_: pytest.fail("it ran"))
    status, _, err = run(*grading(course, tmp_path))
    assert status == commands.NO_ISOLATION and "bwrap: not installed; landlock: an old kernel" in err


def test_ctrl_c_keeps_what_is_there(course, tmp_path, run, monkeypatch):
    real, told = grade.Grader._record, []

    def stopped(self, row, parts, tell):
        real(self, row, parts, tell)
        told.append(row)
        raise KeyboardInterrupt

    monkeypatch.setattr(grade.Grader, "_record", stopped)
    status, _, err = run(*grading(course, tmp_path))
    assert status == commands.STOPPED and "stopped. 1 of 4 are done; run it again for the rest" in err
    monkeypatch.undo()
    _, said, _ = run(*grading(course, tmp_path, "--json"))
    assert json.loads(said.splitlines()[-1])["already"] == len(told) == 1


def test_a_second_grader_is_told(course, tmp_path, run):
    with Journal(tmp_path / "grades.db") as journal, journal.writing():
        status, _, err = run(*grading(course, tmp_path))
    assert status == 2 and "another `lrcourse grade` is writing into" in err


def test_many_rows_with_one_reason_are_told_in_short(tmp_path, run, monkeypatch):
    hand_in(tmp_path / "submitted", shared("8.8"), 8)

    def failing(*_):
        raise running.Fault("no memory")

    monkeypatch.setattr(running, "run", failing)
    status, said, _ = run(*grading((tmp_path, None), tmp_path))
    assert status == commands.LOOK and said.count("no memory") == 5 and "and 3 more for the same reason" in said


def test_a_bar_is_shown_to_a_person_only(course, tmp_path):
    command = [sys.executable, "-m", "lrcourse", *map(str, grading(course, tmp_path))]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == commands.LOOK and done.stderr == ""
    ours, theirs = os.openpty()
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    shown = os.read(ours, 4096).decode()
    os.close(ours)
    assert "4/4" in shown and f"[{'#' * 30}]" in shown


# ---- regrade and report -------------------------------------------------------------------------------------


def test_a_regrade_needs_no_option_to_know_whose_numbers(graded, run):
    status, said, _ = run("regrade", "8.8", "--course", graded)
    assert status == commands.DONE and said.startswith("nothing new, 3 were there already")


def test_a_regrade_under_other_rules_says_so(graded, run, monkeypatch):
    monkeypatch.setattr(model, "RULES", model.RULES + 1)
    monkeypatch.setattr(grade, "RULES", model.RULES)
    status, said, _ = run("regrade", "8.8", "--course", graded, "--dry-run")
    assert status == commands.DONE and said.startswith("3 graded, in")
    assert f"other than when it was graded: rules: {model.RULES - 1} then, {model.RULES} now" in said
    _, said, _ = run("regrade", "8.8", "--course", graded, "--json")
    assert json.loads(said.splitlines()[-1])["counts"] == {GRADED: 3}, "the dry one wrote nothing"


def test_changed_marks_are_told_and_make_the_status(graded, run, monkeypatch):
    monkeypatch.setattr(grade.marking, "mark", lambda exercise, *_: grade.marking.unanswered(exercise, []))
    status, said, _ = run("regrade", "8.8", "--course", graded, "--dry-run")
    assert status == commands.LOOK and "→ 0 points" in said


def test_nothing_to_regrade(graded, tmp_path_factory, run):
    assert "nothing of 8.4 is graded in" in run("regrade", "8.4", "--course", graded)[2]
    status, _, err = run("regrade", "8.8", "--course", tmp_path_factory.mktemp("empty"))
    assert status == 2 and "there is no journal" in err


def test_the_report_has_everyone_first_those_who_need_a_person(graded, course, run):
    _, points = course
    status, said, _ = run("report", "8.8", "--course", graded)
    lines = said.splitlines()
    assert status == commands.DONE
    assert [line.split()[0] for line in lines if line.startswith("student")] == [
        "student00003", "student00004", "student00000", "student00001", "student00002",
    ]  # fmt: skip
    assert f"3 graded, mean {sum(points.values()) / 3:.2f} of 7" in lines[-1]
    rows = json.loads(run("report", "8.8", "--course", graded, "--json")[1])
    assert [row["status"] for row in rows] == [UNREADABLE, MISSING, GRADED, GRADED, GRADED]
    assert {row["student"]: row["total"] for row in rows[2:]} == points


def test_the_report_tells_the_conditions_of_every_run(graded, run):
    _, said, _ = run("report", "8.8", "--course", graded, "--runs")
    (told,) = json.loads(said).values()
    assert {"started", "python", "platform", "packages", "declarations", "rules", "seed", "level"} <= set(told)
    assert told["packages"]["numpy"] and not told["own_numbers"]


def test_the_journal_may_lie_elsewhere(course, tmp_path, run):
    place = tmp_path / "school" / "all.db"
    run(*grading(course, tmp_path, "--journal", place))
    assert not (tmp_path / "grades.db").exists()
    assert "3 graded, mean" in run("report", "8.8", "--course", tmp_path, "--journal", place)[1]


def test_what_was_put_aside_is_in_the_report(course, tmp_path, run, monkeypatch):
    def failing(*_):
        raise running.Fault("no memory")

    monkeypatch.setattr(running, "run", failing)
    run(*grading(course, tmp_path))
    rows = json.loads(run("report", "8.8", "--course", tmp_path, "--json")[1])
    assert {row["status"] for row in rows} == {QUARANTINED, UNREADABLE}
    assert all(row["points"] is None and row["total"] is None for row in rows)


# ---- doctor -------------------------------------------------------------------------------------------------


def test_the_doctor_tries_and_tells(run):
    status, said, _ = run("doctor")
    told = json.loads(run("doctor", "--json")[1])
    assert (status == commands.DONE) == bool(told["used"]) and set(told["levels"]) == {"bwrap", "landlock"}
    assert f"lrcourse grade would use: {told['used'] or 'nothing'}" in said
    for level in told["levels"].values():
        assert level["said"]


def test_the_doctor_of_a_machine_without_isolation(run, monkeypatch):
    monkeypatch.setattr("lrcourse.grading.doctor.available", lambda: {"bwrap": "not installed", "landlock": "no"})
    status, said, _ = run("doctor")
    assert status == commands.NO_ISOLATION and "would use: nothing. Install bubblewrap" in said
