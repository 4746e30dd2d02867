"""Reading files that may be anything. What files get as a reason is in `attacks/files.py`; here is the rest."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading

import pytest

from lrcourse.grading import submission
from lrcourse.grading.submission import BYTES, CELLS, DEPTH, SOURCE, Unreadable, parse, read

if not hasattr(os, "O_NOFOLLOW"):
    pytest.skip("links cannot be refused on this system", allow_module_level=True)


def book(*cells, **more):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | more).encode()


def code(source, **metadata):
    return {"cell_type": "code", "source": source, "metadata": metadata}


def test_bytes_and_their_hash(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_bytes(b"abc")
    assert read(path) == (b"abc", hashlib.sha256(b"abc").hexdigest())


def test_the_largest_file_that_is_read(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_bytes(b"x" * BYTES)
    assert len(read(path)[0]) == BYTES
    path.write_bytes(b"x" * (BYTES + 1))
    with pytest.raises(Unreadable, match=r"too large: 4\.2 MB; 4 MB are read at most"):
        read(path)


def test_a_fifo_does_not_hold_up_the_class(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    done = threading.Event()

    def attempt():
        with pytest.raises(Unreadable, match="not a plain file"):
            read(tmp_path / "fifo")
        done.set()

    threading.Thread(target=attempt, daemon=True).start()
    assert done.wait(30)


def test_a_file_that_grows_while_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "a.ipynb"
    path.write_bytes(b"x" * (BYTES + 10))
    honest = os.fstat
    monkeypatch.setattr(submission.os, "fstat", lambda fd: os.stat_result([*honest(fd)[:6], 5, *honest(fd)[7:10]]))
    with pytest.raises(Unreadable, match="grew"):
        read(path)


def test_a_disk_that_fails_is_a_reason_and_no_end_of_the_class(tmp_path, monkeypatch):
    path = tmp_path / "a.ipynb"
    path.write_bytes(b"x")

    def fails(*_told, **_more):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(submission, "open", fails, raising=False)
    with pytest.raises(Unreadable, match="Input/output error"):
        read(path)


@pytest.mark.parametrize("name", ["missing.ipynb", "x" * 300 + ".ipynb", "missing/a.ipynb"])
def test_a_file_that_is_not_there(tmp_path, name):
    with pytest.raises(Unreadable, match="cannot be opened"):
        read(tmp_path / name)


def test_no_handle_is_left_open(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for path in (tmp_path, tmp_path / "a", tmp_path / "none"):
        with contextlib.suppress(Unreadable):
            read(path)
    assert not before or len(os.listdir("/proc/self/fd")) == before


# -- cells ---------------------------------------------------------------------------------------------------


def test_what_is_taken_of_a_cell():
    marks = {"lrcourse": {"exercise": "8.8.2", "role": "stub"}, "nbgrader": {"grade_id": "answer-8-8-2"}}
    (cell,) = parse(book(code(["a = 1\n", "b = 2"], **marks))).cells
    assert (cell.kind, cell.source, cell.exercise, cell.role, cell.grade_id) == (
        "code", "a = 1\nb = 2", "8.8.2", "stub", "answer-8-8-2",
    )  # fmt: skip


@pytest.mark.parametrize("metadata", [None, 5, [], {"lrcourse": 5, "nbgrader": []}, {"nbgrader": {"grade_id": 5}}])
def test_metadata_of_any_type(metadata):
    (cell,) = parse(book(code("a = 1") | {"metadata": metadata})).cells
    assert cell.source == "a = 1" and cell.grade_id == "" and cell.exercise == ""


@pytest.mark.parametrize("kind", [None, 5, "heading", ["code"]])
def test_cells_of_other_kinds(kind):
    assert parse(book(code("a") | {"cell_type": kind})).cells[0].kind == "other"


@pytest.mark.parametrize("source", [5, None, {"a": 1}, ["a", 5], "x" * (SOURCE + 1)])
def test_sources_that_are_no_text_are_left_out_and_noted(source):
    told = parse(book(code("a = 1"), code(source)))
    assert [cell.source for cell in told.cells] == ["a = 1"]
    assert told.anomalies == ["a cell without text, or with far too much, was left out"]


def test_lone_surrogates_become_question_marks():
    data = book(code("x = '\ud800'"))
    assert parse(data).cells[0].source == "x = '?'"


@pytest.mark.parametrize("turned", "\u200b\u200f\u202e\u2066\ufeff")
def test_characters_that_hide_or_turn_text_are_noted_and_kept(turned):
    told = parse(book(code(f"a = 1  # {turned}")))
    assert turned in told.cells[0].source and "invisible" in told.anomalies[0]


def test_ordinary_letters_of_the_world_are_not_noted():
    assert parse(book(code("größe = 1  # η, 日本, עברית, 👍🏽"))).anomalies == []


# -- formats -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [1, 2, 3])
def test_old_formats_are_upgraded(version):
    sheets = [
        {"cells": [{"cell_type": "code", "input": "a = 1"}]},
        {"cells": [{"cell_type": "code", "input": ["b"]}]},
        5,
    ]
    told = parse(json.dumps({"nbformat": version, "worksheets": sheets}).encode())
    assert [cell.source for cell in told.cells] == ["a = 1", "b"]
    assert told.anomalies == [f"stored in the old format {version}: upgraded"]


@pytest.mark.parametrize("version", [5, 99, None, "4", [4], {"x": 1}])
def test_formats_to_come_are_read_as_4_and_noted(version):
    told = parse(book(code("a = 1"), nbformat=version))
    assert [cell.source for cell in told.cells] == ["a = 1"] and "read as format 4" in told.anomalies[0]


def test_what_the_notebook_says_of_itself():
    assert parse(book(metadata={"lrcourse": {"student": "ada"}})).claims == {"student": "ada"}
    for metadata in (5, {"lrcourse": 5}, None):
        assert parse(book(metadata=metadata)).claims == {}


def test_depth_and_number_of_cells_have_limits():
    inner = 1
    for _ in range(DEPTH - 2):
        inner = [inner]
    assert parse(book(x=inner)).cells == []
    with pytest.raises(Unreadable, match="nested"):
        parse(book(x=[[[inner]]]))
    assert len(parse(book(*[code("")] * CELLS)).cells) == CELLS
    with pytest.raises(Unreadable, match=f"{CELLS + 1} cells"):
        parse(book(*[code("")] * (CELLS + 1)))


def test_brackets_in_texts_do_not_count_as_depth():
    assert len(parse(book(code("[" * 500 + '"' + "{" * 500 + "\\"))).cells) == 1


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_constants_that_are_not_json(text):
    with pytest.raises(Unreadable, match="is not JSON"):
        parse(b'{"nbformat": 4, "cells": [], "x": ' + text.encode() + b"}")


@pytest.mark.parametrize(
    "data, said",
    [(b"", "empty"), (b"{", "not valid JSON"), (b"null", "not a notebook"), (b'"x"', "not a notebook"),
     (b"PK\x03\x04", "zip"), (b"\xff\xfe{", "UTF-8"), (b"<html>", "not valid JSON"), (b"{}", "no cells"),
     (b'{"cells": {}}', "no cells"), (b"]" * 1000, "not valid JSON"), (b'{"a": "\x00"}', "not valid JSON"),
     (b"[" * 5_000_000, "nested"), (b'"' * 1_000_000, "not valid JSON"), (b'"\\' * 1_000_000, "not valid JSON")],
    ids=lambda told: str(told[:12]),
)  # fmt: skip
def test_what_is_no_notebook(data, said):
    with pytest.raises(Unreadable, match=said):
        parse(data)
