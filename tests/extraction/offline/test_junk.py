"""What is boxed as text and is none."""

from __future__ import annotations

import pytest

from ledger.extraction.offline.junk import is_junk
from tests.extraction.offline.drawing import glyphs


@pytest.mark.parametrize(
    ("text", "confidence", "trace"),
    [("-----", 0.99, ""), ("라라", 0.99, "一一一"), ("ㅣ", 0.3, ""), ("므르므", 0.55, "")],
)
def test_rules_specks_and_texture_are_no_text(text: str, confidence: float, trace: str) -> None:
    assert is_junk(glyphs(text, confidence), trace)


@pytest.mark.parametrize(("text", "confidence"), [("사료", 0.99), ("-", 0.99), ("1,200", 0.5), ("TOTAL", 0.5)])
def test_words_amounts_and_a_lone_dash_are_text(text: str, confidence: float) -> None:
    assert not is_junk(glyphs(text, confidence), trace=text)
