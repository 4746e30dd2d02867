"""What `make test` looks at would notice a stored notebook that has come to say something untrue.

Copies of notebooks are spoiled, each cell of a copy in one way, and judged as `make test` judges the course: by
the rules, which see each mutation by itself, and by nbval, which runs once over all copies and must fail the
very cell that was spoiled. Cells left as they were must pass, so that no mutation is caught by another's work.
"""

import copy
import os
import random
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import sample_lesson
from mutations import IN_CELL, IN_NOTEBOOK

from lrcourse.notebooks import form, rules
from lrcourse.notebooks.environment import environment

COPIES = 4  # of each notebook, for its cells to be spoiled in different ways
MOST = 6  # of one kind: cells that only the plainest mutations fit would outweigh the others
MUST_CATCH = 0.95
COURSE = Path(__file__).resolve().parents[2] / "notebooks"
REAL = 1  # how many of the course's notebooks, beside the sample


@dataclass(frozen=True)
class Mutant:
    """One mutation at one place; `cell` counts code cells from 0, as nbval does, and is None for the whole."""

    name: str
    file: str
    cell: int | None
    rules: tuple[str, ...]

    def caught_by(self, failed: set[tuple[str, int]]) -> bool:
        if self.cell is None:
            return any(file == self.file for file, _ in failed)
        return (self.file, self.cell) in failed


def write(notebook, folder, name):
    (folder / name).write_text(form.write(notebook), encoding="utf-8")


def spoil_cells(base, path, folder, used, rng):
    """A copy with each code cell spoiled in one way: the one used least so far, and of those the rarest."""
    name = f"cells_{len(list(folder.iterdir()))}.ipynb"
    spoiled = copy.deepcopy(base)
    code = [number for number, cell in enumerate(base.cells) if cell.cell_type == "code"]
    fitting = {n: [kind for kind, (applies, _) in IN_CELL.items() if applies(base.cells[n])] for n in code}
    places = Counter(kind for kinds in fitting.values() for kind in kinds)
    mutants = []
    for count, number in enumerate(code):
        kind = min(fitting[number], key=lambda kind: (used[kind], places[kind], rng.random()))
        if used[kind] >= MOST:
            continue
        mutate = IN_CELL[kind][1]
        mutate(spoiled.cells[number], rng)
        assert spoiled.cells[number] != base.cells[number], f"{kind} changed nothing in cell {number + 1}"
        used[kind] += 1
        alone = copy.copy(base)
        alone.cells = [*base.cells[:number], spoiled.cells[number], *base.cells[number + 1 :]]
        mutants.append(Mutant(kind, name, count, tuple(rules.problems(alone, path))))
    write(spoiled, folder, name)
    return mutants


def spoil_notebook(base, path, folder):
    """A copy for each mutation of a whole notebook. Those that the rules see need no run."""
    for kind, mutate in IN_NOTEBOOK.items():
        spoiled = copy.deepcopy(base)
        mutate(spoiled)
        assert spoiled != base, f"{kind} changed nothing in {path.name}"
        mutant = Mutant(kind, f"{kind}_{path.name}", None, tuple(rules.problems(spoiled, path)))
        if not mutant.rules:
            write(spoiled, folder, mutant.file)
        yield mutant


def run_nbval(folder, scratch):
    """(cells that fail, cells that pass), each as (file, number), of all notebooks in the folder."""
    options = ["--nbval", "--nbval-current-env", "-c", os.devnull, "--rootdir", str(folder)]
    quiet = ["-q", "-rfEp", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *quiet, str(folder)],
        env=os.environ | environment(scratch) | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    results = re.findall(r"(?m)^(FAILED|ERROR|PASSED) (?:.*/)?(\S+\.ipynb)::Cell (\d+)", run.stdout)
    passed = {(file, int(cell)) for word, file, cell in results if word == "PASSED"}
    return {(file, int(cell)) for word, file, cell in results} - passed, passed


def table(mutants, failed):
    """How many mutants of each kind there were, and by what they were caught."""
    lines = [f"{'mutation':<34} {'made':>4} {'rules':>6} {'nbval':>6} {'caught':>7}"]
    for kind in dict.fromkeys(mutant.name for mutant in mutants):
        same = [mutant for mutant in mutants if mutant.name == kind]
        by_rules = [bool(mutant.rules) for mutant in same]
        by_nbval = [mutant.caught_by(failed) for mutant in same]
        caught = sum(a or b for a, b in zip(by_rules, by_nbval, strict=True))
        lines.append(f"{kind:<34} {len(same):4} {sum(by_rules):6} {sum(by_nbval):6} {caught:4}/{len(same)}")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def bases(lesson_text, tmp_path_factory):
    """The notebooks that are spoiled, as (notebook, path): the sample, and the smallest of the course."""
    sample = tmp_path_factory.mktemp("base") / sample_lesson.NAME
    sample.write_text(lesson_text, encoding="utf-8")
    course = sorted(COURSE.glob("*.ipynb"), key=lambda path: path.stat().st_size)
    return [(rules.load(path).notebook, path) for path in [sample, *course[:REAL]]]


def test_spoiled_notebooks_are_caught(bases, tmp_path_factory):
    folder, scratch = tmp_path_factory.mktemp("spoiled"), tmp_path_factory.mktemp("scratch")
    rng, used, mutants = random.Random(8), Counter(), []
    for base, path in bases:
        assert rules.problems(base, path) == []
        write(base, folder, f"good_{path.name}")
        for _ in range(COPIES):
            mutants += spoil_cells(base, path, folder, used, rng)
        mutants += spoil_notebook(base, path, folder)
    failed, passed = run_nbval(folder, scratch)

    told = table(mutants, failed)
    print(told)
    touched = {(mutant.file, mutant.cell) for mutant in mutants}
    whole = {file for file, cell in touched if cell is None}
    strays = [cell for cell in failed - touched if cell[0] not in whole]
    assert not strays, f"nbval fails cells that nobody touched: {strays}"
    assert {file for file, _ in passed} >= {f"good_{path.name}" for _, path in bases}
    caught = [mutant for mutant in mutants if mutant.rules or mutant.caught_by(failed)]
    assert len(caught) >= MUST_CATCH * len(mutants), told
    kinds = {mutant.name for mutant in mutants}
    assert kinds == IN_CELL.keys() | IN_NOTEBOOK.keys(), "a mutation found no place to apply"
