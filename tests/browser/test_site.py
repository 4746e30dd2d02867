"""The built site, opened from the disk in Chromium with no network."""

import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from .pages import ALIVE, NARROW, OURS, WIDE, go, overflow, picture, told, violations, watch

MODES = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "narrow": {"viewport": NARROW, "has_touch": True},
}
def names(site):
    return sorted(path.stem for path in site.glob("[8A]*.html"))


@pytest.mark.parametrize("mode", MODES)
def test_every_page_is_whole(site, open_page, mode):
    """Nothing asked for from outside, no error, no overflow, words for every picture, nothing that axe finds."""
    page = open_page(offline=True, **MODES[mode])
    troubles = watch(page)
    assert len(names(site[0])) >= 9
    for name in names(site[0]):
        go(page, site[0], name)
        assert page.evaluate("() => document.documentElement.dataset.theme") == ("dark" if mode == "dark" else "light")
        assert overflow(page) <= 0, name
        assert violations(page, f"{OURS}, .cell_output") == [], name
        alts = page.evaluate("() => [...document.querySelectorAll('article img')].map((one) => one.alt)")
        assert all(len(alt.split()) >= 6 for alt in alts), (name, alts)
    assert troubles == []


def test_dark_is_dark(site, open_page):
    for scheme, dark in (("light", False), ("dark", True)):
        page = open_page(offline=True, viewport=WIDE, color_scheme=scheme)
        go(page, site[0], "8.4_cosine_annealing")
        paper = page.evaluate("() => getComputedStyle(document.querySelector('.lrx')).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", paper)[:3])) < 200) is dark, paper


def test_no_page_names_an_outside_script_or_style(site):
    for path in site[0].glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r'<(?:script|img)[^>]*\bsrc="(?:https?:)?//[^"]*"', text) == [], path.name
        assert [one for one in re.findall(r"<link[^>]*>", text) if re.search(r'href="(?:https?:)?//', one)] == []


def test_small_and_soon_built(site):
    folder, seconds = site
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 15e6
    assert seconds < 60


def test_without_scripts_there_is_a_picture_with_its_words(site, open_page):
    page = open_page(offline=True, java_script_enabled=False)
    for name, alive in ALIVE.items():
        page.goto((site[0] / f"{name}.html").as_uri())
        stills = page.locator(".lrcourse-explorable img")
        assert stills.count() == len(alive)
        for i in range(len(alive)):
            assert len(stills.nth(i).get_attribute("alt").split()) > 10


EACH = [(name, i, script) for name, alive in ALIVE.items() for i, script in enumerate(alive)]


@pytest.mark.parametrize(("name", "i", "script"), EACH)
def test_every_explorable_answers_keys(site, open_page, name, i, script):
    page = open_page(offline=True, viewport=WIDE)
    troubles = watch(page)
    go(page, site[0], name)
    view = page.locator(".lrx").nth(i)
    sliders = view.locator("input[type=range]")
    for k in range(sliders.count()):
        sliders.nth(k).focus()
        before, words = picture(view), told(view)
        at_end = sliders.nth(k).evaluate("(one) => one.value === one.max")
        there, back = ("ArrowLeft", "ArrowRight") if at_end else ("ArrowRight", "ArrowLeft")
        page.keyboard.press(there)
        assert picture(view) != before or told(view) != words, f"slider {k}"
        page.keyboard.press(back)
    assert troubles == []


@pytest.mark.parametrize(("name", "i", "script"), EACH)
def test_every_explorable_answers_the_mouse(site, open_page, name, i, script):
    page = open_page(offline=True, viewport=WIDE)
    go(page, site[0], name)
    view = page.locator(".lrx").nth(i)
    slider = view.locator("input[type=range]").first
    slider.scroll_into_view_if_needed()
    page.mouse.wheel(0, -120)
    before, box = picture(view), slider.bounding_box()
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
    assert picture(view) != before


def test_a_list_is_chosen_from_by_keys(site, open_page):
    page = open_page(offline=True, viewport=WIDE)
    go(page, site[0], "8.5_other_schedules")
    view = page.locator(".lrx").first
    kind = view.get_by_label("kind").first
    before, was = picture(view), kind.input_value()
    kind.focus()
    page.keyboard.press("ArrowDown")
    assert kind.input_value() != was and picture(view) != before


def test_the_handles_of_the_composer_are_dragged_and_moved_by_keys(site, open_page):
    page = open_page(offline=True, viewport=WIDE)
    go(page, site[0], "8.5_other_schedules")
    view = page.locator(".lrx").nth(1)
    for k, key in enumerate(["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowUp"]):
        handle = view.locator("[role=slider]").nth(k)
        before = float(handle.get_attribute("aria-valuenow"))
        handle.focus()
        page.keyboard.press(key)
        moved = float(handle.get_attribute("aria-valuenow"))
        assert moved < before if key == "ArrowLeft" else moved > before
        box = handle.bounding_box()
        page.mouse.move(box["x"] + 16, box["y"] + 16)
        page.mouse.down()
        page.mouse.move(box["x"] + (46 if k < 2 else 16), box["y"] + (16 if k < 2 else 0), steps=3)
        page.mouse.up()
        assert float(handle.get_attribute("aria-valuenow")) > moved, handle.get_attribute("aria-label")
    assert view.locator("pre").text_content().startswith("WSD(")


def test_a_schedule_is_added_removed_and_written_as_code(site, open_page):
    page = open_page(offline=True, viewport=WIDE)
    troubles = watch(page)
    go(page, site[0], "8.5_other_schedules")
    view = page.locator(".lrx").first
    view.get_by_role("button", name="Add a schedule").click()
    assert view.locator("tbody tr").count() == 3
    view.get_by_role("button", name="Remove schedule 1").click()
    assert view.locator("tbody tr").count() == 2
    view.get_by_text("Code", exact=True).click()
    for target, word in {"torch": "torch.optim", "optax": "optax.", "keras": "keras", "lrcourse": "lrcourse"}.items():
        view.get_by_label("write it for").select_option(target)
        assert word in view.locator("pre").text_content()
    assert troubles == []


def test_what_is_no_schedule_is_told(site, open_page):
    page = open_page(offline=True, viewport=WIDE)
    go(page, site[0], "8.5_other_schedules")
    view = page.locator(".lrx").first
    view.get_by_label("warmup T_warmup", exact=True).fill("20000")
    assert "below T_max" in view.locator(".lrx-refused").first.text_content()
    view.get_by_label("warmup T_warmup", exact=True).fill("500")
    assert view.locator(".lrx-refused").first.text_content() == ""


def test_the_driver_drives_and_stands_still_for_those_who_want_less_motion(site, open_page):
    for motion in ("no-preference", "reduce"):
        page = open_page(offline=True, viewport=WIDE, reduced_motion=motion)
        go(page, site[0], "8.3_fixed_rate")
        view = page.locator(".lrx").first
        view.get_by_label("updates shown", exact=True).fill("5")
        view.get_by_role("button", name="Drive").click()
        shown = view.get_by_label("updates shown", exact=True)
        if motion == "reduce":
            assert shown.input_value() == "60"
        else:
            page.wait_for_function("(one) => 0 < one.value && one.value < 60", arg=shown.element_handle())


def test_a_finger_picks_a_step(site, open_page):
    page = open_page(offline=True, viewport=NARROW, has_touch=True)
    go(page, site[0], "8.4_cosine_annealing")
    view = page.locator(".lrx").nth(1)
    view.locator(".lrx-chart").scroll_into_view_if_needed()
    box = view.locator(".lrx-chart").bounding_box()
    before = view.get_by_label("step t", exact=True).input_value()
    page.touchscreen.tap(box["x"] + 200, box["y"] + 150)
    assert view.get_by_label("step t", exact=True).input_value() != before


def test_hints_and_solutions_are_closed_and_open_by_key(site, open_page):
    page = open_page(offline=True)
    go(page, site[0], "8.8_exercise")
    assert page.locator("details[open]:not(nav details)").count() == 0
    hint = page.locator(".hints summary").first
    hint.focus()
    page.keyboard.press("Enter")
    assert page.locator(".hints details[open]").count() == 1
    solution = page.locator("details", has_text="Show the solution").first
    assert not solution.locator("pre").first.is_visible()
    solution.locator("summary").first.click()
    assert solution.locator("pre").first.is_visible()


@pytest.fixture
def served(site):
    """The site's address, as a server of this machine gives it."""
    handler = partial(SilentHandler, directory=str(site[0]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


class SilentHandler(SimpleHTTPRequestHandler):
    def log_message(self, *said):
        pass


def test_search_finds_from_the_disk(site, open_page):
    page = open_page(offline=True)
    page.goto((site[0] / "search.html").as_uri() + "?q=warmup")
    page.wait_for_selector("#search-results li")
    assert page.locator("#search-results li").count() >= 3


def test_search_finds_from_a_server(served, open_page):
    page = open_page()
    troubles = watch(page, allowed=(served, "data:"))
    page.goto(f"{served}search.html?q=warmup")
    page.wait_for_selector("#search-results li")
    page.wait_for_selector("#search-results li")
    assert page.locator("#search-results li").count() >= 3
    assert troubles == []


def test_each_page_offers_its_notebook(site, open_page):
    page = open_page(offline=True)
    for name in names(site[0]):
        page.goto((site[0] / f"{name}.html").as_uri())
        link = page.get_by_role("link", name="Download this notebook").get_attribute("href")
        assert (site[0] / link).is_file()
