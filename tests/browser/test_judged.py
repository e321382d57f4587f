"""What may be wrong is marked with its reason, fields light up on the photo, and what the model saw is shown."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import PHOTO, Desk
from tests.browser.operator import Operator
from tests.openai_standin import StandIn

SAMPLES = Path(__file__).parents[2] / "samples/photos"


@pytest.fixture
def truth() -> dict[str, Any]:
    return json.loads((SAMPLES / "멍멍마트 강남점.json").read_text("utf-8"))


@pytest.fixture
def looking_desk(desk: Desk) -> Iterator[Desk]:
    """The desk with OCR beside the model."""
    desk.kill()
    desk.env["LEDGER_LOCAL_OCR"] = "true"
    desk.start()
    return desk


def test_a_wrong_total_is_marked_with_its_reasons_and_every_field_lights_up_on_the_photo(
    looking_desk: Desk, store: S3Store, standin: StandIn, operator: Operator, truth: dict[str, Any]
) -> None:
    misread = copy.deepcopy(truth)
    misread["total_amount"] += 1000
    standin.answers["*"] = misread
    standin.answer = None
    store.put("ledger/멍멍.jpg", PHOTO, "image/jpeg")
    looking_desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(1,)])
    operator.open("/review")
    operator.receipt_on_desk()

    total = operator.field("total_amount").locator("..")
    operator.field("total_amount").focus()

    said = operator.page.locator(".form .foot .doubt")
    expect(said).to_contain_text("1,000")
    expect(total).to_have_class(re.compile(r"\bdoubtful\b"))
    expect(said).to_contain_text("사진에서 찾지 못했습니다")  # nobody printed that amount
    operator.field("items.0.price").focus()
    expect(operator.page.locator(".place.framed[data-field='items.0.price']")).to_be_visible()
    operator.page.locator(".place[data-field='items.1.name']").click(force=True)
    expect(operator.field("items.1.name")).to_be_focused()

    operator.field("total_amount").fill(str(truth["total_amount"]))
    expect(total).not_to_have_class(re.compile(r"\bdoubtful\b"))


def test_what_the_model_saw_is_shown_beside_its_size(desk: Desk, store: S3Store, operator: Operator) -> None:
    store.put("ledger/영수증.jpg", PHOTO, "image/jpeg")
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(1,)])
    operator.open("/review")
    operator.receipt_on_desk()
    operator.page.get_by_role("button", name="모델이 본 사진").click()
    dialog = operator.page.get_by_role("dialog")
    expect(dialog).to_contain_text("픽셀")
    expect(dialog.locator("img").first).to_be_visible()
