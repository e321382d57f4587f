"""Whatever a service does to a reading, an operator gets a plain sentence, in Korean and in English."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from ledger.errors import (
    AnswerCutOff,
    AnswerEmpty,
    AnswerFiltered,
    AnswerNotJson,
    AnswerNotSchema,
    AnswerRefused,
    ContextTooLong,
    EngineMissing,
    ExtractionError,
    KeyRefused,
    MissingKey,
    ModelNotFound,
    ModelServerError,
    ModelTimeout,
    ModelUnreachable,
    PictureRefused,
    QuotaExhausted,
    RateLimited,
    ReadingNeverEnds,
    ReadingTakesLong,
    RequestRefused,
    SettingRefused,
    UpscalerUnusable,
    WrongService,
    error_classes,
)
from ledger.ui.texts import Texts
from tests.extraction.asking import failure
from tests.openai_standin import (
    EMPTY,
    HTML,
    INSUFFICIENT_QUOTA,
    NOT_JSON,
    SAMPLE,
    ContentFilter,
    HangUp,
    Raw,
    Refusal,
    Says,
    Slow,
    Status,
)
from tests.openai_standin.outcomes import Outcome

WRONG_KEY: Final = "sk-wrong-key-of-ours-0123456789"


@dataclass(frozen=True)
class Case:
    """What the service does, with which extractor and settings it is met, and what it is called.

    `quoted` are the words of the service, or of a library, that stay as they are in every language.
    """

    error: type[ExtractionError]
    outcome: Outcome | None = None
    quoted: tuple[str, ...] = ()
    extractor: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)


UNSUPPORTED: Final = (
    "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported."
)
TOO_LONG: Final = (
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 143013 tokens. Please"
    " reduce the length of the messages."
)
NO_MODEL: Final = "The model `gpt-9` does not exist or you do not have access to it."
UNSEEN: Final = "You uploaded an unsupported image. Please make sure your image is valid."

CASES: Final = (
    Case(KeyRefused, extractor={"api_key": WRONG_KEY}),
    Case(KeyRefused, Status(403)),
    Case(QuotaExhausted, INSUFFICIENT_QUOTA),
    Case(RateLimited, Status(429, retry_after=7)),
    Case(RateLimited, Status(429)),
    Case(ModelServerError, Status(500)),
    Case(ModelServerError, Raw("<html>Bad gateway</html>", "text/html", 502)),
    Case(ModelTimeout, Slow(1), extractor={"timeout_s": 0.2}),
    Case(ModelUnreachable, HangUp(), ("Server disconnected without sending a response",)),
    Case(WrongService, HTML),
    Case(WrongService, Raw("nope"), ("Invalid JSON: expected ident at line 1 column 2",)),
    Case(WrongService, Raw('{"choices": []}'), ("choices: List should have at least 1 item after validation, not 0",)),
    Case(WrongService, Raw('{"detail": "Not Found"}', status=404), ("/v1/chat/completions",)),
    Case(RequestRefused, Status(400, "Something is odd."), ("Something is odd.",)),
    Case(RequestRefused, Raw("", status=400)),
    Case(RequestRefused, Raw('{"error": {"message": ["odd"]}}', status=422), ('{"error": {"message": ["odd"]}}',)),
    Case(
        SettingRefused, Status(400, UNSUPPORTED, "unsupported_value", param="temperature"), (UNSUPPORTED, "temperature")
    ),
    Case(SettingRefused, quoted=("detail", "tiny", "low, high, original, auto"), settings={"detail": "tiny"}),
    Case(SettingRefused, quoted=("prompt_version", "of-ours", "receipt-v1"), settings={"prompt_version": "of-ours@1"}),
    Case(ModelNotFound, quoted=(NO_MODEL,), settings={"model": "gpt-9"}),
    Case(PictureRefused, Status(400, UNSEEN, "image_parse_error"), (UNSEEN,)),
    Case(ContextTooLong, Status(400, TOO_LONG, "context_length_exceeded", param="messages"), (TOO_LONG,)),
    Case(AnswerRefused, Refusal(), (Refusal().text,)),
    Case(AnswerFiltered, ContentFilter()),
    Case(AnswerCutOff, settings={"max_completion_tokens": 8}),
    Case(AnswerEmpty, EMPTY),
    Case(AnswerNotJson, NOT_JSON, ("Expecting value: line 1 column 1 (char 0)",)),
    Case(AnswerNotSchema, Says('{"total": 3}'), ("'date'",)),
    Case(AnswerNotSchema, Says("[]")),
    Case(AnswerNotSchema, Says(json.dumps(SAMPLE | {"items": ["감자"]})), ("'items.0'",)),
)
"""Every way in which a service can spoil a reading, by the class that names it."""

NOT_BY_A_SERVICE: Final = {MissingKey, EngineMissing, UpscalerUnusable, ReadingTakesLong, ReadingNeverEnds}
"""What is missing or in the way on this side, before any service is asked."""

NAMES: Final = {"HTTP", "JSON", "gpt-4o", "gpt-9", "OPENAI_API_KEY", "OPENAI_BASE_URL", "LEDGER_MODEL"}
"""Names that no language translates."""

BLANK: Final = re.compile(r"\{\w*[!:}]")
LATIN: Final = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
OF_PROGRAMMERS: Final = re.compile(r"Traceback|\bNone\b|<class|object at 0x|[A-Za-z]+(?:Error|Exception)\b|\w+\(\)")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.error.__name__} {case.outcome or 'by a rule'}"[:60])
def test_a_failure_is_told_in_a_plain_sentence(make_extractor, standin, photo, case):
    if case.outcome is not None:
        standin.then(case.outcome)
    raised = failure(make_extractor(**case.extractor), photo, **case.settings)

    assert type(raised) is case.error
    korean, english = (Texts(language).plain.error(raised) for language in ("ko", "en"))
    for sentence in (korean, english):
        assert not BLANK.search(sentence)
        assert not OF_PROGRAMMERS.search(sentence)
        assert standin.key not in sentence
        assert WRONG_KEY not in sentence
        assert sentence.rstrip()[-1] in ".!?}"
    assert english == str(raised)
    assert re.search("[가-힣]", korean)
    for words in case.quoted:
        assert words in korean
        korean = korean.replace(words, "")
    assert set(LATIN.findall(korean)) <= NAMES


def test_each_class_that_a_service_can_provoke_is_provoked():
    all_classes = {each for each in error_classes().values() if issubclass(each, ExtractionError)}
    assert {case.error for case in CASES} == all_classes - {ExtractionError} - NOT_BY_A_SERVICE
