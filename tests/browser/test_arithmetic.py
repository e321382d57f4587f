"""What would balance a receipt, the likeliest slip first: the scripts themselves, in Chromium alone."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from ledger.ui.components import joined

SAMPLES: Final = Path(__file__).parents[2] / "samples/photos"
ALIKE: Final = {
    "0": "68",
    "6": "058",
    "8": "0369",
    "1": "7",
    "7": "12",
    "3": "85",
    "5": "63",
    "9": "8",
    "2": "7",
    "4": "9",
}
Edit = dict[str, Any]
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.add_script_tag(content=joined("review_form", "js", ("arithmetic",)))
    yield page
    page.close()


def row(price: int | None, count: int = 1, name: str = "간식", doubt: float = 1) -> dict[str, Any]:
    return {"name": name, "count": count, "price": price, "doubt": doubt}


def proposed(page: Page, rows: Rows, total: int | None, doubt: float = 1) -> list[Edit]:
    receipt = {"rows": rows, "total": total, "totalDoubt": doubt}
    return list(page.evaluate("receipt => proposals(receipt)", receipt))


def first(page: Page, rows: Rows, total: int, doubt: float = 1) -> tuple[Any, ...]:
    edit = proposed(page, rows, total, doubt)[0]
    return (edit["kind"], edit.get("index"), edit.get("to"))


@pytest.mark.parametrize(
    ("rows", "total", "edit"),
    [
        ([row(1200), row(3400, name="우유")], 15_400, ("price", 0, 12_000)),
        ([row(12_000), row(34_000)], 15_400, ("price", 1, 3400)),
        ([row(3000, 3), row(500)], 9500, ("price", 0, 9000)),
        ([row(8900), row(1500)], 8400, ("price", 0, 6900)),
        ([row(5600), row(1230)], 7730, ("price", 0, 6500)),
        ([row(4000), row(4000), row(900)], 4900, ("drop", 1, None)),
        ([row(4000), row(900), row(4900, name="합계")], 4900, ("drop", 2, None)),
        ([row(10_000), row(909, name="부가세")], 10_000, ("drop", 1, None)),
        ([row(10_000), row(1000, name="행사 할인")], 9000, ("price", 1, -1000)),
        ([row(10_000), row(None)], 12_500, ("price", 1, 2500)),
        ([row(10_000), row(2345), row(1001)], 1346, ("total", None, 13_346)),
    ],
    ids=[
        "a nought lost",
        "a nought too many",
        "the price of one piece",
        "a digit that looks alike",
        "two digits exchanged",
        "a row read twice",
        "the total among the items",
        "the tax among the items",
        "a discount without its sign",
        "an amount that was not read",
        "the total itself",
    ],
)
def test_the_likeliest_edit_comes_first(scripts: Page, rows: Rows, total: int, edit: tuple[Any, ...]) -> None:
    found = proposed(scripts, rows, total)

    assert edit in [(one["kind"], one.get("index"), one.get("to")) for one in found[:1]]


def test_nothing_is_proposed_where_the_sum_fits_or_no_single_slip_explains_it(scripts: Page) -> None:
    assert proposed(scripts, [row(1000), row(2000)], 3000) == []
    assert proposed(scripts, [row(1000), row(2000)], None) == []
    assert proposed(scripts, [], 3000) == []
    assert proposed(scripts, [row(1234), row(5678)], 9_876_543) == []


def test_what_is_doubted_comes_before_what_a_person_has_looked_at(scripts: Page) -> None:
    assert first(scripts, [row(1500, doubt=0.3), row(1500, doubt=2.5)], 3300)[1] == 1
    assert first(scripts, [row(1500, doubt=2.5), row(1500, doubt=0.3)], 3300)[1] == 0


def test_of_single_slips_on_real_receipts_nearly_all_are_among_the_three(scripts: Page) -> None:
    cases = list(_cases(random.Random(4)))
    ranks = scripts.evaluate(
        """cases => cases.map(({ rows, total, meant }) => proposals({ rows, total, totalDoubt: 1 }).findIndex(
            (edit) => edit.kind === meant.kind && edit.index === meant.index && edit.to === meant.to,
        ))""",
        cases,
    )
    share = {n: sum(0 <= rank < n for rank in ranks) / len(ranks) for n in (1, 3)}
    assert len(cases) > 500
    assert (share[1] > 0.9, share[3] > 0.98) == (True, True), share


def _cases(rng: random.Random) -> Iterator[dict[str, Any]]:
    """Every slip on every line of the sample receipts whose items come to the total."""
    for path in sorted(SAMPLES.glob("*.json")):
        receipt = json.loads(path.read_text("utf-8"))
        if "items" not in receipt or not _fits(receipt):
            continue
        rows = [row(item["price"], item["count"], item["name"]) for item in receipt["items"]]
        for index in [*range(len(rows))] * 4:
            yield from _slips(rng, rows, index, receipt["total_amount"])


def _fits(receipt: dict[str, Any]) -> bool:
    return bool(receipt["items"]) and sum(item["price"] for item in receipt["items"]) == receipt["total_amount"]


def _slips(rng: random.Random, rows: Rows, index: int, total: int) -> Iterator[dict[str, Any]]:
    right, count = rows[index]["price"], rows[index]["count"]
    for wrong in {price for price in _misread(rng, right, count) if price not in (0, right)}:
        changed = [*rows[:index], {**rows[index], "price": wrong}, *rows[index + 1 :]]
        yield {"rows": changed, "total": total, "meant": {"kind": "price", "index": index, "to": right}}
    doubled = [*rows[: index + 1], rows[index], *rows[index + 1 :]]
    yield {"rows": doubled, "total": total, "meant": {"kind": "drop", "index": index + 1}}


def _misread(rng: random.Random, right: int, count: int) -> Iterator[int]:
    text = str(right)
    place = rng.randrange(len(text))
    yield right * 10
    if right % 10 == 0:
        yield right // 10
    yield int(text[:place] + rng.choice(ALIKE[text[place]]) + text[place + 1 :]) if text[0] != "-" else right
    if len(text) > 2:
        yield int(text[1] + text[0] + text[2:])
    if count > 1 and right % count == 0:
        yield right // count
