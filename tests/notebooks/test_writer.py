"""The writer: what it expands, tidies, runs and refuses."""

import json
import sys

import nbformat
import pytest
import sample_lesson
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from lrcourse import exercises
from lrcourse.notebooks import form
from lrcourse.notebooks.__main__ import main

EXERCISE = "8.1.1"


def group(notebook):
    return [cell for cell in notebook.cells if form.exercise_of(cell) == EXERCISE]


def with_exercise():
    return new_notebook(cells=[new_markdown_cell("# 8.1 One"), new_markdown_cell(f"{{{{exercise {EXERCISE}}}}}")])


# -- the file ------------------------------------------------------------------------------------------


def test_a_second_run_changes_no_byte_and_does_not_touch_the_file(lesson, capsys):
    before, when = lesson.read_bytes(), lesson.stat().st_mtime_ns
    assert main([str(lesson)]) == 0
    assert (lesson.read_bytes(), lesson.stat().st_mtime_ns) == (before, when)
    assert "unchanged" in capsys.readouterr().out


def test_check_tells_and_writes_nothing(tmp_path, capsys):
    path = sample_lesson.save(sample_lesson.draft(), tmp_path)
    before = path.read_bytes()
    assert main([str(path), "--check"]) == 1
    assert path.read_bytes() == before
    assert "would change" in capsys.readouterr().out
    assert main([str(path)]) == 0
    assert main([str(path), "--check"]) == 0
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_without_names_it_takes_the_folder_notebooks(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main([])
    assert "no notebooks found" in capsys.readouterr().err
    (tmp_path / "notebooks").mkdir()
    path = sample_lesson.save(new_notebook(cells=[new_code_cell("1 + 1")]), tmp_path / "notebooks")
    main([])
    assert nbformat.read(path, 4).cells[0].outputs[0].data["text/plain"] == "2"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("1 / 0", "cell 3: ZeroDivisionError: division by zero"),
        ("import warnings\nwarnings.warn('old')", "cell 3 writes to stderr"),
        ("import ipywidgets\nipywidgets.FloatSlider()", "cell 3 shows a widget that has no picture"),
        ("import os\nos._exit(1)", "cell 3: Kernel died"),
    ],
)
def test_a_notebook_that_fails_is_left_as_it_was(tmp_path, capsys, source, told):
    cells = [new_markdown_cell("# 8.1 Bad"), new_code_cell("x = 1"), new_code_cell(source), new_code_cell("x")]
    path = sample_lesson.save(new_notebook(cells=cells), tmp_path)
    before = path.read_bytes()
    assert main([str(path)]) == 1
    assert path.read_bytes() == before
    out = capsys.readouterr().out
    assert path.name in out
    assert told in out


def test_one_bad_notebook_does_not_hold_up_the_others(tmp_path, capsys):
    bad = sample_lesson.save(new_notebook(cells=[new_code_cell("1 / 0")]), tmp_path, "8.1_bad.ipynb")
    torn = tmp_path / "8.2_torn.ipynb"
    torn.write_text("{")
    good = sample_lesson.save(sample_lesson.draft(), tmp_path)
    assert main([str(bad), str(torn), str(good)]) == 1
    assert nbformat.read(good, 4).cells[1].execution_count == 1
    assert capsys.readouterr().out.count("FAILED") == 2


def test_it_runs_this_python_and_in_the_notebooks_folder(tmp_path, monkeypatch):
    foreign = tmp_path / "share" / "kernels" / "python3"
    foreign.mkdir(parents=True)
    argv = ["false"]
    (foreign / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    (tmp_path / "beside.py").write_text("word = 'beside'")
    source = "import sys\nimport beside\nprint(sys.executable, beside.word)"
    path = sample_lesson.save(new_notebook(cells=[new_code_cell(source)]), tmp_path)
    main([str(path)])
    assert nbformat.read(path, 4).cells[0].outputs[0].text == f"{sys.executable} beside\n"


def test_a_run_leaves_the_learners_progress_alone(tmp_path, monkeypatch):
    own = tmp_path / "own.json"
    monkeypatch.setenv("LRCOURSE_PROGRESS", str(own))
    source = f"from lrcourse.exercises import check\ncheck('{EXERCISE}', 1)"
    main([str(sample_lesson.save(new_notebook(cells=[new_code_cell(source)]), tmp_path))])
    assert not own.exists()


# -- exercises -----------------------------------------------------------------------------------------


def test_a_marker_becomes_the_four_declared_cells():
    cells = form.canonical(with_exercise()).cells[1:]
    assert [form.role_of(cell) for cell in cells] == list(form.ROLES)
    assert [cell.source for cell in cells] == [cell.source for cell in exercises.cells(EXERCISE)]
    assert [cell.id for cell in cells] == [f"exercise-{EXERCISE}-{role}".replace(".", "-") for role in form.ROLES]
    assert [cell.metadata for cell in cells] == [cell.metadata for cell in exercises.cells(EXERCISE)]
    assert cells[3].metadata.jupyter.source_hidden is True
    assert cells[3].metadata.tags == ["solution"]
    assert cells[3].source.startswith("# Solution: click to open\n")


def lose(cells, role):
    return [cell for cell in cells if form.role_of(cell) != role]


def twice(cells, role):
    return [same for cell in cells for same in ([cell, cell] if form.role_of(cell) == role else [cell])]


def edit(cells, role):
    edited = [NotebookNode(cell, source=cell.source + " 1") if form.role_of(cell) == role else cell for cell in cells]
    return edited


@pytest.mark.parametrize("role", form.ROLES)
@pytest.mark.parametrize("harm", [lose, twice, edit])
def test_a_damaged_group_is_put_right_from_the_declaration(role, harm):
    good = form.canonical(with_exercise())
    bad = NotebookNode(good, cells=harm(good.cells, role))
    assert bad != good
    assert form.write(form.canonical(bad)) == form.write(good)


def test_groups_out_of_order_are_put_right():
    good = form.canonical(with_exercise())
    bad = NotebookNode(good, cells=[good.cells[0], *reversed(good.cells[1:])])
    assert form.canonical(bad) == good


def test_a_cell_that_stays_the_same_keeps_its_outputs_and_a_changed_one_loses_them(lesson):
    notebook = form.read(lesson.read_text(encoding="utf-8"))
    assert form.canonical(notebook) == notebook
    stub, check = group(notebook)[1:3]
    assert check.outputs
    stub.source = "answer = 1"
    check.source += "  # mine"
    stub, check, solution = group(form.canonical(notebook))[1:]
    assert stub.execution_count is None
    assert (check.execution_count, check.outputs) == (None, [])
    assert solution.outputs


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([f"{{{{exercise {EXERCISE}}}}}", "between", f"{{{{exercise {EXERCISE}}}}}"], "stands twice, at cells 1 and 3"),
        ([f"Now: {{{{exercise {EXERCISE}}}}}"], "cell 1: an exercise marker stands alone"),
        (["{{exercise 8.1.99}}"], "cell 1: There is no exercise '8.1.99'"),
    ],
)
def test_what_only_the_author_can_put_right_is_refused(cells, told):
    with pytest.raises(form.NotebookError, match=told):
        form.canonical(new_notebook(cells=[new_markdown_cell(source) for source in cells]))


def test_a_group_torn_apart_is_refused():
    good = form.canonical(with_exercise())
    torn = [*good.cells[:3], new_markdown_cell("A word between."), *good.cells[3:]]
    with pytest.raises(form.NotebookError, match="stands twice"):
        form.canonical(NotebookNode(good, cells=torn))


# -- form ----------------------------------------------------------------------------------------------


def notebook_of(*cells, **metadata):
    """A notebook that may break the format, as `new_notebook` does not allow."""
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)})


def one(cell, **metadata):
    cell.metadata.update(metadata)
    return form.canonical(notebook_of(cell)).cells[0]


def test_views_timings_and_folds_go_and_tags_stay():
    noise = {"collapsed": True, "scrolled": False, "execution": {"a": 1}, "jupyter": {"source_hidden": True}}
    assert one(new_code_cell("1"), tags=["b", "a", "a"], **noise).metadata == {"tags": ["a", "b"]}


def test_notebook_metadata_are_the_same_for_all():
    noisy = notebook_of(widgets={"state": 1}, language_info={"version": "3.1"}, toc={})
    assert set(form.canonical(noisy).metadata) == {"kernelspec", "language_info"}
    assert form.canonical(noisy).metadata.language_info == {"name": "python"}


def test_spaces_at_line_ends_go_from_code_and_stay_in_markdown():
    assert one(new_code_cell("\n\na = 1  \n\nb \n\n")).source == "a = 1\n\nb"
    assert one(new_markdown_cell("broken  \nline  \n")).source == "broken  \nline"


def test_blank_cells_go():
    assert form.canonical(new_notebook(cells=[new_code_cell(""), new_markdown_cell(" \n")])).cells == []


def test_ids_good_ones_stay_others_come_from_the_source():
    cells = [new_code_cell(source) for source in ("a", "a", "b", "c", "d")]
    for cell, name in zip(cells, ("my-cell", "my-cell", "1b9d6bcd", "x y", ""), strict=True):
        cell.id = name
    ids = [cell.id for cell in form.canonical(notebook_of(*cells)).cells]
    assert ids[0] == "my-cell"
    assert len(set(ids)) == 5
    assert all(name.startswith("code-") for name in ids[1:])
    for cell in cells[1:]:
        cell.id = "5a5a5a5a-0000-4000-8000-123456789abc"
    assert [cell.id for cell in form.canonical(notebook_of(*cells)).cells] == ids


def test_same_sources_get_ids_of_their_own():
    notebook = new_notebook(cells=[new_code_cell("a") for _ in range(3)])
    ids = [cell.id for cell in form.canonical(notebook).cells]
    assert ids[1:] == [f"{ids[0]}-2", f"{ids[0]}-3"]


def test_an_older_format_becomes_4_5_and_another_is_refused():
    old = {"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [
        {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": None}]}
    notebook = form.canonical(form.read(json.dumps(old)))
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.cells[0].id.startswith("code-")
    with pytest.raises(form.NotebookError, match=r"must be 4\.x, got 3"):
        form.read(json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}))


def test_pieces_of_a_stream_are_joined_and_others_keep_their_order():
    pieces = [
        new_output("stream", name="stdout", text="a\n"),
        new_output("stream", name="stdout", text="b\n"),
        new_output("display_data", data={"text/plain": "c"}, metadata={"isolated": True}),
        new_output("stream", name="stdout", text="d\n"),
    ]
    clean = form.clean_outputs(pieces)
    assert [output.get("text", "") for output in clean] == ["a\nb\n", "", "d\n"]
    assert clean[1].metadata == {}
    assert pieces[0].text == "a\n"


def test_a_widget_is_stored_as_its_first_picture():
    data = {form.WIDGET_VIEW: {"model_id": "1f"}, "text/html": "<img>", "text/plain": "An explorable."}
    (clean,) = form.clean_outputs([new_output("display_data", data=data)])
    assert clean.data == {"text/html": "<img>", "text/plain": "An explorable."}
