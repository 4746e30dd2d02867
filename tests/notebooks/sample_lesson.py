"""A lesson in small: one cell of every kind that the course's notebooks hold."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lrcourse import exercises

NAME = "8.1_sample.ipynb"

TITLE = """# 8.1 A lesson in small

You will learn what a lesson holds. You need nothing. It takes 2 minutes."""

IMPORTS = """from IPython.display import HTML, Markdown, display

from lrcourse import CosineAnnealing, explorables, figures
from lrcourse.exercises import check, show_solution"""

PRINTS = """cosine = CosineAnnealing(eta_max=0.001, T_max=10_000)
for t in (0, 2_500, 5_000, 7_500, 10_000):
    print(f"step {t}: rate {cosine(t):.6f}, change {cosine(t) - 0.001:+.6f}")"""

FIGURE = """alt = "The rate falls from 0.001 to 0, slowly first."
figures.plot_schedules({"cosine": cosine}, steps=10_000, alt=alt)"""

SECOND = """alt = "The rate falls from 0.0005 to 0 in a curve."
figures.plot_schedules({"half": half}, steps=10_000, alt=alt)"""

TABLE = """rows = "".join(f"<tr><td>{t}</td><td>{cosine(t):.6f}</td></tr>" for t in (0, 5_000, 10_000))
HTML(f"<table>{rows}</table>")"""

EXPLORER = "explorables.calculator()"

BOTH = """print("Before the picture, its rates:", cosine.values(3).round(9))
display(Markdown("The rate at half time is **" + str(cosine(5_000)) + "**."))"""


def draft() -> nbformat.NotebookNode:
    """As an author would hand it over: nothing executed, exercises as markers."""
    markers = [f"{{{{exercise {exercise.id}}}}}" for exercise in exercises.section("8.1")]
    cells = [
        new_markdown_cell(TITLE),
        new_code_cell(IMPORTS),
        new_markdown_cell("## Rates\n\nPredict the middle one, then run."),
        new_code_cell(PRINTS),
        new_code_cell("round(cosine(1_250), 9)"),
        new_code_cell("half = 0.5 * cosine"),
        new_code_cell(FIGURE),
        new_code_cell(SECOND),
        new_code_cell(EXPLORER),
        new_code_cell(TABLE),
        new_code_cell(BOTH),
        new_markdown_cell("## Exercises"),
        *[new_markdown_cell(marker) for marker in markers],
        new_markdown_cell("## References\n\n[SGDR](https://arxiv.org/abs/1608.03983), see [Rates](#Rates)."),
    ]
    return new_notebook(cells=cells)


def save(notebook: nbformat.NotebookNode, folder: Path, name: str = NAME) -> Path:
    path = folder / name
    nbformat.write(notebook, path)
    return path
