import shutil

import pytest
from in_browser import Chromium, Node, browser_missing, chromium


@pytest.fixture(scope="session", params=["chromium", "node"])
def javascript(request):
    """Where to run the explorables' JavaScript: every test that asks for it runs in both, as far as they are here."""
    if request.param == "node":
        if not shutil.which("node"):
            pytest.skip("no Node here")
        yield Node()
        return
    if missing := browser_missing():
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        context = browser.new_context(offline=True)
        yield Chromium(context.new_page())
        browser.close()
