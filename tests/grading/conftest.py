"""Under which isolation the grader is tested: `make test` takes the strongest there is, `make test-grading` each."""

import pytest
from attacks.world import EVERYTHING

from lrcourse.grading import levels

OFFERED = levels.available()
NAMES = [name for name in OFFERED if EVERYTHING or not isinstance(OFFERED[name], str)] or ["bwrap"]


@pytest.fixture(scope="module", params=NAMES if EVERYTHING else NAMES[:1])
def level(request):
    """A level of isolation. Where one is missing, `make test` says so and `make test-grading` fails."""
    offered = OFFERED[request.param]
    if isinstance(offered, str):
        said = f"not tested under {request.param}: {offered}. {levels.remedy()}"
        (pytest.fail if EVERYTHING else pytest.skip)(said)
    return offered
