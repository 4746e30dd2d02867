"""The interop tests run the real frameworks: `make test-interop`. In `make test`, without them, they are left out."""

import importlib.util
import os

import pytest

FRAMEWORKS = ("torch", "jax", "optax", "keras", "transformers")
missing = [name for name in FRAMEWORKS if importlib.util.find_spec(name) is None]

# `make test-interop` sets LRCOURSE_INTEROP: then nothing may be missing, and nothing is skipped.
if missing and os.environ.get("LRCOURSE_INTEROP"):
    raise pytest.UsageError(f"the interop tests need {', '.join(missing)}: run make test-interop")
# The other files need no framework, but matplotlib: `make test` runs them.
collect_ignore_glob = ["test_interop_*.py"] if missing else []
if os.environ.get("LRCOURSE_INTEROP"):
    collect_ignore_glob += ["test_audit.py", "test_snippets.py"]


@pytest.fixture(scope="session")
def frameworks():
    """Keras on torch, the backend whose float64 is exact."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
