"""Keys of other services: what is kept of them, and what a request gets with and without one."""

from __future__ import annotations

import datetime as dt
import json
import logging
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient

from ledger.api import problems
from ledger.api.callers import Callers
from ledger.api.keys import Scope, add_key, all_keys, revoke_key, row_of_key
from ledger.api.rate_limit import RateLimit
from ledger.commands import main
from ledger.database import Database
from ledger.errors import ApiKeyNameTaken, ApiKeyNotFound, ApiKeyRefused
from tests.factories import NOW
from tests.schema import migrated


def guarded(database: Database, per_minute: int = 600) -> TestClient:
    """One route that asks for a key that may write."""
    router = APIRouter()

    @router.get("/mine")
    def mine(caller: str = Depends(Callers(database, RateLimit(per_minute)).having(Scope.WRITE))) -> str:
        return caller

    app = FastAPI()
    problems.add_handlers(app)
    app.include_router(router)
    return TestClient(app)


def test_a_key_is_good_until_it_is_revoked_and_is_never_kept_itself(database: Database) -> None:
    key = add_key(database, "app", [Scope.READ], NOW)

    assert key.startswith("lgr_")
    assert row_of_key(database, key, NOW).name == "app"
    with database.read() as session:
        assert key not in str(session.execute(sa.text("SELECT * FROM api_key")).all())
    revoke_key(database, "app", NOW)
    with pytest.raises(ApiKeyRefused):
        row_of_key(database, key, NOW)


def test_a_name_is_used_once_and_only_what_is_in_use_is_revoked(database: Database) -> None:
    add_key(database, "app", [Scope.READ], NOW)
    revoke_key(database, "app", NOW)

    with pytest.raises(ApiKeyNameTaken):
        add_key(database, "app", [Scope.READ], NOW)
    with pytest.raises(ApiKeyNotFound):
        revoke_key(database, "app", NOW)


def test_the_last_use_is_written_down_once_a_minute(database: Database) -> None:
    key = add_key(database, "app", [Scope.READ], NOW)
    seen = []
    for seconds in (0, 30, 61):
        row_of_key(database, key, NOW + dt.timedelta(seconds=seconds))
        seen.append(all_keys(database)[0].last_used_at)

    assert seen == [NOW, NOW, NOW + dt.timedelta(seconds=61)]


@pytest.mark.parametrize("header", [None, "Bearer lgr_wrong", "Bearer ", "Basic YTpi", "Bearer \u00e9\u00ff"])
def test_without_a_good_key_a_request_is_told_how_to_bring_one(database: Database, header: str | None) -> None:
    headers = {"Authorization": header.encode("latin-1")} if header else {}

    answer = guarded(database).get("/mine", headers=headers)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:ledger:ApiKeyRefused"


def test_a_key_does_what_its_scopes_say_and_stands_in_no_log(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    reads, writes = add_key(database, "reads", [Scope.READ], NOW), add_key(database, "both", list(Scope), NOW)
    client = guarded(database)
    with caplog.at_level(logging.DEBUG):
        refused = client.get("/mine", headers={"Authorization": f"Bearer {reads}"})
        good = client.get("/mine", headers={"Authorization": f"Bearer {writes}"})

    assert (refused.status_code, refused.json()["type"]) == (403, "urn:ledger:ScopeMissing")
    assert (good.status_code, good.json()) == (200, "both")
    assert reads not in caplog.text + refused.text
    assert writes not in caplog.text


def test_a_key_that_asks_too_often_is_told_when_to_come_again_and_others_are_not_held_up(database: Database) -> None:
    client = guarded(database, per_minute=2)
    keys = [add_key(database, name, [Scope.WRITE], NOW) for name in ("eager", "calm")]
    eager, calm = ({"Authorization": f"Bearer {key}"} for key in keys)

    answers = [client.get("/mine", headers=eager) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["type"] == "urn:ledger:TooManyRequests"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert client.get("/mine", headers=calm).status_code == 200


def test_keys_are_made_told_and_revoked_by_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    monkeypatch.setenv("LEDGER_DATABASE_URL", url)
    monkeypatch.setenv("LEDGER_EXTRACTOR", "offline")
    monkeypatch.chdir(tmp_path)
    database = migrated(url)

    assert main(["key", "add", "app", "--scope", "read", "--scope", "write"]) == 0
    key = capsys.readouterr().out.strip()
    assert row_of_key(database, key, NOW).scopes == ["read", "write"]
    assert main(["key", "add", "app", "--scope", "read"]) == 1
    assert "already" in capsys.readouterr().err
    assert main(["key", "revoke", "app"]) == 0
    capsys.readouterr()
    assert main(["key", "list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["scopes"], bool(told["revoked_at"])) == ("app", ["read", "write"], True)
    assert main(["key", "list"]) == 0
    assert "read+write" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["key", "add", "a b", "--scope", "read"])
    database.close()
