"""Record the bugs and their fixes anew: `python -m lrcourse.interop.snippets`."""

import json

from lrcourse.interop.snippets import RECORD, record

RECORD.write_text(json.dumps(record(), indent=0) + "\n", encoding="utf-8")
print(f"written: {RECORD.name}")
