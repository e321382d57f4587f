from __future__ import annotations

import datetime as dt

from ledger.extraction.offline.english_layout import read_english_total
from ledger.extraction.offline.layouts import DECIMAL_CURRENCY, read_layout
from ledger.extraction.offline.rows import Row


def test_the_rounded_total_is_what_is_paid() -> None:
    lines = [
        "Total RM 30.91",
        "ROUNDING ADJUSTMENT -RM 0.01",
        "TOTAL ROUNDED RM 30.90",
        "CASH RM 51.00",
        "CHANGE RM 20.10",
    ]

    assert read_english_total(lines) == 3090


def test_cash_less_change_corrects_five_sen() -> None:
    lines = ["Sub Total 106.10", "Total(RM) : 112.46", "CASH : 112.45", "Change(RM) : 0.00"]

    assert read_english_total(lines) == 11245


def test_the_summary_of_taxes_has_no_total() -> None:
    lines = ["TotalAmtPayable: 12.00", "PaidAmount: 20.00", "Change: 8.00", "GSTSummary Amount Tax", "Total 11.32 0.68"]

    assert read_english_total(lines) == 1200


def test_an_amount_may_hang_below_its_word() -> None:
    assert read_english_total(["Coffee 5.00", "TOTAL", "RM 5.00", "Thank you"]) == 500


def test_no_word_for_a_total_is_no_total() -> None:
    assert read_english_total(["Coffee 5.00", "Tea 3.00"]) is None


def test_a_malaysian_receipt() -> None:
    page = [
        "BOOK TA .K SDN BHD",
        "NO.5 JALAN SAGU 18",
        "81100 JOHOR BAHRU",
        "Date : 11/12/2018",
        "Pen 9.00",
        "Total : 9.00",
    ]

    receipt = read_layout([Row.of([line]) for line in page], hangul=True).receipt

    assert receipt.date == dt.date(2018, 12, 11)
    assert (receipt.total_amount, receipt.currency) == (900, "MYR")
    assert receipt.location == "BOOK TA .K SDN BHD, NO.5 JALAN SAGU 18, 81100 JOHOR BAHRU"


def test_a_currency_that_is_not_printed_is_assumed_and_said() -> None:
    layout = read_layout([Row.of([line]) for line in ("Cafe", "01/02/2018", "Tea 3.00", "Total 3.00")], hangul=True)

    assert layout.receipt.currency == DECIMAL_CURRENCY
    assert [str(note) for note in layout.notes] == ["No currency is printed; MYR was assumed."]
