"""`python -m ledger worker`, as a process of its own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests import servers
from tests.forked import ForkedDesk


def test_a_worker_that_starts_first_waits_for_schema_and_redis_and_answers_then(tmp_path: Path) -> None:
    redis_port, port, log = servers.free_port(), servers.free_port(), tmp_path / "worker.log"
    env = {"LEDGER_BROKER_URL": f"redis://127.0.0.1:{redis_port}", "LEDGER_METRICS_PORT": str(port)}
    asked = f"http://127.0.0.1:{port}/metrics?name[]=none"
    worker = ForkedDesk(["worker"], log=log, env=env, cwd=tmp_path)
    until_said(log, "this version needs")
    assert ForkedDesk(["migrate"], log=tmp_path / "migrate.log", env={}, cwd=tmp_path).wait(60) == 0
    until_said(log, "The queue to the workers does not answer")
    assert healthy(asked) == 1

    with contextlib.ExitStack() as stack:
        stack.enter_context(servers.redis(tmp_path, redis_port))
        stack.enter_context(servers.answering(worker, "worker", log=log, url=asked))
        with urllib.request.urlopen(asked, timeout=5) as answer:
            assert answer.read() == b""
        assert healthy(asked) == 0

    assert log.read_text().count("waiting before anything is read") == 2


def healthy(address: str) -> int:
    """The exit code of the container's health check, as compose runs it."""
    check = Path(__file__).parents[1] / "deploy" / "healthcheck.py"
    return subprocess.run([sys.executable, check, address], check=False).returncode


def until_said(log: Path, words: str) -> None:
    end = time.monotonic() + servers.START_SECONDS
    while words not in (log.read_text() if log.exists() else ""):
        assert time.monotonic() < end, f"{words!r} was not said"
        time.sleep(0.05)
