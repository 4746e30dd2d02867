"""The learner's own record: what counts, what survives, what is suggested."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lrcourse.exercises import cells, check, get, hint, practice, progress, record, show_solution

ROOT = Path(__file__).resolve().parents[2]


def entries(file):
    return json.loads(file.read_text(encoding="utf-8"))["exercises"]


def test_nothing_is_written_before_there_is_something_to_note(progress_file):
    check("8.8.2", ...)
    check("8.8.99", 1)
    show_solution("8.8.2", 0.00172175)
    report = progress()
    assert not progress_file.parent.exists()
    assert report.solved == report.tried == ()
    assert "8.1" in report.text and "Next: 8.1.1" in report.text


def test_tries_end_with_the_first_right_answer(progress_file):
    for answer in (0.0016, "0.001", 0.001722, 0.0016, 0.001722):
        check("8.8.2", answer)
    entry = entries(progress_file)["8.8.2"]
    assert entry["tries"] == 3
    assert entry["stumbled"] == 1
    assert entry["solved"] <= entry["last"]
    assert progress().solved == ("8.8.2",)


def test_hints_come_one_by_one_and_are_counted(progress_file):
    exercise = get("8.4.2")
    for level, word in enumerate(("idea", "formula", "first line"), 1):
        said = hint("8.4.2").text
        assert said.startswith(f"8.4.2 hint {level} of 3 ({word}): {exercise.hints[level - 1]}")
    assert "Open the solution" in hint("8.4.2").text
    assert hint("8.4.2", 1).text.startswith("8.4.2 hint 1 of 3")
    assert entries(progress_file)["8.4.2"]["hints"] == 3
    assert progress().hints == 3
    assert "level 1, 2 or 3" in hint("8.4.2", 4).text


def test_asking_for_the_second_hint_counts_two(progress_file):
    hint("8.4.2", 2)
    assert entries(progress_file)["8.4.2"]["hints"] == 2
    assert hint("8.4.2").text.startswith("8.4.2 hint 3")


def test_other_numbers_are_practice_and_leave_no_trace(progress_file):
    again = practice("8.8.2")
    assert check(again, again.answer).correct
    assert not progress_file.exists()


def test_the_report_counts_by_section_and_suggests(progress_file):
    check("8.1.2", [1, 2, 3])
    for answer in (0.0016, 0.0018, 0.001722):
        check("8.8.2", answer)
    report = progress()
    assert report.tried == ("8.1.2",)
    assert report.repeat == ("8.8.2",)
    assert len(report.open) == len(report.solved + report.tried + report.open) - 2
    rows = {line.split()[0]: line.split()[1:] for line in report.text.splitlines() if line.startswith("8.")}
    assert rows["8.1"] == ["0", "1", "3", "0"]
    assert rows["8.8"] == ["1", "0", "5", "0"]
    assert "Go on with 8.1.2" in report.text
    assert 'practice("8.8.2") trains putting numbers into the cosine formula' in report.text


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b"\xff\xfe", b'{"format": 1}', b'{"format": 1, "exercises": {"8.8.2": 3}}',
     b'{"format": 1, "exercises": {"8.8.2": {"tries": "many"}}}', b"[" * 100_000],
    ids=lambda content: str(content[:30]),
)  # fmt: skip
def test_a_corrupted_file_is_set_aside_and_nothing_lost(progress_file, content):
    progress_file.parent.mkdir()
    for number in (1, 2):
        progress_file.write_bytes(content)
        check("8.8.1", 0.002)
        aside = progress_file.with_name(f"progress.json.corrupt-{number}")
        assert aside.read_bytes() == content
        assert entries(progress_file)["8.8.1"]["tries"] == 1
    assert "set aside, not deleted: progress.json.corrupt-1 and progress.json.corrupt-2" in progress().text


def test_a_corrupted_file_met_by_the_report_is_set_aside_too(progress_file):
    progress_file.parent.mkdir()
    progress_file.write_text("{{{")
    assert "set aside" in progress().text
    assert progress_file.with_name("progress.json.corrupt-1").read_text() == "{{{"


def test_a_newer_file_is_left_as_it_is(progress_file):
    progress_file.parent.mkdir()
    newer = '{"format": 2, "exercises": {}, "more": 1}'
    progress_file.write_text(newer)
    assert check("8.8.1", 0.002).correct
    assert progress_file.read_text() == newer


def test_what_another_version_added_is_kept(progress_file):
    progress_file.parent.mkdir()
    progress_file.write_text('{"format": 1, "exercises": {"8.8.1": {"tries": 2, "stars": 5}}, "name": "Ada"}')
    check("8.8.1", 0.002)
    kept = json.loads(progress_file.read_text())
    assert kept["name"] == "Ada"
    assert kept["exercises"]["8.8.1"]["stars"] == 5
    assert kept["exercises"]["8.8.1"]["tries"] == 3


@pytest.mark.parametrize("value", ["off", "", "0"])
def test_it_can_be_switched_off(monkeypatch, value, tmp_path):
    monkeypatch.setenv("LRCOURSE_PROGRESS", value)
    monkeypatch.setattr(record, "_in_memory", {"format": 1, "exercises": {}})
    assert record.path() is None
    check("8.8.1", 0.0019)
    assert hint("8.8.1").text.startswith("8.8.1 hint 1")
    assert hint("8.8.1").text.startswith("8.8.1 hint 2")
    assert progress().tried == ("8.8.1",)
    assert list(tmp_path.iterdir()) == []


def test_under_pytest_and_nbval_the_learners_file_is_left_alone(monkeypatch):
    monkeypatch.delenv("LRCOURSE_PROGRESS")
    assert record.path() is None


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, Path("/data/lrcourse/progress.json")),
        ("linux", {"XDG_DATA_HOME": ""}, Path.home() / ".local/share/lrcourse/progress.json"),
        ("darwin", {}, Path.home() / "Library/Application Support/lrcourse/progress.json"),
        ("win32", {"LOCALAPPDATA": "/local"}, Path("/local/lrcourse/progress.json")),
    ],
)
def test_where_it_lies_on_each_platform(monkeypatch, platform, variables, expected):
    for name in ("LRCOURSE_PROGRESS", "PYTEST_CURRENT_TEST", "PYTEST_VERSION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert record.path() == expected


def test_a_place_that_cannot_be_written_costs_no_verdict(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    for place in (tmp_path / "file" / "progress.json", tmp_path):
        monkeypatch.setenv("LRCOURSE_PROGRESS", str(place))
        assert check("8.8.1", 0.002).correct
        assert "exercises solved" in progress().text
    assert (tmp_path / "file").read_text() == "not a folder"


def test_a_link_stays_a_link(monkeypatch, tmp_path):
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text('{"format": 1, "exercises": {}}')
    link.symlink_to(real)
    monkeypatch.setenv("LRCOURSE_PROGRESS", str(link))
    check("8.8.1", 0.002)
    assert link.is_symlink()
    assert "8.8.1" in entries(real)


def _start(file, script):
    environment = {**os.environ, "LRCOURSE_PROGRESS": str(file)}
    return subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment)


def test_two_notebooks_at_once_lose_nothing(progress_file):
    script = "from lrcourse.exercises import check\nfor _ in range(30): check('{}', 0.5)"
    running = [_start(progress_file, script.format(id)) for id in ("8.8.1", "8.8.2", "8.8.2")]
    assert [p.wait(60) for p in running] == [0, 0, 0]
    assert entries(progress_file)["8.8.1"]["tries"] == 30
    assert entries(progress_file)["8.8.2"]["tries"] == 60


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_crash_leaves_the_old_record_or_the_new(progress_file):
    script = "from lrcourse.exercises import check\nwhile True: check('8.8.1', 0.5)"
    seen = 0
    for pause in (0.01, 0.017, 0.023, 0.031):
        running = _start(progress_file, script)
        while not progress_file.exists() or entries(progress_file)["8.8.1"]["tries"] <= seen:
            assert running.poll() is None
            time.sleep(0.005)
        time.sleep(pause)
        running.kill()
        running.wait(10)
        tries = entries(progress_file)["8.8.1"]["tries"]
        assert tries > seen
        seen = tries
    assert list(progress_file.parent.glob("*.corrupt-*")) == []
    check("8.8.1", 0.5)  # the lock of the dead holds nobody up
    assert entries(progress_file)["8.8.1"]["tries"] == seen + 1


def test_running_all_cells_of_an_exercise_is_no_progress(progress_file):
    names = {"check": check, "show_solution": show_solution}
    for cell in cells("8.8.2")[1:]:
        exec(cell.source, names)
    assert names["answer_8_8_2"] is ...
    assert not progress_file.exists()
