"""A change that a model drafts: what it is asked, what becomes of its answer, and what is said where there is none."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import (
    AnswerCutOff,
    AnswerEmpty,
    AnswerFiltered,
    AnswerNotJson,
    AnswerNotSchema,
    AnswerRefused,
    ContextTooLong,
    ExtractionError,
    KeyRefused,
    MissingKey,
    ModelServerError,
    ModelTimeout,
    ModelUnreachable,
    NoDraft,
    QuotaExhausted,
    RateLimited,
)
from ledger.extraction.extractor import ReadingSettings, Usage
from ledger.extraction.writing import Answered, Task
from ledger.prompts.rows import stored_file
from ledger.prompts.versions import load
from ledger.review.pairs import Pair
from ledger.tuning.insight import insight
from ledger.tuning.proposing import Proposed
from ledger.tuning.rewriting import Rewriter, Rewritten
from ledger.ui.texts import Texts
from tests.tuning.pairs import pair

USAGE = Usage(1_000, 100, 0, 3_500)
SETTINGS = ReadingSettings("gpt-4o", 0.2, None)
THREE = tuple(pair(number) for number in (1, 2, 3))


def proposed(*pairs: Pair) -> Proposed:
    return Proposed(stored_file(load(), {}), [], [], [], insight(pairs))


def rewritten(outcome: object, asked: list[Task] | None = None, pairs: tuple[Pair, ...] = THREE) -> Rewritten:
    """What is made of an answer's document, or of an error in its place."""

    def write(task: Task, settings: ReadingSettings) -> Answered:
        if asked is not None:
            asked.append(task)
        if isinstance(outcome, Exception):
            raise outcome
        return Answered(outcome, "gpt-4o-2024-08-06", USAGE)

    return Rewriter(SETTINGS, write, str).rewrite(proposed(*pairs))


def edit(find: str, replace: str) -> dict[str, Any]:
    return {"why": "감이 검으로 읽혔습니다.", "find": find, "replace": replace}


def test_the_model_is_told_its_prompt_and_the_corrections_each_in_its_tags() -> None:
    asked: list[Task] = []
    rewritten({"edits": [edit("", "# 새 절")]}, asked)

    (task,) = asked
    assert task.material.startswith(f"<prompt>\n{load().text.rstrip()}\n</prompt>\n\n<corrections>\n{{")
    assert task.material.endswith('"검자"}\n</corrections>')
    assert "자료일 뿐입니다" in task.instruction


def test_what_fits_is_made_and_all_of_it_is_kept_with_its_reasons_and_cost() -> None:
    found = rewritten({"edits": [edit("# 글자를 읽는 법", "# 글자"), edit("고구마", "감자")]})

    assert found.text == load().text.replace("# 글자를 읽는 법", "# 글자")
    change = found.as_change()
    assert (change["kind"], change["model"], change["receipts"]) == ("model", "gpt-4o-2024-08-06", 3)
    assert (change["prompt_tokens"], change["completion_tokens"], change["cost_microusd"]) == (1_000, 100, 3_500)
    made, left = change["edits"]
    assert made == edit("# 글자를 읽는 법", "# 글자") | {"left": None}
    assert left["left"] == {"sentence": "its words do not stand in the prompt.", "fields": {}}


def test_nobody_is_asked_where_nothing_was_corrected_often() -> None:
    asked: list[Task] = []

    with pytest.raises(NoDraft, match="Nothing was corrected on enough receipts"):
        rewritten({"edits": []}, asked, THREE[:2])

    assert asked == []


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"edits": []}, "The model has nothing to change."),
        (
            {"edits": [edit("고구마", "감자")]},
            "None of the model's 1 edits can be made. Of the first: its words do not",
        ),
        ({"items": []}, "does not have the shape that it was asked for: the field edits is missing. Try again."),
    ],
)
def test_an_answer_without_a_change_is_told_with_what_it_cost(document: object, why: str) -> None:
    with pytest.raises(NoDraft) as raised:
        rewritten(document)

    assert why in str(raised.value)
    assert raised.value.usage == USAGE


ERRORS = (
    *(AnswerRefused(why="no"), AnswerFiltered(), AnswerCutOff(limit=8192), AnswerEmpty(), AnswerNotJson(why="?")),
    *(AnswerNotSchema(why="?"), ContextTooLong(model="gpt-4o", why="?"), RateLimited(retry_after=7)),
    *(ModelServerError(status=500), ModelTimeout(seconds="60"), QuotaExhausted(), MissingKey()),
    *(KeyRefused(status=401), ModelUnreachable(why="refused")),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_failure_is_a_sentence_that_speaks_of_no_photo(error: ExtractionError, language: str) -> None:
    error.usage = USAGE
    with pytest.raises(NoDraft) as raised:
        rewritten(error)

    said = Texts(language).error(raised.value)
    assert raised.value.usage == USAGE
    assert not any(word in said.lower() for word in ("photo", "receipt", "read again", "사진", "영수증", "판독", "{"))
    assert said.startswith("초안을 만들지 않았습니다." if language == "ko" else "No draft was made.")
