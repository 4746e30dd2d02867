"""Ways to run the explorables' JavaScript: in Chromium where there is one, in Node as the second road."""

import json
import shutil
import subprocess

from lrcourse.explorables import bundle


def chromium() -> str | None:
    """The path of a Chromium that is installed here."""
    mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", mac))), None)


def browser_missing() -> str:
    """What is missing for tests in a browser, in words; "" where nothing is."""
    try:
        import playwright  # noqa: F401
    except ModuleNotFoundError as error:
        return f"no module {error.name!r}: pip install 'lrcourse[browser]', or make test-browser"
    return "" if chromium() else "no Chromium: apt install chromium"


class Node:
    """Evaluates functions of our modules in Node."""

    def evaluate(self, modules, function, data):
        """`function(data)` as JavaScript, with everything that the modules define at hand."""
        text = "\n".join(dict.fromkeys(map(bundle.script, modules)))
        run = f"{text}\nconsole.log(JSON.stringify(({function})(JSON.parse(require('fs').readFileSync(0)))))"
        done = subprocess.run(["node", "-e", run], input=json.dumps(data), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)


class Chromium:
    """Evaluates them in a page of a real Chromium, from which nothing can be loaded."""

    def __init__(self, page):
        self.page = page

    def evaluate(self, modules, function, data):
        text = "\n".join(dict.fromkeys(map(bundle.script, modules)))
        told = self.page.evaluate(f"(data) => {{ {text}\nreturn JSON.stringify(({function})(JSON.parse(data))) }}",
                                  json.dumps(data))
        return json.loads(told)
