"""What a server that merely speaks like OpenAI's may refuse, and what is asked of it then.

The answer is kept to its form by a strict schema; where a server has none, by JSON alone; where it has not even that,
by words. Each is a rung, and a step down is made only when the server refuses the one above. Once it has accepted a
lower one, what it refused is not asked of that model again as long as the process lives.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from ledger.extraction.answer import ANSWER_SCHEMA
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.models import ANSWER_FORMATS

STEPS: Final = len(ANSWER_FORMATS)
"""How often one reading can be refused and asked for again: down two rungs, and once without probabilities."""

_OF_THE_FORM: Final = re.compile(r"response.?format|json.?schema|json.?object|structured.?output|guided|grammar", re.I)
"""How servers name the form of the answer when they refuse it: vLLM, llama.cpp, DeepSeek, LM Studio, Ollama."""
_SEVERAL: Final = "n"
"""What stands among the refused for several answers to one request."""
FIELDS: Final = tuple(ANSWER_SCHEMA["properties"])
"""What an answer is known by that is a receipt."""
_DECODER: Final = json.JSONDecoder()


class Ladder:
    """What each model's server was found to refuse. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refused: defaultdict[str, set[str]] = defaultdict(set)

    def known(self, settings: ReadingSettings) -> ReadingSettings:
        """The settings without what this model's server is known to refuse."""
        with self._lock:
            refused = set(self._refused[settings.model])
        if settings.logprobs is not None and "logprobs" in refused:
            settings = replace(settings, logprobs=None)
        if settings.answer_format in refused:
            rungs = ANSWER_FORMATS[ANSWER_FORMATS.index(settings.answer_format) :]
            settings = replace(settings, answer_format=next(rung for rung in rungs if rung not in refused))
        return settings

    def gives_several(self, model: str) -> bool:
        """Whether this model's server is not known to give one answer to each request, however many are asked for."""
        with self._lock:
            return _SEVERAL not in self._refused[model]

    def gives_one(self, model: str) -> None:
        """Remember that this model's server refuses or overlooks a wish for several answers."""
        with self._lock:
            self._refused[model].add(_SEVERAL)

    def below(self, settings: ReadingSettings, said: str) -> ReadingSettings | None:
        """What to ask for after a server refused these settings in these words; None where it meant something else."""
        form = settings.answer_format
        if settings.logprobs is not None and "logprobs" in said:
            return replace(settings, logprobs=None)
        if form in ANSWER_FORMATS[:-1] and _OF_THE_FORM.search(said):
            return self.known(replace(settings, answer_format=ANSWER_FORMATS[ANSWER_FORMATS.index(form) + 1]))
        return None

    def learn(self, asked: ReadingSettings, accepted: ReadingSettings) -> None:
        """Remember what a model's server refused of these settings, now that it accepted those below them.

        A refusal alone tells little: a busy server may refuse everything, in words that name anything.
        """
        refused: set[str] = set()
        if asked.logprobs is not None and accepted.logprobs is None:
            refused.add("logprobs")
        if asked.answer_format != accepted.answer_format:
            first, last = (ANSWER_FORMATS.index(one.answer_format) for one in (asked, accepted))
            refused.update(ANSWER_FORMATS[first:last])
        with self._lock:
            self._refused[asked.model] |= refused


def json_in(text: str, fields: Collection[str] = FIELDS) -> slice | None:
    """Where the answer's JSON object stands in a text, in a fence or between other words. None where there is none.

    Words may hold braces and other objects, so it is the one with the most of the answer's fields; the last of such.
    """
    # Models that reason aloud draft their JSON before this word.
    found = list(_objects(text, text.rfind("</think>") + 1, fields))
    known, _, where = max(found, default=(0, 0, None), key=lambda one: one[:2])
    return where if known else None


def _objects(text: str, start: int, fields: Collection[str]) -> Iterator[tuple[int, int, slice]]:
    """Each object from `start` on that lies in no other: how many of the answer's fields it has, and where it is."""
    at = text.find("{", start)
    while at >= 0:
        end = at + 1
        with contextlib.suppress(ValueError, RecursionError):
            value, end = _DECODER.raw_decode(text, at)
            yield len(value.keys() & set(fields)), at, slice(at, end)
        at = text.find("{", end)
