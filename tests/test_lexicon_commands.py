"""python -m ledger lexicon: each command's output and exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.commands import main
from ledger.tuning.lexicon_edits import block_item, merge_shop
from tests.experiments.frozen import bought, confirmed
from tests.factories import MemoryStore, migrated


def test_the_lexicon_is_built_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    monkeypatch.setenv("LEDGER_DATABASE_URL", url)
    monkeypatch.setenv("LEDGER_EXTRACTOR", "offline")
    monkeypatch.chdir(tmp_path)
    database, store = migrated(url), MemoryStore()
    for number, shop in enumerate(["카페", "카페", "병원"]):
        confirmed(database, store, number, bought(shop))

    assert main(["lexicon", "list"]) == 1
    assert "was not built yet" in capsys.readouterr().err

    assert main(["lexicon", "rebuild"]) == 0
    assert capsys.readouterr().out == "2 shops from 3 confirmed receipts\n"

    merge_shop(database, "병원", "카페")
    block_item(database, "카페", "감자")
    assert main(["lexicon", "list"]) == 0
    assert capsys.readouterr().out == "     2  카페  카페\n     1  병원  병원  -> 카페\n"
    assert main(["lexicon", "list", "--shop", "카페"]) == 0
    assert capsys.readouterr().out == "     2  감자  (blocked)\n     2  장난감\n"
    assert main(["lexicon", "list", "--shop", "카페", "--json"]) == 0
    assert [json.loads(line)["price_low"] for line in capsys.readouterr().out.splitlines()] == [4_000, 4_500]
    database.close()
