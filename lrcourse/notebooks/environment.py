"""The settings under which notebooks are run, by the writer and by the tests alike."""

from pathlib import Path


def environment(scratch: Path) -> dict[str, str]:
    """Environment variables for a kernel; `scratch` is a folder to throw away.

    A learner's progress and IPython start-up files stay out of it, sets of strings keep one order, and sums
    do not depend on the number of cores.
    """
    return {
        "LRCOURSE_PROGRESS": str(scratch / "progress.json"),
        "IPYTHONDIR": str(scratch / "ipython"),
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
