"""What a member spent in a month: in all, and by category. Each currency has figures of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from ledger.receipt import Category
from ledger.review.ledger_days import Day
from ledger.review.ledger_view import Sum
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts

COLOURS: Final = {
    Category.FOOD: "#2f8f76",
    Category.GROOMING: "#9b5fb0",
    Category.MEDICAL: "#c8613a",
    Category.LEISURE: "#b58a2b",
    Category.SUPPLIES: "#5b7fc7",
    Category.OTHER: "#7d858f",
}
"""Seen apart from each other and from both backgrounds, by people who do not tell red from green as well."""
_HEIGHT_OF_BAR: Final = 38


@dataclass(frozen=True, slots=True)
class Whole:
    """All days of one currency together."""

    currency: str
    purchases: int
    amount: int
    unread: int
    differing: int
    difference: int

    @classmethod
    def of(cls, currency: str, found: Iterable[Day]) -> Whole:
        """What the days of this currency come to."""
        mine = [each for each in found if each.currency == currency]
        names = ("purchases", "amount", "unread", "differing", "difference")
        return cls(currency, *(sum(getattr(each, name) for each in mine) for name in names))


def show(desk: Desk, found: Sequence[Day], by_category: Sequence[Sum]) -> None:
    """The figures of the month: totals, then a chart for each currency, then what a reader of them has to know."""
    t = desk.t
    # The currency in which most was bought comes first.
    wholes = sorted((Whole.of(name, found) for name in {each.currency for each in found}), key=_most_bought)
    with st.container(horizontal=True, gap="medium"):
        for whole in wholes:
            label = t("Spent") if len(wholes) == 1 else t("Spent in {currency}", currency=whole.currency)
            st.metric(label, t.money(whole.amount, whole.currency), width="content")
        st.metric(t("Receipts"), t.number(sum(whole.purchases for whole in wholes)), width="content")
    st.subheader(t("By category"))
    for whole in wholes:
        _chart(desk, whole, [each for each in by_category if each.currency == whole.currency], several=len(wholes) > 1)
    for whole in wholes:
        _remarks(t, whole)


def category_text(t: Texts, category: str) -> str:
    """A category; one that the app made up as it stands there."""
    return t.category(category) if category in list(Category) else category


def colour(category: str) -> str:
    """A category's colour."""
    return COLOURS[Category(category)] if category in list(Category) else COLOURS[Category.OTHER]


def _most_bought(whole: Whole) -> tuple[int, str]:
    return -whole.purchases, whole.currency


def _chart(desk: Desk, whole: Whole, mine: Sequence[Sum], *, several: bool) -> None:
    t = desk.t.plain
    if not mine:
        st.caption(desk.t("The receipts in {currency} have no items.", currency=whole.currency))
        return
    if several:
        st.caption(whole.currency)
    dearest_first = sorted(mine, key=lambda each: -each.amount)
    shares = hundredths([each.amount for each in dearest_first])
    rows = [_bar(t, each, share) for each, share in zip(dearest_first, shares, strict=True)]
    told = ", ".join(f"{row['category']} {row['told']}" for row in rows)
    st.vega_lite_chart(
        spec=_spec(rows),
        height=_HEIGHT_OF_BAR * len(rows) + 10,
        alt=f"{t('By category')} ({whole.currency}): {told}",
        width="stretch",
    )


def hundredths(amounts: Sequence[int]) -> list[int | None]:
    """Of all together, in whole hundredths that come to a hundred: those that lose most by rounding down gain one.

    None where shares say nothing, because something was given back or nothing was spent.
    """
    whole = sum(amounts)
    if whole <= 0 or min(amounts) < 0:
        return [None] * len(amounts)
    lost = sorted(range(len(amounts)), key=lambda i: -(100 * amounts[i] % whole))
    missing = 100 - sum(100 * amount // whole for amount in amounts)
    return [100 * amount // whole + (i in lost[:missing]) for i, amount in enumerate(amounts)]


def _bar(t: Texts, found: Sum, hundredths_of_all: int | None) -> dict[str, Any]:
    amount = t.money(found.amount, found.currency)
    share = "" if hundredths_of_all is None else f" · {t.percent(hundredths_of_all / 100)}"
    return {
        "category": category_text(t, found.category),
        "amount": found.amount,
        "told": f"{amount}{share}",
        "colour": colour(found.category),
    }


def _spec(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Bars that lie, each with its amount below its name: long amounts are never cut, and need no axis."""
    words = {row["category"]: row["told"] for row in rows}
    y = {"field": "category", "type": "nominal", "sort": None, "title": None}
    plain = {"domain": False, "ticks": False, "labelLimit": 240, "labelFontSize": 13, **_label_colour()}
    told = f"{json.dumps(words, ensure_ascii=False)}[datum.value]"
    bars = {
        "mark": {"type": "bar", "cornerRadius": 3, "height": {"band": 0.58}},
        "encoding": {
            "y": y | {"axis": plain},
            "x": {"field": "amount", "type": "quantitative", "axis": None},
            "color": {"field": "colour", "type": "nominal", "scale": None},
            "tooltip": [{"field": "category", "title": " "}, {"field": "told", "title": " "}],
        },
    }
    amounts = {
        "mark": {"type": "point", "opacity": 0},
        "encoding": {"y": y | {"axis": plain | {"orient": "right", "labelExpr": told}}},
    }
    return {
        "data": {"values": rows},
        "layer": [bars, amounts],
        "resolve": {"axis": {"y": "independent"}, "scale": {"y": "independent"}},
    }


def _label_colour() -> dict[str, str]:
    """That of the page's own text: the amounts are read, and those of other charts' axes are pale."""
    return {"light": {"labelColor": "#31333f"}, "dark": {"labelColor": "#e8e8ea"}}.get(st.context.theme.type or "", {})


def _remarks(t: Texts, whole: Whole) -> None:
    if whole.differing:
        st.caption(
            t(
                "Receipts whose total is not the sum of their items: {count}. All totals come to {totals}, the items to"
                " {items}; what is shown here is the items, as in the app.",
                count=t.number(whole.differing),
                totals=t.money(whole.amount + whole.difference, whole.currency),
                items=t.money(whole.amount, whole.currency),
            )
        )
    if whole.unread:
        st.caption(t("Items without an amount that could be read, which are in no sum: {count}", count=whole.unread))
