"""Requests as the tests make them: small ones, changed by a test in what it is about."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any, Final

from PIL import Image

PHOTOS: Final = Path(__file__).parents[2] / "samples" / "photos"


def picture(kind: str = "JPEG", size: tuple[int, int] = (32, 32)) -> bytes:
    """A white picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def url_of(data: bytes, mime: str = "image/jpeg") -> str:
    """The picture as a data URL."""
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


def request(*urls: str, **changes: Any) -> dict[str, Any]:
    """The body of a request about pictures, a white one unless others are given."""
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls or (url_of(picture()),)]
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": parts}]} | changes


def with_schema(schema: dict[str, Any], *, strict: bool = True) -> dict[str, Any]:
    """A response format."""
    return {"type": "json_schema", "json_schema": {"name": "r", "strict": strict, "schema": schema}}


def object_of(**properties: Any) -> dict[str, Any]:
    """A strict schema of an object."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def sample(name: str) -> tuple[bytes, dict[str, Any]]:
    """A sample photo and its receipt."""
    receipt = json.loads((PHOTOS / f"{name}.json").read_text(encoding="utf-8"))
    return (PHOTOS / f"{name}.jpg").read_bytes(), receipt
