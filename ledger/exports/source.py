"""What every form of export is made from: the pairs that were wanted, how they are masked, shown and asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ledger.database import Database
from ledger.exports.masking import Masking
from ledger.exports.pictures import Pictures
from ledger.exports.wanted import Wanted, wanted_pairs
from ledger.extraction.answer import ANSWER_SCHEMA
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.pictures.sight import Sight
from ledger.extraction.request import request_body
from ledger.prompts.offers import offer
from ledger.prompts.versions import PromptVersion
from ledger.receipt import Receipt, to_contract
from ledger.review.pairs import Pair

FEWEST_EXAMPLES: Final = 10
"""Examples that fine-tuning takes at least."""

Piece = tuple[str, bytes]
"""What a file is called after its stem, as in `.jsonl` or `-2.jsonl`, and the next bytes of it. A file is whole before
the next one begins."""


@dataclass(slots=True)
class Source:
    """One export. `file` is what its main file is called; others have their own ending in place of its."""

    database: Database
    wanted: Wanted
    masking: Masking
    pictures: Pictures
    settings: ReadingSettings
    """What a model is asked with now, as it is sent."""
    prompt: PromptVersion
    to_openai: bool = True
    file: str = "export"
    notes: list[str] = field(default_factory=list)
    """What has to be said of the files once they are there."""
    progress: Callable[[int], object] = lambda _receipts: None
    """Told at each receipt how many there were."""
    receipts: int = 0
    """How many there were so far."""

    def pairs(self) -> Iterator[Pair]:
        """The pairs that were wanted, counted. Raises DatabaseError."""
        for pair in wanted_pairs(self.database, self.wanted):
            self.receipts += 1
            self.progress(self.receipts)
            yield pair

    def body(self, pair: Pair) -> dict[str, Any] | None:
        """The request that a reading of this receipt would be now; None where its picture has to be left out."""
        sight = self.pictures.shown(pair)
        if sight is None:
            return None
        body = self.asked(sight)
        if not self.pictures.embedded:
            _address(body, self.pictures.address(pair))
        return body

    def asked(self, sight: Sight) -> dict[str, Any]:
        """The request for what is shown in this way."""
        # Names and examples are chosen by what OCR sees on a photo; it looks at none here, so nothing is offered.
        prompt = replace(self.prompt, text=offer(self.prompt).words)
        return request_body(self.settings, prompt, sight, to_openai=self.to_openai)

    def answer(self, receipt: Receipt) -> str:
        """The receipt as a model would have answered it, masked: the text of an assistant's message."""
        return answer_text(self.masking.receipt(receipt))


def answer_text(receipt: Receipt) -> str:
    """A receipt in the form that the schema asks for, its fields in the schema's order."""
    document = to_contract(receipt) | {"currency": receipt.currency}
    return json.dumps({name: document[name] for name in ANSWER_SCHEMA["properties"]}, ensure_ascii=False)


def line(document: Any) -> bytes:
    """One line of JSON. Half of a surrogate pair, which no UTF-8 has, becomes a question mark."""
    return f"{json.dumps(document, ensure_ascii=False)}\n".encode(errors="replace")


def assistant(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def _address(body: dict[str, Any], url: str) -> None:
    for part in body["messages"][-1]["content"]:
        if part["type"] == "image_url":
            part["image_url"]["url"] = url
