import hashlib
import json
import re

import pytest

from ledger.errors import ConfigurationError
from ledger.extraction.answer import ANSWER_SCHEMA, read_answer
from ledger.prompts.versions import CURRENT, PromptVersion, load, load_version, names
from ledger.receipt import UNREADABLE_NUMBER, UNREADABLE_TEXT, Category


def test_a_version_is_the_name_and_the_hash_of_the_words():
    prompt = load(CURRENT)
    digest = hashlib.sha256(prompt.text.encode()).hexdigest()
    assert prompt.sha256 == digest
    assert prompt.version == f"receipt-v1@{digest[:12]}"


def test_schema_notes_are_in_the_hash_and_a_version_without_them_keeps_the_one_it_had():
    example = {"shop": "", "read": "검자", "right": "감자"}
    plain = PromptVersion.of("a", "읽습니다.\n").version
    assert (plain, PromptVersion.of("a", "읽습니다.\n", None, [example]).version) == (
        "a@effa1cbf5278",
        "a@4286e46720f3",
    )
    noted = [PromptVersion.of("a", "읽습니다.\n", schema_notes={"date": words}).version for words in ("가", "나")]
    assert len({plain, *noted}) == 3


def test_the_current_prompt_is_at_hand():
    assert CURRENT in names()
    assert load() == load(CURRENT)


@pytest.mark.parametrize("name", ["receipt-v99", "", "../versions", "templates/receipt-v1", "receipt-v1.md"])
def test_an_unknown_name_is_refused_and_the_known_ones_are_told(name):
    with pytest.raises(ConfigurationError, match=r"Choose one of: .*receipt-v1"):
        load(name)


def test_a_stored_version_is_found_again_as_long_as_its_words_are_the_same():
    assert load_version(load().version) == load()
    with pytest.raises(ConfigurationError, match="has been edited since"):
        load_version("receipt-v1@000000000000")


def test_the_prompt_names_every_field_category_and_unreadable_value_that_the_code_knows():
    text = load().text
    item_fields = ANSWER_SCHEMA["properties"]["items"]["items"]["properties"]
    words = [*ANSWER_SCHEMA["properties"], *item_fields, *Category, UNREADABLE_TEXT, str(UNREADABLE_NUMBER)]
    assert [word for word in words if f"`{word}`" not in text] == []


def test_the_worked_example_of_the_prompt_is_a_good_answer():
    example = re.search(r"```json\n(.+)\n```", load().text)[1]
    receipt, problems = read_answer(example)
    assert problems == ()
    assert list(json.loads(example)) == list(ANSWER_SCHEMA["properties"])
    assert [item.price for item in receipt.items] == [9000, 12000]
    assert receipt.total_amount == 20000
