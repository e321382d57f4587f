from __future__ import annotations

import json
import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.extraction.confidence.json_spans import DEEPEST
from ledger.extraction.confidence.runners_up import MOST
from ledger.extraction.confidence.token_map import likelihoods_of
from tests.extraction.confidence.spelled import STYLES, cut, doubted, marked, owners, trials, write

SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4)]


def token(text, p=1.0, others=(), **changes):
    """A token as OpenAI lists it, `p` its probability, `others` its runners-up with theirs."""
    raw = text if isinstance(text, bytes) else text.encode()
    logprob = math.log(p) if p else -9999.0
    tops = [token(text, p), *(token(other, q) for other, q in others)] if others else []
    told = {"token": raw.decode(errors="backslashreplace"), "bytes": list(raw), "logprob": logprob}
    return told | {"top_logprobs": tops} | changes


def read(*tokens):
    """The likelihoods when these tokens are the whole answer."""
    return likelihoods_of(b"".join(bytes(one["bytes"]) for one in tokens).decode(), tokens)


def item_name(*tokens):
    """The likelihood of an item's name; the tokens are everything after its opening quote."""
    return read(token('{"items": [{"name":'), token(' "'), *tokens, token("}]}"))["items.0.name"]


def price(*tokens):
    """The likelihood of an item's price."""
    return read(token('{"items": [{"price": '), *tokens, token("}]}"))["items.0.price"]


def others(likelihood):
    return [(one.text, round(one.probability, 3)) for one in likelihood.alternatives]


# ---- To which field a doubt belongs


@pytest.mark.parametrize("style", STYLES)
def test_of_all_11172_syllables_none_is_told_of_another_field(style):
    rng = Random(style)
    for first in range(0, len(SYLLABLES), 38):
        document = {"items": [{"name": syllable} for syllable in SYLLABLES[first : first + 38]]}
        content, spans = write(document, rng)
        pieces = cut(content.encode(), rng)
        mine = owners(spans, pieces)
        # Every second field is in doubt, so that a shift by one shows.
        doubtful = [number for index, path in enumerate(spans) if index % 2 for number in mine[path]]
        may = {path for path in spans if set(mine[path]) & set(doubtful)}
        must = set() if style == "left_out" else {path for index, path in enumerate(spans) if index % 2}
        found = doubted(likelihoods_of(content, marked(STYLES[style](pieces), doubtful)))
        assert must <= found <= may, (content, pieces)


JSON_TEXT = st.text(st.characters(codec="utf-8"), max_size=6) | st.text(st.sampled_from('감검뼈닭🐶é"\\\n{}[]:, 1'))
JSON_VALUE = st.recursive(
    JSON_TEXT | st.integers() | st.floats() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(JSON_TEXT, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(JSON_TEXT, JSON_VALUE, min_size=1, max_size=5)
SEEDS = st.integers(0, 2**32)


@settings(max_examples=200)
@given(DOCUMENTS, SEEDS)
def test_in_no_document_a_doubt_is_told_of_another_field(document, seed):
    for style, content, tokens, must, may in trials(document, Random(seed)):
        assert must <= doubted(likelihoods_of(content, tokens)) <= may, (style, content, tokens)


@settings(max_examples=100)
@given(DOCUMENTS, SEEDS)
def test_a_field_has_the_product_of_the_tokens_that_hold_it(document, seed):
    rng = Random(seed)
    content, spans = write(document, rng)
    pieces = cut(content.encode(), rng)
    tokens = [one | {"logprob": -rng.random()} for one in STYLES["true_bytes"](pieces)]
    found = likelihoods_of(content, tokens)
    assert found.keys() == spans.keys()
    for path, numbers in owners(spans, pieces).items():
        logprobs = [tokens[number]["logprob"] for number in numbers]
        assert found[path].probability == pytest.approx(math.exp(sum(logprobs)))
        assert found[path].weakest == pytest.approx(math.exp(min(logprobs)))


def test_a_token_that_also_closes_the_quotes_belongs_to_the_value():
    found = read(token('{"location": "멍멍'), token(' 카페", ', 0.4), token('"date": "2024-11-11"}'))
    assert found["location"].probability == pytest.approx(0.4)
    assert found["date"].probability == 1


def test_a_token_of_marks_alone_belongs_to_no_value():
    found = read(token('{"location": "멍멍'), token('", "', 0.4), token('date": "2024-11-11"}'))
    assert doubted(found) == set()


def test_an_empty_text_has_the_token_that_closes_it():
    found = read(token('{"location": "'), token('", ', 0.4), token('"date": ""}'))
    assert (found["location"].probability, found["date"].probability) == (pytest.approx(0.4), 1)


def test_numbers_and_null_are_values_too():
    found = read(token('{"total_amount": '), token("17500", 0.5), token(', "date": '), token("null", 0.25), token("}"))
    assert {path: one.probability for path, one in found.items()} == pytest.approx({"total_amount": 0.5, "date": 0.25})


def test_of_a_key_written_twice_the_last_one_counts():
    found = read(
        token('{"items": [{"name": "감자'),
        token('"}], "items": [], "date": "a", "date": "'),
        token("b", 0.5),
        token('"}'),
    )
    assert {path: one.probability for path, one in found.items()} == {"date": pytest.approx(0.5)}


def test_what_is_very_unlikely_has_no_probability():
    likelihood = item_name(token("검", 0), token('자"', 0.9))
    assert (likelihood.probability, likelihood.weakest) == (0, 0)


def test_a_fence_and_words_with_braces_may_stand_around_the_object():
    found = read(token('{note} 결과:\n```json\n{"date": "'), token("2024", 0.5), token('"}\n```\n{"date": "x"}'))
    assert found["date"].probability == pytest.approx(0.5)


def test_end_tokens_after_the_answer_are_no_part_of_it():
    content = '{"date": "2024-11-11"}'
    tokens = [token('{"date": "'), token("2024-11-11", 0.5), token('"}'), token("", 0.1), token("<|end|>", 0.1)]
    assert likelihoods_of(content, tokens)["date"].probability == pytest.approx(0.5)


@pytest.mark.parametrize(
    "content",
    ["", "읽을 수 없음", '{"date": "2024', '{"date": "2024"', '{"date": "a\nb"}', '{"a": 1,}', '["a"]', "{" * 99_999],
)
def test_an_answer_without_an_object_tells_nothing(content):
    assert likelihoods_of(content, [token(content)]) == {}


def test_an_object_inside_a_broken_one_is_no_answer():
    content = '{"items": [{"date": "2024-11-11"}'
    assert likelihoods_of(content, [token(content, 0.5)]) == {}


def test_what_is_nested_deeper_than_any_answer_tells_nothing():
    for levels, told in ((DEEPEST - 1, {"a" + ".0" * (DEEPEST - 1), "b"}), (DEEPEST, set())):
        content = f'{{"a": {"[" * levels}1{"]" * levels}, "b": 1}}'
        assert likelihoods_of(content, [token(content)]).keys() == told


@pytest.mark.parametrize(
    "tokens",
    [
        [],
        [token('{"date": "2023"}')],
        [token('{"date": "20')],
        [token('{"date": "감"}')],
        [token('{"date": "2024"}', bytes=None, token='{"date": "2023"}')],
        [token('{"date": "2024"}', logprob=None)],
        [token('{"date": "2024"}', logprob=float("nan"))],
        [{"token": '{"date": "2024"}'}],
        [{"bytes": [256], "token": "", "logprob": 0.0}],
    ],
)
def test_tokens_that_do_not_spell_the_answer_tell_nothing(tokens):
    assert likelihoods_of('{"date": "2024"}', tokens) == {}


def test_half_a_surrogate_pair_cannot_be_laid_on_bytes():
    content = json.loads(r'"{\"date\": \"\ud83d\"}"')
    assert likelihoods_of(content, [{"token": content, "bytes": None, "logprob": 0.0}]) == {}


# ---- What else the value might have been


def test_the_runners_up_are_told_as_whole_values_with_one_place_exchanged_each():
    likelihood = item_name(token("햇", 0.9, [("헷", 0.1)]), token("감", 0.45, [("검", 0.4), ("금", 0.1)]), token('자"'))
    assert others(likelihood) == [("햇검자", 0.4), ("햇금자", 0.1), ("헷감자", 0.1)]


def test_of_a_long_text_no_more_values_are_kept_than_anybody_chooses_among():
    doubtful = [token("감", 0.5, [("검", 0.4), ("금", 0.02 + index / 100)]) for index in range(9)]
    told = others(item_name(*doubtful, token('"')))
    assert len(told) == MOST
    assert told[0] == ("검감감감감감감감감", 0.4)


def test_a_runner_up_is_told_after_syllables_that_no_token_holds_whole():
    content = '{"name": "뼈 감자"}'
    texts = ['{"name": "', "\ufffd", "\ufffd", " 감", '자"}']
    tokens = [{"token": text, "bytes": None, "logprob": 0.0} for text in texts]
    tokens[3] |= {"logprob": math.log(0.5), "top_logprobs": [{"token": " 검", "bytes": None, "logprob": math.log(0.4)}]}
    assert others(likelihoods_of(content, tokens)["name"]) == [("뼈 검자", 0.4)]


def test_nothing_else_is_told_where_the_least_sure_token_is_a_part_whose_bytes_nobody_knows():
    texts = ['{"name": "', "\ufffd", "\ufffd", '"}']
    tokens = [{"token": text, "bytes": None, "logprob": 0.0} for text in texts]
    tokens[1] |= {"logprob": math.log(0.5), "top_logprobs": [{"token": "검", "bytes": None, "logprob": math.log(0.4)}]}
    likelihood = likelihoods_of('{"name": "뼈"}', tokens)["name"]
    assert (likelihood.probability, likelihood.alternatives) == (pytest.approx(0.5), ())


def test_half_a_syllable_counts_where_the_next_token_completes_it():
    whole, other = "뼈".encode(), "뼉".encode()
    assert whole[:2] == other[:2]
    likelihood = item_name(token(whole[:2]), token(whole[2:], 0.5, [(other[2:], 0.4)]), token('"'))
    assert others(likelihood) == [("뼉", 0.4)]


def test_half_a_syllable_that_nothing_completes_is_left_out():
    likelihood = item_name(token("감", 0.5, [("뼈".encode()[:2], 0.3), ("검", 0.1)]), token('자"'))
    assert others(likelihood) == [("검자", 0.1)]


def test_runners_up_that_make_the_same_value_are_one():
    likelihood = item_name(token("감", 0.5, [("검", 0.2), ("검자칩", 0.05), (" 검", 0.1)]), token('자"'))
    assert others(likelihood) == [("검자", 0.3), ("검자칩자", 0.05)]


@pytest.mark.parametrize("other", ["감", '감자"', b"\xea\xb0", r"\uac10\uc790", "감자 "])
def test_the_same_value_in_other_portions_is_no_other_value(other):
    assert others(item_name(token("감자", 0.5, [(other, 0.4)]), token('"'))) == []


def test_a_value_may_have_ended_earlier():
    likelihood = item_name(token("감자"), token("칩", 0.5, [('"', 0.3), ('",', 0.1), ("깡", 0.05)]), token('"'))
    assert others(likelihood) == [("감자", 0.4), ("감자깡", 0.05)]


@pytest.mark.parametrize("other", ['"감', "\n", "\\", r"\x", '"', b"\xff", "가나\x00"])
def test_what_would_break_the_text_or_leave_nothing_of_it_is_left_out(other):
    assert others(item_name(token("감", 0.5, [(other, 0.4)]), token('자"'))) == []


def test_a_runner_up_may_bring_the_closing_quote_or_lack_it():
    likelihood = item_name(token("감"), token('자"', 0.5, [('치"', 0.2), ("귤", 0.1), ('귀", ', 0.05)]))
    assert others(likelihood) == [("감치", 0.2), ("감귤", 0.1), ("감귀", 0.05)]


def test_a_runner_up_begins_before_the_value_as_the_token_does():
    found = read(token('{"name":'), token(' "감', 0.5, [(' "검', 0.2), ('"금', 0.1), ("null", 0.1)]), token('자"}'))
    assert others(found["name"]) == [("검자", 0.2)]


def test_texts_are_told_without_their_escapes():
    likelihood = item_name(token("감", 0.5, [("검", 0.4)]), token(r'\"\uc790\" \/ 2"'))
    assert others(likelihood) == [('검"자" / 2', 0.4)]


def test_an_escape_split_over_tokens_is_completed():
    likelihood = item_name(token("\\"), token("u", 0.5, [("n", 0.1)]), token('ac10"'))
    assert others(likelihood) == [("ac10", 0.1)]


def test_other_amounts_are_told_as_their_digits():
    likelihood = price(token("13"), token("5", 0.5, [("6", 0.2), ("35", 0.1), ("x", 0.1), (",", 0.05)]), token("00"))
    assert others(likelihood) == [("13600", 0.2), ("133500", 0.1), ("13", 0.05)]


def test_a_number_with_what_ends_it_in_one_token_has_other_values_too():
    likelihood = price(
        token("13"), token("500, ", 0.5, [("500", 0.2), ("600,", 0.1), ("7000", 0.1)]), token('"count": 1')
    )
    assert others(likelihood) == [("13600", 0.1), ("137000", 0.1)]


def test_noise_is_not_kept():
    assert others(item_name(token("감", 0.99, [("검", 0.009), ("금", 0)]), token('자"'))) == []


def test_a_draft_before_the_answer_tells_nothing_of_it():
    draft, answer = '<think>{"name": "뼈"} 아니</think>', '{"name": "껌"}'
    tokens = [token(draft, 0.5), *map(token, answer)]
    assert likelihoods_of(draft + answer, tokens)["name"].probability == pytest.approx(0.5)
    assert likelihoods_of(draft + answer, tokens, len(draft))["name"].probability == 1
