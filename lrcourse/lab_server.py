"""`lrcourse lab`: the learner's own copies of the notebooks, and JupyterLab opened on the first of them."""

import hashlib
import json
import os
import secrets
import sys
import webbrowser
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = Path(__file__).with_name("lab_settings")
COURSE, MINE, REMEMBERED = "notebooks", "my-notebooks", ".originals.json"


def open_course(*, port=8888, ip="127.0.0.1", browser=True, root=ROOT):
    """Bring the learner's copies up to date and serve JupyterLab until Ctrl-C."""
    for line in refresh_copies(root / COURSE, root / MINE):
        print(line)
    trust(root / COURSE)
    first = min((root / COURSE).glob("*.ipynb")).name
    serve(root, f"{MINE}/{first}", port=port, ip=ip, browser=browser and has_browser())


def refresh_copies(course, mine):
    """Copy each notebook of the folder `course` into `mine`; return what the learner should hear of it.

    A copy the learner has changed is never written over. One that is byte for byte what was copied
    earlier follows the course to its newer edition. `.originals.json` remembers what was copied.
    """
    sources = sorted(course.glob("*.ipynb"))
    if not sources:
        raise SystemExit(f"No notebooks in {course}: run this in a clone of the course, where they are.")
    mine.mkdir(exist_ok=True)
    originals = _read_originals(mine / REMEMBERED)
    new, refreshed, kept = [], [], []
    for source in sources:
        edition, copy = source.read_bytes(), mine / source.name
        theirs = _digest(copy.read_bytes()) if copy.exists() else None
        remembered = originals.get(source.name)
        if theirs == _digest(edition):
            originals[source.name] = theirs
        elif theirs is None or theirs == remembered:
            (new if theirs is None else refreshed).append(source.name)
            _write(copy, edition)
            originals[source.name] = _digest(edition)
        elif remembered != _digest(edition):
            kept.append(source.name)
    _write(mine / REMEMBERED, json.dumps(originals, indent=1, sort_keys=True).encode())
    return [*_say(new, refreshed, kept, mine.name)]


def _say(new, refreshed, kept, folder):
    if new:
        yield f"Your own copies of {len(new)} notebook{'s' * (len(new) > 1)} are in {folder}/"
    if refreshed:
        yield f"Brought to the newest edition, as you had not changed them: {', '.join(refreshed)}"
    if kept:
        yield (
            f"Yours are kept, though the course has a newer edition: {', '.join(kept)}"
            f" (rename your file in {folder}/ and start again to have both)"
        )


def _read_originals(path):
    """What was copied before; nothing where the record is missing or spoilt: then no file is overwritten."""
    try:
        originals = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return originals if isinstance(originals, dict) else {}


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def _write(path, content):
    """Write whole or not at all, so that an interrupted copy is never taken for a learner's work."""
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(content)
    half.replace(path)


def trust(course):
    """Sign the course's own notebooks: Jupyter shows the stored figures only of what it trusts.

    A signature goes by content, so it holds for every unchanged copy as well.
    """
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    for path in course.glob("*.ipynb"):
        notary.sign(nbformat.read(path, as_version=4))


def has_browser():
    """Whether opening a page can reach a screen. A browser inside the terminal does not count."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER")
    if sys.platform.startswith("linux") and not any(os.environ.get(screen) for screen in screens):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def serve(root, page, *, port, ip, browser):
    """Run JupyterLab in this process with `root` as its folder and `page` opened, until Ctrl-C."""
    import zmq
    from jupyterlab.labapp import LabApp

    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(16)
    url = f"/lab/tree/{quote(page)}"
    server = LabApp.initialize_server(
        [
            f"--ServerApp.root_dir={root}",
            f"--ServerApp.ip={ip}",
            f"--ServerApp.port={port}",
            f"--ServerApp.open_browser={browser}",
            f"--IdentityProvider.token={token}",
            f"--LabApp.default_url={url}",
            "--ServerApp.allow_root=True",  # containers run as root
            "--ServerApp.answer_yes=True",  # one Ctrl-C ends it
            "--Application.log_level=ERROR",  # the address stays in sight
            f"--LabApp.app_settings_dir={SETTINGS}",  # no question about news, no look for updates
            f"--KernelManager.transport_encryption={'auto' if zmq.has('curve') else 'disabled'}",
        ]
    )

    def announce():  # once the port is bound: a taken one has been passed over by then
        host = "127.0.0.1" if ip in ("0.0.0.0", "::", "") else ip
        base = server.base_url.rstrip("/")
        if server.port != port:
            print(f"Port {port} is taken; this is {server.port}.")
        print(f"The course is open at\n\n    http://{host}:{server.port}{base}{url}?token={token}\n")
        if in_container() and ip == host:
            print("From outside this container: publish the port and start with make lab IP=0.0.0.0")
        print("Ctrl-C here ends it.", flush=True)

    server.io_loop.add_callback(announce)
    server.start()


def in_container():
    return any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))
