"""How many tokens a request takes from the limit of a minute."""

import pytest

from ledger.extraction.models import load_models
from ledger.extraction.weight import tokens_taken
from tests.extraction.asking import read
from tests.openai_standin.completion import room_asked_for
from tests.openai_standin.usage import Prompt


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4o-mini", "gpt-6-luna"])
def test_it_is_about_what_the_service_takes(make_extractor, standin, photo, model):
    read(make_extractor(model=model), photo)
    body = standin.requests[0].body
    taken = len(Prompt(body)) + room_asked_for(body)
    assert tokens_taken(body, load_models().facts(model).vision) == pytest.approx(taken, rel=0.15)


def test_each_of_several_answers_has_room_of_its_own_and_a_text_needs_no_picture():
    body = {"messages": [{"role": "user", "content": "감자" * 100}], "max_completion_tokens": 1_000, "n": 3}
    assert tokens_taken(body, load_models().facts("gpt-4o").vision) == pytest.approx(3_200, abs=5)
