"""A reader that is torn between look-alikes: its answers, its probabilities and what a temperature does to them."""

import json
import math
import random

import pytest

from ledger.corrections.hangul import distance
from tests.openai_standin import Reader, StandIn
from tests.openai_standin.drawing import Drawn, Place, draw, probabilities, written
from tests.openai_standin.look_alikes import look_alikes, misread_numbers
from tests.openai_standin_tests.asking import request

ITEM = {"price": 13500, "count": 1, "category": "식비"}
RECEIPT = {
    "date": "2026-11-20",
    "location": "서울 강남구 별솔로 12, 멍멍마트 강남점",
    "items": [{"name": "감자 간식", **ITEM}, {"name": "닭가슴살 트릿", **ITEM}, {"name": "뼈다귀 껌", **ITEM}],
    "total_amount": 40500,
}
ONE = {**RECEIPT, "location": "1", "items": [{"name": "감", **ITEM}]}
TORN = Reader(torn_receipts=1, torn_syllables=1, lean=(0.6, 0.6), seed=3)


@pytest.fixture(scope="module")
def standin():
    with StandIn(ONE, reader=TORN) as running:
        yield running


def names(response):
    """The first item's name in each choice."""
    documents = [json.loads(choice["message"]["content"]) for choice in response.json()["choices"]]
    return [document["items"][0]["name"] for document in documents]


def told(response, choice=0):
    return response.json()["choices"][choice]["logprobs"]["content"]


@pytest.fixture
def post(ask, standin):
    return lambda body, standin=standin: ask(standin, body)


def test_at_zero_the_likelier_reading_is_written_each_time(post):
    assert set(names(post(request(temperature=0, n=20)))) == {"감"}
    with StandIn(ONE, reader=Reader(torn_receipts=1, torn_syllables=1, lean=(0.3, 0.3))) as wrong:
        (name,) = set(names(post(request(temperature=0, n=20), standin=wrong)))
    assert distance(name, "감") == 1


@pytest.mark.parametrize(("temperature", "right"), [(None, 0.6), (1, 0.6), (0.5, 0.77), (0.2, 0.958), (2, 0.48)])
def test_a_temperature_sharpens_what_is_drawn(post, temperature, right):
    # p^(1/T) of 0.6, 0.32 and 0.08, made to sum to 1
    drawn = [name for _ in range(3) for name in names(post(request(temperature=temperature, n=128)))]
    assert drawn.count("감") / len(drawn) == pytest.approx(right, abs=0.06)


def test_the_rest_of_the_mass_is_cut_off_at_top_p(post):
    assert len(set(names(post(request(n=128, top_p=0.9))))) == 2
    assert set(names(post(request(n=128, top_p=0.5)))) == {"감"}


def test_a_temperature_changes_nothing_of_the_probabilities_that_are_told(post):
    cold, hot = (told(post(request(logprobs=True, top_logprobs=5, temperature=t))) for t in (0, 2))
    assert [token["top_logprobs"] for token in cold] == [token["top_logprobs"] for token in hot]
    (name,) = (token for token in cold if token["token"] == "감")
    assert math.exp(name["logprob"]) == pytest.approx(0.6, abs=0.001)


def test_a_repeated_request_is_drawn_anew_and_a_whole_run_can_be_made_again(ask):
    runs = []
    for seed in (3, 3, 4):
        with StandIn(RECEIPT, reader=Reader(torn_receipts=1, torn_syllables=0.5, seed=seed)) as standin:
            bodies = [request(temperature=1.0)] * 5 + [request(temperature=0.5)] * 5
            runs.append([ask(standin, body).json()["choices"][0]["message"]["content"] for body in bodies])
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]
    assert len(set(runs[0][:5])) > 1


def test_a_request_with_a_seed_of_its_own_is_drawn_the_same_again(post):
    first, second = (names(post(request(n=20, temperature=1, seed=7))) for _ in range(2))
    assert first == second
    assert len(set(first)) > 1


def test_probabilities_are_a_distribution_with_the_written_token_in_it(ask):
    reader = Reader(torn_receipts=1, torn_syllables=0.6, torn_numbers=1, seed=1)
    with StandIn(RECEIPT, reader=reader) as standin:
        content = told(ask(standin, request(logprobs=True, top_logprobs=20, n=4)))
    for token in content:
        alternatives = {tuple(top["bytes"]): top["logprob"] for top in token["top_logprobs"]}
        assert sum(map(math.exp, alternatives.values())) <= 1 + 1e-9
        assert list(alternatives.values()) == sorted(alternatives.values(), reverse=True)
        assert alternatives[tuple(token["bytes"])] == token["logprob"]


def test_a_split_syllable_that_is_torn_tells_its_probability_over_both_of_its_tokens():
    place = Place((("뼈", 0.5), ("펴", 0.3), ("빠", 0.2)))
    for text, probability in place.candidates:
        tokens = written([Drawn(text, place)])
        assert math.prod(token.probability for token in tokens) == pytest.approx(probability, rel=0.001)


def test_only_names_places_and_amounts_are_misread_and_each_slip_is_one_jamo_or_one_digit(ask):
    reader = Reader(torn_receipts=1, torn_syllables=1, torn_numbers=1, lean=(0.1, 0.2))
    with StandIn(RECEIPT, reader=reader) as standin:
        read = json.loads(ask(standin, request(temperature=0)).json()["choices"][0]["message"]["content"])
    assert (read["date"], read["items"][0]["category"], read["items"][0]["count"]) == ("2026-11-20", "식비", 1)
    for item, right in zip(read["items"], RECEIPT["items"], strict=True):
        slips = [distance(a, b) for a, b in zip(item["name"], right["name"], strict=True)]
        assert set(slips) <= {0, 1}
        assert sum(slips) >= 1
        assert sum(a != b for a, b in zip(str(item["price"]), str(right["price"]), strict=True)) == 1
    assert read["location"] != RECEIPT["location"]


def test_shares_hold_over_many_photos():
    reader = Reader(torn_receipts=0.5, torn_syllables=0.1)
    minds = [reader.mind(RECEIPT, f"photo {number}", "gpt-4o") for number in range(400)]
    torn = [sum(len(place.candidates) > 1 for place in mind) for mind in minds]
    can_be = sum(bool(look_alikes(c)) for name in ("감자간식닭가슴살트릿뼈다귀껌", RECEIPT["location"]) for c in name)
    assert sum(torn) / 400 == pytest.approx(0.5 * 0.1 * can_be, rel=0.15)
    assert sum(map(bool, torn)) / 400 == pytest.approx(0.5 * (1 - 0.9**can_be), rel=0.15)


def test_models_are_torn_at_the_same_places_and_lean_as_they_will():
    four, six = (TORN_EVENLY.mind(RECEIPT, "photo", model) for model in ("gpt-4o", "gpt-6-luna"))
    texts = [[[text for text, _ in place.candidates] for place in mind] for mind in (four, six)]
    assert texts[0] == texts[1]
    assert four != six


TORN_EVENLY = Reader(torn_receipts=1, torn_syllables=0.3)


def test_candidates_sum_to_one():
    for place in TORN_EVENLY.mind(RECEIPT, "photo", "gpt-4o"):
        assert sum(probability for _, probability in place.candidates) == pytest.approx(1)


@pytest.mark.parametrize("temperature", [0, 0.01, 0.2, 1, 2])
def test_drawing_probabilities_sum_to_one_at_every_temperature(temperature):
    assert sum(probabilities([("감", 0.45), ("검", 0.4), ("금", 0.15)], temperature)) == pytest.approx(1)


def test_a_place_without_a_doubt_uses_up_no_chance():
    chance = random.Random(1)
    draw([Place((("감자", 1.0),))], 1.0, 1.0, chance)
    assert chance.random() == random.Random(1).random()


def test_look_alikes_are_one_jamo_away():
    assert {"검", "금"} < set(look_alikes("감"))
    assert {distance("감", other) for other in look_alikes("감")} == {1}
    assert look_alikes("a") == look_alikes("닭") == ()


def test_a_misread_number_has_as_many_digits():
    assert {len(str(number)) for number in misread_numbers(13500)} == {5}
    assert 18500 in misread_numbers(13500)
