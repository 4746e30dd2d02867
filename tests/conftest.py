"""Settings that hold for every test, and for the notebooks that nbval runs beside them."""

import os
import tempfile
from pathlib import Path

from lrcourse.notebooks.environment import environment


def pytest_configure(config):
    """Give kernels the settings they are written under, and make them run the Python that runs the tests."""
    scratch = tempfile.TemporaryDirectory(prefix="lrcourse-tests-")
    config.add_cleanup(scratch.cleanup)
    os.environ.update(environment(Path(scratch.name)))
    if config.getoption("nbval", False):
        config.option.nbval_current_env = True
        if not hasattr(config, "workerinput"):
            # Once, before workers start: on a new machine this builds matplotlib's list of fonts, and a
            # cell that has to wait for it says so on stderr.
            import matplotlib.font_manager  # noqa: F401
