"""What a model is asked for beside receipts: a task in words, and its answer as JSON of a form of its own. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.errors import AnswerEmpty, AnswerNotJson
from ledger.extraction.extractor import ReadingSettings, Usage
from ledger.extraction.request import form, given, in_words


@dataclass(frozen=True, slots=True)
class Task:
    """What is said to the model, and the schema that its answer is held to; `name` is what the service knows it by."""

    name: str
    schema: Mapping[str, Any]
    instruction: str
    """What is to be done. It is the same each time."""
    material: str
    """What it is to be done with."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model wrote to a task, and what that took."""

    document: Any
    """The JSON of the answer, of whatever shape it is."""
    model: str
    """What answered, as the service tells it."""
    usage: Usage


def task_body(task: Task, settings: ReadingSettings, *, to_openai: bool) -> dict[str, Any]:
    """The request for one answer. What is None among the settings is not sent."""
    is_strict = settings.answer_format == "json_schema"
    return given(
        {
            "model": settings.model,
            "messages": [
                {"role": "system", "content": task.instruction + ("" if is_strict else in_words(task.schema))},
                {"role": "user", "content": task.material},
            ],
            "response_format": form(task.name, task.schema, settings.answer_format),
            "temperature": settings.temperature,
            "reasoning_effort": settings.reasoning_effort,
            "max_completion_tokens": settings.max_completion_tokens,
            "store": False if to_openai else None,  # what was corrected is personal data as receipts are
        }
    )


def document_in(text: str) -> Any:
    """The JSON that a model wrote. Raises AnswerEmpty or AnswerNotJson."""
    if not text.strip():
        raise AnswerEmpty
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise AnswerNotJson(why=str(exc)) from exc
