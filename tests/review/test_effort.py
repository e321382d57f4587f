"""What a decision took is held to what can be, and stored with the decision."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.review.confirm import confirm, reject
from ledger.review.effort import MOST_EDITS, MOST_FIELDS, clean_effort, clean_seconds
from ledger.tables import ReviewRow
from tests.factories import RIGHT, action, read_one


def test_effort_is_kept_in_seconds_by_the_fields_path() -> None:
    sent = {"date": {"ms": 1_234, "edits": 0}, "items.12.name": {"ms": 900.5, "edits": 2}}

    assert clean_effort(sent) == {
        "date": {"seconds": 1.23, "edits": 0},
        "items.12.name": {"seconds": 0.9, "edits": 2},
    }


def test_fields_that_nobody_was_in_are_left_out() -> None:
    assert clean_effort({"date": {"ms": 0, "edits": 0}, "note": {"ms": 0, "edits": 1}}) == {
        "note": {"seconds": 0.0, "edits": 1}
    }


@pytest.mark.parametrize("path", ["", "items", "items.0", "items.x.name", "items.0.colour", "__proto__", "date.x", 7])
def test_unknown_fields_are_left_out(path: Any) -> None:
    assert clean_effort({path: {"ms": 1, "edits": 1}}) == {}


@pytest.mark.parametrize("ms", [-1, math.nan, math.inf, "5", None, True, [], {}])
def test_numbers_that_cannot_be_are_left_out(ms: Any) -> None:
    assert clean_effort({"date": {"ms": ms, "edits": 1}}) == {}
    assert clean_effort({"date": {"ms": 1, "edits": ms}}) == {}
    assert clean_seconds(ms) is None


@pytest.mark.parametrize("sent", [None, [], "date", 5])
def test_what_is_no_effort_is_none(sent: Any) -> None:
    assert clean_effort(sent) is None


@pytest.mark.parametrize("sent", [{}, {"date": None}, {"date": [1, 2]}, {"date": {}}])
def test_a_decision_without_touching_any_field_is_not_one_that_nobody_measured(sent: Any) -> None:
    assert clean_effort(sent) == {}


def test_effort_is_bounded() -> None:
    many = {f"items.{i}.name": {"ms": 10**15, "edits": 10**15} for i in range(1_000)}

    kept = clean_effort(many)

    assert kept is not None
    assert len(kept) == MOST_FIELDS
    assert kept["items.0.name"] == {"seconds": 86_400.0, "edits": MOST_EDITS}


def test_a_tab_that_was_forgotten_says_nothing_about_the_work() -> None:
    assert clean_seconds(12.3456) == 12.35
    assert clean_seconds(86_401) is None


def test_a_decision_is_stored_with_what_it_took(database: Database) -> None:
    effort = {"items.1.name": {"ms": 2_500, "edits": 3}}
    clicks = [action(*read_one(database, key=f"{number}.jpg"), f"click-{number}") for number in range(2)]
    first, second = (dataclasses.replace(click, seconds=9.5, effort=clean_effort(effort)) for click in clicks)
    confirm(database, first, RIGHT)
    reject(database, second, "unreadable")

    with database.read() as session:
        stored = session.execute(sa.select(ReviewRow.seconds, ReviewRow.effort)).all()

    assert [tuple(row) for row in stored] == [(9.5, {"items.1.name": {"seconds": 2.5, "edits": 3}})] * 2
