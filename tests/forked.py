"""A desk forked from a process that has loaded the app: there at once, and otherwise as if it had been started.

Loading the app costs almost three seconds of a processor, and the browser tests start it some seventy times. So a
process beside each worker of pytest (the forkserver of Python's multiprocessing) loads it once and runs nothing of it;
each fork begins with what is loaded and gets a session, a log, an environment and a folder of its own. The commands as
users give them are started by test_demo.py, and by the test of a new server in test_pages.py.
"""

from __future__ import annotations

import ctypes
import functools
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Final

_LOADED: Final = "tests.loaded"
_PR_SET_PDEATHSIG: Final = 1


class ForkedDesk:
    """`python -m ledger` with these arguments, or another `main`, answering like a subprocess.Popen."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str],
        cwd: Path,
        main: Callable[[Sequence[str]], int] | None = None,
    ) -> None:
        whole = {**os.environ, **env}
        # multiprocessing waits for what is no daemon when this process ends, for ever if need be.
        self._process = _context().Process(target=_run, args=(arguments, log, whole, cwd, main), daemon=True)
        self._process.start()
        self.pid = self._process.ident or 0

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("ledger", timeout or 0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


@functools.cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_LOADED])
    return context


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _run(
    arguments: Sequence[str],
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    own_main: Callable[[Sequence[str]], int] | None,
) -> None:
    die_with_parent()
    os.setsid()
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    # multiprocessing passes over what it cannot load.
    assert _LOADED in sys.modules, "pytest has to be run at the root of the checkout"
    from ledger.commands import main

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # as ledger/__main__.py does
    sys.exit((own_main or main)(arguments))
