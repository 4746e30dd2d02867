"""A notebook as a page of the site: exercises become forms, hints fold, explorables keep their state."""

from __future__ import annotations

import json
import os
from html import escape

from hidden_answers import question_label, sheet
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from lrcourse.exercises import get
from lrcourse.notebooks.form import SOLUTION_OPENS, exercise_of, role_of

STEPS = ("the idea", "the formula", "the first line")


def page(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cells of the page that shows the notebook in the file `name`."""
    cells = []
    for cell in notebook.cells:
        if exercise_of(cell):
            cells += _exercise_cells(cell)
        else:
            cells.append(cell)
    cells.insert(1, new_markdown_cell(links(name)))
    return NotebookNode({**notebook, "cells": cells})


def links(name: str) -> str:
    """The notebook itself: to download, and, where the site knows its repository, to open elsewhere."""
    made = [f'<a href="_static/notebooks/{name}" download>Download this notebook</a>']
    if repository := os.environ.get("LRCOURSE_REPOSITORY"):
        made += [f'<a href="https://colab.research.google.com/github/{repository}/blob/main/notebooks/{name}">Open in '
                 "Colab</a>",
                 f'<a href="https://mybinder.org/v2/gh/{repository}/main?labpath=notebooks/{name}">Open in Binder</a>',
                 f'<a href="https://github.com/{repository}/blob/main/notebooks/{name}">See it on GitHub</a>']
    return f'<p class="notebook-links">{" · ".join(made)}</p>'


def _exercise_cells(cell):
    exercise, role = get(exercise_of(cell)), role_of(cell)
    checked = sheet(exercise) if role == "stub" else None
    if role == "question":
        return [cell]
    if role == "stub":
        hints = new_markdown_cell(_hints(exercise))
        if checked:
            figure = [o for o in cell.outputs if "text/html" in o.get("data", {})]  # what is to be read off
            shown = NotebookNode({**cell, "outputs": figure, "metadata": {"tags": ["remove-input"]}})
            return [*([shown] if figure else []), new_markdown_cell(_form(exercise, checked)), hints]
        return [NotebookNode({**cell, "outputs": []}), new_markdown_cell(_in_notebook(exercise)), hints]
    if role == "check":
        return []
    source = cell.source.removeprefix(SOLUTION_OPENS).lstrip("\n")
    return [NotebookNode({**cell, "source": source, "metadata": {"tags": ["hide-cell"]}})]


def _hints(exercise):
    """Three folded hints; blank lines let the Markdown inside be read as such."""
    folded = "\n\n".join(f"<details>\n<summary>Hint {i} of 3: {step}</summary>\n\n{text}\n\n</details>"
                         for i, (step, text) in enumerate(zip(STEPS, exercise.hints), start=1))
    return f'<div class="hints">\n\n{folded}\n\n</div>'


def _form(exercise, checked):
    data, given = escape(json.dumps(checked, ensure_ascii=False)), question_label(exercise)
    options = escape(json.dumps(dict(exercise.options), ensure_ascii=False)) if exercise.options else ""
    return (f'<div class="lrcourse-check" data-label="{escape(given)}" data-options="{options}" data-sheet="{data}">'
            f"<p>Checking on this page needs JavaScript. In the notebook, a cell does it.</p></div>")


def _in_notebook(exercise):
    return (f"*Exercise {exercise.id} asks for code, which runs in the notebook: download it above, write your answer "
            f"and run the cell below it.*")


def anchor(words: str) -> str:
    """A heading's name in an address, as JupyterLab makes it, so that one link serves both."""
    return words.replace(" ", "-")
