"""From key press to changed picture in JupyterLab: an explorable, and the same curve by interact and matplotlib.

Both in one notebook of one running JupyterLab, each moved by the arrow key. A time runs from the keydown event to the
new picture being in the page (for matplotlib: its image decoded). Medians of 20.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]
from browser.machine import FLAGS, chromium, missing, running_lab  # noqa: E402

MOVES, PAUSE = 20, 400  # milliseconds between two moves: each finds the page idle
CELLS = [
    "from lrcourse import explorables\nfrom lrcourse.schedules import CosineAnnealing\n"
    "explorables.studio(CosineAnnealing(0.001, 10_000))",
    """%matplotlib inline
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import IntSlider, interact
steps = np.arange(0, 10_001, 40)
def draw(t):
    schedule = CosineAnnealing(0.001, 10_000)
    plt.figure(figsize=(6, 2.6))
    plt.plot(steps, schedule(steps))
    plt.plot(t, schedule(t), "o")
    plt.xlabel("step t")
    plt.ylabel("learning rate")
    plt.show()
interact(draw, t=IntSlider(2_500, 0, 10_000, 25));""",
]
KERNEL = "() => window.jupyterapp?.shell?.currentWidget?.context?.sessionContext?.session?.kernel"
# Resolves with the milliseconds from the next keydown to a changed picture below `root`.
WATCH = """(root) => {
    const pictures = () => [...root.querySelectorAll('.lrx-chart, .jp-OutputArea-output img')];
    const shown = () => pictures().map((one) => one.src ?? one.outerHTML).join();
    const before = shown();
    window.lrcourseTime = new Promise((done) => {
        addEventListener('keydown', () => {
            const began = performance.now();
            const look = new MutationObserver(async () => {
                const now = shown();
                if (!now || now === before) return;
                look.disconnect();
                for (const image of root.querySelectorAll('img')) await image.decode();
                done(performance.now() - began);
            });
            look.observe(root, { subtree: true, childList: true, attributes: true });
        }, { capture: true, once: true });
    });
}"""


def median(page, cell, slider):
    times = []
    for _ in range(MOVES):
        slider.focus()
        page.wait_for_timeout(PAUSE)
        page.evaluate(WATCH, cell.element_handle())
        page.keyboard.press("ArrowRight")
        times.append(page.evaluate("() => window.lrcourseTime"))
    return statistics.median(times)


def main():
    if why := missing():
        print(f"not measured: {why}")
        return
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder, settings = Path(scratch, "notebooks"), Path(scratch, "settings")
        folder.mkdir()
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in CELLS])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, folder / "bench.ipynb")
        with running_lab(folder, settings) as address:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            page = browser.new_page(viewport={"width": 1200, "height": 1000})
            page.set_default_timeout(60_000)
            page.goto(f"{address}/lab/tree/bench.ipynb")
            page.wait_for_function(KERNEL)
            page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
            page.wait_for_selector(".lrx")
            page.wait_for_selector(".jp-OutputArea-output img")
            cells = page.locator(".jp-CodeCell")
            ours = median(page, cells.nth(0), cells.nth(0).get_by_label("step t, slider"))
            theirs = median(page, cells.nth(1), cells.nth(1).locator(".noUi-handle").first)
            browser.close()
    print(f"key press to changed picture, median of {MOVES}")
    print(f"  explorable            {ours:6.1f} ms")
    print(f"  interact + matplotlib {theirs:6.1f} ms   ratio {theirs / ours:.0f}")


if __name__ == "__main__":
    main()
