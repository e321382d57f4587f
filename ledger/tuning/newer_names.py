"""What has changed in the lexicon since a prompt froze it: names that it would offer now, and no longer would. Pure.

How often a name was confirmed grows with each receipt and changes nothing by itself; only what is offered counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger.prompts.offers import offered_names

_DIGITS: Final = 8
_NO_SHOP: Final[Mapping[str, Any]] = {"names": ()}


@dataclass(frozen=True, slots=True)
class NewerNames:
    """The lexicon of today beside the frozen one."""

    state: str
    """Of what is offered now: whoever does not want it is asked again when that is something else."""
    shops: Sequence[str]
    """Keys of those of which something would be offered in another way."""
    came: Sequence[str]
    gone: Sequence[str]


def newer_names(frozen: Mapping[str, Any] | None, now: Mapping[str, Any]) -> NewerNames | None:
    """What the lexicon `now` would change for a prompt with the `frozen` one; None where it is the same."""
    old, new = _shops(frozen), _shops(now)
    shops = [key for key in sorted({*old, *new}) if _told(old, key) != _told(new, key)]
    if not shops:
        return None
    return NewerNames(_state(new), shops, _missing(new, old, shops), _missing(old, new, shops))


def _shops(lexicon: Mapping[str, Any] | None) -> Mapping[str, Any]:
    shops: Mapping[str, Any] = (lexicon or {}).get("shops", {})
    return shops


def _told(shops: Mapping[str, Any], key: str) -> list[Any] | None:
    """What a prompt has of a shop, in an order that says nothing."""
    shop = shops.get(key)
    return shop and [shop["name"], sorted(shop.get("aliases", ())), sorted(offered_names(shop))]


def _missing(of: Mapping[str, Any], there: Mapping[str, Any], shops: Iterable[str]) -> list[str]:
    """Names that one lexicon offers in some shops and the other does not."""
    found = list[str]()
    for key in shops:
        known = set(offered_names(there.get(key, _NO_SHOP)))
        found += [name for name in offered_names(of.get(key, _NO_SHOP)) if name not in known]
    return found


def _state(shops: Mapping[str, Any]) -> str:
    told = json.dumps([[key, _told(shops, key)] for key in sorted(shops)], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:_DIGITS]
