"""What this machine offers, tried out: each level starts its sandbox and tries to get out of it."""

from __future__ import annotations

import os
import platform

from .levels import Level, available, remedy
from .pool import Fault, Pool, Step

#: What a locked child must not be able to do; each line sets `got` only where it could.
ATTEMPTS = {
    "read other files": "import os; os.open('/etc/passwd', os.O_RDONLY)",
    "write a file": "open('/var/tmp/lrcourse-doctor', 'w')",
    "start a process": "import os; os.fork() or os._exit(0)",
    "open a socket": "import socket; socket.socket()",
    "signal others": "import os; os.kill(-1, 0)",
    "be root": "import os; os.setuid(0); assert os.getuid() == 0",
}

#: Seen where root grades without namespaces and Python lies in root's own folder: whom root becomes may not enter.
NARROW = "; only modules loaded beforehand can be imported, for this Python lies where other users may not read"


def examine() -> dict:
    """Every level, whether it works here, and what would be used."""
    levels = {}
    for name, offered in available().items():
        if not isinstance(offered, Level):
            levels[name] = {"works": False, "said": offered}
            continue
        try:
            escaped, narrow = _tried(offered)
        except Fault as fault:
            levels[name] = {"works": False, "said": str(fault)}
            continue
        said = f"{offered.told}; refused: {', '.join(set(ATTEMPTS) - set(escaped))}" if not escaped else ""
        said += NARROW if said and narrow else ""
        levels[name] = {"works": not escaped, "said": said or f"a child could {', '.join(escaped)}"}
    used = next((told["said"].split(";")[0] for told in levels.values() if told["works"]), "")
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "user": "root, which gives its rights up" if hasattr(os, "geteuid") and os.geteuid() == 0 else "you",
        "levels": levels,
        "used": used,
        "remedy": "" if used else remedy(),
    }


def _tried(level: Level) -> tuple[list[str], bool]:
    """Which attempts succeed under this level (none, if it holds), and whether most modules cannot be imported."""
    with Pool(level, 5.0) as pool:
        steps = [Step("run", what, {"source": source}) for what, source in ATTEMPTS.items()]
        ran = pool.run(steps)
        narrow = "error" in pool.run([Step("run", "import", {"source": "import wsgiref.simple_server"})])[0].told
    if len(ran) < len(steps) or ran[-1].ended:
        raise Fault(f"the child ended while it was tried: {ran[-1].ended}")
    return [step.question for step, each in zip(steps, ran) if "error" not in each.told], narrow
