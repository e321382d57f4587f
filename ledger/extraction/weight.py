"""How many tokens a service takes for a request before it has answered. Pure.

It takes those of the prompt and all that the answer has room for. We estimate the former; what a picture counts is a
rule of the model.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from typing import Any, Final

from PIL import Image

from ledger.extraction.pictures import vision

_BYTES_A_TOKEN: Final = 3
"""A Hangul syllable has three bytes and is about one token; of Latin letters more fit into one."""
_BEGINNING: Final = 65_536
"""Characters of a picture's address that hold its size: our pictures begin with little else."""


def tokens_taken(body: Mapping[str, Any], sees: vision.Vision) -> int:
    """Tokens that this body of a request takes from the limit of a minute."""
    room = (body.get("max_completion_tokens") or 0) * (body.get("n") or 1)
    parts = [part for message in body["messages"] for part in _parts(message["content"])]
    pictures = [part["image_url"] for part in parts if part["type"] == "image_url"]
    texts = [part["text"] for part in parts if part["type"] == "text"]
    texts.append(json.dumps(body.get("response_format") or "", ensure_ascii=False))
    written = sum(len(text.encode()) for text in texts) // _BYTES_A_TOKEN
    return room + written + sum(_tokens(picture, sees) for picture in pictures)


def _parts(content: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _tokens(picture: Mapping[str, Any], sees: vision.Vision) -> int:
    data = picture["url"].partition(",")[2][:_BEGINNING]
    with Image.open(io.BytesIO(base64.b64decode(data))) as opened:
        return vision.tokens(sees, *opened.size, picture.get("detail"))
