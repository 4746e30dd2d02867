"""Ready problem sets for a class, assembled from the course's exercises.

`python -m exercises.assignments` writes them to `source/`, beside this file. This folder is also an nbgrader
course: `nbgrader generate_assignment schedules_by_hand` works here.
"""

from pathlib import Path

from lrcourse.exercises.problem_sets import Essay, ProblemSet, notebook, written

HERE = Path(__file__).parent

SETS = (
    ProblemSet(
        name="schedules_by_hand",
        title="Schedules by hand",
        intro="""
With pencil, paper and a calculator (Python will do for one): find the rate at a step, the step at a rate, and
what a whole run makes of them. All formulas are in sections 8.4, 8.5, 8.7 and 8.8 of the course.""",
        items=(
            "8.1.2",
            "8.1.3",
            "8.5.1",
            "8.8.1",
            "8.8.2",
            "8.8.3",
            "8.8.4",
            "8.8.5",
            "8.4.2",
            "8.4.6",
            "8.5.2",
            "8.5.6",
            "8.7.1",
            "8.8.6",
        ),
    ),
    ProblemSet(
        name="implement_and_compose",
        title="Implement and compose",
        intro="""
Write schedules as pure functions of the step, put them together, and find out what happens to those that are not
pure. Your functions will be called with numbers you have not seen: single steps, arrays of steps, edges.""",
        items=(
            "8.3.1",
            "8.1.4",
            "8.4.1",
            "8.5.5",
            "8.5.3",
            "8.5.4",
            "8.5.7",
            "8.7.3",
            "8.7.4",
            "8.5.10",
            "8.7.2",
            Essay(
                id="pure-or-not",
                title="Pure, or with a memory?",
                question="""
PyTorch's schedulers keep a state: `step()` moves them on. Optax's are functions of the step. Name one thing that
is easier with the first kind, one with the second, and say what must be saved in each case so that training can
be resumed from a checkpoint.""",
                model="""
With a state: a rule that reacts to what it sees, such as reduce on plateau, is natural, and the caller need not
count. As a function: any step can be asked for in any order, so plotting, testing and resuming are free. To
resume, the first needs its state saved and loaded (and its order with the optimizer kept); the second needs
nothing but the step number. (1 point each.)""",
            ),
        ),
    ),
    ProblemSet(
        name="experiments_and_claims",
        title="Experiments and claims",
        intro="""
What do schedules really do? First exactly, on the smallest training run there is; then with seeds and intervals;
and in the end you grade the text itself.""",
        items=(
            "8.2.1",
            "8.2.2",
            "8.3.2",
            "8.2.3",
            "8.3.3",
            "8.2.4",
            "8.6.1",
            "8.6.2",
            "8.6.3",
            "8.6.5",
            Essay(
                id="which-is-better",
                title="Which is better?",
                question="""
At the common peak of question 8.6.3 one schedule was ahead, after tuning each in 8.6.5 the other. A friend wants
to know “which of the two is better”. Answer in at most five sentences, and say what you would measure before you
answered for a real network.""",
                model="""
A comparison at one common peak compares the peak as much as the schedule: it favours whichever suits that peak
(1 point). Tuned separately, on this problem, linear is ahead, and only a little (1 point). For a real network:
tune each with the same budget, on seeds other than those for scoring, then several paired seeds and an interval
for the difference; and say for which problem and length of run it holds (1 point).""",
            ),
            "8.6.4",
            "8.6.7",
            "8.9.1",
        ),
    ),
)


def write(folder: Path = HERE / "source") -> list[Path]:
    """Write every set as `folder/NAME/NAME.ipynb`, nbgrader's place for it."""
    files = []
    for problem_set in SETS:
        file = folder / problem_set.name / f"{problem_set.name}.ipynb"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written(notebook(problem_set)), encoding="utf-8")
        files.append(file)
    return files
