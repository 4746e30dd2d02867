"""`python -m exercises.assignments [FOLDER]`: write the problem sets."""

import sys
from pathlib import Path

from . import HERE, write

for file in write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "source"):
    print(file.name)
