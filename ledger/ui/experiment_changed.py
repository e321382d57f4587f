"""Receipts that an arm fixed or broke: what stands on each, what both read, and the place on the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import streamlit as st

from ledger.corrections.diff import HEADER_FIELDS, ITEM_FIELDS, align
from ledger.experiments.figures import ARM, CHANGED, Changed, Report
from ledger.experiments.report import changed_by
from ledger.receipt import LineItem, Receipt
from ledger.ui.experiment_pictures import crop
from ledger.ui.plain_table import show_table, text
from ledger.ui.shell import Desk
from ledger.ui.side_by_side import NOTHING, marked
from ledger.ui.texts import Texts, markdown_text

_SHOWN: Final = 20

Line = tuple[str, str, str, str]
"""Path of the field, what stands on the receipt, what the baseline read, what the arm read."""


def show(desk: Desk, found: Report) -> None:
    """Choose an arm, then a receipt; see both readings beside the picture."""
    t = desk.t
    against = {comparison.arm.name: comparison for comparison in found.comparisons}
    if not against:
        return
    st.subheader(t(CHANGED))
    most = max(against, key=lambda name: against[name].fixed + against[name].broken)
    name = st.selectbox(
        t(ARM), options=list(against), index=list(against).index(most), key=f"changed_by_{found.experiment.id}"
    )
    changed = changed_by(desk.services.database, found.experiment, against[name].arm)
    if not changed:
        st.info(t("This arm fixed none and broke none."))
        return
    for each in changed[:_SHOWN]:
        _one(desk, each)
    if len(changed) > _SHOWN:
        st.caption(t("The first {count} of {all}; the CSV has every run.", count=_SHOWN, all=len(changed)))


def _one(desk: Desk, each: Changed) -> None:
    t = desk.t
    word = t("fixed") if each.fixed else t("broken")
    icon = ":material/check_circle:" if each.fixed else ":material/cancel:"
    place = markdown_text(each.case.truth.location or NOTHING)
    label = f"{word}: {place}, {each.case.truth.date or NOTHING} · {each.case.number + 1}"
    with st.expander(label, icon=icon, key=f"changed_{each.case.id}", on_change="rerun") as opened:
        if not opened.open:
            return
        lines = list(differing(each))
        picture, table = st.columns([2, 3])
        with picture:
            crop(desk, each.case, [line[0] for line in lines])
        with table:
            _table(desk, lines)


def _table(desk: Desk, lines: list[Line]) -> None:
    t = desk.t.plain
    rows = []
    for path, truth, baseline, arm in lines:
        rows.append([text(_label(t, path)), text(truth or NOTHING), marked(truth, baseline)[1], marked(truth, arm)[1]])
    show_table(t("Where they differ"), [t("Field"), t("on the receipt"), t("baseline"), t("this arm")], rows)


def _label(t: Texts, path: str) -> str:
    return t("Whole item") if path == "items" else t.field(path)


def differing(each: Changed) -> Iterator[Line]:
    """The fields that one of the two readings has wrong, in the order of the receipt."""
    truth = each.case.truth
    for name in HEADER_FIELDS:
        yield from _line(name, *(_said(getattr(receipt, name, None)) for receipt in (truth, each.baseline, each.arm)))
    left, right = _partners(truth, each.baseline), _partners(truth, each.arm)
    for index, item in enumerate(truth.items):
        for name in ITEM_FIELDS:
            readings = _cell(left.get(index), name), _cell(right.get(index), name)
            yield from _line(f"items.{index}.{name}", _cell(item, name), *readings)
    for baseline, arm in _beyond(truth, each.baseline, each.arm):
        yield "items", "", baseline, arm


def _line(path: str, truth: str, baseline: str, arm: str) -> Iterator[Line]:
    if not truth == baseline == arm:
        yield path, truth, baseline, arm


def _partners(truth: Receipt, read: Receipt | None) -> dict[int, LineItem]:
    """The item that was read for each of the truth."""
    if read is None:
        return {}
    return {j: read.items[i] for i, j in align(read.items, truth.items) if i is not None and j is not None}


def _beyond(truth: Receipt, baseline: Receipt | None, arm: Receipt | None) -> Iterator[tuple[str, str]]:
    """Items that were read and do not stand there."""
    for receipt, is_arm in ((baseline, False), (arm, True)):
        for i, j in align(receipt.items, truth.items) if receipt else ():
            if i is not None and j is None and receipt is not None:
                item = receipt.items[i]
                told = " ".join(_said(getattr(item, name)) for name in ITEM_FIELDS)
                yield ("", told) if is_arm else (told, "")


def _cell(item: LineItem | None, name: str) -> str:
    return _said(getattr(item, name)) if item else ""


def _said(value: object) -> str:
    return "" if value is None else str(value)
