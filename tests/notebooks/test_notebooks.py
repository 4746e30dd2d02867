"""The notebooks keep every rule that running them again does not show; nbval runs them beside this."""

from functools import cache
from pathlib import Path

import pytest

from lrcourse.notebooks import form, rules

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

load = cache(rules.load)


def test_there_is_one_notebook_for_each_section_and_the_appendix():
    assert [path.name.split("_")[0] for path in NOTEBOOKS] == [*(f"8.{number}" for number in range(1, 10)), "A"]


@pytest.mark.parametrize("rule", rules.RULES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name.split("_")[0])
def test_rule(path, rule):
    broken = list(rules.RULES[rule](load(path)))
    assert not broken, "\n".join([rules.RULES[rule].__doc__, *broken])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name.split("_")[0])
def test_the_file_is_as_the_writer_leaves_it(path):
    """Byte for byte: its JSON has one layout, so a difference in the history is one in the lesson."""
    assert path.read_text(encoding="utf-8") == form.write(load(path).notebook)


def test_every_exception_to_the_tags_has_a_reason():
    sections = {path.name.split("_")[0] for path in NOTEBOOKS}
    for (section, tag), (count, reason) in rules.TAGS.items():
        assert section in sections, tag
        assert count > 0
        assert len(reason.split()) >= 4
