"""The site: the nine notebooks as pages that need nothing from anywhere else. Built by docs/build.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "Learning-rate schedules"
html_title = project
language = "en"
root_doc = "index"
extensions = ["myst_nb", "mathml"]

nb_execution_mode = "off"  # the pages show the outputs as they are stored
nb_code_prompt_show = "Show the solution"
nb_code_prompt_hide = "Hide the solution"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "pages.anchor"
suppress_warnings = ["mystnb.unknown_mime_type", "myst.header"]  # exercises are level 4 wherever they stand

html_theme = "sphinx_book_theme"
html_theme_options = {
    "use_download_button": False,  # each page links to its notebook, as it is in the course
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_static_path = [str(Path(__file__).parent / "_static")]
html_css_files = ["site.css"]
html_js_files = ["mount.js", "check.js"]
html_copy_source = False
html_show_sphinx = False
html_context = {"default_mode": "auto"}
templates_path = []
