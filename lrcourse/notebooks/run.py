"""Runs a notebook from top to bottom in a fresh kernel of the Python that runs this."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from lrcourse.notebooks.environment import environment
from lrcourse.notebooks.form import WIDGET_VIEW, NotebookError

CELL_SECONDS = 120  # a cell that takes this long is stuck: each notebook runs in seconds

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class ThisPython(AsyncKernelManager):
    """A kernel of this very interpreter, whatever kernel somebody has installed under the name python3."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(**get_kernel_dict())


async def execute(notebook: NotebookNode, folder: Path, scratch: Path) -> None:
    """Run the notebook in `folder`, filling in its outputs. NotebookError says which cell failed, and how."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []
    reached = []  # the numbers of the cells that were started
    client = NotebookClient(
        notebook,
        kernel_manager_class=ThisPython,
        resources={"metadata": {"path": str(folder)}},
        timeout=CELL_SECONDS,
        extra_arguments=["--log-level=ERROR"],
        store_widget_state=False,
        record_timing=False,
        on_cell_start=lambda cell, cell_index: reached.append(cell_index + 1),
    )
    try:
        await client.async_execute(env=os.environ | environment(scratch) | _same_package())
    except CellExecutionError as error:
        trace = notebook.cells[reached[-1] - 1].outputs[-1].traceback
        told = [f"cell {reached[-1]}: {error.ename}: {error.evalue}", *trace]
        raise NotebookError(_COLOURS.sub("", "\n".join(told))) from None
    except (CellTimeoutError, DeadKernelError) as error:
        what = str(error).split("\n")[0]
        raise NotebookError(f"cell {reached[-1]}: {what}\n{notebook.cells[reached[-1] - 1].source}") from None
    _refuse_noise(notebook)


def _same_package() -> dict[str, str]:
    """Let the kernel import the lrcourse that runs this, were another copy of it installed."""
    path = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, path))}


def _refuse_noise(notebook: NotebookNode) -> None:
    """A stored notebook holds no warnings, and no widget that would show nothing before it is run."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise NotebookError(f"cell {number} writes to stderr:\n{output.text}")
            data = output.get("data", {})
            if WIDGET_VIEW in data and "text/html" not in data:
                raise NotebookError(
                    f"cell {number} shows a widget that has no picture for a notebook that is not run yet: "
                    f"give its _repr_mimebundle_ a text/html, as those of lrcourse.explorables have"
                )
