"""nbgrader and otter-grader, set up to grade the very notebooks that `lrcourse grade` gets.

Both run in `.venv-grading` (`make test-grading` sets it up), each submission in a Jupyter kernel, which is what they
do by default; their tests call the course's own judge, so that all three come to the same marks.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

from lrcourse import exercises
from lrcourse.exercises.problem_sets import notebook, written
from lrcourse.grading.release import problem_set

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv-grading" / "bin" / "python"


def there() -> bool:
    """Whether both are installed."""
    asked = [str(PYTHON), "-c", "import nbgrader, otter"]
    return PYTHON.exists() and subprocess.run(asked, capture_output=True).returncode == 0


def _run(folder: Path, *command: str) -> float:
    """Run one of their commands; how many seconds it took."""
    environment = os.environ | {
        "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "MPLBACKEND": "agg",
        "HOME": str(folder),
    }
    began = time.perf_counter()
    done = subprocess.run(
        [str(PYTHON), "-m", *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=3600
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout[-600:]}{done.stderr[-600:]}")
    return time.perf_counter() - began


def nbgrader(folder: Path, assignment, submitted: Path) -> tuple[float, dict[str, float]]:
    """Grade a class with `nbgrader autograde`: seconds, and points by student."""
    name = assignment.name
    source = folder / "source" / name / f"{name}.ipynb"
    source.parent.mkdir(parents=True)
    built = notebook(problem_set(assignment))
    for cell in built["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"].startswith("imports-"):
            cell["source"] = assignment.setup.splitlines(keepends=True)
    source.write_text(written(built), encoding="utf-8")
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'lr'\n")
    shutil.copytree(submitted, folder / "submitted")
    _run(folder, "nbgrader", "generate_assignment", name, "--force")
    seconds = _run(folder, "nbgrader", "autograde", name)
    _run(folder, "nbgrader", "export")
    with open(folder / "grades.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == name]
    return seconds, {row["student_id"]: float(row["score"]) for row in rows}


_TEST = """\
OK_FORMAT = True
test = {{
    "name": "{key}", "points": {points},
    "suites": [{{"cases": [{{"code": ">>> import lrcourse.exercises as _key\\n"
        ">>> _key.judge(_key.get('{id}'), {name}).correct\\nTrue", "hidden": False, "locked": False}}],
        "scored": True, "setup": "", "teardown": "", "type": "doctest"}}],
}}
"""


def otter(folder: Path, assignment, submitted: Path) -> tuple[float, dict[str, float]]:
    """Grade a class with `otter run`, one notebook after another: seconds, and points by student."""
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for id in assignment.exercises:
        each, key = exercises.get(id), "q" + id.replace(".", "_")
        (tests / f"{key}.py").write_text(_TEST.format(key=key, id=id, name=each.name, points=each.points))
    with zipfile.ZipFile(folder / "autograder.zip", "w") as archive:
        for path in sorted(tests.iterdir()):
            archive.write(path, f"tests/{path.name}")
        archive.writestr("otter_config.json", json.dumps({"lang": "python"}))
        archive.writestr("requirements.txt", "")
    seconds, points = 0.0, {}
    for path in sorted(submitted.glob("*/*/*.ipynb")):
        student, out = path.parts[-3], folder / path.parts[-3]
        out.mkdir()
        shutil.copy(path, out / "work.ipynb")
        seconds += _run(out, "otter", "run", "-a", "../autograder.zip", "work.ipynb", "--no-logo")
        told = json.loads((out / "results.json").read_text())
        points[student] = sum(test.get("score", 0.0) for test in told["tests"])
    return seconds, points
