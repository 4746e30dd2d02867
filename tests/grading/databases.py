"""Databases for tests: a PostgreSQL server of their own, in a folder that goes away, reached by a socket in it."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

REQUIRED = os.environ.get("LRCOURSE_GRADING") == "1"  # make test-grading skips nothing


def needs(condition, what):
    """Skip, and say why; fail where nothing may be skipped."""
    if not condition:
        (pytest.fail if REQUIRED else pytest.skip)(f"needs {what} (make test-grading)")


def _programs() -> Path | None:
    folders = [*Path("/usr/lib/postgresql").glob("*/bin")]  # where Debian puts them
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


class Postgres:
    """A running server. `empty()` makes a database and gives its URL."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs, self.made = folder, programs, 0
        self.user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
        if self.user:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        self.run("initdb", "-D", folder / "data", "-A", "trust", "-U", "grader", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        self.run("pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start")

    def run(self, program, *arguments):
        command = [str(self.programs / program), *map(str, arguments)]
        log = self.folder / f"{program}.out"  # a pipe would stay open as long as the server
        with open(log, "w") as out:
            done = subprocess.run(command, stdout=out, stderr=out, user=self.user, cwd=self.folder)
        assert done.returncode == 0, f"{program}: {log.read_text()}"

    def empty(self) -> str:
        import psycopg

        self.made += 1
        with psycopg.connect(f"user=grader dbname=postgres host={self.folder}", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE course{self.made}")
        return f"postgresql://grader@/course{self.made}?host={self.folder}"

    def stop(self) -> None:
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def sessions():
    """SQLAlchemy and a driver."""
    found = all(importlib.util.find_spec(name) for name in ("sqlalchemy", "psycopg"))
    needs(found, "SQLAlchemy and psycopg: pip install 'lrcourse[grading]'")


@pytest.fixture(scope="session")
def postgres(sessions):
    programs = _programs()
    needs(programs, "a PostgreSQL server: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="lrcourse-pg-", dir="/tmp"))  # a socket's path must be short
    try:
        server = Postgres(folder, programs)
        yield server
        server.stop()
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)
