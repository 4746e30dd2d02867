"""Where submissions run: on this machine, or on the workers of a dask.distributed scheduler (`--scheduler tcp://…`).

Out go the steps of a submission, as JSON; back comes what its questions gave, as JSON. Expected answers, the secret
and the journal stay with the grader, which marks. The client unpickles nothing that a worker sends.

A worker may be killed at any moment. Usually the scheduler sees its connection end and gives its tasks to another.
It does not where something else holds that connection open (a process forked from the worker that outlived it; a
machine that froze): then it waits up to twice its `worker-ttl`, ten minutes by default. So the warm server is
started by exec, which closes the worker's sockets in it; and the client watches heartbeats itself, and gives a
silent worker's submissions to others.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache

from . import running
from .levels import Level, NoIsolation, strongest
from .model import RULES
from .pool import START_SECONDS, Fault, Pool, Ran, Step, in_words

SILENT_SECONDS = 30.0  # without a heartbeat, and a worker counts as gone; they come every few seconds
PATIENCE = 2 * (running.WHOLE_SECONDS + START_SECONDS)  # for one submission, with one before it in its worker's queue
CONNECT_SECONDS = 10.0  # for the scheduler to answer
JOIN_SECONDS = 60.0  # for the first worker to be there


class Unreachable(ValueError):
    """There is no scheduler to grade with; the message says what to do."""


@dataclass(frozen=True)
class Came:
    """What a submission's run gave, how long it took, and the isolation it ran under."""

    results: running.Results
    seconds: float
    level: str


class Here:
    """Threads of this process around one warm server."""

    def __init__(self, level: Level, seconds: float, jobs: int) -> None:
        self.told, self.capacity = level.told, 2 * jobs
        self._level, self._pool = level, Pool(level, seconds)
        self._threads = ThreadPoolExecutor(jobs)

    def __enter__(self) -> Here:
        return self

    def __exit__(self, kind, *_exc) -> None:
        self._threads.shutdown(wait=kind is None, cancel_futures=True)
        self._pool.close()

    def submit(self, steps: list[Step]) -> Future:
        return self._threads.submit(self._run, steps)

    def _run(self, steps: list[Step]) -> Came:
        self._pool.start()  # the first submission does not pay for that
        began = time.monotonic()
        return Came(running.run(self._pool, steps), time.monotonic() - began, self.told)


# -- on a worker -----------------------------------------------------------------------------------------------


@cache
def _pool_of(wanted: str | None, unsafe: bool, seconds: float) -> Pool:
    pool = Pool(strongest(wanted, unsafe), seconds)
    atexit.register(pool.close)
    return pool


_one_at_a_time = threading.Lock()


def work(job: str) -> str:
    """Run one submission's steps on a worker. JSON in, JSON out, and no exception, for that would be pickled."""
    told = json.loads(job)
    if told["rules"] != RULES:
        return json.dumps({"fault": f"the worker's lrcourse grades by rules {RULES}, the grader's by {told['rules']}"})
    began = time.monotonic()
    try:
        with _one_at_a_time:
            pool = _pool_of(told["level"], told["unsafe"], told["seconds"])
        results = running.run(pool, [Step(**step) for step in told["steps"]])
    except NoIsolation as why:
        return json.dumps({"refused": str(why)})
    except Exception as error:
        return json.dumps({"fault": in_words(error)})
    answers = {question: asdict(ran) for question, ran in results.answers.items()}
    told = {"answers": answers, "errors": results.errors, "notes": results.notes}
    return json.dumps(told | {"seconds": time.monotonic() - began, "level": pool.level.told})


# -- at the grader ---------------------------------------------------------------------------------------------


class Cluster:
    """The workers of a dask.distributed scheduler."""

    def __init__(
        self,
        address: str,
        seconds: float,
        level: str | None = None,
        unsafe: bool = False,
        *,
        silent: float = SILENT_SECONDS,
        patience: float = PATIENCE,
    ) -> None:
        try:
            import distributed
        except ImportError:
            raise Unreachable("--scheduler needs dask.distributed: pip install 'lrcourse[grading]'") from None
        self._address, self._silent, self._patience = address, silent, patience
        self._job = {"rules": RULES, "level": level, "unsafe": unsafe, "seconds": seconds}
        self._under_way: dict[Future, tuple] = {}  # ours → theirs, since when
        self._heard: dict[str, tuple[float, float]] = {}  # worker → its last heartbeat, when we first saw it
        self._stop = threading.Event()
        try:
            self._client = distributed.Client(
                address, timeout=CONNECT_SECONDS, deserializers=["dask", "msgpack"], set_as_default=False
            )
            self._client.wait_for_workers(1, timeout=JOIN_SECONDS)
        except (OSError, ValueError, TimeoutError) as error:
            raise Unreachable(
                f"--scheduler {address}: {str(error)[:200] or 'no answer'}. Start one with `dask scheduler`, and "
                "workers with `dask worker ADDRESS` in an environment that has lrcourse"
            ) from None
        self.capacity = 2 * sum(self._client.nthreads().values())
        self.told = f"on {address}"
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Cluster:
        self._watcher.start()
        return self

    def __exit__(self, *_exc) -> None:
        self._stop.set()
        for theirs, _ in list(self._under_way.values()):
            with contextlib.suppress(Exception):
                theirs.cancel()
        self._watcher.join(5)
        with contextlib.suppress(Exception):
            self._client.close(5)

    def submit(self, steps: list[Step]) -> Future:
        job = json.dumps(self._job | {"steps": [asdict(step) for step in steps]})
        ours: Future = Future()
        silent = self._silent_ones()
        elsewhere = [worker for worker in self._heard if worker not in silent] if silent else None
        try:
            theirs = self._client.submit(work, job, pure=False, workers=elsewhere or None)
        except Exception as error:
            raise self._gone() from error
        self._under_way[ours] = (theirs, time.monotonic())
        theirs.add_done_callback(lambda done: self._take(ours, done))
        return ours

    def _take(self, ours: Future, theirs) -> None:
        """Their result becomes ours, unless we have given it up already."""
        if self._under_way.pop(ours, None) is None:
            return
        try:
            ours.set_result(_read(theirs.result(timeout=30)))
        except (Fault, NoIsolation) as error:
            ours.set_exception(error)
        except BaseException as error:
            ours.set_exception(Fault(f"the cluster lost it: {type(error).__name__} {error}"[:300]))

    def _watch(self) -> None:
        """Give up what a silent worker has, and what takes longer than anything can."""
        while not self._stop.wait(min(1.0, self._silent / 4)):
            try:
                self._listen()
                silent = self._silent_ones()
                held = self._client.processing(list(silent)) if silent else {}
            except Exception:  # it may come back; the client tries for a while, and then closes itself
                held = {}
            if self._client.status == "closed":  # and leaves what is under way pending for ever
                for ours, (theirs, _) in list(self._under_way.items()):
                    self._give_up(ours, theirs, self._gone())
            lost = {key for keys in held.values() for key in keys}
            for ours, (theirs, since) in list(self._under_way.items()):
                if theirs.key in lost:
                    self._give_up(ours, theirs, Fault(f"its worker was not heard of for {self._silent:g} s"))
                elif time.monotonic() - since > self._patience:
                    self._give_up(ours, theirs, Fault(f"nothing came back within {self._patience:g} s"))

    def _listen(self) -> None:
        """Note when each worker's last heartbeat changed: by our own clock, for theirs may be wrong."""
        known = self._client.scheduler_info(n_workers=-1)["workers"]
        now = time.monotonic()
        for worker, about in known.items():
            if self._heard.get(worker, (None,))[0] != about["last_seen"]:
                self._heard[worker] = (about["last_seen"], now)
        for worker in self._heard.keys() - known.keys():
            del self._heard[worker]
        self.capacity = max(2, 2 * sum(about["nthreads"] for about in known.values()))

    def _silent_ones(self) -> set[str]:
        now = time.monotonic()
        return {worker for worker, (_, heard) in list(self._heard.items()) if now - heard > self._silent}

    def _gone(self) -> Unreachable:
        return Unreachable(
            f"the scheduler {self._address} is gone. Nothing is lost: start it, then run the same command again; only "
            "what is missing is graded"
        )

    def _give_up(self, ours: Future, theirs, why: Exception) -> None:
        if self._under_way.pop(ours, None) is not None:
            with contextlib.suppress(Exception):
                theirs.cancel()
            ours.set_exception(why)


def _read(text: str) -> Came:
    """A worker's answer, taken apart into plain values."""
    told = json.loads(text)
    if "refused" in told:
        raise NoIsolation(f"on a worker: {told['refused']}")
    if "fault" in told:
        raise Fault(f"on a worker: {told['fault']}"[:300])
    results = running.Results()
    results.answers = {question: Ran(**ran) for question, ran in told["answers"].items()}
    results.errors, results.notes = told["errors"], told["notes"]
    return Came(results, float(told["seconds"]), str(told["level"]))
