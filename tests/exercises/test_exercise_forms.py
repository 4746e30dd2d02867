"""The form: the same checker behind a field and two buttons."""

import json
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from lrcourse.exercises import Verdict, all_exercises, check, form, get
from lrcourse.exercises.forms import typed
from lrcourse.exercises.variants import hidden

FORMS = [e for e in all_exercises() if not callable(e.answer) and not isinstance(e.answer, dict)]


def write(a_form, text):
    a_form.field.value = text
    return a_form.verdict


def as_typed(answer):
    return ", ".join(map(repr, answer)) if isinstance(answer, list) else str(answer)


@pytest.mark.parametrize("exercise", FORMS, ids=lambda e: e.id)
def test_what_is_typed_is_judged_as_in_a_cell(exercise):
    a_form = form(exercise.id)
    assert write(a_form, as_typed(exercise.answer)).correct
    for index, message in enumerate(m.message for m in exercise.misconceptions):
        if hidden(exercise, index):
            continue
        verdict = write(a_form, as_typed(exercise.wrong_answer(index)))
        assert verdict.text == check(exercise.id, exercise.wrong_answer(index)).text
        assert message in verdict.text


@pytest.mark.parametrize("exercise", FORMS, ids=lambda e: e.id)
def test_the_field_is_labelled_and_the_question_is_there(exercise):
    a_form = form(exercise.id)
    assert a_form.field.description.endswith(":")
    assert exercise.id in a_form.check.description and exercise.id in a_form.hint.description
    seen = _Seen()
    seen.feed(a_form.box.children[0].value)
    assert seen.open == []
    assert exercise.title in seen.text
    assert "**" not in seen.text and "[[" not in seen.text and "```" not in seen.text


class _Seen(HTMLParser):
    """The text, and what was opened and never closed."""

    def __init__(self):
        super().__init__()
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_the_verdict_is_announced_and_escaped():
    a_form = form("8.8.2")
    write(a_form, "<b>0.1</b>")
    assert 'role="alert"' in a_form.said.value
    assert "<b>" not in a_form.said.value


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("0.001722", "right", "0.00172175"),
        (" 1.722e-3 ", "right", ""),
        ("−0.001722", "wrong", "sign"),
        ("0,001722", "type", "decimals with a point"),
        ("0.17 %", "type", "percent sign"),
        ("a lot", "type", "no number"),
        ("nan", "not finite", "NaN"),
        ("0.00162", "misconception", "floor"),
    ],
)
def test_typed_numbers(text, kind, said):
    verdict = write(form("8.8.2"), text)
    assert verdict.kind == kind, verdict
    assert said in verdict.text


@pytest.mark.parametrize(
    "text",
    ["1e-3, 1e-4, 1e-4, 1e-5", "[0.001, 0.0001, 0.0001, 0.00001]", "1e-3; 1e-4;1e-4 1e-5"],
)
def test_typed_lists(text):
    assert write(form("8.5.1"), text).correct


def test_an_empty_field_is_to_do():
    a_form = form("8.8.2")
    a_form.check.click()
    assert a_form.verdict.kind == "to do"
    assert typed("  ", get("8.8.2")) is ...


def test_leaving_the_field_and_pressing_the_button_is_one_try(progress_file):
    a_form = form("8.8.2")
    write(a_form, "0.00162")
    a_form.check.click()
    a_form.check.click()
    assert json.loads(progress_file.read_text())["exercises"]["8.8.2"]["tries"] == 1


def test_the_hint_button_gives_one_hint_at_a_time():
    a_form = form("8.8.2")
    for level in (1, 2, 3):
        a_form.hint.click()
        assert f"hint {level} of 3" in a_form.said.value


def test_what_is_no_number_and_no_choice_is_sent_to_a_cell():
    for id in ("8.4.1", "8.3.2"):
        assert isinstance(form(id), Verdict)
        assert "answered in a cell" in form(id).text
    assert "Near it are" in form("8.8.22").text


def test_its_text_is_the_same_at_every_run():
    assert repr(form("8.8.2")) == "Form of exercise 8.8.2: Early on the way down. It needs a running kernel."
    assert form("8.8.2")._repr_mimebundle_()["text/plain"] == repr(form("8.8.2"))


def test_checking_does_not_load_widgets():
    script = (
        "import sys, lrcourse.exercises as e; e.check('8.8.2', 1); e.progress()\n"
        "print([m for m in ('ipywidgets', 'matplotlib', 'IPython') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert out.stdout.strip() == "[]", out.stderr
