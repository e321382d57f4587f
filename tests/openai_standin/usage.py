"""Tokens as the API counts them: texts, pictures by the model's own rule, what was in the cache, what was thought.

Rules: OpenAI, "Images and vision", calculating costs; "Prompt caching" (1024 tokens at least, then steps of 128, an
exact beginning; pictures and the schema belong to it).
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import threading
from typing import Any, Final

from PIL import Image

from tests.openai_standin.models import Model, Patches, Tiles, model_of
from tests.openai_standin.pictures import Attached, decode_picture, picture_urls
from tests.openai_standin.tokens import count, tokens

_LEAST_CACHED: Final = 1024
_STEP: Final = 128
_AROUND_A_MESSAGE: Final = 3
THOUGHT: Final = {"minimal": 0, "low": 128, "medium": 384, "high": 1024, "xhigh": 2048, "max": 4096}
"""Tokens of reasoning by effort. The API counts them in steps of 64; how many there are is made up here."""


def image_tokens(model: Model, width: int, height: int, detail: str | None) -> int:
    """Tokens of one picture of this size in pixels."""
    if isinstance(model.sees, Tiles):
        return _tiles(model.sees, width, height, detail)
    return _patches(model.sees, width, height, detail)


def _tiles(sees: Tiles, width: int, height: int, detail: str | None) -> int:
    if detail == "low":
        return sees.base
    fit = min(1.0, 2048 / max(width, height))
    fit *= min(1.0, 768 / (min(width, height) * fit))
    columns, rows = (math.ceil(round(side * fit) / 512) for side in (width, height))
    return sees.base + sees.each * columns * rows


def _patches(sees: Patches, width: int, height: int, detail: str | None) -> int:
    longest = 512 if detail == "low" else sees.longest or max(width, height)
    fit = min(1.0, longest / max(width, height))
    patches = math.ceil(width * fit / 32) * math.ceil(height * fit / 32)
    return math.ceil(min(patches, sees.most or patches) * sees.tokens_each)


class Prompt:
    """The prompt of a request, as tokens in the order in which the cache compares them."""

    def __init__(self, body: dict[str, Any]) -> None:
        model = model_of(body["model"])
        schema = json.dumps(body.get("response_format") or {}, ensure_ascii=False)
        self._marks: list[bytes] = tokens(schema) if "json_schema" in schema else []
        self.image_tokens = 0
        pictures = picture_urls(body)
        for message in body["messages"]:
            content = message.get("content")
            self._marks += [b"<message>"] * _AROUND_A_MESSAGE
            for part in content if isinstance(content, list) else [{"type": "text", "text": content}]:
                if part.get("type") == "image_url":
                    self._add_picture(model, next(pictures))
                else:
                    self._marks += tokens(part["text"]) if isinstance(part.get("text"), str) else [b"?"] * count(part)

    def _add_picture(self, model: Model, picture: Attached) -> None:
        data = decode_picture(picture.url)
        with Image.open(io.BytesIO(data)) as opened:
            counted = image_tokens(model, *opened.size, picture.detail)
        self.image_tokens += counted
        self._marks += [hashlib.sha256(data + str(picture.detail).encode()).digest()] * counted

    def __len__(self) -> int:
        return len(self._marks)

    def beginnings(self) -> dict[int, bytes]:
        """What each beginning that can be cached looks like, by its length in tokens."""
        found, digest = {}, hashlib.sha256()
        for number, mark in enumerate(self._marks, 1):
            digest.update(mark)
            if number >= _LEAST_CACHED and number % _STEP == 0:
                found[number] = digest.digest()
        return found


class PromptCache:
    """Beginnings of prompts that were seen, per model and `prompt_cache_key`."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str | None, bytes]] = set()
        self._lock = threading.Lock()

    def cached(self, body: dict[str, Any], prompt: Prompt) -> int:
        """Tokens at the beginning of this prompt that came before; from now on all of it did."""
        whose = body["model"], body.get("prompt_cache_key")
        beginnings = {length: (*whose, looks) for length, looks in prompt.beginnings().items()}
        with self._lock:
            known = max((length for length, entry in beginnings.items() if entry in self._seen), default=0)
            self._seen.update(beginnings.values())
        return known


def thought(body: dict[str, Any]) -> int:
    """Tokens of reasoning before the answer to this request."""
    return THOUGHT.get(model_of(body["model"]).effort_of(body.get("reasoning_effort")), 0)


def usage(prompt: Prompt, cached: int, written: int, reasoning: int) -> dict[str, Any]:
    """The response's `usage`; `written` are the tokens of all choices, those of reasoning among them."""
    return {
        "prompt_tokens": len(prompt),
        "completion_tokens": written,
        "total_tokens": len(prompt) + written,
        "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0, "image_tokens": prompt.image_tokens},
        "completion_tokens_details": {"reasoning_tokens": reasoning, "audio_tokens": 0},
    }
