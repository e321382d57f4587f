"""Insights as changes of a prompt: what would be added to it, and what speaks for that. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final

from ledger.corrections import hangul
from ledger.prompts.placeholders import EXAMPLES, NAMES, PARAGRAPHS, asked_for
from ledger.prompts.versions import PromptVersion
from ledger.tuning.examples import Example
from ledger.tuning.insight import Insight, SyllableConfusion
from ledger.tuning.newer_names import NewerNames, newer_names
from ledger.tuning.tallies import Confusion, MisreadNames, SlipFound

LEAST_RECEIPTS: Final = 3
"""Receipts with the same slip from which on a change is proposed: once is a smudge, twice may be one shop's printer."""
MOST_LOOK_ALIKES: Final = 12
"""Pairs that are proposed, the most frequent ones: a long list is minded less."""
MOST_EXAMPLES: Final = 200
"""Lines that an examples proposal holds; of them a photo is shown a few."""


class Kind(StrEnum):
    """What a proposal adds to a prompt."""

    LOOK_ALIKE = "look_alike"
    RULE = "rule"
    NAMES = "names"
    NEWER_NAMES = "newer_names"
    EXAMPLES = "examples"


KINDS: Final = {
    Kind.LOOK_ALIKE: "Look-alikes to mind",
    Kind.RULE: "A sentence",
    Kind.NAMES: "Names of the recognised shop",
    Kind.NEWER_NAMES: "Newer names of the shops",
    Kind.EXAMPLES: "Examples of slips",
}

SENTENCES: Final = tuple(KINDS.values())

_LOOK_ALIKE: Final = (
    "- `{right}` / `{read}`: 인쇄된 것은 `{word}`인데 `{misread}`{quoted} 적은 일이 있습니다. 두 글자는 {jamo}에서"
    " 갈리므로, 둘 가운데 어느 쪽이 인쇄되어 있는지 그 자리를 다시 확인합니다."
)
RULES: Final = {
    "count_price_swapped": "수량과 금액을 바꾸어 적지 않습니다. `price`는 금액 칸, `count`는 수량 칸의 값입니다.",
    "unit_price": "`price`에는 단가가 아니라 그 줄의 금액을 적습니다. 수량이 2 이상이면 단가보다 큽니다.",
    "discount_as_item": "할인, 쿠폰, 에누리 줄은 이름 옆에 금액이 있어도 `items`에 넣지 않습니다.",
    "tax_as_item": "부가세, 과세·면세 물품가액 줄은 금액이 있어도 `items`에 넣지 않습니다.",
    "sum_as_item": "소계와 합계 줄은 `items`에 넣지 않습니다.",
    "payment_as_item": "카드, 현금, 받은 돈, 거스름돈, 잔액 줄은 `items`에 넣지 않습니다.",
    "name_cut": "품목 이름이 다음 줄로 이어지면 이어진 부분까지 한 이름으로 적습니다.",
    "row_doubled": "영수증에 한 번 인쇄된 줄을 두 번 적지 않습니다.",
    "row_missing": "첫 품목부터 합계 바로 위까지 모든 줄을 빠뜨리지 않고 적습니다. 다 적은 뒤 줄 수를 다시 셉니다.",
    "row_invented": "품목 줄이 아닌 안내 문구, 가게 정보, 구분선을 품목으로 적지 않습니다.",
    "date_order": "날짜는 인쇄된 순서가 연·월·일인지, 일·월·연인지 확인한 뒤 `YYYY-MM-DD`로 옮깁니다.",
    "total_of_item": "`total_amount`에 품목 한 줄의 금액을 적지 않습니다.",
    "total_before_tax": "`total_amount`는 부가세를 포함해 결제한 금액입니다. 과세 물품가액이 아닙니다.",
    "total_received": "`total_amount`에 받은 현금을 적지 않습니다.",
    "total_change": "`total_amount`에 거스름돈을 적지 않습니다.",
    "total_balance": "`total_amount`에 잔액, 적립금, 누적 금액 줄의 값을 적지 않습니다.",
    "total_other_line": "`total_amount`에 소계나 일부만 결제한 금액을 적지 않습니다.",
}
"""What is added for each rule of slips.py, in the language of the prompt."""
FIELDS: Final = {
    "unit_price": "items.price",
    **dict.fromkeys(("discount_as_item", "tax_as_item", "sum_as_item", "payment_as_item"), "items"),
    **dict.fromkeys(("row_doubled", "row_missing", "row_invented"), "items"),
    "name_cut": "items.name",
    "date_order": "date",
    **dict.fromkeys(("total_of_item", "total_before_tax", "total_received"), "total_amount"),
    **dict.fromkeys(("total_change", "total_balance", "total_other_line"), "total_amount"),
}
"""The field that such a sentence is about, and becomes a schema note of; one about several goes into the wording."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a proposal: how often it was corrected, on how many receipts, in which shops, and examples."""

    count: int
    receipts: int
    shops: Mapping[str, int]
    examples: Sequence[Example]

    def as_json(self) -> dict[str, Any]:
        """As it is stored with a version and with a decision."""
        found = asdict(self)
        return found | {"shops": dict(self.shops)}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change. `key` says what it is about, so that a decision about it is found again."""

    key: str
    kind: Kind
    text: str
    """What would be added: a line, or a paragraph with its placeholder."""
    evidence: Evidence
    lines: Sequence[Mapping[str, str]] = ()
    """Of an examples proposal: shop, read and right of each, the newest first."""
    field: str | None = None
    """The field whose schema note it is added to; None where it goes into the wording."""
    newer: NewerNames | None = None
    """Of a proposal of newer names: what would be offered in another way."""

    def edited(self, text: str) -> Proposal:
        """The same in other words."""
        return replace(self, text=text)


def proposals(found: Insight, said: str, named_shops: Iterable[str]) -> list[Proposal]:
    """What an insight speaks for, of what the prompt does not say yet; by kind, the most frequent first.

    `said` are its words and its schema notes, `named_shops` are keys of shops whose names could be offered.
    """
    made = [*_look_alikes(found), *_rules(found), *_names(found, set(named_shops)), *_examples(found)]
    return [each for each in made if not _is_said(each, said)]


def newer_names_proposal(found: Insight, prompt: PromptVersion, now: Mapping[str, Any]) -> Iterator[Proposal]:
    """The lexicon of today, for a prompt that offers names of one that has changed since.

    Nobody has to have corrected anything for it, and corrections of names in these shops speak for it.
    """
    newer = newer_names(prompt.lexicon, now) if NAMES in asked_for(prompt.text) else None
    if newer is not None:
        evidence = _together([each for each in found.misread_names if each.shop in newer.shops])
        text = f"{{{{{NAMES}}}}}: +{len(newer.came)} −{len(newer.gone)}"
        yield Proposal(f"{NAMES}:{newer.state}", Kind.NEWER_NAMES, text, evidence, newer=newer)


def _look_alikes(found: Insight) -> Iterator[Proposal]:
    telling = (each for each in found.syllables if each.receipts >= LEAST_RECEIPTS)
    for each, _ in zip(telling, range(MOST_LOOK_ALIKES), strict=False):
        told = _look_alike(each, _word_of(each, found.words))
        yield Proposal(f"look_alike:{each.right}>{each.read}", Kind.LOOK_ALIKE, told, _of(each))


def _word_of(found: SyllableConfusion, words: Sequence[Confusion]) -> Confusion | None:
    """A word with this slip: one with no other if there is any, for that shows nothing but what the line says."""
    having = [one for one in words if found.right in one.right and found.read in one.read]
    alone = (one for one in having if one.right.replace(found.right, found.read) == one.read)
    return next(alone, having[0] if having else None)


def _look_alike(found: SyllableConfusion, word: Confusion | None) -> str:
    apart = ", ".join(f"{right or '∅'}·{read or '∅'}" for right, read in hangul.edits(found.right, found.read))
    printed, misread = (plain(each) for each in ((word.right, word.read) if word else (found.right, found.read)))
    quoted = _quoted(misread)
    return _LOOK_ALIKE.format(
        right=found.right, read=found.read, word=printed, misread=misread, quoted=quoted, jamo=apart
    )


def _quoted(word: str) -> str:
    """The particle that stands behind what is quoted: it hangs on whether the word ends in a final consonant."""
    last = ord(word[-1:] or " ") - ord("가")
    return "이라고" if 0 <= last <= ord("힣") - ord("가") and last % 28 else "라고"


def _rules(found: Insight) -> Iterator[Proposal]:
    for each in found.slips:
        if each.receipts >= LEAST_RECEIPTS and each.rule in RULES:
            field, told = FIELDS.get(each.rule), RULES[each.rule]
            yield Proposal(f"rule:{each.rule}", Kind.RULE, told if field else f"- {told}", _of(each), field=field)


def _names(found: Insight, shops: set[str]) -> Iterator[Proposal]:
    evidence = _together([each for each in found.misread_names if each.shop in shops])
    if evidence.receipts >= LEAST_RECEIPTS:
        yield Proposal("names", Kind.NAMES, PARAGRAPHS[NAMES], evidence)


def _examples(found: Insight) -> Iterator[Proposal]:
    evidence = _together(found.misread_names)
    lines = list(_lines(found))[:MOST_EXAMPLES]
    if evidence.receipts >= LEAST_RECEIPTS and lines:
        yield Proposal("examples", Kind.EXAMPLES, PARAGRAPHS[EXAMPLES], evidence, lines)


def _in_names(found: Insight) -> list[Confusion]:
    return [each for each in found.words if any(one.field == "item.name" for one in each.examples)]


def _lines(found: Insight) -> Iterator[Mapping[str, str]]:
    """One line for each name that was misread, with the shop it is of where all of them are of one."""
    told = set[tuple[str, str]]()
    for each in _in_names(found):
        shop = next(iter(each.shops)) if len(each.shops) == 1 else ""
        for one in each.examples:
            if one.field == "item.name" and (one.read, one.right) not in told:
                told.add((one.read, one.right))
                yield {"shop": shop, "read": one.read, "right": one.right}


def _together(found: Sequence[MisreadNames]) -> Evidence:
    """The evidence of several shops. A receipt is of one of them, so it counts once and is one example."""
    examples = [one for each in found[:3] for one in each.examples[:2]]
    count, receipts = sum(each.count for each in found), sum(each.receipts for each in found)
    return Evidence(count, receipts, {each.shop: each.count for each in found}, examples)


def _of(found: Confusion | SlipFound) -> Evidence:
    return Evidence(found.count, found.receipts, found.shops, found.examples)


def _is_said(proposal: Proposal, text: str) -> bool:
    """Whether the prompt says it already: a pair of look-alikes in whatever words, everything else to the letter."""
    if proposal.kind is Kind.LOOK_ALIKE:
        right, read = pair_of(proposal)
        return f"- `{right}` / `{read}`:" in text or f"- `{read}` / `{right}`:" in text
    if proposal.kind is Kind.RULE:
        return proposal.text.removeprefix("- ") in text
    return f"{{{{{proposal.kind}}}}}" in text


def pair_of(proposal: Proposal) -> list[str]:
    """Of look-alikes the right syllable and the one that it was read as."""
    return proposal.key.removeprefix("look_alike:").split(">")


def plain(text: str) -> str:
    """A name from paper on one line, without the signs that would end its quotes or make a placeholder."""
    return " ".join(text.replace("`", "'").replace("{", "(").replace("}", ")").split())
