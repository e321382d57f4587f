"""Accepted proposals as a prompt's text and schema notes: each goes where its kind belongs. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ledger.prompts.placeholders import PARAGRAPHS, with_paragraph
from ledger.tuning.proposals import Kind, Proposal

HEADINGS: Final = {Kind.LOOK_ALIKE: "# 헷갈리는 글자", Kind.RULE: "# 자주 틀리는 것"}
"""Sections that lines are added to, in the language of the prompt."""

_DYNAMIC: Final = re.compile(r"\n(?=# [^\n]*\n(?:(?!\n# )[\s\S])*?\{\{)")
"""Before the first section that a photo decides on: what stays the same comes first, so that its tokens are cached."""


def with_changes(text: str, accepted: Sequence[Proposal]) -> str:
    """The text with the accepted changes, lines first and what a photo decides last."""
    for each in accepted:
        if each.kind in HEADINGS and each.field is None:
            text = _with_line(text, HEADINGS[each.kind], each.text.strip())
    for each in accepted:
        if each.kind in PARAGRAPHS:
            text = with_paragraph(text, each.kind)
    return text


def with_schema_notes(notes: Mapping[str, str] | None, accepted: Sequence[Proposal]) -> dict[str, str]:
    """The schema notes with the accepted changes that are about one field, each after what is said of it already."""
    told = dict(notes or {})
    for each in accepted:
        if each.field is not None:
            told[each.field] = " ".join([*told.get(each.field, "").split(), each.text.strip()])
    return told


def as_changes(accepted: Sequence[Proposal]) -> list[dict[str, Any]]:
    """What is kept with the version: what was added, and what spoke for it."""
    return [
        {"key": each.key, "kind": each.kind.value, "field": each.field, "text": each.text}
        | {"evidence": each.evidence.as_json()}
        for each in accepted
    ]


def _with_line(text: str, heading: str, line: str) -> str:
    begin = text.find(f"{heading}\n")
    if begin < 0:
        return with_section(text, f"{heading}\n\n{line}\n")
    end = text.find("\n# ", begin + 1)
    section, rest = (text[begin:], "") if end < 0 else (text[begin:end], text[end:])
    return f"{text[:begin]}{section.rstrip()}\n{line}\n{rest}"


def with_section(text: str, section: str) -> str:
    """The text with one section more, before the first that a photo decides on."""
    if found := _DYNAMIC.search(text):
        return f"{text[: found.start()].rstrip()}\n\n{section}\n{text[found.end() :]}"
    return f"{text.rstrip()}\n\n{section}"
