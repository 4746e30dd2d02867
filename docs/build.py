"""Builds the site: `python docs/build.py [folder]`, by default into build/site. Nothing is fetched, nothing is run."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path[:0] = [str(DOCS), str(ROOT)]

from pages import page  # noqa: E402
from sphinx.cmd.build import main as sphinx  # noqa: E402

from lrcourse.explorables import EXPLORABLES, bundle  # noqa: E402
from lrcourse.notebooks import form  # noqa: E402


def build(folder: Path, notebooks: Path = ROOT / "notebooks") -> int:
    """Write the site into `folder`, which is made anew. Returns 0 where all went well; a warning is an error."""
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        source, doctrees = Path(scratch, "source"), Path(scratch, "doctrees")
        source.mkdir()
        shutil.copy(DOCS / "index.md", source)
        found = sorted(notebooks.glob("*.ipynb"))
        for path in found:
            shown = page(form.read(path.read_text(encoding="utf-8")), path.name)
            (source / path.name).write_text(form.write(shown), encoding="utf-8")
        options = ["-q", "-W", "--keep-going", "-b", "html", "-c", str(DOCS), "-d", str(doctrees)]
        status = sphinx([*options, str(source), str(folder)])
    static = folder / "_static"
    (static / "notebooks").mkdir(exist_ok=True)
    for path in found:
        shutil.copy(path, static / "notebooks")
    (static / "explorables").mkdir(exist_ok=True)
    (static / "explorables" / "style.css").write_text(bundle.style(), encoding="utf-8")
    for name in EXPLORABLES:
        (static / "explorables" / f"{name}.js").write_text(bundle.page_script(name), encoding="utf-8")
    (folder / ".nojekyll").touch()  # GitHub Pages would leave out folders that begin with an underscore
    return status


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "site"
    failed = build(target)
    if not failed:
        size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
        shown = target.relative_to(ROOT) if target.is_relative_to(ROOT) else target
        print(f"site: {shown}/index.html, {size / 1e6:.1f} MB")
    sys.exit(failed)
