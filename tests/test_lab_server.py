"""`make lab`: a learner's work is never written over, and the address that is printed is the real one."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest

from lrcourse.lab_server import has_browser, refresh_copies

NAME = "8.1_first.ipynb"


@pytest.fixture
def folders(tmp_path):
    course, mine = tmp_path / "notebooks", tmp_path / "my-notebooks"
    course.mkdir()
    (course / NAME).write_text("edition 1")
    return course, mine


def test_a_first_start_copies_every_notebook(folders):
    course, mine = folders
    (course / "8.2_second.ipynb").write_text("edition 1")
    (said,) = refresh_copies(course, mine)
    assert "2 notebooks" in said
    assert sorted(path.name for path in mine.glob("*.ipynb")) == [NAME, "8.2_second.ipynb"]
    assert (mine / NAME).read_bytes() == (course / NAME).read_bytes()


def test_a_second_start_has_nothing_to_say(folders):
    refresh_copies(*folders)
    assert refresh_copies(*folders) == []


def test_a_learners_work_is_left_alone_and_in_silence(folders):
    course, mine = folders
    refresh_copies(course, mine)
    (mine / NAME).write_text("my work")
    assert refresh_copies(course, mine) == []
    assert (mine / NAME).read_text() == "my work"


def test_an_unchanged_copy_follows_the_course(folders):
    course, mine = folders
    refresh_copies(course, mine)
    (course / NAME).write_text("edition 2")
    (said,) = refresh_copies(course, mine)
    assert NAME in said
    assert (mine / NAME).read_text() == "edition 2"
    (course / NAME).write_text("edition 3")
    refresh_copies(course, mine)
    assert (mine / NAME).read_text() == "edition 3"


def test_a_changed_copy_is_kept_when_the_course_moves_on(folders):
    course, mine = folders
    refresh_copies(course, mine)
    (mine / NAME).write_text("my work")
    (course / NAME).write_text("edition 2")
    for _ in range(2):  # said at every start, until the learner decides
        (said,) = refresh_copies(course, mine)
        assert NAME in said and "kept" in said and "\n" not in said
    assert (mine / NAME).read_text() == "my work"
    (mine / NAME).rename(mine / "mine.ipynb")
    refresh_copies(course, mine)
    assert (mine / NAME).read_text() == "edition 2"
    assert (mine / "mine.ipynb").read_text() == "my work"


@pytest.mark.parametrize("record", ["", "{", "[]", '{"8.1_first.ipynb": 3}', None])
def test_without_a_sound_record_nothing_is_written_over(folders, record):
    course, mine = folders
    refresh_copies(course, mine)
    (mine / NAME).write_text("my work")
    (course / NAME).write_text("edition 2")
    if record is None:
        (mine / ".originals.json").unlink()
    else:
        (mine / ".originals.json").write_text(record)
    refresh_copies(course, mine)
    assert (mine / NAME).read_text() == "my work"
    assert isinstance(json.loads((mine / ".originals.json").read_text()), dict)


def test_a_learners_own_notebooks_stay(folders):
    course, mine = folders
    mine.mkdir()
    (mine / "notes.ipynb").write_text("my notes")
    refresh_copies(course, mine)
    assert (mine / "notes.ipynb").read_text() == "my notes"


def test_without_notebooks_it_says_so(tmp_path):
    with pytest.raises(SystemExit, match="No notebooks in"):
        refresh_copies(tmp_path / "notebooks", tmp_path / "my-notebooks")
    assert not (tmp_path / "my-notebooks").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere a screen is taken for granted")
def test_no_screen_no_browser(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert not has_browser()


EMPTY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
START = "import sys; from pathlib import Path; from lrcourse.lab_server import open_course; " \
        "open_course(port=int(sys.argv[1]), browser=False, root=Path(sys.argv[2]))"


@pytest.mark.skipif(os.name == "nt", reason="ends the server with a POSIX signal")
def test_the_server_passes_over_a_taken_port_and_prints_its_real_address(folders, tmp_path):
    course, mine = folders
    (course / NAME).write_text(json.dumps(EMPTY))
    own = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-c", START, str(taken), str(tmp_path)],
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, env={**os.environ, **own},
        )
        watchdog = threading.Timer(120, server.kill)
        watchdog.start()
        try:
            said = ""
            for line in server.stdout:
                said += line
                if "Ctrl-C" in line:
                    break
            address = re.search(rf"http://127\.0\.0\.1:(\d+)/lab/tree/my-notebooks/{NAME}\?token=\w+", said)
            assert address, said
            assert f"Port {taken} is taken; this is {address[1]}." in said
            assert int(address[1]) != taken
            assert urllib.request.urlopen(address[0], timeout=60).status == 200
        finally:
            server.send_signal(signal.SIGINT)
            status = server.wait()
            watchdog.cancel()
    assert status == 0
    assert json.loads((mine / NAME).read_text()) == EMPTY
