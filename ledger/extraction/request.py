"""What a model is sent: the prompt, the parts of the picture, and the settings, as a body of Chat Completions. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ledger.extraction.answer import answer_schema
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.pictures.sight import Part, Sight
from ledger.inbox.images import data_url
from ledger.prompts.versions import PromptVersion

_SCHEMA_IN_WORDS: Final = (
    "\n\n# 답의 형식\n\n답은 다음 JSON 스키마에 맞는 JSON 객체 하나이며, 그 밖의 말은 적지 않습니다."
    "\n\n```json\n{schema}\n```\n"
)
"""What the prompt ends with where the service does not hold the model to the schema by itself."""

_PART: Final = (
    "영수증이 길어 사진을 {parts}조각으로 나누었습니다. 조각 {number}/{parts}: 위에서 아래로 이어지고, 이웃한 조각은"
    " 서로 겹칩니다. 두 조각에 함께 보이는 줄은 한 번만 적습니다."
)
"""What stands before each part: which it is, that neighbours overlap, that each row is listed once."""


def request_body(
    settings: ReadingSettings, prompt: PromptVersion, sight: Sight, *, to_openai: bool = False, answers: int = 1
) -> dict[str, Any]:
    """The request for one reading, or for several of the same. What is None among the settings is not sent."""
    body = {
        "model": settings.model,
        # What never changes comes first: the service reuses its work on an equal beginning and bills it lower.
        "messages": [
            {"role": "system", "content": _words(prompt, settings)},
            {"role": "user", "content": _shown(sight, settings.detail)},
        ],
        "response_format": form("receipt", answer_schema(prompt.schema_notes), settings.answer_format),
        "temperature": settings.temperature,
        "reasoning_effort": settings.reasoning_effort,
        "n": answers if answers > 1 else None,
        "max_completion_tokens": settings.max_completion_tokens,
        **_probabilities(settings.logprobs),
        **(_openais_own(prompt) if to_openai else {}),
    }
    return given(body)


def _words(prompt: PromptVersion, settings: ReadingSettings) -> str:
    if settings.answer_format == "json_schema":
        return prompt.text
    return prompt.text + in_words(answer_schema(prompt.schema_notes))


def in_words(schema: Mapping[str, Any]) -> str:
    """What the words end with where the service does not hold the model to a schema by itself."""
    return _SCHEMA_IN_WORDS.format(schema=json.dumps(schema, ensure_ascii=False))


def form(name: str, schema: Mapping[str, Any], asked: str | None) -> dict[str, Any] | None:
    """`response_format`; a text needs none."""
    if asked == "json_schema":
        return {"type": asked, "json_schema": {"name": name, "strict": True, "schema": schema}}
    return {"type": asked} if asked == "json_object" else None


def _shown(sight: Sight, detail: str | None) -> list[dict[str, Any]]:
    if len(sight.parts) == 1:
        return [_picture(sight.parts[0], detail)]
    content = []
    for number, part in enumerate(sight.parts, 1):
        content.append({"type": "text", "text": _PART.format(number=number, parts=len(sight.parts))})
        content.append(_picture(part, detail))
    return content


def _picture(part: Part, detail: str | None) -> dict[str, Any]:
    return {"type": "image_url", "image_url": given({"url": data_url(part.jpeg, "image/jpeg"), "detail": detail})}


def _probabilities(runners_up: int | None) -> dict[str, Any]:
    """How sure the model was of each token, and what else it had in mind."""
    return {} if runners_up is None else {"logprobs": True, "top_logprobs": runners_up}


def _openais_own(prompt: PromptVersion) -> dict[str, Any]:
    """Arguments of OpenAI's that other servers refuse: they keep nothing, or have no such choice.

    A receipt is personal data, so it is not stored with the service. Readings with one prompt share its cache.
    """
    return {"store": False, "prompt_cache_key": prompt.version}


def given(values: dict[str, Any]) -> dict[str, Any]:
    """The values without those that are None: what is not sent is left to the service."""
    return {name: value for name, value in values.items() if value is not None}
