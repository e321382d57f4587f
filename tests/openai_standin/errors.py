"""The API's way of refusing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(eq=False)
class ApiError(Exception):
    """An error as the API words it."""

    message: str
    param: str | None = None
    code: str | int | None = None
    status: int = 400
    type: str = "invalid_request_error"
    shape: Literal["inside", "top", "text"] = "inside"
    """Where the body has it: under `error` (OpenAI), at its top (vLLM), or `error` is the message (LM Studio)."""
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        details = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        match self.shape:
            case "top":
                return {"object": "error", **details}
            case "text":
                return {"error": self.message}
        return {"error": details}


def check_key(authorization: str | None, key: str) -> None:
    """Raise what the API says to a caller without the right key."""
    if not authorization or not authorization.removeprefix("Bearer ").strip():
        raise ApiError(
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer"
            " auth (i.e. Authorization: Bearer YOUR_KEY).",
            status=401,
        )
    given = authorization.removeprefix("Bearer ")
    if given != key:
        shown = f"{given[:3]}{'*' * 8}{given[-4:]}"
        raise ApiError(
            f"Incorrect API key provided: {shown}. You can find your API key at"
            " https://platform.openai.com/account/api-keys.",
            code="invalid_api_key",
            status=401,
        )
