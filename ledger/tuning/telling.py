"""What a model is told of corrections that it is to draft a change from: a line of JSON for each thing. Pure.

What was read and what stands on paper is material, and may say anything. JSON keeps it in its quotes; it is short,
without signs that would end a tag, and masked. What happened on few receipts is not told at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from ledger.tuning.examples import Example
from ledger.tuning.insight import Insight
from ledger.tuning.proposals import LEAST_RECEIPTS, plain
from ledger.tuning.slips import RULES
from ledger.tuning.tallies import Confusion, SlipFound

Mask = Callable[[str], str]
"""Hides what belongs to people in a text."""

MOST_CONFUSIONS: Final = 20
"""Syllables, and words, that are told, the most frequent ones."""
MOST_LINES: Final = 40
"""Corrected lines that are told."""
LONGEST_TEXT: Final = 60
"""Characters of a text from paper: most names are shorter, and few instructions are."""

_EXAMPLES_EACH: Final = 3
_ESCAPED: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e"})


def told(found: Insight, mask: Mask) -> list[str]:
    """Lines of JSON, the most general ones first; none where nothing was corrected often enough."""
    syllables = list(islice(filter(_tells, found.syllables), MOST_CONFUSIONS))
    words = [each for each in found.words if _tells(each) and _is_shown(each, mask)][:MOST_CONFUSIONS]
    slips = list(filter(_tells, found.slips))
    if not (syllables or words or slips):
        return []
    telling: list[Confusion | SlipFound] = [*slips, *words, *syllables]
    examples = [one for each in telling for one in each.examples[:_EXAMPLES_EACH]]
    facts = (
        *_fields(found),
        *(_confusion("syllable", each) for each in syllables),
        *(_confusion("word", each) for each in words),
        *({"kind": "slip", "rule": RULES[each.rule], **_counted(each)} for each in slips),
        *islice(_lines(examples, mask), MOST_LINES),
    )
    return [json.dumps(fact, ensure_ascii=False).translate(_ESCAPED) for fact in facts]


def _tells(found: Confusion | SlipFound) -> bool:
    return found.receipts >= LEAST_RECEIPTS


def _is_shown(word: Confusion, mask: Mask) -> bool:
    """Whether nothing of a word is hidden in any line that it stands in: alone it does not look like a name."""
    lines = ((mask(str(one.right)), mask(str(one.read))) for one in word.examples)
    return all(word.right in "".join(right.split()) and word.read in "".join(read.split()) for right, read in lines)


def _fields(found: Insight) -> Iterator[dict[str, Any]]:
    for name, rate in found.fields.items():
        if rate.hits >= LEAST_RECEIPTS:
            yield {"kind": "field", "field": name, "receipts": rate.cases, "corrected": rate.hits}


def _confusion(kind: str, found: Confusion) -> dict[str, Any]:
    return {"kind": kind, "printed": _short(found.right), "read": _short(found.read), **_counted(found)}


def _counted(found: Confusion | SlipFound) -> dict[str, int]:
    return {"corrections": found.count, "receipts": found.receipts}


def _lines(examples: Sequence[Example], mask: Mask) -> Iterator[dict[str, Any]]:
    """Each corrected line once."""
    seen = set[str]()
    for one in examples:
        line = {"kind": "line", "field": one.field, "printed": _shown(one.right, mask), "read": _shown(one.read, mask)}
        if (key := json.dumps(line)) not in seen:
            seen.add(key)
            yield line


def _shown(value: Any, mask: Mask) -> Any:
    """A value of a correction: a text, a number, an item, or nothing."""
    if isinstance(value, Mapping):
        return {name: _shown(part, mask) for name, part in value.items()}
    return _short(mask(value)) if isinstance(value, str) else value


def _short(text: str) -> str:
    text = plain(text)
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
