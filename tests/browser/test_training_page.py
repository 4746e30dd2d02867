"""The trainer: drawn by mouse and keys and trained in JupyterLab; on the site, what was measured beforehand."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from lrcourse.lab import trial

from .pages import NARROW, WIDE, overflow, python, violations, watch

SAID = "() => [...document.querySelectorAll('.lrx [role=status]')].map((one) => one.textContent).join('|')"
PAGE = "8.6_why_it_matters.html"


@pytest.fixture(scope="module")
def running(lab, browser):
    """A Lab page with a trainer alive, named `trial` in Python: (page, its view, troubles)."""
    address, folder = lab
    cell = "from lrcourse import explorables\ntrial = explorables.trainer()\ntrial"
    notebook = new_notebook(cells=[new_code_cell(cell)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "trainer.ipynb")
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.set_default_timeout(60_000)
    troubles = watch(page, allowed=(address, address.replace("http", "ws"), "data:", "blob:"))
    page.goto(f"{address}/lab/workspaces/trainer/tree/trainer.ipynb")  # other tests' notebooks stay out of it
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.sessionContext?.session?.kernel")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(".lrx")
    yield page, page.locator(".lrx"), troubles
    context.close()


def press(page, view):
    """Press Train and wait for the answer; what stands beside the button then."""
    view.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_function(f"() => !/Training …/.test(({SAID})())")
    return view.locator(".lrx-row", has=page.get_by_role("button", name="Train", exact=True)).text_content()


def becomes(page, code, value):
    """Whether Python comes to print the value: while it is busy, changes of the view wait."""
    for _ in range(60):
        if python(page, code) == value:
            return True
        page.wait_for_timeout(100)
    return False


def row(view, name):
    return view.locator("tbody tr", has_text=name).first.locator("td").all_text_contents()


def test_a_drawing_is_trained_against_the_field(running):
    page, view, _ = running
    assert view.locator("tbody tr").count() == 5 and "Predict, then press" in page.evaluate(SAID)
    assert "Trained in" in press(page, view)
    assert view.locator("tbody tr").count() == 6
    loss, difference = row(view, "fixed")
    assert "±" in loss and difference.endswith("lower") and difference.startswith("−")
    assert "All six ranked at once" in page.evaluate(SAID)
    code = "print(trial.schedule.values(400).max() == trial.outcome['yours']['peak'])"
    assert python(page, code) == "True"
    view.get_by_role("slider", name="Point 5", exact=True).focus()
    page.keyboard.press("ArrowUp")
    assert "The schedule has changed since" in view.text_content()
    page.keyboard.press("ArrowDown")
    assert "The schedule has changed since" not in view.text_content()


def test_points_are_moved_by_keys_and_python_follows(running):
    page, view, _ = running
    knob = view.get_by_role("slider", name="Point 3", exact=True)
    knob.focus()
    before = float(knob.get_attribute("aria-valuenow"))
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert float(knob.get_attribute("aria-valuenow")) == pytest.approx(before - 0.1)
    assert knob.evaluate("(one) => one === document.activeElement")
    assert knob.get_attribute("aria-valuetext") == "rate 0.8 at update 155"
    assert "Point 3 of 6 is chosen: rate 0.8 at update 155" in page.evaluate(SAID)
    assert becomes(page, "print(trial.shape['schedules'][1]['eta_end'])", "0.8")


def test_points_are_added_and_removed(running):
    page, view, _ = running
    points, listed = view.locator(".lrx-point"), view.get_by_label("point", exact=True)
    view.get_by_role("button", name="Add a point").click()
    assert points.count() == listed.locator("option").count() == 7
    listed.select_option(label="2")
    assert points.nth(1).get_attribute("data-chosen") == ""
    points.nth(3).focus()
    page.keyboard.press("Delete")
    assert points.count() == 6
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Point 4"


def test_a_line_is_drawn_with_the_mouse(running):
    page, view, _ = running
    chart = view.locator(".lrx-chart").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + 66, box["y"] + 190)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 26, box["y"] + 50, steps=30)
    page.mouse.up()
    rates = [float(one.get_attribute("aria-valuenow")) for one in view.locator(".lrx-point").all()]
    assert rates == sorted(rates) and rates[-1] - rates[0] > 0.5
    press(page, view)
    assert row(view, "fixed")[1].endswith("higher")


def test_a_pick_with_a_peak_of_ones_own_diverges_as_such(running):
    page, view, _ = running
    view.get_by_label("schedule", exact=True).select_option(label="fixed rate")
    view.get_by_label("find its best peak").uncheck()
    view.get_by_label("peak, the highest rate", exact=True).fill("100000")
    press(page, view)
    assert "diverged in 20 of 20 runs: it has no final loss" in page.evaluate(SAID)
    assert row(view, "yours")[0] == "diverged (20 of 20)" and row(view, "linear")[1] == "diverged"
    view.get_by_label("find its best peak").check()


def test_what_cannot_be_trained_is_told_before_and_after_the_press(running):
    page, view, _ = running
    view.get_by_label("schedule", exact=True).select_option(label="warmup, stable, decay")
    view.get_by_label("cooldown", exact=True).fill("395")
    assert "must be at most T_max" in view.locator(".lrx-refused").text_content()
    button = view.get_by_role("button", name="Train", exact=True)
    assert button.get_attribute("aria-disabled") == "true"
    was = python(page, "print(trial._answered)")
    button.click(force=True)
    assert python(page, "print(trial._answered)") == was
    view.get_by_label("cooldown", exact=True).fill("200")
    assert view.locator(".lrx-refused").text_content() == "" and button.get_attribute("aria-disabled") == "false"
    python(page, "trial.set_state({'shape': {'schedule': 'Fixed', 'eta_0': 1.0, 'colour': 'red'}}); trial.send_state()")
    assert "Not trained: Fixed has no parameter" in press(page, view)
    view.get_by_label("schedule", exact=True).select_option(label="one cycle")
    assert "Trained in" in press(page, view)


def test_axe_finds_nothing_and_nobody_complained(running):
    page, _, troubles = running
    assert violations(page, ".lrx") == []
    assert [one for one in troubles if "lrx" in one or "anywidget" in one or one.startswith(("asked", "error"))] == []


# ---- without Python ----------------------------------------------------------------------------------------------


@pytest.fixture
def still_page(site, open_page):
    page = open_page(offline=True, viewport=WIDE)
    page.goto((site[0] / PAGE).as_uri())
    page.wait_for_selector(".lrx")
    return page, page.locator(".lrx")


def test_the_site_says_that_it_cannot_train_and_shows_what_was_measured(still_page):
    page, view = still_page
    assert "This page has no Python behind it" in view.text_content()
    assert view.get_by_role("button", name="Train", exact=True).count() == 0
    for name in ("one cycle", "exponential decay"):
        view.get_by_label("schedule", exact=True).select_option(label=name)
        view.get_by_role("button", name="Show what was measured").click()
        found = trial.measured(name)
        assert row(view, "yours")[0] == f"{found.loss('yours'):.3f}" and "Measured beforehand." in page.evaluate(SAID)
    assert row(view, "fixed")[1].endswith("higher")


def test_a_drawing_on_the_site_is_not_measured_and_says_so(still_page):
    page, view = still_page
    view.get_by_role("slider", name="Point 2", exact=True).focus()
    page.keyboard.press("ArrowDown")
    view.get_by_role("button", name="Show what was measured").click()
    assert "This one was not measured" in page.evaluate(SAID) and view.locator("tbody tr").count() == 5


def test_a_finger_draws_on_a_narrow_page(site, open_page):
    page = open_page(offline=True, viewport=NARROW, has_touch=True)
    page.goto((site[0] / PAGE).as_uri())
    page.wait_for_selector(".lrx")
    view = page.locator(".lrx")
    chart = view.locator(".lrx-chart").first
    chart.scroll_into_view_if_needed()
    box, last = chart.bounding_box(), view.locator(".lrx-point").last
    page.touchscreen.tap(box["x"] + box["width"] - 30, box["y"] + 60)
    assert float(last.get_attribute("aria-valuenow")) > 0.5
    view.get_by_role("button", name="Show what was measured").click()
    assert overflow(page) <= 0 and view.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0
