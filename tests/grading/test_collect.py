"""Whose file is whose: exports of learning platforms, nbgrader's folders, and names of every kind."""

from __future__ import annotations

import os

import pytest

from lrcourse.grading.collect import collect
from lrcourse.grading.model import Assignment
from lrcourse.grading.names import read_roster

HW = Assignment("hw1", ("8.8.2",))
ROSTER = """id,name,email
s001,Ann Lee,ann.lee@example.edu
s002,Bo Øst,bo@example.edu
s003,Ann Lee-Smith,als@example.edu
"""


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8")
    return read_roster(path)


def hand_in(tmp_path, *names):
    folder = tmp_path / "submitted"
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
        os.utime(path, (1_000_000_000, 1_000_000_000))
    return folder


def whose(folder, roster=None):
    return [(found.student, str(found.path.relative_to(folder))) for found in collect(folder, HW, roster)]


def students(folder, roster=None):
    return [found.student for found in collect(folder, HW, roster)]


def test_nbgraders_layout(tmp_path):
    folder = hand_in(tmp_path, "ada/hw1/hw1.ipynb", "ada/hw1/timestamp.txt", "ada/hw2/hw2.ipynb", "bob/hw1/hw1.ipynb")
    assert whose(folder) == [("ada", "ada/hw1/hw1.ipynb"), ("bob", "bob/hw1/hw1.ipynb")]


def test_canvas(tmp_path, roster):
    names = [
        "leeann_4711_90001_hw1.ipynb",
        "stbo_LATE_4712_90002_my homework-1.ipynb",
        "leesmithann_4713_90003_hw1-2.ipynb",
    ]
    folder = hand_in(tmp_path, *names)
    assert students(folder, roster) == ["4712", "s001", "s003"]  # Canvas leaves out the Ø: a person must look
    assert students(folder) == ["leeann_4711", "leesmithann_4713", "stbo_4712"]


def test_canvas_by_the_users_number(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id,name,canvas_id\ns1,X,4711\n")
    assert students(hand_in(tmp_path, "whoever_4711_90001_hw1.ipynb"), read_roster(path)) == ["s1"]


@pytest.mark.parametrize("folder", ["Ann Lee_123_assignsubmission_file", "Ann Lee_123_assignsubmission_file_"])
def test_moodle(tmp_path, roster, folder):
    place = hand_in(tmp_path, f"{folder}/hw1.ipynb", "Bo Øst_124_assignsubmission_file_hw1.ipynb")
    assert students(place, roster) == ["s001", "s002"]
    assert students(place) == ["Ann Lee_123", "Bo Øst_124"]  # without a roster, names alone may be shared


def test_moodles_text_beside_a_notebook_is_not_a_second_submission(tmp_path, roster):
    text = "Ann Lee_123_assignsubmission_onlinetext/onlinetext.html"
    folder = hand_in(tmp_path, "Ann Lee_123_assignsubmission_file/hw1.ipynb", text)
    assert whose(folder, roster) == [("s001", "Ann Lee_123_assignsubmission_file/hw1.ipynb")]


def test_a_text_instead_of_a_notebook_is_a_submission(tmp_path, roster):
    text = "Ann Lee_123_assignsubmission_onlinetext/onlinetext.html"
    folder = hand_in(tmp_path, text, "bo.txt", "README.txt", "grades.csv")
    assert whose(folder, roster) == [("s001", text), ("s002", "bo.txt")]
    assert students(folder) == ["Ann Lee_123"]


def test_plain_names(tmp_path, roster):
    folder = hand_in(tmp_path, "s001.ipynb", "hw1_bo.ipynb", "Ann Lee-Smith hw1.ipynb")
    assert students(folder, roster) == ["s001", "s002", "s003"]


def test_who_is_on_no_roster_has_a_row_all_the_same(tmp_path, roster):
    assert students(hand_in(tmp_path, "stranger.ipynb"), roster) == ["stranger"]


def test_a_name_that_two_share_is_not_guessed(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id,name\n1,Ann Lee\n2,Ann Lee\n")
    assert students(hand_in(tmp_path, "leeann_7_8_hw1.ipynb"), read_roster(path)) == ["7"]


def test_two_of_one_name_stay_two_and_moodles_number_in_the_roster_tells_them_apart(tmp_path):
    path = tmp_path / "roster.csv"
    names = [f"Ann Lee_{number}_assignsubmission_file/hw1.ipynb" for number in (55, 56)]
    folder = hand_in(tmp_path, *names)
    path.write_text("id,name\n1,Ann Lee\n2,Ann Lee\n")
    assert students(folder, read_roster(path)) == ["Ann Lee_55", "Ann Lee_56"]
    path.write_text("id,name,moodle\n1,Ann Lee,56\n2,Ann Lee,55\n")
    assert whose(folder, read_roster(path)) == [("1", names[1]), ("2", names[0])]


def test_the_time_in_canvass_zip_is_the_exports_and_so_not_taken_for_the_students(tmp_path):
    folder = hand_in(tmp_path, "leeann_7_8_hw1.ipynb", "bob/hw1/evil_7_8_hw1.ipynb")
    times = {found.student: found.submitted for found in collect(folder, HW)}
    assert times == {"leeann_7": "", "bob": "2001-09-09T01:46:40+00:00"}


def test_of_two_canvas_files_the_one_with_the_higher_number_comes_last(tmp_path):
    names = ["leeann_7_9_hw1.ipynb", "leeann_7_10_hw1-1.ipynb"]
    assert [path for _, path in whose(hand_in(tmp_path, *names))] == names


@pytest.mark.parametrize(
    "told, when",
    [
        ("2026-03-01 22:00:00.123456 UTC", "2026-03-01T22:00:00+00:00"),
        ("2026-03-01 23:00:00 +0100", "2026-03-01T22:00:00+00:00"),
        ("2026-03-01 22:00:00 Somewhere", "2001-09-09T01:46:40+00:00"),
        ("2026-99-01 22:00:00 UTC", ""),
    ],
)
def test_nbgraders_timestamp_says_when_a_file_came(tmp_path, told, when):
    folder = hand_in(tmp_path, "ada/hw1/hw1.ipynb", "bob/hw1.ipynb")
    for place in ("ada/hw1", "bob"):  # bob's is in no place where nbgrader writes
        (folder / place / "timestamp.txt").write_text(told + "\n")
    times = {found.student: found.submitted for found in collect(folder, HW)}
    assert times == {"ada": when, "bob": "2001-09-09T01:46:40+00:00"}


def test_a_packed_export_is_refused_with_the_remedy(tmp_path):
    (tmp_path / "all.zip").write_bytes(b"PK")
    with pytest.raises(ValueError, match="unzip it into a folder"):
        collect(tmp_path / "all.zip", HW)


def test_the_latest_comes_last(tmp_path):
    folder = hand_in(tmp_path, "ada/first.ipynb", "ada/second.ipynb", "bob/x.ipynb")
    os.utime(folder / "ada" / "first.ipynb", (1_100_000_000, 1_100_000_000))
    assert whose(folder)[-1] == ("ada", "ada/first.ipynb")
    assert collect(folder, HW)[-1].submitted == "2004-11-09T11:33:20+00:00"


def test_a_single_file(tmp_path):
    folder = hand_in(tmp_path, "ada.ipynb")
    assert [found.student for found in collect(folder / "ada.ipynb", HW)] == ["ada"]


def test_there_is_no_folder(tmp_path):
    with pytest.raises(ValueError, match="there is no folder"):
        collect(tmp_path / "nowhere", HW)


def test_what_systems_leave_is_nobodys(tmp_path):
    names = [".DS_Store", "__MACOSX/._ada.ipynb", "ada/.ipynb_checkpoints/hw1.ipynb", "ada/hw1.ipynb", "gradebook.db"]
    assert whose(hand_in(tmp_path, *names)) == [("ada", "ada/hw1.ipynb")]


def test_an_empty_folder_and_one_without_a_notebook_are_submissions(tmp_path):
    folder = hand_in(tmp_path, "bob/answers.docx")
    (folder / "ada").mkdir()
    assert sorted(whose(folder)) == [("ada", "ada"), ("bob", "bob/answers.docx")]


def test_links_are_not_followed(tmp_path):
    folder = hand_in(tmp_path, "ada/hw1.ipynb")
    secret = tmp_path / "elsewhere"
    secret.mkdir()
    (secret / "secret.ipynb").write_text("{}")
    (folder / "mallory").symlink_to(secret)
    (folder / "eve").mkdir()
    (folder / "eve" / "hw1").symlink_to(secret)
    assert sorted(whose(folder)) == [("ada", "ada/hw1.ipynb"), ("eve", "eve/hw1"), ("mallory", "mallory")]


def test_circles_and_depths_end(tmp_path):
    deep = "/".join("abcdefghij") + "/x.ipynb"
    folder = hand_in(tmp_path, f"ada/{deep}", "ada/hw1.ipynb")
    (folder / "ada" / "loop").symlink_to(folder / "ada")
    assert whose(folder) == [("ada", "ada/hw1.ipynb")]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs rights that can be taken away")
def test_a_folder_that_may_not_be_entered_is_a_submission(tmp_path, monkeypatch):
    folder = hand_in(tmp_path, "ada/hw1.ipynb", "bob/hw1.ipynb")
    honest = os.scandir

    def scandir(path):
        if os.fspath(path).endswith("bob"):
            raise PermissionError(13, "Permission denied")
        return honest(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert whose(folder) == [("ada", "ada/hw1.ipynb"), ("bob", "bob")]


@pytest.mark.parametrize(
    "name, student",
    [
        ("=cmd|'C calc'!A0", "=cmd|'C calc'!A0"),
        ('a"b,c', 'a"b,c'),
        ("line\nbreak", "linebreak"),
        ("x\u202ecod.evil", "xcod.evil"),
        ("z\u200bero", "zero"),
        ("Müller", "Müller"),
        ("x" * 200, "x" * 120),
        ("hw1", "hw1"),
    ],
    ids=range(8),
)
def test_odd_names(tmp_path, name, student):
    assert students(hand_in(tmp_path, f"{name}.ipynb")) == [student]


def test_a_name_that_is_no_text(tmp_path):
    folder = hand_in(tmp_path, "ada.ipynb")
    with open(os.path.join(os.fsencode(folder), b"\xff\xfe.ipynb"), "w") as out:
        out.write("{}")
    assert "ada" in students(folder) and len(students(folder)) == 2


@pytest.mark.parametrize("text, said", [("", "names nobody"), ("id,name\n", "names nobody"), ("id\n1\n1\n", "twice")])
def test_a_roster_that_makes_no_sense(tmp_path, text, said):
    path = tmp_path / "roster.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=said):
        read_roster(path)


def test_a_roster_as_excel_writes_it(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes("\ufeffName,Student_ID\r\nAnn,7\r\n,\r\n".encode())
    assert list(read_roster(path)) == ["7"]
