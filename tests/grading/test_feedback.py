"""Feedback pages: what went wrong and how, nothing of the hidden inputs, and harmless whatever a student wrote."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from office_class import SECRET

from lrcourse import exercises
from lrcourse.exercises import call_all
from lrcourse.exercises.calling import spoken
from lrcourse.exercises.notebook_cells import answering
from lrcourse.exercises.words import show
from lrcourse.grading import feedback, marking, page
from lrcourse.grading.hidden import with_hidden_inputs
from lrcourse.grading.journal import Journal
from lrcourse.grading.model import GRADED, RELEASED_TO, UNREADABLE, ExerciseMark, Grade, read_assignment
from lrcourse.grading.names import Person
from lrcourse.grading.pool import Ran
from lrcourse.grading.sandbox.wire import encode

assignment = read_assignment("implement_and_compose")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\" onload='x' \u202e\u2066evil\u0000 &amp; {{x}}"


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def harmless(text):
    """No script, no handler, no address, nothing that turns the text round; the policy stands first."""
    told = Page(text)
    assert not {"script", "img", "iframe", "object", "embed", "link", "form", "a", "base"} & set(told.tags)
    assert not [name for name, _ in told.attributes if name.startswith("on") or name in ("href", "src", "style")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\x00]", text)
    assert "default-src 'none'" in text and text.index("Content-Security-Policy") < text.index("<title>")
    return told


def function_mark(id, function, seed="a seed", student="ada"):
    """The mark for a function, called as the sandbox does, with hidden inputs."""
    exercise = with_hidden_inputs(exercises.variant(id, student, SECRET), student, seed)
    told = [
        ["v", encode(o.value)] if o.problem is None else ["p", o.problem.kind, o.problem.message, o.cause]
        for o in call_all(function, exercise.calls)
    ]
    return exercise, marking.mark(exercise, Ran({"outcomes": told}), None, 4, [])


def graded(*marks, **rest):
    told = dict(status=GRADED, reason="some are right", out_of=19.0, submitted="2026-03-02T10:00:00+00:00")
    return Grade(assignment.name, "ada", "sha", "spec", marks=marks, **told | rest)


def written(grade, sources=None, adjustments=(), person=None):
    return feedback.student_page(assignment, grade, SECRET, sources or {}, list(adjustments), person)


def cosine_not_halved(t, eta_max, eta_min, T_max):
    return eta_min + (eta_max - eta_min) * (1 + np.cos(np.pi * t / T_max))


def test_a_known_wrong_road_is_diagnosed_compared_and_drawn():
    exercise, mark = function_mark("8.4.1", cosine_not_halved)
    text = written(graded(mark), {"8.4.1": "def answer_8_4_1(): ..."})
    told = harmless(text)
    assert exercise.misconceptions[mark.misconception].message in told.text
    assert "0 of 2" in told.text and "a known wrong road" in told.text
    (label,) = [value for name, value in told.attributes if name == "aria-label"]
    assert "t = 0: wanted 0.001, yours 0.002" in label and "svg" in told.tags
    assert told.tags.count("tr") == 1 + len(exercises.get("8.4.1").calls)
    assert "def answer_8_4_1(): ..." in told.text


def test_nothing_of_the_hidden_inputs_is_told():
    """A function that knows the visible inputs by heart: neither the hidden inputs nor their answers are shown."""
    declared = exercises.get("8.4.1")
    by_heart = {spoken(o.call): o.value for o in declared.outcomes}
    exercise, mark = function_mark("8.4.1", lambda *call: by_heart.get(spoken(call), 0.123456))
    assert mark.points == 0 and len(exercise.calls) > len(declared.calls)
    text = written(graded(mark))
    hidden = exercise.outcomes[len(declared.calls) :]
    assert any(show(o.value) in mark.text or spoken(o.call) in mark.text for o in hidden)  # so it has to be kept back
    for outcome in hidden:
        assert show(outcome.value) not in text and spoken(outcome.call) not in text
    assert "not at others that were drawn for the grading" in Page(text).text


def test_a_right_answer_is_praised_and_not_compared():
    _, mark = function_mark("8.3.1", lambda t, eta_0: eta_0 + 0 * t)
    told = harmless(written(graded(mark)))
    assert mark.points == 1 and "1 of 1" in told.text and "table" not in told.tags


@pytest.mark.parametrize("id", ["8.3.1", "8.4.1", "8.7.2", "8.7.3"])
def test_a_function_of_the_step_gets_a_picture_with_words(id):
    _, mark = function_mark(id, lambda *call: 7.0 + 0 * np.asarray(call[0], dtype=float))
    drawn = feedback.plot(exercises.get(id), feedback.seen(exercises.get(id), mark))
    assert drawn.svg.startswith("<svg") and drawn.alt.count("wanted") >= 3 and "yours 7" in drawn.alt


def test_enormous_and_tiny_values_are_drawn_all_the_same():
    for value in (1e300, -1e300, 1e-300, 0.0):
        _, mark = function_mark("8.4.1", lambda *call, value=value: value + 0 * np.asarray(call[0], dtype=float))
        harmless(written(graded(mark)))


def test_one_that_raises_is_told_so_without_a_picture():
    def fails(t, eta_0):
        raise ValueError(HOSTILE)

    _, mark = function_mark("8.3.1", fails)
    told = harmless(written(graded(mark)))
    assert "svg" not in told.tags and "raised ValueError" in told.text


def test_points_notes_and_lateness_are_shown():
    _, mark = function_mark("8.3.1", lambda t, eta_0: eta_0 + 0 * t)
    adjustments = [
        dict(student="ada", kind="late", item="rule", points=1.9, note="1 day late: 10% of all points"),
        dict(student="ada", kind="manual", item="pure-or-not", points=2.0, note="Well argued."),
        dict(student="ada", kind="manual", item="8.3.1", points=0.5, note="copied from the board"),
    ]
    grade = graded(mark, manual=1.5, late=1.9, anomalies=("the answer's cell was split",))
    told = harmless(written(grade, adjustments=adjustments, person=Person("ada", "Ada Byron")))
    said = "0.6 of 19 points|by hand: +1.5|1.9 (1 day late: 10% of all points)|2 of 3|Well argued.|Set by hand to 0.5"
    for words in f"{said}|copied from the board|Ada Byron|the answer's cell was split".split("|"):
        assert words in told.text


def test_an_essay_not_yet_read_says_so_and_a_file_not_graded_why():
    assert "not graded yet" in Page(written(graded())).text
    told = harmless(written(graded(status=UNREADABLE, reason=f"not graded: {HOSTILE}")))
    assert "not graded yet" in told.text


def test_hostile_text_everywhere_stays_text():
    mark = ExerciseMark("8.5.3", 0.0, 1.0, "wrong", HOSTILE, None, {"value": ["s", HOSTILE]}, (HOSTILE,))
    adjustments = [
        dict(student="ada", kind="manual", item=i, points=1.0, note=HOSTILE) for i in ("8.5.3", "pure-or-not")
    ]
    grade = graded(mark, anomalies=(HOSTILE,), reason=HOSTILE)
    told = harmless(written(grade, {"8.5.3": HOSTILE}, adjustments, Person("ada", HOSTILE)))
    assert "<script>alert(1)</script>" in told.text  # as words


def test_a_megabyte_is_cut():
    mark = ExerciseMark("8.5.3", 0.0, 1.0, "wrong", "x" * 10**6, None, None, ("y" * 10**6,) * 3)
    text = written(graded(mark, anomalies=("z" * 10**6,)), {"8.5.3": "w" * 10**6}, person=Person("ada", "n" * 10**6))
    assert len(text) < 60_000 and "(cut)" in text


def test_results_that_are_not_what_they_should_be_do_no_harm():
    for got in (None, [], {"outcomes": 5}, {"outcomes": [["v", ["s", "x"]]]}, {"outcomes": [[]]}, {"outcomes": None}):
        mark = ExerciseMark("8.4.1", 0.0, 2.0, "wrong", "not yet", None, got)
        assert "not yet" in harmless(written(graded(mark))).text


def test_pages_lie_where_nbgrader_has_them_and_the_second_run_gives_the_same_bytes(tmp_path):
    _, mark = function_mark("8.4.1", cosine_not_halved)
    with Journal(tmp_path / "grades.db") as journal:
        journal.start_run("r", {})
        journal.record(
            replace(graded(mark), student="../ada", run="r"), [["8.4.1", answering(exercises.get("8.4.1")), True]]
        )
        (sheet,) = feedback.sheets(journal, assignment, SECRET, {}, tmp_path / "out")
        assert [sheet] == feedback.sheets(journal, assignment, SECRET, {}, tmp_path / "out")
    inside = sheet.path.relative_to(tmp_path / "out").parts
    assert inside[0].startswith("ada-") and inside[1:] == (assignment.name, f"{assignment.name}.html")


@pytest.mark.parametrize(
    "path, name",
    [
        ("all/leeann_LATE_4711_90001_hw 1-1.ipynb", "leeann_LATE_4711_90001_hw 1-1.html"),
        (
            "all/Ann Lee_55_assignsubmission_file_/mine.ipynb",
            f"Ann Lee_55_assignsubmission_file_{assignment.name}.html",
        ),
        ("all/Ann Lee_55_assignsubmission_file_mine.ipynb", "Ann Lee_55_assignsubmission_file_mine.html"),
        ("submitted/ada/hw1/hw1.ipynb", f"ada_{assignment.name}.html"),
    ],
)
def test_a_zip_names_the_pages_as_the_platform_named_the_files(tmp_path, path, name):
    _, mark = function_mark("8.4.1", cosine_not_halved)
    with Journal(tmp_path / "grades.db") as journal:
        journal.start_run("r", {})
        journal.record(replace(graded(mark), student="ada", run="r", path=path), [])
        made = feedback.sheets(journal, assignment, SECRET, {}, tmp_path)
    with zipfile.ZipFile(io.BytesIO(feedback.packed(made))) as archive:
        assert archive.namelist() == [name] and archive.read(name).decode() == made[0].text


def test_a_page_never_says_whose_notebook_it_was():
    _, mark = function_mark("8.4.1", cosine_not_halved)
    told = harmless(written(graded(mark, anomalies=(f"{RELEASED_TO} 'bob'",)))).text
    assert "made for another student" in told and "bob" not in told


def test_a_page_says_when_the_file_came_by_the_deadlines_clock_and_not_where_nobody_knows():
    _, mark = function_mark("8.4.1", cosine_not_halved)
    here = replace(assignment, due="2026-03-01T23:59:00+01:00")
    told = feedback.student_page(here, graded(mark, submitted="2026-03-01T22:30:00+00:00"), SECRET, {}, [])
    assert "handed in 2026-03-01 23:30 +0100" in told
    assert "handed in 2" not in feedback.student_page(here, graded(mark, submitted=""), SECRET, {}, [])


def test_the_page_forbids_all_styles_but_its_own_and_reads_on_phone_dark_and_paper():
    text = page.page("t", "b")
    assert page.POLICY in text and "width=device-width" in text
    assert "prefers-color-scheme:dark" in text and "@media print" in text


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear))


@pytest.mark.parametrize("number", [0, 1])
def test_every_ink_stands_out_on_paper_and_card_by_day_and_by_night(number):
    rule = re.findall(r":root\{([^}]*)\}", page.STYLE)[number]
    colours = {
        k: v if len(v) == 7 else "#" + "".join(c * 2 for c in v[1:]) for k, v in re.findall(r"--(\w+):(#\w+)", rule)
    }
    for ink in ("ink", "soft", "good", "bad"):
        for ground in ("paper", "card"):
            light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


@pytest.mark.skipif(not os.environ.get("LRCOURSE_GRADING"), reason="make test-grading")
def test_a_browser_at_390_pixels_shows_it_without_scrolling_sideways(tmp_path):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("no Chromium on this machine")
    _, mark = function_mark("8.4.1", cosine_not_halved)
    bare = written(graded(mark), {"8.4.1": "x = " + "9" * 300}, person=Person("ada", "n" * 119))
    # A frame of 390 pixels measures the page from outside; its own policy would let no script measure it from inside.
    (tmp_path / "page.html").write_text(bare, encoding="utf-8")
    (tmp_path / "outer.html").write_text(
        "<iframe id=f src=page.html width=390 height=800 style='border:0'></iframe><p id=told></p><script>"
        "f.onload=()=>{told.textContent='width '+f.contentDocument.documentElement.scrollWidth}</script>"
    )
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--allow-file-access-from-files",
        "--virtual-time-budget=3000",
    ]
    run = [chromium, *flags, "--dump-dom", (tmp_path / "outer.html").as_uri()]
    shown = subprocess.run(run, capture_output=True, text=True, timeout=120).stdout
    assert int(re.search(r"width (\d+)", shown)[1]) <= 390
