"""An exercise as a small form, for those who rather type into a field than into a cell.

Thin around the checker: the same reading, the same verdict, the same record. Everything can be done from the
keyboard: Tab reaches the field and the buttons, Enter checks. A choice is typed as its letter, because JupyterLab
keeps the arrow keys that lists and radio buttons would need for itself.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

import ipywidgets as widgets
from nbconvert.filters import markdown2html

from . import registry
from .checking import check
from .declaration import Exercise
from .hints import hint
from .notebook_cells import question
from .verdict import Verdict
from .words import listing

_CHOICES = "Your choice"
_NUMBER = "Your number"
_NUMBERS = "Your numbers, separated by commas"


class Form:
    """Field, two buttons and a place for the verdict. `verdict` is the latest one, or None."""

    def __init__(self, exercise: Exercise):
        self.exercise, self.verdict = exercise, None
        self.field = widgets.Text(
            description=self._label(),
            placeholder=exercise.stub,
            continuous_update=False,
            style={"description_width": "initial"},
            layout=widgets.Layout(width="min(100%, 36em)"),
        )
        self.check = widgets.Button(description=f"Check {exercise.id}", button_style="primary")
        self.hint = widgets.Button(description=f"Hint for {exercise.id}")
        self.said = widgets.HTML()
        self._checked = ""
        self.field.observe(lambda _: self._check(), "value")
        self.check.on_click(lambda _: self._check())
        self.hint.on_click(lambda _: self._say(hint(self.exercise)))
        asked = widgets.HTMLMath(_as_html(exercise))
        self.box = widgets.VBox([asked, self.field, widgets.HBox([self.check, self.hint]), self.said])

    def _label(self) -> str:
        if self.exercise.options:
            return f"{_CHOICES} ({listing(list(self.exercise.options), 'or')}):"
        if isinstance(self.exercise.answer, list):
            return f"{_NUMBERS}:"
        return f"{_NUMBER}{', in ' + self.exercise.unit if self.exercise.unit else ''}:"

    def _check(self) -> None:
        """Check what is in the field, once: leaving the field and then pressing the button is one try."""
        text = self.field.value.strip()
        if text == self._checked and self.verdict is not None:
            self._say(self.verdict)
            return
        self._checked = text
        mistyped = self._mistyped(text)
        self.verdict = check(self.exercise, typed(text, self.exercise)) if mistyped is None else mistyped
        self._say(self.verdict)

    def _mistyped(self, text: str) -> Verdict | None:
        """What only happens to typed text; everything else is the checker's."""
        answer = typed(text, self.exercise)
        parts = answer if isinstance(answer, list) else [answer]
        unread = [part for part in parts if isinstance(part, str)]
        if not unread or self.exercise.options:
            return None
        advice = "write numbers such as 0.0017 or 1.7e-3"
        if re.fullmatch(r"[-+]?\d+,\d+", text):
            advice = "write the decimals with a point: 0.5, not 0,5"
        elif unread[0].endswith("%"):
            advice = "leave out the percent sign"
        return Verdict(self.exercise.id, "type", f"{self.exercise.id} not yet: {unread[0]!r} is no number; {advice}.")

    def _say(self, verdict: Verdict) -> None:
        lines = "<br>".join(map(escape, verdict.text.splitlines()))
        self.said.value = f'<div role="alert" style="line-height:1.5;max-width:46em">{lines}</div>'

    def __repr__(self) -> str:
        return f"Form of exercise {self.exercise.id}: {self.exercise.title}. It needs a running kernel."

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = self.box._repr_mimebundle_() or {}
        return {**bundle, "text/html": f"<p>{escape(repr(self))}</p>", "text/plain": repr(self)}


def form(id: str | Exercise) -> Form | Verdict:
    """The form of an exercise that asks for a number, a few numbers or a choice.

    Others, functions and classifications, are answered in a cell; a Verdict then says so.
    """
    try:
        exercise = registry.get(id)
    except (registry.UnknownExercise, registry.NoAnswerKey) as error:
        return Verdict(str(id), "unknown", str(error))
    if callable(exercise.answer) or isinstance(exercise.answer, dict):
        return Verdict(exercise.id, "type", f"{exercise.id} is answered in a cell: set {exercise.name} there.")
    return Form(exercise)


def typed(text: str, exercise: Exercise) -> Any:
    """What was typed, as an answer: `...` for nothing, a number where it is one, a list where several are asked."""
    text = text.strip().replace("−", "-")
    if not text:
        return ...
    if exercise.options:
        return text
    if isinstance(exercise.answer, list):
        parts = re.split(r"[,;\s]+", text.strip("[](){} "))
        return [_number(part) for part in parts if part]
    return _number(text)


def _number(text: str) -> Any:
    try:
        return float(text.replace(" ", "").rstrip("."))
    except ValueError:
        return text


def _as_html(exercise: Exercise) -> str:
    """The question as HTML, its formulas left as they are for the page to set."""
    rendered = re.sub(r'<a class="anchor-link".*?</a>', "", markdown2html(question(exercise)))
    return f'<div style="max-width:46em;line-height:1.5">{rendered}</div>'
