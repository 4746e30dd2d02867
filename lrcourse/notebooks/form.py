"""The one form in which a notebook of the course is stored.

`canonical` takes a notebook as its author left it and returns it in that form. It runs nothing, and
a notebook that already has the form comes back as it was, so a second writing changes no byte.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

import nbformat
from nbformat import NotebookNode

from lrcourse import exercises

ROLES = ("question", "stub", "check", "solution")
MARKER = re.compile(r"\{\{\s*exercise\s+(\S+?)\s*\}\}")
SOLUTION_OPENS = "# Solution: click to open"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

_VALID_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# What Jupyter (a UUID) and its converters (eight hex digits) make up anew each time.
_RANDOM_ID = re.compile(r"[0-9a-f]{8}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class NotebookError(Exception):
    """A notebook that cannot be written as it stands; the message says where and why."""


def read(text: str) -> NotebookNode:
    """Parse a notebook file of any 4.x version. Ids that are missing are given later, by `canonical`."""
    notebook = nbformat.reader.reads(text)
    if notebook.nbformat != 4:
        raise NotebookError(f"format must be 4.x, got {notebook.nbformat}: save it again with JupyterLab")
    for cell in notebook.cells:
        cell.setdefault("id", "")
    notebook.nbformat_minor = 5
    return notebook


def write(notebook: NotebookNode) -> str:
    """The text of the notebook file: validated, keys sorted, one final newline."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def canonical(notebook: NotebookNode) -> NotebookNode:
    """The notebook in its stored form: a new object, nothing executed."""
    cells = [_clean_cell(cell) for cell in expand(notebook.cells)]
    cells = [cell for cell in cells if cell.source]
    _give_ids(cells)
    return NotebookNode(
        nbformat=4,
        nbformat_minor=5,
        metadata=NotebookNode(
            kernelspec=NotebookNode(display_name="Python 3 (ipykernel)", language="python", name="python3"),
            language_info=NotebookNode(name="python"),
        ),
        cells=cells,
    )


def exercise_of(cell: NotebookNode) -> str | None:
    """The id of the exercise that a cell belongs to, or None."""
    return cell.metadata.get("lrcourse", {}).get("exercise")


def role_of(cell: NotebookNode) -> str | None:
    """What the cell is within its exercise (one of ROLES), or None."""
    return cell.metadata.get("lrcourse", {}).get("role")


# -- exercises ---------------------------------------------------------------------------------------


def expand(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Put the declared cells in place of every marker, and of every group that an earlier run expanded.

    A group is a run of neighbouring cells of one exercise. Whatever it has lost, doubled or changed is
    put right from the declaration; an exercise that stands in two places is refused, for only the
    author knows which of them is meant.
    """
    expanded: list[NotebookNode] = []
    seen: dict[str, int] = {}
    previous = None
    for number, cell in enumerate(cells, start=1):
        marker = _marker_in(cell, number)
        exercise = marker or exercise_of(cell)
        if exercise and (marker or exercise != previous):
            if exercise in seen:
                raise NotebookError(
                    f"exercise {exercise} stands twice, at cells {seen[exercise]} and {number}: "
                    f"keep its four cells together, in one place"
                )
            seen[exercise] = number
            expanded += _group(exercise, number, old=_old_cells(cells, exercise))
        elif not exercise:
            expanded.append(cell)
        previous = exercise
    return expanded


def _marker_in(cell: NotebookNode, number: int) -> str | None:
    if cell.cell_type != "markdown" or "{{exercise" not in cell.source.replace(" ", ""):
        return None
    found = MARKER.fullmatch(cell.source.strip())
    if not found:
        raise NotebookError(
            f"cell {number}: an exercise marker stands alone in its cell, as in {{{{exercise 8.4.2}}}}; "
            f"got {cell.source.strip()!r}"
        )
    return found[1]


def _old_cells(cells: list[NotebookNode], exercise: str) -> dict[str, NotebookNode]:
    return {role_of(cell): cell for cell in cells if exercise_of(cell) == exercise}


def _group(exercise: str, number: int, old: dict[str, NotebookNode]) -> list[NotebookNode]:
    """The four cells of an exercise. A cell whose source stays keeps its outputs, so a check needs no run."""
    try:
        declared = exercises.cells(exercise)
    except (exercises.UnknownExercise, exercises.NoAnswerKey) as error:
        raise NotebookError(f"cell {number}: {error}") from error
    roles = tuple(cell.role for cell in declared)
    if roles != ROLES or not declared[-1].source.startswith(SOLUTION_OPENS):
        raise NotebookError(
            f"exercise {exercise} must give the cells {', '.join(ROLES)}, the last opening with the line "
            f"{SOLUTION_OPENS!r}; got {', '.join(roles)}"
        )
    return [_exercise_cell(exercise, cell, old.get(cell.role)) for cell in declared]


def _exercise_cell(exercise: str, declared: exercises.Cell, old: NotebookNode | None) -> NotebookNode:
    cell = NotebookNode(
        id=f"exercise-{exercise}-{declared.role}".replace(".", "-"),
        cell_type=declared.cell_type,
        metadata=nbformat.from_dict(declared.metadata),
        source=declared.source,
    )
    if cell.cell_type == "code":
        kept = old is not None and old.cell_type == "code" and old.source == _clean_source(cell)
        cell.execution_count = old.execution_count if kept else None
        cell.outputs = old.outputs if kept else []
    return cell


# -- cells -------------------------------------------------------------------------------------------


def _clean_cell(cell: NotebookNode) -> NotebookNode:
    clean = NotebookNode(
        id=cell.id, cell_type=cell.cell_type, metadata=_clean_metadata(cell), source=_clean_source(cell)
    )
    if cell.get("attachments"):
        clean.attachments = cell.attachments
    if cell.cell_type == "code":
        clean.execution_count = cell.get("execution_count")
        clean.outputs = clean_outputs(cell.get("outputs", []))
    return clean


def _clean_source(cell: NotebookNode) -> str:
    lines = cell.source.split("\n")
    if cell.cell_type == "code":  # in Markdown, two spaces at the end of a line are a line break
        lines = [line.rstrip() for line in lines]
    return "\n".join(lines).strip("\n").rstrip()


def _clean_metadata(cell: NotebookNode) -> NotebookNode:
    """An exercise's as declared; of any other cell the tags. Views, timings and folds go."""
    if exercise_of(cell):
        return cell.metadata
    tags = sorted(set(cell.metadata.get("tags", [])))
    return NotebookNode(tags=tags) if tags else NotebookNode()


def _give_ids(cells: list[NotebookNode]) -> None:
    """Keep a good id; give a missing, doubled or random one anew, from what the cell says."""
    taken: set[str] = set()
    for cell in cells:
        if not _VALID_ID.fullmatch(cell.id) or _RANDOM_ID.fullmatch(cell.id) or cell.id in taken:
            digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
            cell.id = name = f"{cell.cell_type}-{digest}"
            copies = 1
            while cell.id in taken:
                copies += 1
                cell.id = f"{name}-{copies}"
        taken.add(cell.id)


# -- outputs -----------------------------------------------------------------------------------------


def clean_outputs(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Outputs as they are stored: neighbouring pieces of one stream joined, no metadata, no widget views.

    A widget's view names its model by a random id, and the model lives in the kernel alone: in a notebook
    that has not been run yet, JupyterLab would show an error for it instead of anything else the output
    holds. Without the view it shows the output's text/html, the explorable's first picture, and takes the
    widget in its place as soon as the cell is run.
    """
    clean: list[NotebookNode] = []
    for output in outputs:
        output = nbformat.from_dict(output)
        if output.output_type == "stream":
            if clean and clean[-1].output_type == "stream" and clean[-1].name == output.name:
                clean[-1].text += output.text
                continue
        elif "data" in output:
            output.data.pop(WIDGET_VIEW, None)
            output.metadata = NotebookNode()
        clean.append(output)
    return clean
