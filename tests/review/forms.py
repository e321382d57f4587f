"""Forms as they are typed, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from ledger.errors import DocumentInvalid
from ledger.review.document import FormItem, Problem, from_form


def row(**typed: str) -> FormItem:
    return cast("FormItem", {"name": "감자", "count": "1", "price": "4,000", "category": "식비"} | typed)


def form(*items: Mapping[str, Any], **typed: Any) -> dict[str, Any]:
    return {"date": "2024-11-11", "location": "루트231", "total_amount": "", "currency": "KRW", "items": items} | typed


def problems(document: Mapping[str, Any]) -> tuple[Problem, ...]:
    with pytest.raises(DocumentInvalid) as caught:
        from_form(document)
    return problems_of(caught.value)


def problems_of(error: DocumentInvalid) -> tuple[Problem, ...]:
    return cast("tuple[Problem, ...]", error.fields["problems"])
