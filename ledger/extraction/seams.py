"""Rows that a model listed twice because two parts of a strip both show them. Pure.

A model tells no places, and two equal rows may both be on the paper: somebody bought the same thing twice, or one of
two was free. A run of rows that stands twice, one right after the other, is therefore joined only on two pieces of
evidence. The items exceed the total by exactly what is joined; and OCR on this machine sees each of its rows once,
where the parts overlap, or the run holds different rows, which no shop prints twice in the same order by chance. What
the evidence leaves open stays as it was listed, and is named for a person to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import Final, TypeVar

from ledger.extraction.extractor import FieldProblem
from ledger.extraction.look import Look, TextSegment
from ledger.extraction.pictures.sight import Frame
from ledger.receipt import LineItem, Receipt

_Value = TypeVar("_Value")
_Row = tuple[str | None, int | None, int | None]
"""What makes two rows the same: name, price, count. A model may well guess two categories for one row."""

_LONGEST_RUN: Final = 12
"""Rows that an overlap can show: it is about a tenth of a part that is two to three widths high."""
_MOST_ROWS: Final = 400
"""Receipts with more rows than that are left as they are; none was ever seen."""
_AMOUNT: Final = re.compile(r"-?[0-9]+(?:[,.][0-9]{3})*")


def doubled_rows(receipt: Receipt, frames: Sequence[Frame], look: Look | None) -> tuple[int, ...]:
    """Indexes of the rows that were listed a second time, in order; `frames` are the parts from top to bottom."""
    rows, excess = _rows(receipt), _excess(receipt)
    if excess is None or excess <= 0 or not _repeats(rows, frames):
        return ()
    seen = _Seen(look, frames)
    by_total = _by_total(rows, len(frames) - 1, excess)
    if by_total is None:
        return _by_look(rows, len(frames) - 1, seen, excess)
    if seen.contradicts(rows, by_total):
        return ()
    return by_total if all(_differ(run) or seen.once(run) for run in _joined(rows, by_total)) else ()


def open_rows(receipt: Receipt, frames: Sequence[Frame], look: Look | None) -> tuple[int, ...]:
    """Indexes of the rows that may be listed a second time: neither the total nor OCR tells that both are there."""
    rows, excess = _rows(receipt), _excess(receipt)
    if (excess is not None and excess <= 0) or not _repeats(rows, frames):
        return ()
    seen = _Seen(look, frames)
    found: list[int] = []
    start = 0
    while start < len(rows):
        runs = _runs(rows, start)
        n = next((n for n in runs if excess is None or _amount(rows[start : start + n]) <= excess), 0)
        again = range(start + n, start + 2 * n)
        if not seen.contradicts(rows, again):
            found.extend(again)
        start += 2 * n or 1
    return tuple(found)


def without_rows(receipt: Receipt, dropped: Sequence[int]) -> Receipt:
    """The receipt without these rows."""
    items = tuple(item for index, item in enumerate(receipt.items) if index not in dropped)
    return receipt.model_copy(update={"items": items})


def renumbered(values: Mapping[str, _Value], dropped: Sequence[int]) -> dict[str, _Value]:
    """Values by path as they belong to the receipt without these rows."""
    return {new: value for path, value in values.items() if (new := _path_without(path, dropped)) is not None}


def problems_without(problems: Sequence[FieldProblem], dropped: Sequence[int]) -> tuple[FieldProblem, ...]:
    """The problems as they belong to the receipt without these rows."""
    moved = ((_path_without(problem.field, dropped), problem) for problem in problems)
    return tuple(FieldProblem(path, problem.value, problem.why) for path, problem in moved if path is not None)


def row_names(items: Sequence[LineItem], rows: Sequence[int]) -> str:
    """The names of these rows as a sentence lists them."""
    return ", ".join(items[row].name or "—" for row in rows)


def _path_without(path: str, dropped: Sequence[int]) -> str | None:
    parts = path.split(".")
    if parts[0] != "items" or len(parts) < 2:
        return path
    row = int(parts[1])
    if row in dropped:
        return None
    return ".".join(["items", str(row - sum(gone < row for gone in dropped)), *parts[2:]])


def _rows(receipt: Receipt) -> list[_Row]:
    return [(item.name, item.price, item.count) for item in receipt.items]


def _repeats(rows: Sequence[_Row], frames: Sequence[Frame]) -> bool:
    """Whether there are parts, and rows that both of them may show."""
    return len(frames) > 1 and len(rows) <= _MOST_ROWS and any(_runs(rows, start) for start in range(len(rows)))


def _joined(rows: Sequence[_Row], dropped: Sequence[int]) -> Iterator[list[_Row]]:
    """The runs that were dropped; rows of one run follow each other."""
    for _, run in groupby(enumerate(dropped), lambda place: place[1] - place[0]):
        yield [rows[row] for _, row in run]


def _differ(run: Sequence[_Row]) -> bool:
    return len(set(run)) > 1


def _excess(receipt: Receipt) -> int | None:
    """By how much the items exceed the total; None where an amount is not known."""
    prices = [item.price for item in receipt.items]
    if receipt.total_amount is None or None in prices:
        return None
    return sum(price for price in prices if price is not None) - receipt.total_amount


def _runs(rows: Sequence[_Row], start: int) -> list[int]:
    """Lengths of the runs from `start` on that follow once more right after themselves, the longest first."""
    longest = min(_LONGEST_RUN, (len(rows) - start) // 2)
    lengths = range(longest, 0, -1)
    return [n for n in lengths if rows[start : start + n] == rows[start + n : start + 2 * n]]


def _amount(rows: Sequence[_Row]) -> int:
    return sum(price or 0 for _, price, _ in rows)


def _by_total(rows: Sequence[_Row], seams: int, excess: int) -> tuple[int, ...] | None:
    """The rows whose second listing explains the excess; None where nothing does, or more than one thing would."""

    @cache
    def ways(start: int, seams: int, excess: int) -> dict[tuple[_Row, ...], tuple[int, ...]]:
        """What remains from `start` on, each with the rows dropped for it. Two show that it is not certain."""
        if excess == 0 or start == len(rows):
            return {tuple(rows[start:]): ()} if excess == 0 else {}
        found = {(rows[start], *kept): gone for kept, gone in ways(start + 1, seams, excess).items()}
        for n in _runs(rows, start) if seams else []:
            run, after = rows[start : start + n], start + 2 * n
            if 0 < _amount(run) <= excess:
                for kept, gone in ways(after, seams - 1, excess - _amount(run)).items():
                    found.setdefault((*run, *kept), (*range(start + n, after), *gone))
        return dict(list(found.items())[:2])

    found = list(ways(0, seams, excess).values())
    return found[0] if len(found) == 1 else None


def _by_look(rows: Sequence[_Row], seams: int, seen: _Seen, excess: int) -> tuple[int, ...]:
    """The rows that OCR sees once, where they explain the whole excess."""
    dropped: list[int] = []
    start = 0
    while start < len(rows) and seams:
        n = next((n for n in _runs(rows, start) if seen.once(rows[start : start + n])), 0)
        amount = _amount(rows[start : start + n])
        if n and amount <= excess:
            dropped.extend(range(start + n, start + 2 * n))
            excess -= amount
            seams -= 1
        start += 2 * n or 1
    return tuple(dropped) if excess == 0 else ()


class _Seen:
    """How often OCR sees a row, by its name or else by its amount, and whether that is where parts overlap."""

    def __init__(self, look: Look | None, frames: Sequence[Frame]) -> None:
        self._lines = [line for line in look.lines if line] if look else []
        self._texts = ["".join(segment.text for segment in line).replace(" ", "") for line in self._lines]
        self._overlaps = [(below[1], above[3]) for above, below in pairwise(frames) if below[1] < above[3]]

    def once(self, run: Sequence[_Row]) -> bool:
        """Whether each row of the run stands on a line of its own, seen once, which lies in an overlap."""
        lines = [self._showing(row) for row in run]
        alone = len(set(run)) == len(run) and all(len(found) == 1 for found in lines)
        return alone and all(self._in_overlap(self._lines[line]) for (line,) in lines)

    def contradicts(self, rows: Sequence[_Row], dropped: Sequence[int]) -> bool:
        """Whether one of the rows is seen as often as it was listed, so that each listing is one of its own."""
        return any(len(self._showing(rows[row])) >= rows.count(rows[row]) for row in dropped)

    def _showing(self, row: _Row) -> list[int]:
        name, price, _ = row
        by_name = [i for i, text in enumerate(self._texts) if name and name.replace(" ", "") in text]
        return by_name or [i for i, line in enumerate(self._lines) if price is not None and price in _amounts(line)]

    def _in_overlap(self, line: Sequence[TextSegment]) -> bool:
        heights = [y for segment in line for _, y in segment.quad]
        middle = (min(heights) + max(heights)) / 2
        return any(top <= middle < bottom for top, bottom in self._overlaps)


def _amounts(line: Sequence[TextSegment]) -> Iterator[int]:
    for segment in line:
        for match in _AMOUNT.finditer(segment.text):
            yield int(re.sub("[,.]", "", match[0]))
