"""The bodies that the stand-in answers with: completions with tokens and usage, and the list of models."""

from __future__ import annotations

import io
import json
import re
import time
import uuid
from collections.abc import Mapping
from typing import Any, Final

from PIL import Image

from tests.openai_standin.pictures import decode_picture, picture_urls
from tests.openai_standin.rules import REASONS, SAMPLES_FREELY

SAMPLE: Final[dict[str, Any]] = {
    "date": "2024-11-11",
    "location": "경기 하남시 미사강변로 231, 멍멍 애견카페",
    "items": [
        {"name": "감자 간식", "price": 13500, "count": 3, "category": "식비"},
        {"name": "장난감", "price": 8000, "count": 1, "category": "용품"},
    ],
    "total_amount": 21500,
}

LOOK_ALIKES: Final = {"감": "검금", "검": "감금", "금": "감검", "자": "차저", "개": "게가", "닭": "닥달"}
_SPLIT_SYLLABLES: Final = frozenset("뼈닭찹쌀떡햇캣츄")
"""Syllables that o200k_base spreads over two tokens."""
_TOKEN: Final = re.compile(r"[0-9]{1,3}| ?[A-Za-z_]+|\s+|.", re.DOTALL)
_SURE, _TORN = -0.0001, -0.6


def tokens(text: str) -> list[bytes]:
    """The text in pieces, roughly as a model writes it. Some Hangul syllables lie across two pieces, as in o200k."""
    pieces: list[bytes] = []
    for match in _TOKEN.finditer(text):
        raw = match[0].encode()
        pieces.extend([raw[:2], raw[2:]] if match[0] in _SPLIT_SYLLABLES else [raw])
    return pieces


def as_answered(receipt: Mapping[str, Any]) -> str:
    """The receipt with its fields in the order of the schema."""
    first = {"date": receipt["date"], "location": receipt["location"], "currency": receipt.get("currency", "KRW")}
    return json.dumps({**first, **receipt}, ensure_ascii=False, separators=(",", ":"))


def completion(
    body: dict[str, Any], content: str | None = None, finish: str = "stop", refusal: str | None = None
) -> dict[str, Any]:
    """The body of HTTP 200 to this request."""
    message = {"role": "assistant", "content": content, "refusal": refusal, "annotations": []}
    pieces = tokens(content or refusal or "")
    logprobs = None
    if body.get("logprobs"):
        part = "content" if refusal is None else "refusal"
        logprobs = {"content": None, "refusal": None}
        logprobs[part] = [_logprob(piece, body.get("top_logprobs") or 0) for piece in pieces]
    choice = {"index": 0, "message": message, "logprobs": logprobs, "finish_reason": finish}
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": {"gpt-4o": "gpt-4o-2024-08-06"}.get(body["model"], body["model"]),
        "choices": [{**choice, "index": i} for i in range(body.get("n") or 1)],
        "usage": _usage(body, len(pieces) * (body.get("n") or 1)),
        "service_tier": "default",
        "system_fingerprint": "fp_standin",
    }


def _logprob(piece: bytes, alternatives: int) -> dict[str, Any]:
    others = LOOK_ALIKES.get(piece.decode(errors="replace"), "")
    best = _TORN if others else _SURE
    tops = [(piece, best), *((other.encode(), best - 0.5 * rank) for rank, other in enumerate(others, 1))]
    entry = _token(piece, best)
    entry["top_logprobs"] = [_token(raw, logprob) for raw, logprob in tops[:alternatives]]
    return entry


def _token(raw: bytes, logprob: float) -> dict[str, Any]:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = "".join(f"\\x{byte:02x}" for byte in raw)  # so the API spells a piece of a character
    return {"token": text, "logprob": logprob, "bytes": list(raw)}


def _usage(body: dict[str, Any], written: int) -> dict[str, Any]:
    texts = [message["content"] for message in body["messages"] if isinstance(message["content"], str)]
    prompt = sum(len(tokens(text)) for text in texts) + sum(_image_tokens(url) for _, url in picture_urls(body))
    return {
        "prompt_tokens": prompt,
        "completion_tokens": written,
        "total_tokens": prompt + written,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


def _image_tokens(url: str) -> int:
    """GPT-4o's rule for high detail: fit into 2048 x 2048, shorter side to 768, 85 and 170 for each tile of 512."""
    with Image.open(io.BytesIO(decode_picture(url))) as picture:
        width, height = picture.size
    fit = min(1.0, 2048 / max(width, height))
    fit *= min(1.0, 768 / (min(width, height) * fit))
    columns, rows = (-(-round(side * fit) // 512) for side in (width, height))
    return 85 + 170 * columns * rows


def models() -> dict[str, Any]:
    """The list of models. Those that sample freely have their end announced, as OpenAI has announced it."""
    common = {"object": "model", "created": 1715367049, "owned_by": "system"}
    ends = dict.fromkeys(SAMPLES_FREELY, "2027-01-14")
    entries = [{"id": name, **common, "shutdown_date": ends.get(name)} for name in sorted(SAMPLES_FREELY | REASONS)]
    return {"object": "list", "data": entries}
