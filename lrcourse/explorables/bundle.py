"""One text from several ES modules: what a notebook's widget, or a page without a server, can load."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const|let|class)", re.MULTILINE)


@cache
def module(name: str) -> str:
    """The ES module `name`.js with all that it imports written out before it; `render` is its default export."""
    return f"{script(name)}\nexport default {{ render }};\n"


@cache
def script(name: str) -> str:
    """The same without an export: modules in the order in which they need each other, each once.

    They share one scope, so no two may give the same name to different things (tests/explorables holds that).
    """
    order: list[str] = []

    def visit(stem):
        for needed in _IMPORT.findall(source(stem)):
            visit(needed)
        if stem not in order:
            order.append(stem)

    visit(name)
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", source(stem))) for stem in order)


def source(name: str) -> str:
    return (FOLDER / f"{name}.js").read_text(encoding="utf-8")


def style() -> str:
    return (FOLDER / "style.css").read_text(encoding="utf-8")


def page_script(name: str) -> str:
    """A classic script that adds the explorable to `window.lrcourse`: pages opened from a disk load no modules."""
    return f"(() => {{\n{script(name)}\n(window.lrcourse ??= {{}}).{name} = render;\n}})();\n"
