"""The teacher's desk: lateness by rule, points by hand, essays to read, and the commands that do it."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from office_class import SECRET, course_at, filled, machine_grade

from lrcourse.cli import main
from lrcourse.grading import late, manual
from lrcourse.grading.journal import Journal
from lrcourse.grading.model import UNREADABLE, read_assignment

DUE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
section = read_assignment("8.8")


def ruled(**rest):
    told = {"per_day": 0.1, "at_most": 0.5, "grace": "PT15M"}
    return replace(section, due=DUE.isoformat(), options={"late": told | rest.pop("late", {}), **rest})


def penalties(tmp_path, assignment, *after, right=1.0):
    """What each of so many times after the deadline costs."""
    with Journal(tmp_path / "grades.db") as journal:
        for number, span in enumerate(after):
            machine_grade(journal, assignment, f"s{number}", right, submitted=(DUE + span).isoformat())
        told = late.apply(journal, assignment)
        return [told.get(f"s{number}", (0.0, ""))[0] for number in range(len(after))]


# ---- lateness ------------------------------------------------------------------------------------------------


def test_a_day_begun_counts_and_the_grace_costs_nothing(tmp_path):
    m, d = timedelta(minutes=1), timedelta(days=1)
    spans = [-d, 0 * m, 15 * m, 16 * m, d, d + m, 3 * d, 30 * d]
    assert penalties(tmp_path, ruled(), *spans) == pytest.approx([0, 0, 0, 0.7, 0.7, 1.4, 2.1, 3.5])


def test_a_share_of_the_points_reached_may_be_meant(tmp_path):
    assignment = ruled(late={"of": "points"})
    (cost,) = penalties(tmp_path, assignment, timedelta(hours=1), right=0.5)
    assert cost == pytest.approx(0.3)


def test_an_extension_moves_ones_own_deadline(tmp_path):
    assignment = ruled(extensions={"s0": (DUE + timedelta(days=2)).isoformat()})
    assert penalties(tmp_path, assignment, timedelta(days=1), timedelta(days=1)) == pytest.approx([0, 0.7])


def test_applying_it_again_changes_nothing_and_a_moved_deadline_takes_it_back(tmp_path):
    assignment = ruled()
    with Journal(tmp_path / "grades.db") as journal:
        machine_grade(journal, assignment, "ada", submitted=(DUE + timedelta(days=1)).isoformat())
        assert late.apply(journal, assignment) == late.apply(journal, assignment)
        (told,) = journal.adjustments(section.name)
        assert told["points"] == pytest.approx(0.7) and told["note"] == "1 day late: 10% of all points"
        assert journal.grades(section.name)[0].total == pytest.approx(6.3)
        late.apply(journal, replace(assignment, due=(DUE + timedelta(days=9)).isoformat()))
        assert journal.adjustments(section.name) == [] and journal.grades(section.name)[0].total == 7


def test_what_was_not_graded_and_what_came_at_no_known_time_costs_nothing(tmp_path):
    assignment = ruled()
    with Journal(tmp_path / "grades.db") as journal:
        machine_grade(journal, assignment, "ada", status=UNREADABLE, submitted=(DUE + timedelta(days=1)).isoformat())
        machine_grade(journal, assignment, "bob")
        assert late.apply(journal, assignment) == {}


def test_where_most_are_late_within_minutes_nobody_pays_until_a_person_has_looked(tmp_path):
    copied = [timedelta(days=2, seconds=number) for number in range(4)]
    assert penalties(tmp_path, ruled(), -timedelta(days=1), *copied) == [0] * 5
    with Journal(tmp_path / "grades.db") as journal:
        told = late.doubts(ruled(), journal.grades(section.name))
        assert set(told) == {"s1", "s2", "s3", "s4"} and "submitted = {s1 =" in told["s1"]
        at = {f"s{number}": (DUE + timedelta(hours=1)).isoformat() for number in (1, 2)}
        assert set(late.apply(journal, ruled(submitted=at))) == {"s1", "s2", "s3", "s4"}  # two are no class


def test_canvass_mark_costs_nothing_until_the_time_is_given(tmp_path):
    path = tmp_path / "leeann_LATE_7_8_8.8.ipynb"
    path.write_text("{}")
    with Journal(tmp_path / "grades.db") as journal:
        machine_grade(journal, section, "ada", path=path)
        assert late.apply(journal, ruled()) == {}
        assert "marked _LATE_" in late.doubts(ruled(), journal.grades(section.name))["ada"]
        known = ruled(submitted={"ada": (DUE + timedelta(hours=1)).isoformat()})
        assert late.apply(journal, known) == {"ada": (pytest.approx(0.7), "1 day late: 10% of all points")}
        assert late.doubts(known, journal.grades(section.name)) == {}


def test_a_total_never_falls_below_nothing(tmp_path):
    assignment = ruled(late={"per_day": 1.0, "at_most": 1.0})
    with Journal(tmp_path / "grades.db") as journal:
        machine_grade(journal, assignment, "ada", 0.5, submitted=(DUE + timedelta(days=9)).isoformat())
        late.apply(journal, assignment)
        assert journal.grades(section.name)[0].total == 0


@pytest.mark.parametrize(
    "told, said",
    [
        (dict(late={"per_day": 10}), "per_day must be a share"),
        (dict(late={"per_day": True}), "per_day must be a share"),
        (dict(late={"per_day": 0.1, "at_most": -1}), "at_most must be a share"),
        (dict(late={"per_day": 0.1, "grace": "a while"}), "grace must be"),
        (dict(late={"per_day": 0.1, "of": "all"}), "of must be"),
        (dict(late={"per_day": 0.1, "perday": 1}), "there is no 'perday'"),
        (dict(late=0.1), "must be a table"),
        (dict(late={"per_day": 0.1}, extensions={"ada": "soon"}), "extensions: ada must be a time"),
        (dict(late={"per_day": 0.1}, submitted="monday"), "submitted must be a table"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_name(told, said):
    with pytest.raises(ValueError, match=said):
        late.rule(replace(section, due=DUE.isoformat(), options=told))


def test_a_rule_without_a_deadline_is_refused():
    with pytest.raises(ValueError, match="no deadline"):
        late.rule(replace(section, options={"late": {"per_day": 0.1}}))


@pytest.mark.parametrize("told, seconds", [("PT15M", 900), ("P1D", 86400), ("P1DT2H", 93600), ("PT30S", 30), (5, 300)])
def test_durations(told, seconds):
    assert late.duration(told) == timedelta(seconds=seconds)


@pytest.mark.parametrize("told", ["P", "PT", "15", "PT1.5H", None, True, -1, "PT5M extra"])
def test_what_is_no_duration_is_refused(told):
    with pytest.raises(ValueError, match="grace must be"):
        late.duration(told)


def test_a_day_alone_means_its_last_second():
    assert late.moment("2026-03-01", "due").astimezone() == datetime(2026, 3, 1, 23, 59, 59).astimezone()


# ---- points by hand --------------------------------------------------------------------------------------------


@cache
def with_essay(student, essay):
    return filled(read_assignment("implement_and_compose"), student, {}, {"pure-or-not": essay})


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with roster, secret and a graded assignment that has an essay."""
    monkeypatch.chdir(tmp_path)
    course_at(tmp_path)
    Path("roster.csv").write_text("id,name,email\nada,Ada Byron,ada@x.edu\nbob,Bob Noyce,bob@x.edu\n")
    assignment = read_assignment("implement_and_compose")
    with Journal("grades.db") as journal:
        for student, essay in (("ada", "=cmd()"), ("-eve", "<script>x</script>")):
            path = tmp_path / f"{student}.ipynb"
            path.write_text(with_essay(student, essay), encoding="utf-8")
            machine_grade(journal, assignment, student, 0.5, path=path)
    return assignment


def total(student):
    with Journal("grades.db") as journal:
        return {row.student: row.total for row in journal.grades("implement_and_compose")}[student]


def test_points_for_an_essay_are_added_and_those_for_an_exercise_replace_the_graders(desk):
    before = total("ada")
    assert main(["points", desk.name, "ada", "pure-or-not", "2.5", "--note", "fine"]) == 0
    assert total("ada") == before + 2.5
    with Journal("grades.db") as journal:
        row = next(row for row in journal.grades(desk.name) if row.student == "ada")
    first = row.marks[0]
    assert first.points == first.out_of == 1
    main(["points", desk.name, "ada", first.exercise, "0.5"])
    main(["points", desk.name, "ada", first.exercise, "0.5"])
    assert total("ada") == before + 2.5 - 0.5
    main(["points", desk.name, "ada", first.exercise, "--withdraw"])
    assert total("ada") == before + 2.5


@pytest.mark.parametrize(
    "told, said",
    [
        (["zoe", "pure-or-not", "1"], "neither on the roster nor in the journal"),
        (["ada", "8.8.2", "1"], "has no '8.8.2'"),
        (["ada", "pure-or-not", "4"], "from 0 to 3"),
        (["ada", "pure-or-not", "nan"], "from 0 to 3"),
        (["ada", "pure-or-not"], "from 0 to 3"),
        (["ada"], "name the student, the essay or exercise, and the points"),
        (["ada", "pure-or-not", "--withdraw"], "no points by hand"),
    ],
)
def test_points_that_cannot_be_are_refused(desk, capsys, told, said):
    assert main(["points", desk.name, *told]) == 2
    assert said in capsys.readouterr().err


def test_a_nought_by_hand_is_a_grade_where_there_was_none(desk, capsys):
    with Journal("grades.db") as journal:
        machine_grade(journal, desk, "bob", status=UNREADABLE)
    assert total("bob") is None
    main(["points", desk.name, "bob", "pure-or-not", "0"])
    assert total("bob") == 0
    main(["points", desk.name, "bob", "--withdraw"])
    assert total("bob") is None


def test_the_report_says_what_a_person_should_know(desk, capsys):
    with Journal("grades.db") as journal:
        machine_grade(journal, desk, "ada", status=UNREADABLE, submitted="2026-03-01T12:00:00+00:00")
    capsys.readouterr()
    main(["points", desk.name, "bob", "pure-or-not", "2"])
    assert main(["report", desk.name]) == 0
    said = capsys.readouterr().out
    assert "note: an earlier file was graded" in said and said.count("note: not on the roster") == 1
    assert "by hand +2" in said and "pure-or-not: 1 of 1 wait for points by hand" in said


def test_essays_are_written_to_be_read_and_the_table_comes_back(desk, capsys):
    assert main(["essays", desk.name]) == 0
    page = Path(f"{desk.name}-essays.html").read_text("utf-8")
    assert "&lt;script&gt;x" in page and "<script" not in page and "=cmd()" in page
    table = Path(f"{desk.name}-essays.csv")
    rows = list(csv.reader(table.open(newline="", encoding="utf-8")))
    assert [row[0] for row in rows] == ["student", "'-eve", "ada"]
    rows[1][2], rows[2][2], rows[2][3] = "1,5", "7", "too many"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    before = total("-eve")
    assert main(["points", desk.name, "--from", str(table)]) == 1  # one is left for a person
    assert total("-eve") == before + 1.5
    assert "line 3: points for pure-or-not go from 0 to 3" in capsys.readouterr().err


def test_a_table_without_its_columns_is_refused(desk):
    Path("points.csv").write_text("who,what\nada,1\n")
    with Journal("grades.db") as journal, pytest.raises(ValueError, match="needs the columns"):
        manual.read(journal, desk, Path("points.csv"), {"ada"})


def test_an_essay_whose_file_changed_after_grading_is_not_shown_as_if_it_had_been_graded(desk):
    path = Path("ada.ipynb")
    path.write_text(path.read_text("utf-8").replace("=cmd()", "rewritten"), encoding="utf-8")
    main(["essays", desk.name])
    page = Path(f"{desk.name}-essays.html").read_text("utf-8")
    assert "rewritten" not in page and "no longer the one that was graded" in page


# ---- the commands -----------------------------------------------------------------------------------------------


def test_release_by_command_dry_then_for_real_then_never_over_work(desk, capsys):
    assert main(["release", "8.8", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [n["state"] for n in told["notebooks"]] == ["new", "new"] and not Path("released").exists()
    assert main(["release", "8.8"]) == 0
    Path("released/ada/8.8/8.8.ipynb").write_text("mine")
    assert main(["release", "8.8"]) == 2
    assert main(["release", "8.8", "--dry-run"]) == 1
    assert Path("released/ada/8.8/8.8.ipynb").read_text() == "mine"


def test_the_first_release_makes_the_secret_and_a_dry_run_does_not(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["release", "8.8"]) == 2 and "no roster" in capsys.readouterr().err
    Path("roster.csv").write_text("id\nada\n")
    assert main(["release", "8.8", "--dry-run"]) == 0 and not Path("secret.key").exists()
    assert main(["release", "8.8"]) == 0 and Path("secret.key").stat().st_mode & 0o077 == 0
    assert main(["release", "8.8", "--same-numbers", "--out", "all"]) == 0 and Path("all/8.8/8.8.ipynb").is_file()


@pytest.mark.parametrize("format", ["csv", "canvas", "moodle", "gradescope"])
def test_every_format_is_written_where_it_says(desk, capsys, format):
    assert main(["export", format, desk.name, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    strangers = [] if format == "csv" else ["-eve"]  # a platform gets who is on the roster
    assert Path(told["out"]).exists() and told["lines"] == 3 - len(strangers) and told["without_grade"] == ["bob"]
    assert told["not_on_roster"] == strangers
    assert told["essays_without_points"] == {"pure-or-not": 2 - len(strangers)}


def test_an_export_says_what_its_totals_lack_and_whom_it_leaves_out(desk, capsys):
    main(["points", desk.name, "ada", "pure-or-not", "0"])
    Path("roster.csv").write_text("id\nada\n-eve\n")
    assert main(["export", "canvas", desk.name]) == 1
    assert "pure-or-not: 1 wait for points by hand" in capsys.readouterr().err
    Path("roster.csv").write_text("id\nada\nbob\n")
    assert main(["export", "canvas", desk.name]) == 1
    assert "not on the roster, so left out: -eve" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["feedback", "similar"])
def test_texts_made_from_other_declarations_than_those_graded_are_refused(desk, capsys, command):
    assert main([command, desk.name]) == 0
    Path("secret.key").write_text("another")
    assert main([command, desk.name]) == 2
    assert "run `lrcourse regrade` first" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["export", "csv"], ["feedback"], ["similar"], ["points"], ["late"], ["essays"]])
def test_before_anything_is_graded_each_says_so(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    course_at(tmp_path)
    assert main([*command, "8.8"]) == 2
    assert "grade first" in capsys.readouterr().err
    Journal("grades.db").close()
    assert main([*command, "8.8"]) == 2
    assert "nothing was graded for 8.8" in capsys.readouterr().err


def test_late_by_command(desk, capsys):
    Path("hw.toml").write_text('set = "implement_and_compose"\nname = "implement_and_compose"\ndue = 2020-01-01\n')
    assert main(["late", "hw.toml"]) == 0 and "no late rule" in capsys.readouterr().out
    Path("hw.toml").write_text(Path("hw.toml").read_text() + "late = {per_day = 0.1, at_most = 0.5}\n")
    with Journal("grades.db") as journal:
        machine_grade(journal, desk, "bob", submitted="2020-01-09T00:00:00+00:00", secret=SECRET)
    assert main(["late", "hw.toml", "--dry-run"]) == 0
    assert "-9.5  8 days late: 50% of all points" in capsys.readouterr().out.replace("7 days", "8 days")
    assert total("bob") == 16
    assert main(["late", "hw.toml"]) == 0 and total("bob") == 6.5
