"""The only writer of the course's notebooks: `python -m lrcourse.notebooks [PATHS…] [--check]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from lrcourse.files import put
from lrcourse.notebooks import form, rules, run

KERNELS = 2  # at a time: the smallest machine the course is made for has two cores


@dataclass(frozen=True)
class Report:
    """What became of one notebook."""

    path: Path
    seconds: float
    cells: int = 0
    changed: bool = False
    problems: tuple[str, ...] = ()
    failed: bool = False

    def line(self, check: bool) -> str:
        state = "changed" if self.changed else "unchanged"
        if self.failed:
            state = "FAILED, left as it was"
        elif self.changed and check:
            state = "would change"
        head = f"{self.path.name:<32} {self.seconds:5.1f} s {self.cells:4} cells  {state}"
        return "\n  ".join([head, *("\n  ".join(p.split("\n")) for p in self.problems)])


async def renew(path: Path, check: bool, scratch: Path) -> Report:
    """Bring one notebook into its stored form, run it, and write it if that changed anything."""
    start = time.perf_counter()
    try:
        before = path.read_text(encoding="utf-8")
        notebook = form.canonical(form.read(before))
        await run.execute(notebook, path.resolve().parent, scratch)
        notebook = form.canonical(notebook)
        after = form.write(notebook)
    except (form.NotebookError, OSError, ValueError, RuntimeError) as error:
        return Report(path, time.perf_counter() - start, problems=(str(error),), failed=True)
    changed = after != before
    if changed and not check:
        put(path, after, mode=path.stat().st_mode & 0o777)
    problems = tuple(rules.problems(notebook, path))
    return Report(path, time.perf_counter() - start, len(notebook.cells), changed, problems)


async def renew_all(paths: list[Path], check: bool) -> list[Report]:
    """All notebooks, a few kernels at a time, a line for each as it is done."""
    gate = asyncio.Semaphore(KERNELS)

    async def one(path: Path, scratch: Path) -> Report:
        async with gate:
            report = await renew(path, check, scratch)
        print(report.line(check), flush=True)
        return report

    with tempfile.TemporaryDirectory(prefix="lrcourse-") as scratch:
        rooms = [Path(scratch, str(number)) for number in range(len(paths))]
        for room in rooms:
            room.mkdir()
        return await asyncio.gather(*(one(path, room) for path, room in zip(paths, rooms, strict=True)))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m lrcourse.notebooks", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks to write (default: notebooks/*.ipynb)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file would change")
    options = parser.parse_args(arguments)
    paths = options.paths or sorted(Path("notebooks").glob("*.ipynb"))
    if not paths:
        parser.error("no notebooks found in notebooks/: run this in the folder that holds them, or name them")
    start = time.perf_counter()
    reports = asyncio.run(renew_all(paths, options.check))
    cells = sum(report.cells for report in reports)
    print(f"{len(reports)} notebooks, {cells} cells, {time.perf_counter() - start:.1f} s")
    bad = any(report.problems or (options.check and report.changed) for report in reports)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
