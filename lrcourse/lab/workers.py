"""Chunks shared out to processes.

The workers are plain children (`python -m lrcourse.lab.worker`) that read jobs from stdin and answer on stdout. Unlike
multiprocessing's, they never run the caller's script again, so they work the same in a notebook, a script without a
main guard, and on every system. Each has its BLAS held at one thread from birth. They stay for the next call, and go
when their stdin closes. Where no process can be started, or one dies, the work is done in this one.
"""

from __future__ import annotations

import atexit
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
from pathlib import Path

from .engine import train_chunk

__all__ = ["run_all"]

_ONE_THREAD = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM", "NUMEXPR", "BLIS")
_idle: list[subprocess.Popen] = []


def run_all(jobs, processes, bar):
    """Yield (number, outcome) for each job as it is done; an interrupt ends the list early."""
    workers = _hire(min(processes, len(jobs))) if processes > 1 and len(jobs) > 1 else []
    if len(workers) < 2:
        _release(workers)
        yield from _alone(jobs, range(len(jobs)), bar)
        return
    try:
        missing = yield from _together(jobs, workers, bar)
    except KeyboardInterrupt:
        return
    if missing:  # a worker died: finish its jobs here
        yield from _alone(jobs, missing, bar)


def _alone(jobs, numbers, bar):
    done = len(jobs) - len(numbers)
    for number in numbers:
        outcome = train_chunk(**jobs[number], watch=lambda share, done=done: bar((done + share) / len(jobs)))
        yield number, outcome
        if not outcome["done"]:
            return
        done += 1


def _together(jobs, workers, bar):
    todo, answers = queue.SimpleQueue(), queue.SimpleQueue()
    for number in range(len(jobs)):
        todo.put(number)
    threads = [
        threading.Thread(target=_serve, args=(worker, jobs, todo, answers), daemon=True) for worker in workers
    ]
    for thread in threads:
        thread.start()
    waiting, missing, finished = len(workers), [], 0
    try:
        while waiting:
            try:
                number, outcome = answers.get(timeout=0.1)  # short, so that an interrupt is heard
            except queue.Empty:
                bar(finished / len(jobs))
                continue
            if number is None:
                waiting -= 1
            elif isinstance(outcome, EOFError):
                missing.append(number)
            elif isinstance(outcome, Exception):
                raise outcome
            else:
                finished += 1
                bar(finished / len(jobs))
                yield number, outcome
        while not todo.empty():
            missing.append(todo.get())
    except BaseException as reason:
        for worker in workers:
            worker.kill()
        while isinstance(reason, KeyboardInterrupt) and not answers.empty():
            number, outcome = answers.get()
            if isinstance(outcome, dict):
                yield number, outcome
        raise
    _release(workers)
    return missing


def _serve(worker, jobs, todo, answers):
    """A thread: hand one worker job after job."""
    try:
        while True:
            number = todo.get_nowait()
            try:
                send(worker.stdin, jobs[number])
                outcome = receive(worker.stdout)
            except (OSError, EOFError, pickle.UnpicklingError):
                answers.put((number, EOFError("a worker process ended")))
                return
            answers.put((number, outcome))
    except queue.Empty:
        pass
    finally:
        answers.put((None, None))


# -- messages: a length, then a pickle ----------------------------------------------------------------
def send(stream, message) -> None:
    data = pickle.dumps(message)
    stream.write(struct.pack("<q", len(data)) + data)
    stream.flush()


def receive(stream):
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError
    return pickle.loads(stream.read(struct.unpack("<q", head)[0]))


# -- hiring -------------------------------------------------------------------------------------------
def _hire(count):
    workers = []
    while len(workers) < count:
        worker = _idle.pop() if _idle else _start()
        if worker is None:
            break
        if worker.poll() is None:
            workers.append(worker)
    return workers


def _release(workers):
    _idle.extend(worker for worker in workers if worker.poll() is None)


def _start():
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    threads = {f"{name}_NUM_THREADS" if "VEC" not in name else f"{name}_THREADS": "1" for name in _ONE_THREAD}
    # A group of its own: Ctrl-C is for the parent, which ends its workers itself.
    alone = {"creationflags": 0x200} if os.name == "nt" else {"start_new_session": True}
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "lrcourse.lab.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env={**os.environ, **threads, "PYTHONPATH": path}, **alone,
        )  # fmt: skip
    except (OSError, ValueError, TypeError):
        return None


@atexit.register
def _dismiss():
    while _idle:
        worker = _idle.pop()
        worker.stdin.close()
        try:
            worker.wait(timeout=1)
        except subprocess.TimeoutExpired:
            worker.kill()
