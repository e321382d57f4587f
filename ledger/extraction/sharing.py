"""Several answers out of one request: each is made a reply of its own, and is then heard like one that came alone."""

from __future__ import annotations

import json
from typing import Final

from ledger.extraction.completion import split, usage_of
from ledger.extraction.conversation import Conversation, Opening, Reply, completion_in
from ledger.extraction.extractor import ReadingSettings

MOST_ANSWERS: Final = 128
"""Answers that one request may ask for (Chat Completions, `n`)."""


def bought(conversation: Conversation, settings: ReadingSettings, times: int) -> list[Opening]:
    """Ask once, and open a conversation with each answer that came, at most so many. Raises ExtractionError."""
    reply, applied = conversation.accepted(settings)
    completion = completion_in(reply, applied)
    count = min(len(completion.choices), times)
    if len(completion.choices) == 1:
        return [(reply, applied)]
    shares = split(usage_of(completion, conversation.facts.price), count)
    bodies, kept = _each_alone(reply.body), _each_alone(reply.kept)
    alone = [Reply(bodies[i], kept[i], reply.request_id, shares[i]) for i in range(count)]
    return [(one, applied) for one in alone]


def _each_alone(body: str) -> list[str]:
    """The body once for each of its answers, as if that one were the only one."""
    document = json.loads(body)
    return [json.dumps(document | {"choices": [choice]}, ensure_ascii=False) for choice in document["choices"]]
