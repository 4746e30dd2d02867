"""Ways in which a stored notebook can come to say something that is no longer so.

A mutation changes one notebook in place, at one of the places where it applies. The first list changes what
is stored of single cells; the second changes the notebook as a whole.
"""

import random
import re
from collections.abc import Callable

from nbformat import NotebookNode
from nbformat.v4 import new_output

from lrcourse.notebooks import form

Mutate = Callable[[NotebookNode, random.Random], None]
IN_CELL: dict[str, tuple[Callable[[NotebookNode], bool], Mutate]] = {}
IN_NOTEBOOK: dict[str, Callable[[NotebookNode], None]] = {}

CURVE = r"(?<=d=')m[^']{20,}(?='(?:(?!%3E).)*fill:none)"
COLOUR = r"(?<=%23)[0-9a-fA-F]{3,6}(?=[;'])"
TABLED = r"(?<=>)[^<]*\d[^<]*(?=</)"


def in_cell(applies):
    def register(mutate):
        IN_CELL[mutate.__name__] = (applies, mutate)
        return mutate

    return register


def in_notebook(mutate):
    IN_NOTEBOOK[mutate.__name__] = mutate
    return mutate


def kind_of(kind):
    """Whether a cell stores an output of this kind: "stream", or a MIME type."""
    return lambda cell: bool(_of(cell, kind))


def _of(cell, kind):
    return [out for out in cell.outputs if out.output_type == kind or kind in out.get("data", {})]


def _has(kind, pattern):
    return lambda cell: any(re.search(pattern, _text(out, kind)) for out in _of(cell, kind))


def _text(output, kind):
    return output.text if kind == "stream" else output.data[kind]


def _edit(cell, kind, pattern, new, rng):
    """Change one match of the pattern, chosen at random, in an output of this kind."""
    output = rng.choice([out for out in _of(cell, kind) if re.search(pattern, _text(out, kind))])
    text = _text(output, kind)
    found = rng.choice(list(re.finditer(pattern, text)))
    text = text[: found.start()] + (new(found[0]) if callable(new) else new) + text[found.end() :]
    if kind == "stream":
        output.text = text
    else:
        output.data[kind] = text


_other_digit = {str(n): str((n + 1) % 10) for n in range(10)}.__getitem__


def is_figure(cell):
    return any("data:image/svg+xml" in out.data["text/html"] for out in _of(cell, "text/html"))


def role_is(role):
    return lambda cell: form.role_of(cell) == role


def ran(cell):
    return bool(cell.outputs)


# -- printed lines -------------------------------------------------------------------------------------


@in_cell(_has("stream", r"\d"))
def digit_of_a_print(cell, rng):
    _edit(cell, "stream", r"\d", _other_digit, rng)


@in_cell(_has("stream", r"[+−-](?=\d)"))
def sign_of_a_print(cell, rng):
    _edit(cell, "stream", r"[+−-](?=\d)", lambda sign: "-" if sign == "+" else "+", rng)


@in_cell(_has("stream", r"(?m)^.*\n"))
def line_of_a_print_dropped(cell, rng):
    _edit(cell, "stream", r"(?m)^.*\n", "", rng)


@in_cell(_has("stream", r"(?m)^.+\n"))
def line_of_a_print_doubled(cell, rng):
    _edit(cell, "stream", r"(?m)^.+\n", lambda line: 2 * line, rng)


@in_cell(_has("stream", r"[^\W\d]"))
def letter_of_a_print(cell, rng):
    _edit(cell, "stream", r"[^\W\d]", lambda letter: letter.swapcase() if letter.swapcase() != letter else "?", rng)


@in_cell(kind_of("stream"))
def print_cut_short(cell, rng):
    stream = _of(cell, "stream")[0]
    stream.text = stream.text[: len(stream.text) // 2]


@in_cell(kind_of("stream"))
def print_gone(cell, rng):
    cell.outputs.remove(_of(cell, "stream")[0])


@in_cell(kind_of("stream"))
def print_to_stderr(cell, rng):
    _of(cell, "stream")[0].name = "stderr"


# -- values and tables ---------------------------------------------------------------------------------


@in_cell(_has("text/plain", r"\d"))
def digit_of_a_value(cell, rng):
    _edit(cell, "text/plain", r"\d", _other_digit, rng)


@in_cell(kind_of("execute_result"))
def value_gone(cell, rng):
    cell.outputs.remove(_of(cell, "execute_result")[0])


@in_cell(_has("text/html", TABLED))
def number_of_a_table(cell, rng):
    _edit(cell, "text/html", TABLED, lambda text: text + "0", rng)


@in_cell(_has("text/html", r"(?s)<tr.*?</tr>"))
def row_of_a_table_dropped(cell, rng):
    _edit(cell, "text/html", r"(?s)<tr.*?</tr>", "", rng)


@in_cell(_has("text/markdown", r"\d"))
def digit_of_markdown_shown(cell, rng):
    _edit(cell, "text/markdown", r"\d", _other_digit, rng)


# -- figures -------------------------------------------------------------------------------------------


@in_cell(_has("text/html", CURVE))
def point_of_a_curve(cell, rng):
    _edit(cell, "text/html", CURVE, lambda path: re.sub(r"\d(?=\D*$)", lambda d: _other_digit(d[0]), path), rng)


@in_cell(_has("text/html", CURVE))
def curve_shortened(cell, rng):
    _edit(cell, "text/html", CURVE, lambda path: path[: path.rindex(",")], rng)


@in_cell(_has("text/html", COLOUR))
def colour_of_a_figure(cell, rng):
    _edit(cell, "text/html", COLOUR, "123456", rng)


@in_cell(_has("text/html", r'(?<=alt=")\w+'))
def alt_text(cell, rng):
    _edit(cell, "text/html", r'(?<=alt=")\w+', "Nothing", rng)


@in_cell(_has("text/html", r'(?<=alt=")\w+'))
def alt_text_both(cell, rng):
    """In the picture and in the words beside it, as an edit by hand would."""
    output = next(out for out in _of(cell, "text/html") if "alt=" in out.data["text/html"])
    word = re.search(r'alt="(\w+)', output.data["text/html"])[1]
    for kind in ("text/html", "text/plain"):
        output.data[kind] = output.data[kind].replace(word, "Nothing", 1)


@in_cell(_has("text/html", r' alt="[^"]*"'))
def alt_text_gone(cell, rng):
    _edit(cell, "text/html", r' alt="[^"]*"', "", rng)


@in_cell(is_figure)
def picture_gone_words_left(cell, rng):
    del _of(cell, "text/html")[0].data["text/html"]


@in_cell(is_figure)
def figure_gone(cell, rng):
    cell.outputs.remove(_of(cell, "text/html")[0])


@in_cell(is_figure)
def figure_as_png(cell, rng):
    data = _of(cell, "text/html")[0].data
    data["image/png"] = "iVBORw0KGgo="
    del data["text/html"]


# -- counts, tags, streams, sources --------------------------------------------------------------------


@in_cell(ran)
def outputs_cleared(cell, rng):
    cell.outputs = []


@in_cell(ran)
def outputs_and_count_cleared(cell, rng):
    cell.outputs, cell.execution_count = [], None


@in_cell(ran)
def count_cleared(cell, rng):
    cell.execution_count = None


@in_cell(ran)
def count_changed(cell, rng):
    cell.execution_count += 1


@in_cell(kind_of("execute_result"))
def count_of_the_result_changed(cell, rng):
    _of(cell, "execute_result")[0].execution_count += 1


@in_cell(ran)
def output_doubled(cell, rng):
    cell.outputs.append(cell.outputs[-1])


@in_cell(ran)
def output_added(cell, rng):
    cell.outputs.insert(0, new_output("display_data", data={"text/plain": "All is well."}))


@in_cell(lambda cell: len({out.output_type for out in cell.outputs}) > 1)
def outputs_reordered(cell, rng):
    cell.outputs.reverse()


@in_cell(lambda cell: True)
def stderr_inserted(cell, rng):
    cell.outputs.append(new_output("stream", name="stderr", text="careful\n"))


@in_cell(lambda cell: True)
def error_inserted(cell, rng):
    cell.outputs.append(new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"]))


def look_away(tag):
    """Tell nbval to pass over a cell, and change what it shows."""

    def mutate(cell, rng):
        cell.metadata.tags = [*cell.metadata.get("tags", []), tag]
        outputs_cleared(cell, rng)

    return mutate


for _tag in ("nbval-skip", "nbval-ignore-output", "raises-exception", "skip-execution"):
    IN_CELL[f"tag_{_tag}"] = (ran, look_away(_tag))


@in_cell(ran)
def comment_to_look_away(cell, rng):
    cell.source += "\n# NBVAL_IGNORE_OUTPUT"
    outputs_cleared(cell, rng)


@in_cell(lambda cell: "print(" in cell.source and ran(cell))
def source_changed_and_not_run(cell, rng):
    cell.source = cell.source.replace("print(", 'print("now", ', 1)


# -- exercises -----------------------------------------------------------------------------------------


@in_cell(role_is("check"))
def verdict(cell, rng):
    for output in cell.outputs:
        if "data" in output:
            output.data["text/plain"] = "Right."


@in_cell(role_is("check"))
def verdict_gone(cell, rng):
    cell.outputs = []


@in_cell(role_is("solution"))
def solution_source(cell, rng):
    cell.source = re.sub(r"\d(?=\D*$)", lambda digit: _other_digit(digit[0]), cell.source, count=1)


@in_cell(role_is("solution"))
def solution_opened(cell, rng):
    cell.metadata.jupyter = NotebookNode(source_hidden=False)


@in_cell(lambda cell: form.role_of(cell) == "solution" and _has("text/plain", r"\d")(cell))
def solution_value(cell, rng):
    _edit(cell, "text/plain", r"\d", _other_digit, rng)


# -- the whole notebook --------------------------------------------------------------------------------


def _code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@in_notebook
def everything_cleared(notebook):
    for cell in _code(notebook):
        cell.outputs, cell.execution_count = [], None


@in_notebook
def all_outputs_cleared_counts_left(notebook):
    for cell in _code(notebook):
        cell.outputs = []


@in_notebook
def last_half_never_run(notebook):
    for cell in _code(notebook)[len(_code(notebook)) // 2 :]:
        cell.outputs, cell.execution_count = [], None


@in_notebook
def cells_reordered(notebook):
    last, first = _code(notebook)[-1], _code(notebook)[0]
    i, j = notebook.cells.index(first), notebook.cells.index(last)
    notebook.cells[i], notebook.cells[j] = last, first


@in_notebook
def cell_dropped(notebook):
    notebook.cells.remove(next(cell for cell in _code(notebook)[1:] if not form.exercise_of(cell)))


@in_notebook
def counts_of_a_second_run(notebook):
    for cell in _code(notebook):
        cell.execution_count += 100


@in_notebook
def stub_filled_in(notebook):
    stub = next(cell for cell in notebook.cells if form.role_of(cell) == "stub")
    stub.source = stub.source.replace("...", "1", 1)


@in_notebook
def question_reworded(notebook):
    next(cell for cell in notebook.cells if form.role_of(cell) == "question").source += "\n\nOr guess."


@in_notebook
def exercise_dropped(notebook):
    name = next(form.exercise_of(cell) for cell in notebook.cells if form.exercise_of(cell))
    notebook.cells = [cell for cell in notebook.cells if form.exercise_of(cell) != name]


@in_notebook
def solution_dropped(notebook):
    notebook.cells.remove(next(cell for cell in notebook.cells if form.role_of(cell) == "solution"))


@in_notebook
def widget_state_added(notebook):
    notebook.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"state": {}}}


@in_notebook
def references_dropped(notebook):
    notebook.cells = [cell for cell in notebook.cells if not re.search(r"(?m)^#+ (References|Sources)", cell.source)]


@in_notebook
def title_dropped(notebook):
    notebook.cells.pop(0)


@in_notebook
def two_outputs_swapped(notebook):
    """Between the first and the last cell that show a result."""
    shown = [cell for cell in _code(notebook) if [out.output_type for out in cell.outputs] == ["execute_result"]]
    first, last = shown[0].outputs[0], shown[-1].outputs[0]
    first.data, last.data = last.data, first.data
