"""QA's way through the Experiments page: a sweep is started, watched, read, and its winner goes to production."""

from __future__ import annotations

import re
from typing import Any, Final

from playwright.sync_api import Page, expect

from ledger.inbox.s3_store import S3Store
from ledger.receipt import Receipt, to_contract
from tests.browser.conftest import Desk
from tests.browser.operator import Operator
from tests.experiments.making import dataset
from tests.factories import MISREAD, RIGHT
from tests.openai_standin import StandIn

_RECEIPTS: Final = 10


def read_by(body: dict[str, Any]) -> dict[str, Any]:
    """A model that reads rightly at temperature 0, and misreads one syllable at any other."""
    read: Receipt = RIGHT if body.get("temperature") == 0 else MISREAD
    return to_contract(read)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def test_a_sweep_is_started_watched_and_read_and_its_winner_is_made_the_production_setting(
    desk: Desk, store: S3Store, standin: StandIn, operator: Operator
) -> None:
    standin.answer = read_by
    dataset(desk.database, store, _RECEIPTS)
    page = operator.page
    operator.open("/experiments")
    press(page, "첫 실험 만들기")
    expect(page.get_by_text(f"영수증 {_RECEIPTS}장, 실행 150회, 요청 150건")).to_be_visible()

    press(page, "시작")

    leader = page.get_by_text(re.compile(r"'온도 0.0' 설정안이 '온도 0.2' 설정안보다 낫습니다")).first
    expect(leader).to_be_visible(timeout=60_000)
    runs = desk.rows("SELECT COUNT(*), COUNT(DISTINCT arm_id, case_id, repetition) FROM experiment_run")
    assert runs == [(150, 150)]
    page.get_by_text(re.compile("^더 맞힘: ")).first.click()
    table = page.locator(".plain-table").first
    expect(table).to_contain_text("검자")
    expect(table).to_contain_text("감자")

    press(page, "이제부터 이 설정으로 읽기")

    expect(page.locator(".st-key-production_bar")).to_contain_text("온도 0")
    assert desk.rows("SELECT COUNT(*) FROM production_setting WHERE ended_at IS NULL") == [(1,)]
    press(page, "이전 설정으로 되돌리기")
    expect(page.locator(".st-key-production_bar")).to_have_count(0)


def test_an_experiment_is_paused_goes_on_and_stops_at_its_budget(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    dataset(desk.database, store, _RECEIPTS)
    page = operator.page
    operator.open("/experiments")
    press(page, "첫 실험 만들기")
    page.get_by_label("예산(미국 달러)").fill("0.2")
    page.get_by_label("예산(미국 달러)").press("Enter")
    page.get_by_label("동시 요청 수").fill("1")
    page.get_by_label("동시 요청 수").press("Enter")
    expect(page.get_by_label("동시 요청 수")).to_have_value("1")
    press(page, "시작")
    press(page, "일시 정지")
    desk.wait_for("SELECT status, runner IS NULL FROM experiment", [("paused", 1)])
    press(page, "이어서 하기")
    expect(page.get_by_role("button", name="일시 정지")).to_be_visible()

    expect(page.get_by_text("예산을 다 썼습니다")).to_be_visible(timeout=60_000)
    (spent,) = desk.rows("SELECT SUM(cost_microusd), COUNT(*) FROM experiment_run")
    assert 0 < spent[0] <= 200_000
    assert 0 < spent[1] < 150
