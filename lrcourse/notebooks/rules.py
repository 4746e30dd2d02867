"""What must hold for a stored notebook, beyond what running it again and comparing outputs shows.

Each rule takes a `Stored` notebook and yields the ways in which it breaks the rule, as sentences.
nbval compares no outputs where a cell's count is missing, passes over cells by tag or comment, and never
looks at PNG, at widget views or at Markdown; these rules close those gaps and hold the course's own form.
"""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from nbformat import NotebookNode

from lrcourse import exercises
from lrcourse.notebooks import form

CODE_LINES = 12
SOLUTION_LINES = 20

# Tags beside one `solution` for each exercise: {(notebook's section, tag): (how many, why)}.
TAGS: dict[tuple[str, str], tuple[int, str]] = {}

# Kinds of output that nbval compares; anything else would go stale unseen.
COMPARED = frozenset({"text/plain", "text/html", "text/markdown", "text/latex"})

NBVAL_COMMENTS = re.compile(
    r"#\s*(PYTEST_VALIDATE_IGNORE_OUTPUT|NBVAL_IGNORE_OUTPUT|NBVAL_CHECK_OUTPUT|NBVAL_RAISES_EXCEPTION|NBVAL_SKIP)"
)
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|usr|opt|var|work|Users|mnt|private)/|\b[A-Z]:\\\w")
WARNING = re.compile(r"\b\w*Warning\b")
DATA_URI = re.compile(r'data:image/[^"]*')

A_SENTENCE = "a sentence that says what it shows"
DRAWN = ("path", "line", "rect", "circle", "polyline", "polygon")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)")
REFERENCE = re.compile(r"https://(doi\.org/10\.\d{4,}/\S+|arxiv\.org/abs/\d{4}\.\d{4,5})", re.IGNORECASE)


@dataclass(frozen=True)
class Stored:
    """A notebook as it stands in its file."""

    notebook: NotebookNode
    path: Path

    @cached_property
    def section(self) -> str:
        """The section it teaches, as its name opens: "8.4"."""
        return self.path.name.split("_")[0]

    @property
    def cells(self) -> Iterator[tuple[int, NotebookNode]]:
        return enumerate(self.notebook.cells, start=1)

    @property
    def code(self) -> Iterator[tuple[int, NotebookNode]]:
        return ((number, cell) for number, cell in self.cells if cell.cell_type == "code")

    @property
    def markdown(self) -> Iterator[tuple[int, str]]:
        """Each Markdown cell's text, fenced blocks left out: what is in them is no heading and no link."""
        for number, cell in self.cells:
            if cell.cell_type == "markdown":
                yield number, re.sub(r"^```.*?^```", "", cell.source, flags=re.DOTALL | re.MULTILINE)

    @property
    def headings(self) -> Iterator[tuple[int, int, str]]:
        """(cell, depth, words) of every heading but those of exercises, which have one level everywhere."""
        for number, text in self.markdown:
            if form.exercise_of(self.notebook.cells[number - 1]):
                continue
            for marks, words in re.findall(r"^(#{1,6})\s+(.+?)\s*$", text, flags=re.MULTILINE):
                yield number, len(marks), words


Rule = Callable[[Stored], Iterator[str]]
RULES: dict[str, Rule] = {}


def rule(check: Rule) -> Rule:
    RULES[check.__name__] = check
    return check


def problems(notebook: NotebookNode, path: Path) -> list[str]:
    """Every rule that the notebook breaks, in words."""
    stored = Stored(notebook, path)
    return [problem for check in RULES.values() for problem in check(stored)]


# -- as run --------------------------------------------------------------------------------------------


@rule
def canonical_form(stored: Stored) -> Iterator[str]:
    """A new run aside, the writer would leave it alone: no stray metadata, no exercise edited by hand."""
    now = stored.notebook
    try:
        then = form.canonical(now)
    except form.NotebookError as error:
        yield str(error)
        return
    if now.metadata != then.metadata:
        yield "the notebook's metadata differ from what the writer gives it"
    if len(now.cells) != len(then.cells):
        yield f"the writer would make {len(then.cells)} cells of these {len(now.cells)}"
    for (number, cell), written in zip(stored.cells, then.cells, strict=False):
        if cell != written:
            keys = sorted(key for key in cell.keys() | written.keys() if cell.get(key) != written.get(key))
            yield f"cell {number}: the writer would change its {', '.join(keys)}: run `make notebooks`"
            return  # the cells after it may only have moved


@rule
def plain_python(stored: Stored) -> Iterator[str]:
    """No %magics and no !commands: they can hide what a cell shows, and differ from machine to machine."""
    for number, cell in stored.code:
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            yield f"cell {number} is not plain Python: {error.text or error.msg}".rstrip()


@rule
def counts(stored: Stored) -> Iterator[str]:
    """Run from top to bottom: execution counts are 1, 2, 3 …, without a gap."""
    for expected, (number, cell) in enumerate(stored.code, start=1):
        if cell.execution_count != expected:
            yield f"cell {number}: execution count must be {expected}, got {cell.execution_count}"
        for output in cell.outputs:
            if output.get("execution_count", expected) != expected:
                yield f"cell {number}: its result is of run {output.execution_count}, not {expected}"


@rule
def outputs_present(stored: Stored) -> Iterator[str]:
    """A cell that ends in a value shows it, and one that prints has printed."""
    for number, cell in stored.code:
        kinds = {output.output_type for output in cell.outputs}
        due = wanted(cell.source)
        if due == "value" and "execute_result" not in kinds:
            yield f"cell {number} ends in a value, and none is stored"
        if due == "something" and not kinds:
            yield f"cell {number} ends in a call that shows something, and nothing is stored"
        if due == "print" and "stream" not in kinds:
            yield f"cell {number} prints, and no print is stored"


def wanted(source: str) -> str | None:
    """What the last line of a cell leaves behind: "value", "print", "something" or, for a statement, None."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # the rule plain_python has said so
        return None
    last = body[-1] if body else None
    if isinstance(last, ast.For) and not last.orelse:
        inner = last.body[-1]  # a loop that ends in a print prints, as long as it runs at all
        return "print" if isinstance(inner, ast.Expr) and _is_print(inner.value) else None
    if not isinstance(last, ast.Expr) or source.rstrip().endswith(";"):
        return None
    if isinstance(last.value, ast.Constant) and last.value.value in (None, ...):
        return None
    if isinstance(last.value, ast.Call):
        return "print" if _is_print(last.value) else "something"
    return "value"


def _is_print(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


@rule
def output_order(stored: Stored) -> Iterator[str]:
    """Printed lines first, then pictures, a result last: nbval does not compare the order of the three."""
    rank = {"stream": 0, "display_data": 1, "execute_result": 2}
    for number, cell in stored.code:
        order = [rank.get(output.output_type, 3) for output in cell.outputs]
        if order != sorted(order):
            yield f"cell {number} prints after it has shown a picture or a result: print first"
        if order.count(0) > 1 or order.count(2) > 1:
            yield f"cell {number} holds more than one stream or result"


@rule
def quiet_outputs(stored: Stored) -> Iterator[str]:
    """No errors or warnings, nothing of one machine or moment, no kind that nbval passes over."""
    for number, cell in stored.code:
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr":
                yield f"cell {number} stores an error or a warning"
            for kind in sorted(output.get("data", {}).keys() - COMPARED):
                yield f"cell {number} stores {kind}, which nbval does not compare"
            text = DATA_URI.sub("", "\n".join(_texts(output)))
            for what, pattern in (("an address", ADDRESS), ("a path", MACHINE_PATH), ("a warning", WARNING)):
                if found := pattern.search(text):
                    yield f"cell {number} stores {what} of one machine or moment: {found[0]}"


def _texts(output: NotebookNode) -> list[str]:
    return [str(text) for text in (output.get("text", ""), *output.get("data", {}).values())]


@rule
def tags(stored: Stored) -> Iterator[str]:
    """One `solution` an exercise and what TAGS lists, counted; and no comment that makes nbval look away."""
    here = {form.exercise_of(cell) for _, cell in stored.cells} - {None}
    allowed = Counter({"solution": len(here)})
    allowed.update({tag: count for (section, tag), (count, _) in TAGS.items() if section == stored.section})
    found = Counter(tag for _, cell in stored.cells for tag in cell.metadata.get("tags", []))
    for tag in sorted(allowed.keys() | found.keys()):
        if allowed[tag] != found[tag]:
            yield f"tag {tag!r} must stand at {allowed[tag]} cells, stands at {found[tag]}"
    for number, cell in stored.code:
        if comment := NBVAL_COMMENTS.search(cell.source):
            yield f"cell {number}: {comment[0]!r} makes nbval look away"


# -- figures -------------------------------------------------------------------------------------------


class _Pictures(HTMLParser):
    """The <img> of a piece of HTML, and each inline <svg> with its title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.images: list[dict[str, str]] = []
        self.drawings: list[dict[str, str]] = []
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.images.append(named)
        elif tag == "svg":
            self.drawings.append(named)
        self._in_title = tag == "title" and bool(self.drawings)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.drawings[-1].setdefault("aria-label", data)
            self._in_title = False


@rule
def figures(stored: Stored) -> Iterator[str]:
    """Every figure says in a sentence what it shows, and is a whole SVG, kept where nbval compares it."""
    for number, cell in stored.code:
        for output in cell.outputs:
            data = output.get("data", {})
            pictures = _Pictures(data.get("text/html", ""))
            for image in pictures.images:
                yield from (f"cell {number}: {what}" for what in _image_problems(image))
            for drawing in pictures.drawings:
                if drawing.get("aria-hidden") != "true" and not is_sentence(drawing.get("aria-label", "")):
                    yield f"cell {number}: an inline SVG needs {A_SENTENCE} as its title or aria-label"
            alone = data.get("text/html", "").startswith("<img ")
            if alone and pictures.images[0].get("alt") != data.get("text/plain"):
                yield f"cell {number}: the figure's text/plain and its alt text differ"
    for number, text in stored.markdown:
        for bang, alt, target in LINK.findall(text):
            if bang and not is_sentence(alt):
                yield f"cell {number}: the picture {target} needs {A_SENTENCE} as its alt text"


def _image_problems(image: dict[str, str]) -> Iterator[str]:
    if not is_sentence(image.get("alt", "")):
        yield f"a figure needs {A_SENTENCE} as its alt text, got {image.get('alt', '')!r}"
    source = image.get("src", "")
    if not source.startswith("data:image/svg+xml"):
        yield f"a figure must be SVG in a data: address, got {source[:40]!r}"
        return
    try:
        root = ElementTree.fromstring(unquote(source.partition(",")[2]))
    except ElementTree.ParseError as error:
        yield f"a figure's SVG is broken: {error}"
        return
    if not any(element.tag.endswith(DRAWN) for element in root.iter()):
        yield "a figure's SVG draws nothing"


def is_sentence(text: str) -> bool:
    """At least five words, from a capital (or a letter of maths) to a full stop."""
    text = text.strip()
    return len(text.split()) >= 5 and not re.match("[a-z]{2}", text) and text[-1] in ".!?"


# -- the lesson ----------------------------------------------------------------------------------------


@rule
def cell_length(stored: Stored) -> Iterator[str]:
    """A cell calls, the package computes."""
    for number, cell in stored.code:
        limit = SOLUTION_LINES if form.role_of(cell) == "solution" else CODE_LINES
        lines = cell.source.count("\n") + 1
        if lines > limit:
            yield f"cell {number} has {lines} lines, at most {limit}: split it, or let the package do more"


@rule
def all_exercises(stored: Stored) -> Iterator[str]:
    """Every exercise declared for the section stands in its notebook."""
    here = {form.exercise_of(cell) for _, cell in stored.cells} - {None}
    try:
        declared = {exercise.id for exercise in exercises.section(stored.section)}
    except exercises.UnknownExercise:  # a section without exercises
        declared = set()
    except exercises.NoAnswerKey as error:
        yield str(error)
        return
    if missing := sorted(declared - here):
        yield f"exercises declared for {stored.section} and not in the notebook: {', '.join(missing)}"
    if foreign := sorted(here - declared):
        yield f"exercises of another section: {', '.join(foreign)}"


@rule
def headings(stored: Stored) -> Iterator[str]:
    """One title, first of all and with the section's number; below it no level is skipped."""
    found = list(stored.headings)
    titles = [words for _, depth, words in found if depth == 1]
    if len(titles) != 1 or found[0][:2] != (1, 1) or not titles[0].startswith(f"{stored.section} "):
        yield f"cell 1 must open with the only title, '# {stored.section} …'; titles found: {titles}"
    for (_, above, _), (number, depth, words) in pairwise(found):
        if depth > above + 1:
            yield f"cell {number}: heading {words!r} skips a level"
    for words, times in Counter((depth, words) for _, depth, words in found).items():
        if times > 1:
            yield f"heading {words[1]!r} stands {times} times"


@rule
def opening(stored: Stored) -> Iterator[str]:
    """Before the first code: what you will learn, what you need, how many minutes it takes."""
    first_code = next((number for number, _ in stored.code), 0)
    text = "\n".join(text for number, text in stored.markdown if number < first_code).lower()
    for what, pattern in (("learn", r"\blearn"), ("need", r"\bneed"), ("minutes", r"\d+ min")):
        if not re.search(pattern, text):
            yield f"the opening does not tell the reader: {what}"


@rule
def references(stored: Stored) -> Iterator[str]:
    """The lesson closes with its sources, each with an address that names a work."""
    starts = [number for number, _, words in stored.headings if re.match(r"(?i)references|sources", words)]
    if not starts:
        yield "no heading 'References'"
        return
    text = "\n".join(text for number, text in stored.markdown if number >= starts[-1])
    if not REFERENCE.search(text):
        yield "the references name no address (DOI or arXiv)"


@rule
def links(stored: Stored) -> Iterator[str]:
    """What a lesson points to in the course is there: a file, a heading of it."""
    for number, text in stored.markdown:
        for _, _, target in LINK.findall(text):
            if re.match(r"(?i)https?:|mailto:|attachment:|data:", target):
                continue
            name, _, anchor = unquote(target).partition("#")
            file = stored.path.parent / name if name else stored.path
            if not file.exists():
                yield f"cell {number} links to {target}, which does not exist"
            elif anchor and file.suffix == ".ipynb" and anchor not in _anchors(load(file)):
                yield f"cell {number} links to {target}, and no heading of that name is there"


def load(path: Path) -> Stored:
    """The notebook of a file, as it stands."""
    return Stored(form.read(path.read_text(encoding="utf-8")), path)


def _anchors(stored: Stored) -> set[str]:
    """Headings as JupyterLab names them in addresses: the words with hyphens for spaces."""
    return {words.replace(" ", "-") for _, _, words in stored.headings}
