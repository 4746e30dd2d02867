"""`python -m lrcourse.exercises` proves the declarations and prints a table of them.

`python -m lrcourse.exercises questions` prints what a learner sees of every exercise, and nothing of its answer.
"""

import sys

from . import all_exercises, judge, variant
from .notebook_cells import question, stub
from .variants import hidden

VARIANTS = 200


def proven(exercise) -> bool:
    """Whether the solution passes and every misconception is refused as itself."""
    if not judge(exercise, exercise.answer).correct:
        return False
    for index in range(len(exercise.misconceptions)):
        if hidden(exercise, index):
            continue
        wrong = exercise.wrong_answer(index)
        answer = {**exercise.answer, **wrong} if isinstance(wrong, dict) else wrong
        if judge(exercise, answer).misconception != index:
            return False
    return True


def table(students: int = VARIANTS) -> list[str]:
    """One row an exercise: kind, difficulty, misconceptions, and how many students' numbers were proven."""
    rows = [f"{'id':8}{'kind':16}{'level':>5}{'points':>8}{'wrong roads':>13}{'drawn':>7}{'different':>11}  proven"]
    for exercise in all_exercises():
        drawn = [variant(exercise, f"student {i}", "table") for i in range(students if exercise.vary else 0)]
        different = {str(dict(v.given)): v for v in (exercise, *drawn)}
        result = "yes" if all(map(proven, different.values())) else "NO"
        rows.append(
            f"{exercise.id:8}{exercise.kind:16}{exercise.difficulty:5}{exercise.points:8}"
            f"{len(exercise.misconceptions):13}{len(drawn):7}{len(different):11}  {result}"
        )
    return rows


def questions() -> list[str]:
    return [f"{question(exercise)}\n\n```python\n{stub(exercise)}\n```\n" for exercise in all_exercises()]


if __name__ == "__main__":
    print(*(questions() if sys.argv[1:] == ["questions"] else table()), sep="\n")
