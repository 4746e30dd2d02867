"""The explorables under odd inputs, odd pointers and odd windows, on the site."""

import re

import pytest

from .pages import ALIVE, WIDE, go, picture, told, watch

ODD = [("updates shown", "61", "0 to 60"), ("updates shown", "1.5", "whole number"),
       ("updates shown", "", "whole number"), ("rate × steepness η·λ", "-1", "at least 0"),
       ("noise σ", "1e400", "a number of at least 0")]


@pytest.mark.parametrize(("label", "text", "rule"), ODD)
def test_what_is_no_number_is_told_beside_it_and_left_behind(site, open_page, label, text, rule):
    page = open_page(offline=True, viewport=WIDE)
    troubles = watch(page)
    go(page, site[0], "8.2_why_scheduling")
    view = page.locator(".lrx").first
    field = view.get_by_label(label, exact=True)
    was, before = field.input_value(), picture(view)
    field.press("Control+a")
    field.press("Delete")
    field.press_sequentially(text)
    assert field.get_attribute("aria-invalid") == "true"
    note = page.locator(f"#{field.get_attribute('aria-describedby')}")
    assert note.text_content().startswith("Not used: ") and rule in note.text_content() and picture(view) != ""
    field.press("Tab")
    if text in ("", "-1"):  # the others begin with a number, which was used
        assert field.input_value() == was and picture(view) == before
    assert note.text_content() == "" and field.get_attribute("aria-invalid") == "false" and troubles == []


def test_a_run_beyond_all_numbers_and_a_run_of_a_billion_steps_are_drawn(site, open_page):
    page = open_page(offline=True, viewport=WIDE)
    page.set_default_timeout(10_000)
    troubles = watch(page)
    go(page, site[0], "8.2_why_scheduling")
    view = page.locator(".lrx").first
    view.get_by_label("noise σ", exact=True).fill("0.5")
    view.get_by_label("rate × steepness η·λ", exact=True).fill("1e300")
    for landscape in ("ravine", "bowl"):
        view.get_by_label("landscape").select_option(landscape)
        assert "runs away" in view.text_content()
        assert not re.search(r"NaN|undefined|Infinity|\binf\b|\bnan\b", view.text_content() + picture(view))
    go(page, site[0], "8.5_other_schedules")
    view = page.locator(".lrx").first
    view.get_by_label("kind").first.select_option("StepDecay")
    view.get_by_label("step size s", exact=True).fill("1")
    view.get_by_label("steps shown (0: all)", exact=True).fill("1000000000")
    assert "1,000,000,000" in told(view) and troubles == []
    view.get_by_label("logarithmic rates").check()
    view.get_by_label("start η₀", exact=True).fill("1e-320")
    assert "1e−320" in told(view) and troubles == []


def test_a_field_belongs_to_whom_types_in_it(site, open_page):
    """The trainer rounds and bounds what is typed: not before the typing is done."""
    page = open_page(offline=True, viewport=WIDE)
    go(page, site[0], "8.6_why_it_matters")
    view = page.locator(".lrx").first
    view.get_by_label("point", exact=True).select_option(label="3")
    field = view.get_by_label("its update", exact=True)
    field.press("Control+a")
    field.press_sequentially("123")
    assert field.input_value() == "123"
    field.press("Tab")
    assert field.input_value() == "125"


def test_a_drag_beyond_the_frame_stays_in_it(site, open_page):
    page = open_page(offline=True, viewport=WIDE)
    go(page, site[0], "8.4_cosine_annealing")
    view = page.locator(".lrx").first
    chart, step = view.locator(".lrx-chart"), view.get_by_label("step t", exact=True)
    chart.scroll_into_view_if_needed()
    box, was = chart.bounding_box(), step.input_value()
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    assert step.input_value() == was  # here a pointer that only passes changes nothing
    page.mouse.down()
    page.mouse.move(3_000, box["y"] + 100, steps=8)
    page.mouse.up()
    assert step.input_value() == "10000"


def test_two_copies_on_a_page_keep_apart(site, open_page):
    for name, alive in ALIVE.items():
        page = open_page(offline=True, viewport=WIDE)
        troubles = watch(page)
        page.add_init_script("""addEventListener('DOMContentLoaded', () => {
            for (const one of document.querySelectorAll('[data-explorable]')) one.after(one.cloneNode(true));
        }, { capture: true, once: true })""")
        page.goto((site[0] / f"{name}.html").as_uri())
        page.wait_for_function(f"() => document.querySelectorAll('.lrx').length === {2 * len(alive)}")
        ids = page.evaluate("() => [...document.querySelectorAll('.lrx [id]')].map((one) => one.id)")
        assert len(ids) == len(set(ids))
        first, second = page.locator(".lrx").nth(0), page.locator(".lrx").nth(1)
        one, other = picture(first), picture(second)
        first.locator("input[type=range]").first.press("ArrowRight")
        assert picture(first) != one and picture(second) == other and troubles == [], name


def test_the_readers_own_colours_are_kept(site, open_page):
    page = open_page(offline=True, viewport=WIDE, forced_colors="active", color_scheme="dark")
    for name in ALIVE:
        go(page, site[0], name)
        buttons, usual, words, ink = page.evaluate("""() => {
            const all = (what) => [...document.querySelectorAll(what)], of = (one) => getComputedStyle(one);
            const pair = (one) => of(one).color + of(one).backgroundColor;
            const plain = document.body.appendChild(document.createElement('button'));
            return [all('.lrx button').map(pair), pair(plain), all('.lrx-chart text').map((one) => of(one).fill),
                    of(all('.lrx')[0]).color];
        }""")
        assert set(buttons) <= {usual} and set(words) == {ink}, name


def test_in_a_low_window_the_picture_does_not_stay_over_the_controls(site, open_page):
    for height, position in ((900, "sticky"), (500, "static")):
        page = open_page(offline=True, viewport={"width": 700, "height": height})
        go(page, site[0], "8.5_other_schedules")
        found = page.evaluate("() => getComputedStyle(document.querySelector('.lrx-sticky')).position")
        assert found == position


def test_the_game_begins_with_the_curve_of_its_still(site, open_page):
    still, page = open_page(offline=True, java_script_enabled=False), open_page(offline=True)
    still.goto((site[0] / "8.9_takeaways.html").as_uri())
    alt = still.locator(".lrcourse-explorable img").get_attribute("alt")
    go(page, site[0], "8.9_takeaways")
    live = page.locator(".lrx-chart desc").text_content()
    points = re.findall(r"at (\d+) ([\d.e-]+)", alt)
    assert len(points) == 6 and all(f"{int(t):,}: {rate}" in live for t, rate in points)
