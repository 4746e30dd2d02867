"""The settings under which notebooks are run, by the writer and by the tests alike."""

from pathlib import Path


def environment(scratch: Path) -> dict[str, str]:
    """Environment variables for a kernel; `scratch` is a folder to throw away.

    A learner's progress and IPython start-up files stay out of it, sets of strings keep one order, and sums
    do not depend on the number of cores. No progress bar is drawn, though the writer be run inside JupyterLab.
    """
    return {
        "LRCOURSE_PROGRESS": str(scratch / "progress.json"),
        "LRCOURSE_PROGRESS_BAR": "0",
        "IPYTHONDIR": str(scratch / "ipython"),
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
