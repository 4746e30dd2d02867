"""What an explorable leaves where no kernel runs: a picture, its words and its state, the same every time."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from lrcourse import explorables
from lrcourse.explorables import EXPLORABLES, bundle
from lrcourse.explorables.still import rates_still
from lrcourse.schedules import Linear

VIEW = "application/vnd.jupyter.widget-view+json"


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def named(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(params=EXPLORABLES)
def make(request):
    return getattr(explorables, request.param)


def test_a_picture_with_alt_text_and_the_state(make):
    explorable = make()
    data, _ = explorable._repr_mimebundle_()
    assert set(data) == {VIEW, "text/html", "text/plain"}
    tags = Tags(data["text/html"])
    (image,), (box, *_) = tags.named("img"), tags.named("div")
    assert image["alt"] == explorable.still().alt and len(image["alt"].split()) > 10
    ElementTree.fromstring(unquote(image["src"].removeprefix("data:image/svg+xml,")))
    assert json.loads(box["data-state"]) == explorable.state
    assert box["data-explorable"] in EXPLORABLES
    assert len(data["text/html"]) < 60_000


def test_what_is_stored_is_the_same_every_time(make):
    (first, _), (second, _) = make()._repr_mimebundle_(), make()._repr_mimebundle_()
    for kind in ("text/html", "text/plain"):
        assert first[kind] == second[kind]
    assert " at 0x" not in first["text/plain"] and repr(make()) == first["text/plain"]


def test_no_two_modules_give_one_name_to_different_things():
    """They share one scope in a bundle, where the later of two functions would silently win."""
    for name in EXPLORABLES:
        text = bundle.script(name)
        defined = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", text, flags=re.MULTILINE)
        assert len(defined) == len(set(defined)), sorted(one for one in defined if defined.count(one) > 1)


def test_the_dot_sits_where_the_rate_is():
    def dot(t):
        svg = rates_still({"x": Linear(1.0, 100)}, 100, t).svg
        found = re.search(r"<circle cx='([\d.]+)' cy='([\d.]+)' r='5'", svg)
        return tuple(map(float, found.groups()))

    (x0, y0), (x1, y1), (x2, y2) = dot(0), dot(50), dot(100)
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.02) and y1 - y0 == pytest.approx(y2 - y1, abs=0.02) and y1 > y0


def test_an_unknown_explorable_is_refused():
    with pytest.raises(AttributeError, match="it has calculator, composer"):
        explorables.explorer  # noqa: B018
