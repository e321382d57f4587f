"""What corrections say: how often, what for what, where and with which examples."""

from __future__ import annotations

import dataclasses
import datetime as dt

from ledger.corrections.diff import FIELDS
from ledger.operations.measures import Rate
from ledger.receipt import Category, LineItem
from ledger.tuning.examples import Example, example
from ledger.tuning.insight import Insight, insight
from ledger.tuning.tallies import Tallies
from tests.factories import MISREAD, RIGHT
from tests.tuning.pairs import named, pair


def test_nothing_says_nothing() -> None:
    found = insight([])

    assert (found.receipts, found.corrected, found.words, found.slips) == (0, Rate(0, 0), [], [])
    assert set(found.fields) == set(FIELDS)


def test_rates_are_of_receipts_however_many_fields_of_one_were_corrected() -> None:
    twice = pair(1, named("검자", "오의"), named("감자", "오이"))
    found = insight([twice, pair(2), pair(3, RIGHT, RIGHT), pair(4, RIGHT, RIGHT), pair(5, RIGHT, RIGHT)])

    assert (found.receipts, found.corrected) == (5, Rate(2, 5))
    assert (found.fields["item.name"], found.fields["date"]) == (Rate(2, 5), Rate(0, 5))
    low, high = found.fields["item.name"].interval or (0, 0)
    assert 0.1 < low < 0.4 < high < 0.8


def test_receipts_are_told_apart_by_what_may_be_the_reason() -> None:
    monday = dt.datetime(2024, 11, 17, 16, tzinfo=dt.UTC)
    other = pair(2, named("우유"), named("우유"), model="gpt-6", temperature=None, prompt_version=None, at=monday)
    found = insight([pair(1), other], zone="Asia/Seoul")

    told = {name: {value: part.corrected for value, part in parts.items()} for name, parts in found.parts.items()}
    assert told == {
        "shop": {"루트231": Rate(1, 2)},
        "category": {"식비": Rate(1, 2), "용품": Rate(0, 1)},
        "model": {"gpt-4o": Rate(1, 1), "gpt-6": Rate(0, 1)},
        "prompt_version": {"": Rate(0, 1), "receipt-v1@0123456789ab": Rate(1, 1)},
        "temperature": {"": Rate(0, 1), "0.2": Rate(1, 1)},
        "engine": {"openai": Rate(1, 2)},
        "week": {"2024-W46": Rate(1, 1), "2024-W47": Rate(0, 1)},
    }


def test_an_item_counts_for_the_category_that_was_confirmed() -> None:
    right = named("감자")
    read = named("검자", category=Category.OTHER)
    (parts,) = (insight([pair(1, read, right)]).parts["category"],)

    assert list(parts) == ["식비"]
    assert {name for name, rate in parts["식비"].fields.items() if rate.hits} == {"item.name", "item.category"}


def test_each_rate_has_its_own_examples() -> None:
    read = named("검자", "우유", category=Category.OTHER)
    found = insight([pair(1, read, named("감자", "우유")), pair(2, MISREAD, RIGHT, model="gpt-6"), pair(3)])

    def told(*key: str) -> list[int]:
        return [each.receipt_id for each in found.examples.get(key, [])]

    assert told("", "", "") == told("", "", "item.name") == [3, 2, 1]
    assert told("", "", "item.category") == [1]
    assert told("model", "gpt-4o", "item.name") == [3, 1]
    assert told("model", "gpt-6", "") == [2]
    assert told("category", "식비", "item.category") == [1]
    assert told("category", "기타", "") == []
    assert told("", "", "date") == []


def test_words_syllables_and_jamo_that_were_taken_for_others() -> None:
    found = insight(
        [
            pair(1),
            pair(2, named("검자깡", "검자"), named("감자깡", "감자"), image_sha256=None),
            pair(3, named("감자", location="루트299"), named("감자", location="루트299")),
        ]
    )

    assert [(each.right, each.read, each.count) for each in found.words] == [
        ("감자", "검자", 2),
        ("감자깡", "검자깡", 1),
    ]
    (syllable,) = found.syllables
    assert (syllable.right, syllable.read, syllable.count, syllable.receipts, syllable.stood) == ("감", "검", 3, 2, 5)
    assert syllable.shops == {"루트231": 3}
    assert [(each.right, each.read, each.count) for each in found.jamo] == [("ㅏ", "ㅓ", 3)]


def test_another_text_altogether_says_nothing_of_what_was_taken_for_what() -> None:
    found = insight([pair(1, named("장난감"), named("우유식빵"))])

    assert found.fields["item.name"] == Rate(1, 1)
    assert (found.words, found.syllables, found.jamo) == ([], [], [])


def test_an_example_knows_its_place_on_the_photo() -> None:
    quad = [[1, 2], [3, 2], [3, 4], [1, 4]]
    places = {"size": [10, 20], "quarter_turns": 0, "fields": {"items.1.name": quad}}
    found = insight([pair(1, places=places), pair(2)])

    assert found.words[0].examples == [
        Example(2, 1_002, "item.name", 1, "검자", "감자", None),
        Example(1, 1_001, "item.name", 1, "검자", "감자", quad),
    ]


def test_a_row_stands_where_its_name_does_and_one_that_was_not_read_nowhere() -> None:
    quad = [[1, 2], [3, 2], [3, 4], [1, 4]]
    fields = {"items.0.name": None, "items.0.price": quad, "items.1.name": quad}
    places = {"size": [10, 20], "quarter_turns": 0, "fields": fields}
    total = LineItem(name="합계", price=77_000, count=2)
    read = named("감자").model_copy(update={"items": (total, *named("감자").items)})
    right = named("감자", "가위바위보").model_copy(update={"total_amount": read.total_amount})
    found = insight([pair(1, read, right, places=places)])

    assert [(slip.rule, slip.examples[0].quad) for slip in found.slips] == [
        ("row_missing", None),
        ("sum_as_item", quad),
    ]


def test_a_few_of_the_newest_receipts_are_kept_as_examples() -> None:
    found = insight(pair(number) for number in range(1, 9))

    assert [each.receipt_id for each in found.words[0].examples] == [8, 7, 6, 5, 4]


def test_what_is_seen_least_is_forgotten_where_there_is_too_much() -> None:
    tallies, seen = Tallies(kept=1), pair()
    for word in ("감자", "감자", *"가나다라"):
        tallies.add((word, "검자"), seen, example(seen, "item.name", 0, "검자", word))

    found = tallies.confusions()

    assert (found[0].right, found[0].count) == ("감자", 2)
    assert len(found) <= 2


def test_an_insight_grows_pair_by_pair_and_holds_none() -> None:
    def counted() -> Insight:
        return insight(pair(number, MISREAD, RIGHT) for number in range(1, 301))

    small, large = insight([pair(1)]), counted()

    for field in ("words", "syllables", "jamo"):
        assert len(getattr(small, field)) == len(getattr(large, field))
    assert large.words[0].count == large.receipts == 300
    assert len(dataclasses.asdict(large)["words"][0]["examples"]) == 5
