"""What is asked of every page: nothing from outside, no complaint, no overflow, nothing that axe finds."""

from __future__ import annotations

import importlib.resources
import json

OURS = ".lrx, .lrcourse-check, .lrcourse-explorable, .hints, .formula, .notebook-links"
TOLD = "(el) => [...el.querySelectorAll('desc, [role=status], ol li, td')].map((one) => one.textContent).join('|')"
NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1200, "height": 900}
# page → its explorables, in order
ALIVE = {
    "8.2_why_scheduling": ["driver"], "8.3_fixed_rate": ["driver"],
    "8.4_cosine_annealing": ["calculator", "studio"], "8.5_other_schedules": ["studio", "composer"],
    "8.6_why_it_matters": ["trainer"], "8.8_exercise": ["calculator"], "8.9_takeaways": ["guess"],
}


def watch(page, allowed=("file:", "data:", "blob:")):
    """Block whatever is not allowed, and note it, and every complaint in the console. Returns the list of troubles."""
    troubles: list[str] = []

    def route(request_route):
        url = request_route.request.url
        if url.startswith(tuple(allowed)):
            request_route.continue_()
        else:
            troubles.append(f"asked for {url}")
            request_route.abort()

    page.route("**/*", route)
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    page.on("console", lambda said: said.type == "error" and troubles.append(f"console: {said.text}"))
    return troubles


def violations(page, selector=OURS):
    """What axe-core finds in our parts of the page, one line each; all rules but those on a whole page's structure."""
    if not page.evaluate("() => Boolean(window.axe)"):
        axe = importlib.resources.files("axe_playwright_python") / "axe.min.js"
        page.evaluate(axe.read_text(encoding="utf-8"))
    include = [[one] for one in selector.split(", ") if page.query_selector(one)]
    if not include:
        return []
    options = {"rules": {"region": {"enabled": False}}, "preload": False}  # it would fetch style sheets again
    found = page.evaluate(f"() => axe.run({{ include: {json.dumps(include)} }}, {json.dumps(options)})")
    return [f"{one['id']}: {one['help']}: {node['html'][:160]} {node['failureSummary'][-200:]}"
            for one in found["violations"] for node in one["nodes"]]


def overflow(page):
    """By how many pixels the page is wider than its window."""
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")


def picture(view):
    """The drawing of an explorable as text, with its description: what changes when anything is seen to change."""
    return view.evaluate("(el) => [...el.querySelectorAll('.lrx-chart')].map((one) => one.outerHTML).join('')")


def told(view):
    """The words of an explorable that follow its state."""
    return view.evaluate(f"({TOLD})")


def go(page, site, name):
    """Open a page of the site and wait until its explorables are alive."""
    page.goto((site / f"{name}.html").as_uri())
    alive = ALIVE.get(name, [])
    if alive:
        page.wait_for_function(f"() => document.querySelectorAll('.lrx').length === {len(alive)}")


def python(page, code):
    """Run code in the notebook's kernel and return what it prints."""
    return page.evaluate("""async (code) => {
        const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
        const future = kernel.requestExecute({ code });
        let said = "";
        future.onIOPub = (message) => { said += message.content.text ?? message.content.evalue ?? ""; };
        await future.done;
        return said.trim();
    }""", code)
