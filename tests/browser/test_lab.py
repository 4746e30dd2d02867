"""The explorables in JupyterLab with a running kernel: by keyboard and mouse, both ways, in light and dark."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from lrcourse import explorables

from .pages import NARROW, TOLD, WIDE, overflow, picture, python, told, violations, watch

NAMES = list(explorables.EXPLORABLES)
CELLS = ["from lrcourse import explorables", *(f"{name} = explorables.{name}()\n{name}" for name in NAMES)]
STATES = {  # a trait, what Python sets it to
    "calculator": ("t", 4_000), "composer": ("schedule", {**explorables.composer().schedule, "T_warmup": 3_000}),
    "driver": ("rate", 0.3), "guess": ("guess", {"schedule": "Fixed", "eta_0": 0.002}), "studio": ("t", 7_000),
    "trainer": ("peak", 3.0),
}


def save(folder, name, cells, run=False):
    """A notebook in Lab's folder; `run` stores the outputs that an unrun, untrusted copy of the course has."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    if run:
        for cell, explorable in zip(notebook.cells[1:], NAMES):
            data = getattr(explorables, explorable)()._repr_mimebundle_()[0]
            kept = {kind: data[kind] for kind in ("text/html", "text/plain")}
            cell.outputs = [nbformat.v4.new_output("execute_result", data=kept, execution_count=1)]
    nbformat.write(notebook, folder / name)


@pytest.fixture(scope="module")
def running(lab, browser):
    """A Lab page with all explorables alive: (page, troubles)."""
    address, folder = lab
    save(folder, "all.ipynb", CELLS)
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.set_default_timeout(60_000)
    troubles = watch(page, allowed=(address, address.replace("http", "ws"), "data:", "blob:"))
    page.goto(f"{address}/lab/tree/all.ipynb")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.sessionContext?.session?.kernel")
    command(page, "notebook:run-all-cells")
    page.wait_for_function(f"() => document.querySelectorAll('.lrx').length === {len(NAMES)}")
    yield page, troubles
    context.close()


def command(page, name, arguments="{}"):
    page.evaluate(f"() => window.jupyterapp.commands.execute('{name}', {arguments})")


def view_of(page, name):
    return page.locator(".lrx").nth(NAMES.index(name))


@pytest.mark.parametrize("name", NAMES)
def test_keys_reach_the_sliders_and_python_follows(running, name):
    page, _ = running
    view = view_of(page, name)
    slider = view.locator("input[type=range]").first
    slider.focus()
    before, was = picture(view), python(page, f"print({name}.state)")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert picture(view) != before
    assert slider.evaluate("(one) => one === document.activeElement")
    assert python(page, f"print({name}.state)") != was


@pytest.mark.parametrize("name", NAMES)
def test_the_browser_follows_python(running, name):
    page, _ = running
    trait, value = STATES[name]
    before = told(view_of(page, name))
    assert python(page, f"{name}.{trait} = {value!r}") == ""
    page.wait_for_function(f"([el, before]) => ({TOLD})(el) !== before",
                           arg=[view_of(page, name).element_handle(), before])


@pytest.mark.parametrize("name", NAMES)
def test_the_mouse_reaches_the_sliders(running, name):
    page, _ = running
    slider = view_of(page, name).locator("input[type=range]").first
    slider.scroll_into_view_if_needed()
    before, box = picture(view_of(page, name)), slider.bounding_box()
    page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    assert picture(view_of(page, name)) != before


def test_a_list_is_moved_by_keys_and_the_cell_stays(running):
    page, _ = running
    view = view_of(page, "calculator")
    kind = view.get_by_label("schedule", exact=True)
    kind.focus()
    was = kind.input_value()
    page.keyboard.press("ArrowDown")
    assert kind.input_value() != was
    assert kind.evaluate("(one) => one === document.activeElement")


def test_a_handle_is_dragged(running):
    page, _ = running
    handle = view_of(page, "composer").get_by_role("slider", name="Peak", exact=True)
    handle.scroll_into_view_if_needed()
    was, box = float(handle.get_attribute("aria-valuenow")), handle.bounding_box()
    page.mouse.move(box["x"] + 16, box["y"] + 16)
    page.mouse.down()
    page.mouse.move(box["x"] + 16, box["y"] - 20, steps=4)
    page.mouse.up()
    assert float(handle.get_attribute("aria-valuenow")) > was


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_axe_finds_nothing_in_either_theme(running, theme):
    page, _ = running
    command(page, "apputils:change-theme", f"{{ theme: '{theme}' }}")
    light = str("Light" in theme).lower()
    page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{light}'")
    assert violations(page, ".lrx") == []
    paper = page.evaluate("() => getComputedStyle(document.querySelector('.lrx')).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") is ("Light" in theme)


def test_narrow(running):
    page, _ = running
    page.set_viewport_size(NARROW)
    command(page, "application:set-mode", "{ mode: 'single-document' }")
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    for name in NAMES:
        wider = view_of(page, name).evaluate("(one) => one.scrollWidth - one.clientWidth")
        assert wider <= 0, name
    assert overflow(page) <= 0
    page.set_viewport_size(WIDE)


def test_nobody_complained(running):
    _, troubles = running
    assert [one for one in troubles if "lrx" in one or "explorable" in one or "anywidget" in one] == []
    assert [one for one in troubles if one.startswith(("asked", "error"))] == []


def test_a_restarted_kernel_leaves_the_picture_alive_and_a_second_run_brings_python_back(running):
    page, _ = running
    kernel = "window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel"
    page.evaluate(f"() => {kernel}.restart()")
    rate = view_of(page, "driver").get_by_label("rate × steepness η·λ", exact=True)
    before = picture(view_of(page, "driver"))
    rate.fill("0.6")
    assert picture(view_of(page, "driver")) != before
    assert "not defined" in python(page, "driver")
    old = view_of(page, "driver").element_handle()
    command(page, "notebook:run-all-cells")
    page.wait_for_function(f"(old) => !old.isConnected && document.querySelectorAll('.lrx').length === {len(NAMES)}",
                           arg=old)
    rate.fill("0.9")
    page.wait_for_timeout(300)
    assert python(page, "print(driver.rate)") == "0.9"


def test_an_unrun_copy_shows_the_stills_with_their_words(lab, open_page):
    address, folder = lab
    save(folder, "unrun.ipynb", CELLS, run=True)
    page = open_page(viewport=WIDE)
    page.goto(f"{address}/lab/tree/unrun.ipynb")
    images = page.locator(".jp-OutputArea-output img")
    page.wait_for_function(f"() => document.querySelectorAll('.jp-OutputArea-output img').length === {len(NAMES)}",
                           timeout=60_000)
    for i, name in enumerate(NAMES):
        assert images.nth(i).get_attribute("alt") == getattr(explorables, name)().still().alt
