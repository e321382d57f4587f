import pytest

from ledger.errors import PromptInvalid
from ledger.prompts.placeholders import KNOWN, PARAGRAPHS, asked_for, filled, with_paragraph
from ledger.prompts.versions import load

TEXT = "# 역할\n영수증을 읽습니다.\n\n# 이 가게\n{{shop}}의 품목: {{names}}\n\n# 예\n{{ examples }}\n\n끝.\n"


def test_each_placeholder_is_told_once_in_the_order_of_the_text() -> None:
    assert asked_for(TEXT + "{{shop}}") == ("shop", "names", "examples")
    assert asked_for(load().text) == ()


@pytest.mark.parametrize("wrong", ["{{store}}", "{{ }}", "{{names", "{{names}", "{{NAMES}}"])
def test_any_other_placeholder_is_refused_by_its_name_with_the_known_ones(wrong: str) -> None:
    with pytest.raises(PromptInvalid) as refused:
        asked_for(f"읽습니다. {wrong}\n\n{{{{names}}}}")
    assert wrong.strip("{} ") in str(refused.value)
    assert "{{shop}}, {{names}}, {{examples}}" in str(refused.value)


def test_json_in_a_text_is_no_placeholder() -> None:
    text = '{"items": [{"a": {"b": {}}}]}\n'
    assert asked_for(text) == ()
    assert filled(text, {}) == text


def test_the_values_stand_in_their_places() -> None:
    values = {"shop": "멍이네", "names": "`감자 간식`", "examples": "- 검자"}
    assert filled(TEXT, values) == (
        "# 역할\n영수증을 읽습니다.\n\n# 이 가게\n멍이네의 품목: `감자 간식`\n\n# 예\n- 검자\n\n끝.\n"
    )


def test_a_paragraph_without_anything_to_say_is_left_out() -> None:
    values = {"shop": "멍이네", "names": "", "examples": "- 검자"}
    assert filled(TEXT, values) == "# 역할\n영수증을 읽습니다.\n\n# 예\n- 검자\n\n끝.\n"
    assert filled(TEXT, {}) == "# 역할\n영수증을 읽습니다.\n\n끝.\n"
    assert filled("{{names}}\n\n끝.", {}) == "끝.\n"


def test_what_fills_a_place_is_no_text_to_be_filled() -> None:
    assert filled("{{shop}}", {"shop": "{{names}}\n\n{{examples}}"}) == "{{names}}\n\n{{examples}}\n"


@pytest.mark.parametrize("placeholder", KNOWN)
def test_its_usual_paragraph_is_added_at_the_end_once(placeholder: str) -> None:
    text = with_paragraph("읽습니다.\n", placeholder)
    assert text == f"읽습니다.\n\n{PARAGRAPHS[placeholder]}\n"
    assert with_paragraph(text, placeholder) == text
    assert asked_for(text) == (placeholder,)
