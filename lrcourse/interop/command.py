"""`lrcourse show` and `lrcourse audit`: what they print, draw, and exit with."""

from __future__ import annotations

import json
import math
from pathlib import Path

from lrcourse.schedules import Schedule

from .comparison import Comparison, compare
from .files import read_file

CODES = ("first-update-zero", "end-not-reached", "cut-short", "held", "refused", "rises-after-end", "jump", "zero",
         "float32-zero", "float32-cosine-zero", "stepped-per-epoch", "counted-in-epochs")
SETTINGS = (".json", ".py", ".txt", ".yaml", ".yml", ".toml")


def read(source: str, updates, read_schedule, *, files: bool) -> tuple[Schedule, int | None]:
    """The schedule of a file or an expression, and the number of updates where one is given or known."""
    if files and Path(source).is_file():
        return read_file(source, updates)
    try:
        schedule = read_schedule(source)
    except ValueError:
        if files and Path(source).suffix in SETTINGS:
            raise ValueError(f"there is no file {source!r}") from None
        raise
    return schedule, updates


def report(schedule: Schedule, updates=None, *, steps_per_epoch=None, figure=None, as_json=False, fail_on="") -> int:
    """Print the comparison, draw it where asked to; 1 where something was found that `fail_on` names, else 0."""
    codes, path = _codes(fail_on), _svg(figure)
    if updates is None:
        updates = schedule.horizon and math.ceil(schedule.horizon)
    if updates is None:
        if as_json or path or codes:
            raise ValueError("--updates must be given: the schedule has no end of its own")
        print(f"{schedule!r}\n\n{schedule.formula}\n\nIt has no end of its own: --updates N tells what may surprise in "
              f"a run of N updates.")
        return 0
    told = compare(schedule, updates, steps_per_epoch)
    print(json.dumps(told.to_dict(), indent=1) if as_json else told)
    if path:
        _draw(told, path)
    return int(any(code in codes for code in told.codes))


def _codes(text: str) -> tuple[str, ...]:
    codes = CODES if text == "any" else tuple(filter(None, (code.strip() for code in text.split(","))))
    if unknown := [code for code in codes if code not in CODES]:
        raise ValueError(f"--fail-on must be any, or some of {', '.join(CODES)}, got {unknown[0]!r}")
    return codes


def _svg(figure) -> Path | None:
    if figure is not None and not str(figure).endswith(".svg"):
        raise ValueError(f"--figure must end in .svg, got {figure!r}")
    return None if figure is None else Path(figure)


def _draw(told: Comparison, path: Path) -> None:
    from lrcourse.figures.appendix import compared

    try:
        compared(told).save(path)
    except OSError as error:
        raise ValueError(f"{path} can't be written: {error.strerror}") from None
