"""How shops arrange a receipt. Each layout turns a `Sale` into one printed sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from samples.paper import Sheet
from samples.sale import LayoutName, Sale
from samples.sheets import clinic, form
from samples.tills import cafe, columns, english, stacked

_LAYOUTS: Final[dict[LayoutName, Callable[[Sale], Sheet]]] = {
    "columns": columns,
    "stacked": stacked,
    "clinic": clinic,
    "cafe": cafe,
    "form": form,
    "english": english,
}


def print_receipt(sale: Sale) -> Sheet:
    """The whole receipt, printed."""
    return _LAYOUTS[sale.layout](sale)
