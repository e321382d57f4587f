"""The currency says what the amounts mean; choosing another changes no text."""

from __future__ import annotations

from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import PHOTO, Desk
from tests.browser.operator import Operator


def test_another_currency_changes_what_the_amounts_mean_and_no_text(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
    operator.open("/review")
    receipt = operator.receipt_on_desk()

    operator.field("currency").select_option("MYR")
    operator.has("items.0.price", "9,000")
    operator.has("total_amount", "21,900")
    operator.draft_is_saved()
    operator.open(f"/review?receipt={receipt}")
    operator.receipt_on_desk(receipt)
    operator.has("currency", "MYR")
    operator.field("items.0.price").fill("90.50")
    operator.confirm_over_warnings()  # the sum differs

    operator.is_confirmed(desk, receipt)
    assert desk.rows("SELECT price FROM item ORDER BY id") == [(9050,), (1290000,)]
    changed = "SELECT model_value, human_value FROM correction WHERE field = 'currency'"
    assert desk.rows(changed) == [('"KRW"', '"MYR"')]


def test_an_amount_that_another_currency_does_not_have_is_marked_and_stays(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
    operator.open("/review")
    operator.receipt_on_desk()

    operator.field("currency").select_option("USD")
    operator.field("items.0.price").fill("90.50")
    operator.field("currency").select_option("KRW")
    operator.has("items.0.price", "90.50")
    assert operator.field("items.0.price").get_attribute("aria-invalid") == "true"
