"""The demo on a bare machine: no key, no cloud, real readings of real pictures, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page

from tests import servers
from tests.browser.operator import Operator

ROOT = Path(__file__).parents[2]


def test_the_demo_reads_the_samples_and_ends_with_ctrl_c(page: Page, tmp_path: Path) -> None:
    port = servers.free_port()
    command = [sys.executable, "-m", "ledger", "demo", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    log = tmp_path / "demo.log"
    with servers.process(
        command, log=log, url=f"{url}/_stcore/health", cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}
    ) as demo:
        operator = Operator(page, url)
        operator.open()
        operator.receipt_on_desk()
        operator.sees("오프라인 엔진")
        assert operator.field("items.0.name").input_value()
        os.killpg(demo.pid, signal.SIGINT)
        assert demo.wait(20) == 0
    assert log.read_text("utf-8") == f"{url}\n"
    assert _processes_of(demo.pid) == []
    assert (tmp_path / "var/demo/ledger.db").exists()


def _processes_of(session: int) -> list[str]:
    listed = subprocess.run(["ps", "-o", "args=", "-s", str(session)], capture_output=True, text=True, check=False)
    return listed.stdout.splitlines()
