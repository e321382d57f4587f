"""The error tree: complete, drawn as it is, and each class with a sentence a person can act on."""

from __future__ import annotations

import re
import string
import unicodedata

import pytest

from ledger import errors
from ledger.errors import AnswerCutOff, LedgerError, StoreAccessDenied, error_classes


@pytest.fixture(params=error_classes().values(), ids=lambda cls: cls.__name__)
def error_class(request: pytest.FixtureRequest) -> type[LedgerError]:
    return request.param


def _fields(cls: type[LedgerError]) -> dict[str, str]:
    return {name: "감자" for _, name, _, _ in string.Formatter().parse(cls.sentence) if name}


def test_every_class_makes_a_sentence_of_its_fields(error_class: type[LedgerError]) -> None:
    error = error_class(**_fields(error_class))

    assert str(error)
    assert "{" not in str(error)
    assert error.fields == _fields(error_class)


def test_every_sentence_is_nfc_and_has_no_line_break(error_class: type[LedgerError]) -> None:
    assert unicodedata.is_normalized("NFC", error_class.sentence)
    assert "\n" not in error_class.sentence


def test_the_tree_in_the_docstring_names_every_class() -> None:
    drawn = set(re.findall(r"\b[A-Z][a-z]+[A-Za-z]*\b", (errors.__doc__ or "").split("Each class has")[0]))

    assert set(error_classes()) <= drawn


def test_a_forgotten_field_is_noticed_where_the_error_is_raised() -> None:
    with pytest.raises(KeyError, match="store"):
        StoreAccessDenied()


def test_what_the_model_did_say_travels_with_its_error_and_not_in_its_sentence() -> None:
    error = AnswerCutOff(limit=10, raw_answer='{"date": "2024', request_id="req-9")

    assert (error.raw_answer, error.request_id) == ('{"date": "2024', "req-9")
    assert error.fields == {"limit": 10}
    assert "2024" not in str(error)
