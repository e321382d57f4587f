"""python -m ledger auto-confirm: each command's output and exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.bootstrap import build_services
from ledger.commands import main
from ledger.config import load_settings
from tests.auto_confirm.receipts import Readings
from tests.factories import migrated


def test_it_is_switched_on_told_and_switched_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    monkeypatch.setenv("LEDGER_DATABASE_URL", url)
    monkeypatch.setenv("LEDGER_EXTRACTOR", "offline")
    monkeypatch.chdir(tmp_path)
    database = migrated(url)
    services = build_services(load_settings())
    asked, desk = services.production.current(), Readings(database)
    services.close()
    read_with = {"engine": "offline", "model": asked.model, "prompt_version": asked.prompt_version}
    loose = ["--bound", "0.2", "--confidence", "0.8"]

    assert main(["auto-confirm", "status"]) == 0
    told = "nothing can be chosen now: 0 of 0 decisions can be counted, 149 more are missing if no more are wrong\n"
    assert capsys.readouterr().out == f"off\n{told}"
    assert main(["auto-confirm", "on"]) == 1
    assert "no risk is known" in capsys.readouterr().err

    for _ in range(8):
        desk.people_confirm(desk.read(risk=0.05, **read_with))
    assert main(["auto-confirm", "on", *loose, "--audit-share", "0.5", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["threshold"], row["bound"], row["audit_share"], row["ended_at"]) == (0.05, 0.2, 0.5, None)

    assert main(["auto-confirm", "status", *loose]) == 0
    on, found, possible = capsys.readouterr().out.splitlines()
    assert on.startswith("on since ")
    assert found == "0 confirmed without a person, 0 of them mended; 0 left to people, 0 of them decided, 0 wrong"
    assert possible.startswith("now possible: risk up to 0.0500, 100% of receipts (0 of 8 wrong, ")
    assert main(["auto-confirm", "status", *loose, "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert (status["on"], status["allowed"]["chosen"]["receipts"], len(status["history"])) == (True, 8, 1)

    assert main(["auto-confirm", "off"]) == 0
    assert main(["auto-confirm", "off"]) == 0
    assert capsys.readouterr().out == "off: every receipt is left to people\nit was off already\n"
    database.close()
