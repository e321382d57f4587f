"""What corrections propose for a prompt: each change with what speaks for it, and none that the prompt says already."""

from __future__ import annotations

from ledger.prompts.placeholders import asked_for
from ledger.prompts.schema_notes import FIELDS as ANSWERED
from ledger.prompts.versions import load
from ledger.tuning.drafting import HEADINGS, with_changes, with_schema_notes
from ledger.tuning.insight import insight
from ledger.tuning.proposals import FIELDS, KINDS, LEAST_RECEIPTS, RULES, Kind, Proposal, proposals
from ledger.tuning.slips import RULES as SLIPS
from tests.factories import RIGHT
from tests.tuning.pairs import named, pair

SHOP = "루트231"


def proposed(
    text: str = "# 역할\n", shops: tuple[str, ...] = (SHOP,), receipts: int = LEAST_RECEIPTS
) -> list[Proposal]:
    """From so many receipts on which 감자 was read as 검자."""
    return proposals(insight(pair(number) for number in range(1, receipts + 1)), text, shops)


def test_a_syllable_that_is_misread_again_and_again_is_proposed_to_be_minded() -> None:
    found = proposed()[0]

    assert (found.key, found.kind) == ("look_alike:감>검", Kind.LOOK_ALIKE)
    assert "`감` / `검`: 인쇄된 것은 `감자`인데 `검자`" in found.text
    assert "ㅏ·ㅓ" in found.text
    assert (found.evidence.count, found.evidence.receipts, dict(found.evidence.shops)) == (3, 3, {SHOP: 3})
    assert {each.receipt_id for each in found.evidence.examples} == {1, 2, 3}


def test_what_was_seen_on_few_receipts_is_not_proposed() -> None:
    assert proposed(receipts=LEAST_RECEIPTS - 1) == []


def test_names_are_proposed_for_shops_that_have_some_and_examples_for_all() -> None:
    assert [each.kind for each in proposed()] == [Kind.LOOK_ALIKE, Kind.NAMES, Kind.EXAMPLES]
    assert [each.kind for each in proposed(shops=())] == [Kind.LOOK_ALIKE, Kind.EXAMPLES]
    assert list(proposed()[2].lines) == [{"shop": SHOP, "read": "검자", "right": "감자"}]


def test_a_receipt_with_two_misread_words_counts_once_and_is_one_example() -> None:
    twice = [pair(n, named("검자 갅식"), named("감자 간식")) for n in (1, 2, 3)]

    evidence = proposals(insight(twice), "", ())[-1].evidence

    assert (evidence.count, evidence.receipts, dict(evidence.shops)) == (6, 3, {SHOP: 6})
    assert [each.receipt_id for each in evidence.examples] == [3, 2]


def test_one_receipt_with_three_misread_names_proposes_no_names() -> None:
    once = [pair(1, named("검자", "갅식", "파드"), named("감자", "간식", "패드"))]

    assert proposals(insight(once), "", (SHOP,)) == []


def test_a_pair_is_told_with_a_word_that_has_no_other_slip() -> None:
    both = [pair(n, named("면의접"), named("편의점")) for n in (1, 2, 3)]
    alone = [pair(n, named("매접"), named("매점")) for n in (4, 5, 6)]

    found = {each.key: each.text for each in proposals(insight([*both, *alone]), "", ())}

    assert "`매점`인데 `매접`이라고 적은" in found["look_alike:점>접"]


def test_what_is_quoted_has_the_particle_of_its_last_syllable() -> None:
    ends = [pair(n, named("슬개글"), named("슬개골")) for n in (1, 2, 3)]

    assert "`검자`라고 적은" in proposed()[0].text
    assert "`슬개글`이라고 적은" in proposals(insight(ends), "", ())[0].text


def test_a_slip_proposes_the_sentence_of_its_rule() -> None:
    item = RIGHT.items[0]
    read = RIGHT.model_copy(update={"items": (item.model_copy(update={"price": 3, "count": 13_500}), RIGHT.items[1])})
    swapped = [pair(number, read) for number in (1, 2, 3)]

    found = proposals(insight(swapped), "", ())

    assert [(each.key, each.text) for each in found] == [
        (
            "rule:count_price_swapped",
            f"- {RULES['count_price_swapped']}",
        )
    ]


def test_a_slip_of_one_field_is_said_in_its_schema_note_behind_what_is_said_there() -> None:
    read = RIGHT.model_copy(update={"total_amount": RIGHT.items[0].price})
    found = proposals(insight(pair(number, read) for number in (1, 2, 3)), "", ())

    assert [(each.key, each.field, each.text) for each in found] == [
        ("rule:total_of_item", "total_amount", RULES["total_of_item"])
    ]
    assert with_changes("읽습니다.\n", found) == "읽습니다.\n"
    notes = with_schema_notes({"total_amount": "결제한 금액.", "date": "날짜."}, found)
    assert notes == {"total_amount": f"결제한 금액. {RULES['total_of_item']}", "date": "날짜."}
    assert proposals(insight(pair(number, read) for number in (1, 2, 3)), notes["total_amount"], ()) == []


def test_sentences_are_about_fields_of_the_answer() -> None:
    assert set(FIELDS.values()) <= set(ANSWERED)
    assert FIELDS.keys() <= RULES.keys()


def test_every_rule_has_a_sentence_and_every_kind_a_name() -> None:
    assert RULES.keys() == SLIPS.keys()
    assert KINDS.keys() == set(Kind)


def test_what_the_prompt_says_already_is_not_proposed() -> None:
    text = with_changes("# 역할\n", proposed())

    assert proposed(text) == []


def test_lines_go_into_the_section_of_their_kind_and_what_a_photo_decides_stands_last() -> None:
    first = with_changes(load().text, proposed()[1:])
    both = with_changes(first, [proposed()[0]])
    more = with_changes(both, [proposed()[0].edited("- 또 하나")])

    heading = HEADINGS[Kind.LOOK_ALIKE]
    assert more.startswith(load().text.rstrip())
    assert more.index("# 예\n") < more.index(heading) < more.index("{{names}}") < more.index("{{examples}}")
    assert more.count(heading) == 1
    assert more.index("`감` / `검`") < more.index("- 또 하나") < more.index("{{names}}")
    assert asked_for(more) == ("names", "examples")


def test_a_name_from_paper_makes_no_placeholder() -> None:
    odd = [pair(n, named("검자 {{shop}}`"), named("감자 {{shop}}`")) for n in (1, 2, 3)]

    text = with_changes("# 역할\n", proposals(insight(odd), "", ()))

    assert asked_for(text) == ("examples",)
