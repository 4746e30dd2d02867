"""A class of any size for the engine's tests and benchmarks: released notebooks filled in by rule, and their points."""

import json
import random
from dataclasses import replace

from lrcourse import exercises
from lrcourse.exercises.notebook_cells import answering, stub
from lrcourse.grading.model import read_assignment
from lrcourse.grading.release import student_notebook

FIGURE = """\
fig, ax = plt.subplots()
ax.plot(CosineAnnealing(1e-3, T_max=1_000)(np.arange(1_001)))
ax.set(xlabel="step", ylabel="rate")
plt.show()"""


def shared(name):
    """An assignment whose numbers are the same for all, as `grade --same-numbers` takes it."""
    return replace(read_assignment(name), own_numbers=False)


def hand_in(folder, assignment, count, *, share=0.8, figures=False):
    """Write `folder/STUDENT/NAME/NAME.ipynb` for `count` students, each with some answers right and the others left
    as they were; return what each is worth. The same call writes the same bytes."""
    template = student_notebook(assignment)
    answered = {id: answering(exercises.get(id)) for id in assignment.exercises}
    points = {}
    for number in range(count):
        student = f"student{number:05d}"
        chance = random.Random(f"{assignment.name} {number}")
        solved = {id for id in assignment.exercises if chance.random() < share}
        path = folder / student / assignment.name / f"{assignment.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(_filled(template, student, solved, answered, figures)), encoding="utf-8")
        points[student] = float(sum(exercises.get(id).points for id in solved))
    return points


def _filled(template, student, solved, answered, figures):
    cells = []
    for cell in template["cells"]:
        id = cell["metadata"]["nbgrader"]["grade_id"].removeprefix("answer-").replace("-", ".")
        if id in answered:
            source = answered[id] if id in solved else stub(exercises.get(id))
            cell = cell | {"source": source + (f"\n{FIGURE}" if figures else "")}
        cells.append(cell)
    cells[0] = cells[0] | {"source": f"handed in by {student}"}
    return template | {"cells": cells}
