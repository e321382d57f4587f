"""What a prompt offers for one photo: names of the shop that OCR recognised in it, and slips like what is there. Pure.

OCR on this machine misreads as well, so a shop is also recognised by a name that is nearly the same; and what is
offered is a hint, the model decides with the picture before it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from rapidfuzz import fuzz, process

from ledger.corrections.hangul import differences, jamo
from ledger.prompts.placeholders import EXAMPLES, NAMES, SHOP, asked_for, filled
from ledger.prompts.versions import PromptVersion

MOST_NAMES: Final = 30
"""Names of a shop that are offered, those confirmed most often."""
MOST_EXAMPLES: Final = 8
LIKE: Final = 0.4
"""Most of an example's jamo that may differ from a line, where it comes from another shop."""
_SHORTEST: Final = 3
"""Signs from which on a shop is looked for within a line; a shorter name has to be the whole of it."""
_SURE: Final = 88
"""Of 100: how like a line's jamo those of a shop's name are where OCR has misread a letter of it."""
_SURE_FROM: Final = 8
"""Jamo that a name needs for that."""
_SLACK: Final = 2
"""Jamo that a line may have lost of it."""

_AMOUNTS: Final = re.compile(r"[\d\s.,:;*#₩$%()+-]+$")
_NAMES: Final = (
    "이 가게의 영수증에서 확인된 품목 이름: {names}\n"
    "모양이 비슷한 글자 가운데 어느 것인지 확신이 없을 때에만 이 이름들을 먼저 고려합니다. 이 가운데 인쇄되어 있지 않은"
    " 이름은 절대 적지 않으며, 여기에 없는 이름도 인쇄된 그대로 적습니다."
)
"""If unsure between look-alikes prefer these; never write one that is not printed, and others as they are printed."""
_EXAMPLES: Final = "전에 이렇게 잘못 읽은 적이 있으니 글자를 하나씩 확인합니다:\n{examples}"
_EXAMPLE: Final = "- 인쇄된 이름 `{right}`, 잘못 읽은 이름 `{read}`"


@dataclass(frozen=True, slots=True)
class Offer:
    """A prompt's words for one photo, and what of them is for this photo alone."""

    words: str
    offered: dict[str, Any] | None = None
    """As it is stored with the run: shop, names, examples; None from a prompt that offers nothing to any photo."""


def offer(prompt: PromptVersion, lines: Sequence[str] = ()) -> Offer:
    """The words of the prompt for a photo on which OCR saw these lines; without lines nothing is offered."""
    wanted = asked_for(prompt.text)
    if not wanted:
        return Offer(prompt.text)
    shops: Mapping[str, Any] = (prompt.lexicon or {}).get("shops", {})
    key = recognised(shops, lines)
    shop: Mapping[str, Any] = shops[key] if key is not None else {"name": "", "names": []}
    names = offered_names(shop) if NAMES in wanted else []
    examples = similar_examples(prompt.examples, key, lines) if EXAMPLES in wanted else []
    values = {SHOP: _quoted(shop["name"]), NAMES: _told_names(names), EXAMPLES: _told_examples(examples)}
    return Offer(filled(prompt.text, values), {"shop": key, "names": names, "examples": examples})


def recognised(shops: Mapping[str, Any], lines: Sequence[str]) -> str | None:
    """The key of the shop whose name or alias stands in the lines, the longest if several do."""
    calls = sorted(_calls(shops), key=lambda call: (-len(call[0]), call))
    seen = [signs for line in lines if (signs := _signs(line))]
    for name, key in calls:
        if any(name == line or (len(name) >= _SHORTEST and name in line) for line in seen):
            return key
    return _nearly(calls, seen)


def offered_names(shop: Mapping[str, Any]) -> list[str]:
    """The shop's names that are offered, the most frequent first."""
    by_times = sorted(shop["names"], key=lambda name: (-name[1], name[0]))
    return [_plain(name) for name, _ in by_times[:MOST_NAMES]]


def similar_examples(
    examples: Sequence[Mapping[str, Any]], shop: str | None, lines: Sequence[str]
) -> list[dict[str, str]]:
    """The examples that are shown: of this shop first, then of others what is like a line; the most similar first."""
    told = [text for line in lines if (text := _AMOUNTS.sub("", line))]
    if not told or not examples:
        return []
    apart = [differences([str(one[side]) for one in examples], told).min(axis=1) for side in ("read", "right")]
    distance = np.minimum(*apart)
    own = [shop is not None and one.get("shop") == shop for one in examples]
    order = sorted(range(len(examples)), key=lambda index: (not own[index], distance[index], index))
    fitting = (examples[index] for index in order if own[index] or distance[index] <= LIKE)
    pairs = dict.fromkeys((_plain(one["read"]), _plain(one["right"])) for one in fitting)
    return [{"read": read, "right": right} for read, right in list(pairs)[:MOST_EXAMPLES]]


def _calls(shops: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What each shop is called, with its key; of an address with a name, the name."""
    for key, shop in shops.items():
        for called in (key, shop["name"], *shop.get("aliases", ())):
            if len(signs := _signs(called.rpartition(",")[2]) or _signs(called)) > 1:
                yield signs, key


def _nearly(calls: Sequence[tuple[str, str]], seen: Sequence[str]) -> str | None:
    names = [(apart, key) for name, key in calls if len(apart := jamo(name)) >= _SURE_FROM]
    lines = [apart for line in seen if len(apart := jamo(line)) >= _SURE_FROM]
    if not names or not lines:
        return None
    ratios = process.cdist([name for name, _ in names], lines, scorer=fuzz.partial_ratio, score_cutoff=_SURE)
    # In a line shorter than the name the line would be looked for in the name, and that says little.
    name_lengths, line_lengths = (np.array([len(text) for text in texts]) for texts in ([n for n, _ in names], lines))
    best = (ratios * (line_lengths[None, :] >= name_lengths[:, None] - _SLACK)).max(axis=1)
    return names[int(best.argmax())][1] if best.max() >= _SURE else None


def _signs(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def _plain(text: str) -> str:
    """A name on one line, without the signs that would end its quotes: it comes from paper, and is no instruction."""
    return " ".join(text.replace("`", "'").split())


def _quoted(text: str) -> str:
    return f"`{_plain(text)}`" if text else ""


def _told_names(names: Sequence[str]) -> str:
    return _NAMES.format(names=", ".join(map(_quoted, names))) if names else ""


def _told_examples(examples: Sequence[Mapping[str, str]]) -> str:
    return _EXAMPLES.format(examples="\n".join(_EXAMPLE.format(**one) for one in examples)) if examples else ""
