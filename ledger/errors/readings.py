"""One reading by a model or an engine."""

from __future__ import annotations

from ledger.errors.root import LedgerError


class ExtractionError(LedgerError):
    """One reading failed. What the model did say is kept: its text, its tokens, its request id."""

    def __init__(
        self, *, raw_answer: str | None = None, usage: object = None, request_id: str | None = None, **fields: object
    ) -> None:
        super().__init__(**fields)
        self.raw_answer = raw_answer
        self.usage = usage
        self.request_id = request_id
        self.shared = 1
        """Repetitions that one request asked for, this one counted, see ExtractionResult."""


class MissingKey(ExtractionError):
    transient = True
    sentence = "There is no OPENAI_API_KEY, so the model cannot be asked. Set it, or set LEDGER_EXTRACTOR=offline."


class KeyRefused(ExtractionError):
    transient = True
    sentence = "The model's service refused the key (HTTP {status}). Check OPENAI_API_KEY."


class QuotaExhausted(ExtractionError):
    transient = True
    sentence = "The account has no credit left. Add credit at the model's service, then read again."


class RateLimited(ExtractionError):
    transient = True
    sentence = "The model's service asks us to slow down (HTTP 429). Wait {retry_after} seconds, then read again."


class ModelServerError(ExtractionError):
    transient = True
    sentence = "The model's service failed on its side (HTTP {status}). Read again in a few minutes."


class ModelTimeout(ExtractionError):
    transient = True
    sentence = "The model did not answer within {seconds} seconds. Read again."


class ModelUnreachable(ExtractionError):
    transient = True
    sentence = "The model's service cannot be reached: {why}. Check the network and OPENAI_BASE_URL."


class WrongService(ExtractionError):
    transient = True
    sentence = "What answers at OPENAI_BASE_URL is not the model's service: {why}. Check the address."


class RequestRefused(ExtractionError):
    sentence = "The model's service did not accept the request (HTTP {status}): {why}"


class SettingRefused(ExtractionError):
    sentence = "The model {model} does not accept the setting {setting}: {why} Change the setting or the model."


class ModelNotFound(ExtractionError):
    transient = True
    sentence = "The model's service has no model {model} for this key: {why} Check LEDGER_MODEL."


class PictureRefused(ExtractionError):
    sentence = "The model {model} did not take the picture: {why} Choose a model that sees pictures, or type by hand."


class ContextTooLong(ExtractionError):
    sentence = "The photo and the prompt are more than the model {model} takes at once: {why} Choose another model."


class ReadingTakesLong(ExtractionError):
    transient = True
    sentence = "{name} is being read by another process, which does not end. Ask again in a few minutes."


class ReadingNeverEnds(ExtractionError):
    sentence = (
        "This photo was begun {tries} times, and each time the process that read it ended before the reading did. "
        "Read again, or type the receipt by hand."
    )


class AnswerRefused(ExtractionError):
    sentence = "The model declined to read this photo: {why}"


class AnswerFiltered(ExtractionError):
    sentence = "The service's content filter stopped the answer. Type the receipt by hand, or reject it."


class AnswerCutOff(ExtractionError):
    sentence = "The answer was cut off at {limit} tokens. Read again with a higher limit, or type the receipt by hand."


class AnswerEmpty(ExtractionError):
    sentence = "The model gave an empty answer. Read again."


class AnswerNotJson(ExtractionError):
    sentence = "The model's answer is not JSON: {why}. Read again."


class AnswerNotSchema(ExtractionError):
    sentence = "The model's answer does not have a receipt's shape: {why}. Read again."


class EngineMissing(ExtractionError):
    transient = True
    sentence = "The offline engine cannot start: {why}. Run: make setup"


class UpscalerUnusable(ExtractionError):
    transient = True
    sentence = "The file {file} cannot enlarge pictures: {why}. Check LEDGER_UPSCALER_FILE."
