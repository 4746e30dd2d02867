"""Where the journal's rows are kept: a SQLite file by default, or a school's own database by its SQLAlchemy URL.

Both understand the same statements: named parameters (`:student`), and of SQL only what SQLite and PostgreSQL share.
Whatever the database refuses is raised as `Unusable`, in words and with a remedy.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

LOCK_SECONDS = 30.0  # to wait where another program holds the file
WRITER_SECONDS = 3.0  # to wait for the other writer: one that was killed may need a moment to be gone
_ADVISORY = 0x6C72636F75727365  # "lrcourse", as the number of PostgreSQL's lock
_AGAIN = "Nothing in it is lost: {}, then run the same command again; only what is missing is graded."
_REMEDIES = (
    ("full", "there is no room left on its disk", _AGAIN.format("make room")),
    ("locked", "another program holds it", _AGAIN.format("close that program")),
    ("readonly", "it may only be read", _AGAIN.format("check who may write the file and its folder")),
    ("unable to open", "it cannot be opened", "Check that its folder exists and that you may write there."),
    ("not a database", "it is not a SQLite file", "Name another with --journal, or bring back your copy of it."),
    ("malformed", "it is damaged", "Bring back your copy of it."),
)


class Busy(RuntimeError):
    """Another process is writing into this journal."""


class Unusable(ValueError):
    """The database cannot be read or written; the message says why and what to do."""


def connect(where: str | Path, lock_seconds: float = LOCK_SECONDS) -> File | Server:
    """The database at a path, at `sqlite:///path`, or at another SQLAlchemy URL such as `postgresql://…`."""
    text = str(where)
    if text.startswith("sqlite:///"):
        return File(Path(text.removeprefix("sqlite:///")), lock_seconds)
    return Server(text) if "://" in text else File(Path(where), lock_seconds)


class File:
    """One SQLite file in WAL mode, which a kill at any moment leaves whole."""

    BINARY = "BLOB"

    def __init__(self, path: Path, lock_seconds: float = LOCK_SECONDS) -> None:
        self.told, self._path = str(path), path
        with self._words():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=lock_seconds, isolation_level=None)
        try:
            self.run("PRAGMA journal_mode = WAL")
            self.run("PRAGMA synchronous = NORMAL")  # survives a kill; a power cut may cost the last rows, not more
        except Unusable:
            self.close()
            raise

    def close(self) -> None:
        self._db.close()

    def run(self, statement: str, **values) -> list[tuple]:
        with self._words():
            return self._db.execute(statement, values).fetchall()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # SQLite itself takes back what found no room
                self.run("ROLLBACK")
            raise

    @contextlib.contextmanager
    def writer(self) -> Iterator[None]:
        """Be the one writer; the kernel frees the lock when this process ends, however it ends."""
        import fcntl  # not on Windows, where nothing is graded anyway

        def free() -> bool:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            return False

        with contextlib.ExitStack() as stack:
            with self._words():
                lock = stack.enter_context(open(self._path.with_name(self._path.name + ".lock"), "w"))
            _wait_for(free, self.told)
            yield

    @contextlib.contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            for sign, why, remedy in _REMEDIES:
                if sign in str(error):
                    raise Unusable(f"the journal {self.told}: {why}. {remedy}") from error
            raise Unusable(f"the journal {self.told} cannot be used: {error}. {_AGAIN.format('mend that')}") from error


class Server:
    """A database that many may reach, spoken to through SQLAlchemy (`pip install lrcourse[grading]`)."""

    BINARY = "BYTEA"

    def __init__(self, url: str) -> None:
        try:
            import sqlalchemy
        except ImportError:
            raise Unusable(
                "--journal with a URL needs SQLAlchemy and a driver: pip install 'lrcourse[grading]'"
            ) from None
        self._sql = sqlalchemy
        try:
            address = sqlalchemy.make_url(url)
        except sqlalchemy.exc.ArgumentError:
            raise Unusable("--journal must be a path or a URL such as postgresql://user@host/database") from None
        if address.get_backend_name() != "postgresql":
            raise Unusable(
                f"--journal must be a path, sqlite:///path or postgresql://…: {address.get_backend_name()} has not "
                "been tried, and grades are no place to try it"
            )
        if "+" not in address.drivername:
            address = address.set(drivername="postgresql+psycopg")
        self.told = address.render_as_string(hide_password=True)
        with self._words():
            self._engine = sqlalchemy.create_engine(address, poolclass=sqlalchemy.pool.NullPool)
            self._db = self._engine.connect()

    def close(self) -> None:
        self._db.close()
        self._engine.dispose()

    def run(self, statement: str, **values) -> list[tuple]:
        with self._words():
            if self._db.in_transaction():
                return self._run(statement, values)
            with self._db.begin():
                return self._run(statement, values)

    def _run(self, statement: str, values: dict) -> list[tuple]:
        result = self._db.execute(self._sql.text(statement), values)
        return [tuple(row) for row in result] if result.returns_rows else []

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing."""
        with self._words(), self._db.begin():
            yield

    @contextlib.contextmanager
    def writer(self) -> Iterator[None]:
        """Be the one writer; the server frees the lock when this connection ends, however it ends."""
        _wait_for(lambda: self.run("SELECT pg_try_advisory_lock(:key)", key=_ADVISORY)[0][0], self.told)
        try:
            yield
        finally:
            with contextlib.suppress(Unusable):  # with the connection the lock is gone too
                self.run("SELECT pg_advisory_unlock(:key)", key=_ADVISORY)

    @contextlib.contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except (self._sql.exc.SQLAlchemyError, ImportError) as error:
            said = " ".join(str(getattr(error, "orig", None) or error).split())[:300]
            raise Unusable(f"the journal {self.told} cannot be used: {said}. {_AGAIN.format('mend that')}") from error


def _wait_for(free: Callable[[], bool], told: str) -> None:
    deadline = time.monotonic() + WRITER_SECONDS
    while not free():
        if time.monotonic() > deadline:
            raise Busy(f"another `lrcourse grade` is writing into {told}: wait for it, or end it")
        time.sleep(0.05)
