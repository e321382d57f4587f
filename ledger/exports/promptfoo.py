"""Tests for promptfoo: one a receipt, with a prompt and a configuration to begin with.

promptfoo fills {{blanks}} of every text with Nunjucks, which can also run code. What was read off a photo must reach it
as letters and nothing else, so opening braces are spelt in another way, see `_inert`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, Final

from ledger.exports.source import Piece, Source, answer_text, line
from ledger.extraction.pictures.sight import Part, Sight
from ledger.review.pairs import Pair

TESTS: Final = ".jsonl"
CONFIG: Final = ".config.json"
PROMPT: Final = ".prompt.json"

_COMPARED: Final = """
const read = typeof output === 'string' ? JSON.parse(output) : output;
const told = JSON.parse(context.vars.expected);
const flat = (receipt, field) => JSON.stringify(field !== 'items' ? receipt[field]
  : receipt.items.map((item) => [item.name, item.price, item.count, item.category]));
const fields = Object.keys(told);
const wrong = fields.filter((field) => flat(read, field) !== flat(told, field));
return {
  pass: wrong.length === 0,
  score: 1 - wrong.length / fields.length,
  reason: wrong.map((field) => field + ': ' + flat(read, field)).join(', ') || 'as it was confirmed',
};
""".strip()
"""Each field counts the same, the items all together."""

_LETTERS: Final = re.compile(r"\{(?=[%#])")
"""A brace of a schema note that would open a statement or a comment; a blank may stand in none of them."""
_OPENING: Final = re.compile(r"\{(?=[{%#])")


def promptfoo_tests(source: Source) -> Iterator[Piece]:
    """A test for each receipt: its picture, what was confirmed, and how an answer is compared with that."""
    yield PROMPT, _prompt(source)
    yield CONFIG, _config(source)
    for pair in source.pairs():
        picture = _picture(source, pair)
        if picture is not None:
            yield TESTS, line(_test(source, pair, picture))


def _picture(source: Source, pair: Pair) -> str | None:
    """A file is named to promptfoo as `file://` and its path as it is, which is no address to others."""
    found = source.pictures.whole(pair)
    return f"file://{source.pictures.path(pair)}" if found and found.startswith("file://") else found


def _test(source: Source, pair: Pair, picture: str) -> dict[str, Any]:
    expected = answer_text(source.masking.receipt(pair.confirmed))
    return {
        "description": f"receipt {pair.receipt_id}",
        "vars": {"image": picture.replace("{", "%7B"), "expected": _inert(expected)},
        "assert": [{"type": "is-json"}, {"type": "javascript", "value": _COMPARED}],
        "metadata": {"receipt_id": pair.receipt_id, "shop": source.masking.shop(pair.shop)},
    }


def _inert(document: str) -> str:
    """The same JSON; two signs that open a blank stand together only inside its texts."""
    return _OPENING.sub(r"\\u007b", document)


def _config(source: Source) -> bytes:
    body = source.asked(Sight((Part(b"", 0, 0, (0, 0, 0, 0)),), 0))
    of_request = {name: value for name, value in body.items() if name not in ("model", "messages", "store")}
    stem = PurePath(source.file).stem
    config = {
        "description": "Receipts, as people confirmed them",
        "prompts": [f"file://{stem}{PROMPT}"],
        "providers": [{"id": f"openai:chat:{source.settings.model}", "config": of_request}],
        "tests": f"file://{source.file}",
    }
    return _LETTERS.sub(r"{{ '{' }}", json.dumps(config, ensure_ascii=False, indent=2)).encode()


def _prompt(source: Source) -> bytes:
    """The messages with the picture as a blank; the words of the prompt are no template to promptfoo."""
    system, user = source.asked(Sight((Part(b"", 0, 0, (0, 0, 0, 0)),), 0))["messages"]
    user["content"][-1]["image_url"]["url"] = "{{image}}"
    # What could end the raw part stands outside of it.
    words = system["content"].replace("{%", "{% endraw %}{{ '{%' }}{% raw %}")
    system["content"] = f"{{% raw %}}{words}{{% endraw %}}"
    return json.dumps([system, user], ensure_ascii=False, indent=2).encode()
