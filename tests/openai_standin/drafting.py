"""A request for changes of a prompt: text alone, with its corrections as lines of JSON; and what is answered.

The model minds the syllables that were misread most often. Everything else a test has it say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from tests.openai_standin.errors import ApiError
from tests.openai_standin.pictures import picture_urls

NAME: Final = "prompt_edits"
_TAGGED: Final = re.compile(r"\A<prompt>\n(.+)\n</prompt>\n\n<corrections>\n(.+)\n</corrections>\Z", re.DOTALL)


def asks_for_edits(body: dict[str, Any]) -> bool:
    """Whether it is such a request: by its schema, or where a server has none by the schema in its words."""
    wanted = body.get("response_format") or {}
    if wanted.get("type") == "json_schema":
        return (wanted.get("json_schema") or {}).get("name") == NAME
    return '"edits"' in json.dumps(body["messages"][0], ensure_ascii=False).replace('\\"', '"')


def check_edits(body: dict[str, Any]) -> None:
    """Raise, by rules of our own, what is not to be in such a request, if it is one."""
    if not asks_for_edits(body):
        return
    if next(picture_urls(body), None) is not None:
        raise ApiError("The stand-in drafts from words, and there is a picture in this request.", "messages")
    wanted = body.get("response_format") or {}
    if wanted.get("type") == "json_schema" and wanted["json_schema"].get("strict") is not True:
        raise ApiError("The stand-in drafts by a strict schema alone.", "response_format")
    for line in _lines(body):
        if not isinstance(line, dict) or "kind" not in line:
            raise ApiError("The stand-in drafts from lines of JSON, each with its kind.", "messages")


def edits(body: dict[str, Any]) -> str:
    """The answer: one section more, which minds the first syllables of the corrections."""
    found = next((line for line in _lines(body) if line["kind"] == "syllable"), None)
    if found is None:
        return json.dumps({"edits": []})
    printed, read = found["printed"], found["read"]
    edit = {
        "why": f"{printed}이 {read}으로 읽혀 영수증 {found['receipts']}건에서 정정되었습니다.",
        "find": "",
        "replace": f"# 헷갈리는 글자\n\n- `{printed}` / `{read}`: 어느 쪽이 인쇄되어 있는지 다시 확인합니다.",
    }
    return json.dumps({"edits": [edit]}, ensure_ascii=False)


def _lines(body: dict[str, Any]) -> Iterator[Any]:
    tagged = _TAGGED.match(str(body["messages"][-1].get("content")))
    if tagged is None:
        raise ApiError("The stand-in drafts from a prompt and its corrections, each in its tags.", "messages")
    for line in tagged[2].split("\n"):
        try:
            yield json.loads(line)
        except ValueError:
            yield None
