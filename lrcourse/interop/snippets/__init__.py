"""Scripts to take along, and bugs to know: each stands here once, is shown by the appendix, and is run by the tests.

`code("with_pytorch")` shows one; `recorded("bug_plot")` gives the rates that it really used, update by update.
`python -m lrcourse.interop.snippets` runs the bugs and their fixes and records them anew.
"""

from __future__ import annotations

import json
import runpy
import warnings
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
RECORD = HERE / "recorded.json"
NAMES = tuple(sorted(path.stem for path in HERE.glob("[bfw]*_*.py")))
RECORDED = tuple(name for name in NAMES if name.startswith(("bug_", "fix_")))


@dataclass(frozen=True, repr=False)
class Code:
    """A script's text, as a block of code on the page."""

    name: str
    text: str

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        return f'<pre style="overflow-x:auto"><code>{escape(self.text)}</code></pre>'


def code(name: str) -> Code:
    """One of the scripts, to be read and copied."""
    return Code(name, _path(name).read_text(encoding="utf-8").rstrip())


def run(name: str) -> dict:
    """Run a script, which needs its framework; returns its variables."""
    return runpy.run_path(str(_path(name)))


def recorded(name: str) -> list[float]:
    """The rates that a script used when it was recorded, one for each update."""
    return list(_record()["rates"][_path(name).stem])


def recorded_with() -> str:
    """What the record was made with, such as "PyTorch 2.13.0"."""
    return _record()["with"]


def record() -> dict:
    """Run the bugs and their fixes; needs PyTorch."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some are about the very bug
        rates = {name: [float(rate) for rate in run(name)["rates"]] for name in RECORDED}
    return {"with": f"PyTorch {torch.__version__.partition('+')[0]}", "rates": rates}


def _path(name: str) -> Path:
    if name not in NAMES:
        raise ValueError(f"name must be one of {', '.join(NAMES)}, got {name!r}")
    return HERE / f"{name}.py"


@cache
def _record() -> dict:
    return json.loads(RECORD.read_text(encoding="utf-8"))
