"""The pictures in a request, and the API's words for those it cannot look at."""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image

from tests.openai_standin.errors import ApiError

IMAGE_FORMATS: Final = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif", "WEBP": "webp"}
_DATA_URL: Final = re.compile(r"data:([^;,]*);base64,(.*)", re.DOTALL)


@dataclass(frozen=True)
class Attached:
    """A picture in a request, as it was given: any of it may be nonsense."""

    where: str
    url: Any
    detail: Any


def picture_urls(body: dict[str, Any]) -> Iterator[Attached]:
    """Every picture in the request, in its order."""
    for i, message in enumerate(body["messages"]):
        content = message.get("content")
        for j, part in enumerate(content if isinstance(content, list) else []):
            if part.get("type") == "image_url":
                given = part.get("image_url") or {}
                yield Attached(f"messages[{i}].content[{j}].image_url.url", given.get("url"), given.get("detail"))


def decode_picture(url: object, where: str = "image_url.url") -> bytes:
    """The bytes of a data URL. Raises what the API says to one that it cannot look at."""
    match = _DATA_URL.fullmatch(url) if isinstance(url, str) else None
    if match is None:
        raise ApiError(f"Invalid image URL: '{where}'. Expected a valid URL, but got a value with an invalid format.")
    expected = (
        f"Invalid image URL: '{where}'. Expected a base64-encoded data URL with an image MIME type"
        " (e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), but got "
    )
    if match[1] not in {f"image/{name}" for name in IMAGE_FORMATS.values()}:
        raise ApiError(f"{expected}unsupported MIME type '{match[1]}'.", where, "invalid_value")
    if not match[2]:
        raise ApiError(f"{expected}empty base64-encoded bytes.", where, "invalid_value")
    try:
        data = base64.b64decode(match[2], validate=True)
    except binascii.Error:
        raise ApiError(f"{expected}an invalid base64-encoded value.", where, "invalid_value") from None
    _look_at(data)
    return data


def _look_at(data: bytes) -> None:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            kind = picture.format
    except (OSError, SyntaxError, ValueError):
        message = "You uploaded an unsupported image. Please make sure your image is valid."
        raise ApiError(message, code="image_parse_error") from None
    if kind not in IMAGE_FORMATS:
        raise ApiError(
            "You uploaded an unsupported image. Please make sure your image has of one the following formats:"
            " ['png', 'jpeg', 'gif', 'webp'].",
            code="invalid_image_format",
        )
