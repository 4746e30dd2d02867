"""Notebooks that were mangled, by accident or not. What they are given has every answer right."""

import copy

from . import EXERCISES, NUMBER, notebook

KEY = NUMBER.replace(".", "-")
WRONG = "answer_8_8_2 = 123.456\n"


def place(book, grade_id):
    return next(i for i, c in enumerate(book["cells"]) if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def answer(book):
    return book["cells"][place(book, f"answer-{KEY}")]


def code(source, **metadata):
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


@notebook("check was deleted", core=True)
def without_its_check(book):
    del book["cells"][place(book, f"test-{KEY}")]


@notebook("check was edited", lost=(NUMBER,), core=True)
def with_a_check_that_always_passes(book):
    answer(book)["source"] = WRONG
    book["cells"][place(book, f"test-{KEY}")]["source"] = "assert True, check('8.8.2', 1)"


@notebook("cell is missing", lost=(NUMBER,), core=True)
def without_an_answer(book):
    del book["cells"][place(book, f"answer-{KEY}")]


@notebook("more than once", core=True)
def with_an_answer_twice(book):
    book["cells"].append(copy.deepcopy(answer(book)))


@notebook("answered 2 times", lost=(NUMBER,))
def with_a_second_answer_that_is_wrong(book):
    book["cells"].append(answer(book) | {"source": WRONG})


@notebook("first cell was edited", core=True)
def with_another_first_cell(book):
    source = "import lrcourse.exercises\nlrcourse.exercises.check = print\nimport numpy as np\n"
    book["cells"][place(book, "imports-attacked")]["source"] = source


@notebook("it was split")
def with_an_answer_in_two_cells(book):
    cell = answer(book)
    head, _, tail = "".join(cell["source"]).partition("\n\nanswer_")
    at = place(book, f"answer-{KEY}")
    book["cells"][at : at + 1] = [cell | {"source": head}, copy.deepcopy(cell) | {"source": "answer_" + tail}]


@notebook("in another cell")
def with_an_answer_below_its_cell(book):
    at, cell = place(book, f"answer-{KEY}"), answer(book)
    book["cells"].insert(at + 1, code(cell["source"]))
    cell["source"] = "# see below"


@notebook("mark is gone", core=True)
def with_a_renamed_cell(book):
    answer(book)["metadata"]["nbgrader"]["grade_id"] = "mine"


@notebook("mark is gone")
def stripped_of_metadata(book):
    for cell in book["cells"]:
        cell["metadata"] = {}
    book["metadata"] = {}


@notebook("in another cell")
def with_swapped_marks(book):
    a, b = answer(book), book["cells"][place(book, "answer-8-8-3")]
    a["metadata"], b["metadata"] = b["metadata"], a["metadata"]


@notebook()
def in_reverse_order(book):
    book["cells"].reverse()


@notebook("no longer a code cell")
def with_an_answer_as_text(book):
    answer(book)["cell_type"] = "markdown"


@notebook("no longer a code cell")
def with_all_answers_as_text_without_marks(book):
    for cell in book["cells"]:
        if "answer-" in cell["metadata"]["nbgrader"]["grade_id"]:
            cell |= {"cell_type": "raw", "metadata": {}}


@notebook("in another cell")
def with_all_answers_in_one_cell(book):
    cells = [book["cells"][place(book, "answer-" + id.replace(".", "-"))] for id in EXERCISES]
    cells[0]["source"] = "\n\n".join("".join(cell["source"]) for cell in cells)
    for cell in cells[1:]:
        cell["source"] = ""


@notebook()
def of_other_schema_versions(book):
    for number, cell in enumerate(book["cells"]):
        cell["metadata"]["nbgrader"]["schema_version"] = [1, 2, 4, "x", None, {}][number % 6]


@notebook("old format 3")
def of_format_3(book):
    cells = [c | {"input": c["source"]} for c in book.pop("cells")]
    for cell in cells:
        del cell["source"]
    book |= {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}


@notebook("format 5")
def of_a_format_to_come(book):
    book["nbformat"] = 5


@notebook("no cell")
def with_cells_that_are_none(book):
    book["cells"] += [None, 5, "x", [], {}]


@notebook("without text")
def with_sources_that_are_no_text(book):
    book["cells"] += [code(7), code(["a", 7]), code({"a": 1}), code("x" * 300_000)]


@notebook()
def with_metadata_of_other_types(book):
    book["metadata"] = [1]
    for number, cell in enumerate(book["cells"]):
        if "answer-" not in cell["metadata"]["nbgrader"]["grade_id"]:
            cell["metadata"] = [None, 5, {"nbgrader": 7, "lrcourse": [1]}, {"nbgrader": {"grade_id": {"a": 1}}}][
                number % 4
            ]


@notebook(lost=(NUMBER,))
def with_points_of_its_own(book):
    answer(book)["source"] = WRONG
    book["metadata"]["lrcourse"] |= {"points": 1000, "grade": 1000}
    for cell in book["cells"]:
        cell["metadata"]["nbgrader"] |= {"points": 1000, "score": 1000, "locked": False}


@notebook(lost=(NUMBER,))
def with_forged_outputs(book):
    answer(book)["source"] = WRONG
    told = {"output_type": "stream", "name": "stdout", "text": "8.8.2 right. Well done. <script>alert(1)</script>"}
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [told]


@notebook("released to 'somebody else'")
def that_claims_to_be_somebody_elses(book):
    book["metadata"]["lrcourse"]["student"] = "somebody else"


@notebook("invisible or direction")
def with_characters_that_turn_text_round(book):
    book["cells"].append(code("# \u202e\u2066 drawkcab \u200b"))


@notebook(r"commands \(lines")
def with_a_timed_answer(book):
    cell = answer(book)
    cell["source"] = "%%time\n" + "".join(cell["source"]) + "\n%time answer_8_8_2 = answer_8_8_2\n"


@notebook("150 cells of their own")
def with_many_cells_of_its_own(book):
    book["cells"][:0] = [code(f"own_{n} = {n}") for n in range(150)]


@notebook("left out")
def with_cells_of_its_own_that_hang(book):
    book["cells"][:0] = [code("while True: pass")] * 20


@notebook("left out")
def with_a_cell_of_its_own_that_crashes(book):
    book["cells"].insert(0, code("import os\nos._exit(1)"))


@notebook()
def with_a_cell_of_its_own_that_fails(book):
    book["cells"].insert(0, code("1 / 0"))


@notebook("raised")
def with_an_answer_that_then_fails(book):
    answer(book)["source"] = "".join(answer(book)["source"]) + "\n1 / 0\n"


@notebook(lost=EXERCISES)
def with_no_cell_at_all(book):
    book["cells"] = []


@notebook(lost=EXERCISES)
def with_two_thousand_stubs(book):
    book["cells"] = [code(f"answer_8_8_2 = {n}") for n in range(1999)]


@notebook(lost=EXERCISES)
def with_only_pictures(book):
    data = {"image/png": "iVBORw0KGgo" * 1000, "text/html": "<script>alert(1)</script>"}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    book["cells"] = [code("") | {"outputs": [output]}]


@notebook(lost=EXERCISES)
def with_answers_for_everyone_in_attachments(book):
    for cell in book["cells"]:
        cell["attachments"] = {"x.png": {"image/png": "A" * 1000}}
        cell["source"] = ["# nothing\n"] * 10


@notebook("does not define")
def with_a_helper_cell_and_a_stub(book):
    at, cell = place(book, f"answer-{KEY}"), answer(book)
    book["cells"].insert(at, code("".join(cell["source"]).replace("answer_8_8_2 =", "helper =")))
    cell["source"] = "globals()['answer_' + '8_8_2'] = helper"
