"""Edits that a model would make in a prompt: made where they fit, and otherwise told, never guessed."""

from __future__ import annotations

import pytest

from ledger.errors import AnswerNotSchema
from ledger.prompts.versions import load
from ledger.tuning.edits import LONGEST, MOST, SCHEMA, Edit, Tried, edits_in, with_edits
from tests.openai_standin.schema import schema_faults

TEXT = "# 역할\n\n감자를 읽습니다. 감자입니다.\n\n# 이 가게의 품목\n{{names}}\n"


def tried(*edits: tuple[str, str], text: str = TEXT) -> tuple[str, list[str]]:
    """The text afterwards, and why each edit was left out."""
    after, found = with_edits(text, [Edit("까닭", *each) for each in edits])
    return after, [str(each.left or "") for each in found]


def test_words_that_stand_once_are_replaced() -> None:
    after, left = tried(("감자를 읽습니다.", "감자를 읽고, 다시 봅니다."))

    assert (after, left) == (TEXT.replace("읽습니다", "읽고, 다시 봅니다"), [""])


def test_without_words_it_is_added_before_what_a_photo_decides() -> None:
    after, left = tried(("", "# 헷갈리는 글자\n\n- `감` / `검`"))

    assert left == [""]
    assert after.index("감자입니다.") < after.index("# 헷갈리는 글자") < after.index("# 이 가게의 품목")


@pytest.mark.parametrize(
    ("find", "replace", "why"),
    [
        ("고구마", "감자", "its words do not stand in the prompt."),
        ("감자", "고구마", "its words stand in the prompt 2 times."),
        ("감자를", "감자를", "it changes nothing."),
        (" ", "\n", "it changes nothing."),
        ("", "가" * (LONGEST + 1), "it is longer than 4,000 characters."),
        ("{{names}}", "", "it takes {{names}} out of the prompt."),
        ("names}}", "shop}}", "it takes {{names}} out of the prompt."),
        ("", "가게: {{shop}}", "it puts {{shop}} into the prompt"),
        ("", "{{password}}", "{{password}} is no placeholder."),
        ("{{names}}", "{{names", "{{names is no placeholder."),
        (TEXT, " ", "it is empty."),
    ],
)
def test_what_does_not_fit_is_left_out_and_told(find: str, replace: str, why: str) -> None:
    after, (left,) = tried((find, replace))

    assert after == TEXT
    assert left.startswith(why)


def test_words_that_overlap_themselves_stand_twice() -> None:
    assert tried(("가가", "나"), text="가가가\n") == ("가가가\n", ["its words stand in the prompt 2 times."])


def test_each_edit_is_made_in_what_those_before_it_left() -> None:
    after, left = tried(("감자를", "고구마를"), ("감자", "호박"), ("감자를", "콩을"))

    assert "고구마를 읽습니다. 호박입니다." in after
    assert left == ["", "", "its words do not stand in the prompt."]


def test_of_many_edits_the_first_are_taken() -> None:
    _, left = tried(*(("", f"# 절 {number}") for number in range(MOST + 1)))

    assert left[-2:] == ["", "only the first 12 are taken."]


def test_the_built_in_prompt_can_be_edited_and_keeps_its_words_otherwise() -> None:
    after, _ = tried(("# 글자를 읽는 법\n", "# 글자\n"), text=load().text)

    assert after == load().text.replace("# 글자를 읽는 법\n", "# 글자\n")


@pytest.mark.parametrize(
    "document",
    [None, [], "가", {}, {"edits": None}, {"edits": {}}, {"edits": [None]}, {"edits": [{"why": "", "find": ""}]}],
)
def test_an_answer_of_another_shape_is_none(document: object) -> None:
    with pytest.raises(AnswerNotSchema):
        edits_in(document)


def test_the_schema_is_strict_and_an_answer_by_it_is_read() -> None:
    edit = {"why": "까닭", "find": "가", "replace": "나"}

    assert list(schema_faults(SCHEMA)) == []
    assert edits_in({"edits": [edit]}) == [Edit(**edit)]
    assert Tried(Edit(**edit), None).as_json() == edit | {"left": None}
