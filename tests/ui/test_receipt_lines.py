"""Receipts as lines of a list: in words, each from its own row."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.database import Database
from ledger.errors import ModelTimeout
from ledger.extraction.pipeline import Reader
from ledger.review import claims, queue
from ledger.review.postponed import count_postponed
from ledger.ui.components.receipt_list import Line
from ledger.ui.queue_place import QueuePlace
from ledger.ui.receipt_lines import lines_at, lines_for_list, risk_step
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts
from tests.factories import NOW, FakeExtractor, MemoryStore, migrated, read_one, take_in
from tests.services import services

SOON = NOW + dt.timedelta(minutes=1)
TOMORROW = NOW + dt.timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Receipt 1 was read, 2 could not be read."""
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    read_one(database)
    store, failing = MemoryStore(), FakeExtractor(ModelTimeout(seconds=60))
    Reader(database, store, failing, lambda: NOW).read(take_in(database, store, "ledger/흐림.jpg"))
    yield desk_of(database)
    database.close()


def desk_of(database: Database) -> Desk:
    return Desk(services(database), Texts("ko"), "지수")


def shown(desk: Desk, section: str = "waiting", text: str = "") -> list[Line]:
    place = QueuePlace(section=section, text=text)
    return lines_for_list(desk, lines_at(desk.services.database, place, SOON, 50), place, SOON)


def test_a_receipt_is_shown_as_its_language_writes_it(desk: Desk) -> None:
    [line] = shown(desk)
    assert (line["id"], line["place"], line["date"]) == (1, "경기 하남시 미사대로 1, 루트231", "2024. 11. 11.")
    assert (line["total"], line["status"], line["holder"], line["why"]) == ("₩17,500", "검수 대기", "", "")
    assert line["address"] == "review?receipt=1"
    assert line["photo"].startswith("/photos/1?")


def test_a_photo_that_could_not_be_read_has_its_name_and_the_reason(desk: Desk) -> None:
    [line] = shown(desk, "failed")
    assert (line["place"], line["unnamed"], line["date"], line["risk"]) == ("흐림.jpg", True, "—", 0)
    assert line["why"] == "모델이 60초 안에 응답하지 않았습니다. 다시 판독하십시오."
    assert line["address"] == "review?list=failed&receipt=2"


def test_what_is_tried_again_by_itself_says_when(desk: Desk) -> None:
    place = QueuePlace(section="failed")
    failed = lines_at(desk.services.database, place, NOW, 50)

    [before], [after] = (lines_for_list(desk, failed, place, now) for now in (NOW, SOON))

    assert (before["status"], after["status"]) == ("18:31에 다시 판독", "판독 실패")


def test_who_holds_a_receipt_is_shown_as_long_as_that_lasts(desk: Desk) -> None:
    database = desk.services.database
    claims.claim(database, 1, "하나", "opening", NOW)
    assert shown(desk)[0]["holder"] == "하나"
    claims.claim(database, 1, "하나", "opening", NOW - dt.timedelta(hours=1))
    assert shown(desk)[0]["holder"] == ""
    claims.claim(database, 1, "지수", "another", NOW)
    assert shown(desk)[0]["holder"] == "본인"


def test_what_is_postponed_is_in_a_list_of_its_own_until_its_time(desk: Desk) -> None:
    database = desk.services.database
    assert shown(desk, "postponed") == []
    queue.postpone(database, 1, TOMORROW, "지수", NOW)
    [line] = shown(desk, "postponed")
    assert (line["id"], line["status"]) == (1, "24. 11. 13. 18:30까지")
    assert str(count_postponed(database, SOON)) == "1"
    assert str(count_postponed(database, TOMORROW)) == "0"


@pytest.mark.parametrize("text", ["루트231", unicodedata.normalize("NFD", "하남시"), "#1", " 1 "])
def test_what_is_postponed_is_found_as_everything_else_is(desk: Desk, text: str) -> None:
    queue.postpone(desk.services.database, 1, TOMORROW, "지수", NOW)
    assert [line["id"] for line in shown(desk, "postponed", text=text)] == [1]
    assert shown(desk, "postponed", text="딴 곳") == []


@pytest.mark.parametrize(("risk", "step"), [(0.0, 1), (0.24, 1), (0.25, 2), (0.69, 2), (0.7, 3), (1.0, 3)])
def test_risk_has_three_steps(risk: float, step: int) -> None:
    assert risk_step(risk) == step
