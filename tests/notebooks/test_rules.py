"""Each rule can be broken: a good lesson keeps them all, and every breach is named by the rule it breaks."""

import pytest
from nbformat.v4 import new_markdown_cell, new_output

from lrcourse.notebooks import form, rules

BREACHES = []


def breach(rule, told):
    """Register a way to spoil a good lesson, with the rule that must notice and a word of what it says."""

    def register(spoil):
        BREACHES.append(pytest.param(rule, told, spoil, id=f"{rule}-{spoil.__name__}"))
        return spoil

    return register


def cell_with(notebook, text):
    return next(cell for cell in notebook.cells if text in cell.source)


def shown(notebook, text):
    """The data of the output of the code cell that holds `text`."""
    return cell_with(notebook, text).outputs[-1].data


@pytest.fixture
def notebook(lesson):
    return rules.load(lesson).notebook


def test_a_good_lesson_breaks_no_rule(notebook, lesson):
    assert rules.problems(notebook, lesson) == []


# -- as run --------------------------------------------------------------------------------------------


@breach("canonical_form", "notebook's metadata")
def widget_state(notebook):
    notebook.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {}}


@breach("canonical_form", "would change its metadata")
def cell_timing(notebook):
    notebook.cells[1].metadata.execution = {"iopub.execute_input": "now"}


@breach("canonical_form", "would change its source")
def question_edited(notebook):
    next(cell for cell in notebook.cells if form.role_of(cell) == "question").source += " Or not."


@breach("canonical_form", "would change its id")
def random_id(notebook):
    notebook.cells[0].id = "1b9d6bcd"


@breach("canonical_form", "would make")
def solution_lost(notebook):
    notebook.cells = [cell for cell in notebook.cells if form.role_of(cell) != "solution"]


@breach("canonical_form", "stands twice")
def exercise_twice(notebook):
    notebook.cells += [cell for cell in notebook.cells if form.exercise_of(cell)]


@breach("plain_python", "is not plain Python: %%capture")
def magic(notebook):
    notebook.cells[1].source = "%%capture\nprint(1)"


@breach("counts", "must be 1, got None")
def counts_cleared(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []


@breach("counts", "must be 3, got 4")
def cells_swapped(notebook):
    first = notebook.cells.index(cell_with(notebook, "round(cosine"))
    notebook.cells[first : first + 2] = notebook.cells[first : first + 2][::-1]


@breach("counts", "is of run 9")
def result_of_another_run(notebook):
    cell_with(notebook, "round(cosine").outputs[0].execution_count = 9


@breach("outputs_present", "ends in a call that shows something")
def figure_gone(notebook):
    cell_with(notebook, "plot_schedules").outputs = []


@breach("outputs_present", "prints, and no print")
def print_gone(notebook):
    cell_with(notebook, "for t in").outputs = []


@breach("outputs_present", "ends in a value")
def value_gone(notebook):
    cell_with(notebook, "half = ").source = "half"


@breach("output_order", "print first")
def print_after_picture(notebook):
    cell_with(notebook, "display(").outputs.reverse()


@breach("output_order", "more than one stream")
def two_streams(notebook):
    cell = cell_with(notebook, "for t in")
    cell.outputs += cell.outputs


@breach("quiet_outputs", "an error or a warning")
def warned(notebook):
    cell_with(notebook, "half = ").outputs = [new_output("stream", name="stderr", text="Careful")]


@breach("quiet_outputs", "an error or a warning")
def failed(notebook):
    cell_with(notebook, "half = ").outputs = [new_output("error", ename="E", evalue="e", traceback=[])]


@breach("quiet_outputs", "image/png")
def png(notebook):
    shown(notebook, "plot_schedules")["image/png"] = "iVBORw0KGgo="


@breach("quiet_outputs", "widget-view")
def widget_view(notebook):
    shown(notebook, "plot_schedules")[form.WIDGET_VIEW] = {"model_id": "1"}


@breach("quiet_outputs", "0x7f12ab34cd")
def address(notebook):
    shown(notebook, "HTML(")["text/plain"] = "<object at 0x7f12ab34cd>"


@breach("quiet_outputs", "/home/")
def path_of_a_machine(notebook):
    cell_with(notebook, "for t in").outputs[0].text += "saved in /home/me/rates.csv"


@breach("quiet_outputs", "C:")
def path_of_windows(notebook):
    cell_with(notebook, "for t in").outputs[0].text += "saved in C:\\rates.csv"


@breach("quiet_outputs", "UserWarning")
def warning_in_words(notebook):
    cell_with(notebook, "for t in").outputs[0].text += "UserWarning: old"


@breach("tags", "'nbval-skip' must stand at 0 cells, stands at 1")
def skipped(notebook):
    notebook.cells[1].metadata.tags = ["nbval-skip"]


@breach("tags", "'raises-exception'")
def allowed_to_fail(notebook):
    notebook.cells[1].metadata.tags = ["raises-exception"]


@breach("tags", "'solution' must stand at")
def one_solution_too_many(notebook):
    notebook.cells[1].metadata.tags = ["solution"]


@breach("tags", "'# NBVAL_IGNORE_OUTPUT' makes nbval look away")
def ignored(notebook):
    notebook.cells[1].source += "\n# NBVAL_IGNORE_OUTPUT"


# -- figures -------------------------------------------------------------------------------------------


def change_figure(notebook, old, new):
    data = shown(notebook, "plot_schedules")
    assert old in data["text/html"]
    data["text/html"] = data["text/html"].replace(old, new, 1)


@breach("figures", "needs a sentence")
def no_alt(notebook):
    change_figure(notebook, 'alt="The rate falls from 0.001 to 0, slowly first."', 'alt="figure"')


@breach("figures", "differ")
def alt_changed(notebook):
    change_figure(notebook, "slowly first", "quickly first")


@breach("figures", "must be SVG in a data: address")
def figure_in_a_file(notebook):
    change_figure(notebook, 'src="data:image/svg+xml', 'src="figure.svg" title="')


@breach("figures", "is broken")
def figure_torn(notebook):
    html = shown(notebook, "plot_schedules")["text/html"]
    head, tail = html.index('src="') + 5, html.rindex('" style')
    shown(notebook, "plot_schedules")["text/html"] = html[: (head + tail) // 2] + html[tail:]


@breach("figures", "draws nothing")
def figure_empty(notebook):
    html = shown(notebook, "plot_schedules")["text/html"]
    svg = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
    shown(notebook, "plot_schedules")["text/html"] = html[: html.index("src=")] + f'src="{svg}">'


@breach("figures", "inline SVG needs")
def drawing_without_title(notebook):
    shown(notebook, "HTML(")["text/html"] = "<svg><path d='M0 0'/></svg>"


@breach("figures", "the picture rates.svg needs")
def markdown_picture_without_alt(notebook):
    notebook.cells[2].source += "\n![](rates.svg)"


# -- the lesson ----------------------------------------------------------------------------------------


@breach("cell_length", "has 13 lines, at most 12")
def long_cell(notebook):
    notebook.cells[1].source = "\n".join(f"a{n} = {n}" for n in range(13))


@breach("cell_length", "has 21 lines, at most 20")
def long_solution(notebook):
    solution = next(cell for cell in notebook.cells if form.role_of(cell) == "solution")
    solution.source = "\n".join(f"a{n} = {n}" for n in range(21))


@breach("all_exercises", "declared for 8.1 and not in the notebook: 8.1.1")
def exercise_left_out(notebook):
    notebook.cells = [cell for cell in notebook.cells if form.exercise_of(cell) != "8.1.1"]


@breach("all_exercises", "of another section: 8.2.1")
def exercise_of_another_section(notebook):
    metadata = {"lrcourse": {"exercise": "8.2.1", "role": "question"}}
    notebook.cells.append(new_markdown_cell("What?", metadata=metadata))


@breach("headings", "the only title")
def two_titles(notebook):
    notebook.cells.append(new_markdown_cell("# 8.1 Again"))


@breach("headings", "the only title")
def number_of_another_section(notebook):
    notebook.cells[0].source = notebook.cells[0].source.replace("8.1", "8.8")


@breach("headings", "skips a level")
def level_skipped(notebook):
    notebook.cells.insert(2, new_markdown_cell("### Too deep"))


@breach("headings", "stands 2 times")
def heading_twice(notebook):
    notebook.cells.insert(2, new_markdown_cell("## Rates"))


@breach("opening", "minutes")
def no_minutes(notebook):
    notebook.cells[0].source = notebook.cells[0].source.replace("2 minutes", "no time")


@breach("opening", "learn")
def no_goal(notebook):
    notebook.cells[0].source = notebook.cells[0].source.replace("learn", "see")


@breach("references", "no heading 'References'")
def no_references(notebook):
    notebook.cells.pop()


@breach("references", "name no address")
def references_without_address(notebook):
    notebook.cells[-1].source = "## References\n\nA good book."


@breach("links", "8.10_more.ipynb, which does not exist")
def link_to_nowhere(notebook):
    notebook.cells[2].source += "\n[on](8.10_more.ipynb)"


@breach("links", "no heading of that name")
def link_to_no_heading(notebook):
    notebook.cells[-1].source = notebook.cells[-1].source.replace("#Rates", "#Losses")


@pytest.mark.parametrize(("rule", "told", "spoil"), BREACHES)
def test_a_breach_is_noticed(notebook, lesson, rule, told, spoil):
    spoil(notebook)
    found = list(rules.RULES[rule](rules.Stored(notebook, lesson)))
    assert any(told in problem for problem in found), found


def test_every_rule_has_a_breach():
    assert {case.values[0] for case in BREACHES} == set(rules.RULES)


# -- sentences and last lines --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a", "value"), ("a + 1", "value"), ("f'{a}'", "value"), ("a[0], b", "value"),
        ("f(a)", "something"), ("a.show()", "something"),
        ("print(a)", "print"), ("for a in b:\n    print(a)", "print"),
        ("a = 1", None), ("f(a);", None), ("None", None), ("...", None), ("def f(): ...", None), ("", None),
        ("for a in b:\n    c = a", None), ("%magic", None),
    ],
)
def test_what_a_cell_must_show(source, wanted):
    assert rules.wanted(source) == wanted


@pytest.mark.parametrize(
    "text",
    ["The rate falls to zero.", "η starts at 0.1 and falls.", "x is 1, then 0.5, then less.", "Does it fall to zero?"],
)
def test_a_sentence(text):
    assert rules.is_sentence(text)


@pytest.mark.parametrize("text", ["", "figure", "The rate.", "the rate falls to zero.", "The rate falls to zero"])
def test_no_sentence(text):
    assert not rules.is_sentence(text)
