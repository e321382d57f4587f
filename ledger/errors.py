"""Everything that can go wrong, in words a person can act on.

    LedgerError
    ├── ConfigurationError         a setting that cannot be used
    ├── NotSignedIn                nobody stands behind a request
    ├── StoreError                 the photos' store
    │   ├── ObjectNotFound             listed once, gone now
    │   ├── ObjectTooLarge             more bytes than any photo has
    │   ├── StoreAccessDenied          wrong key, wrong secret, no permission
    │   ├── StoreUnavailable           no answer, or an answer that makes no sense
    │   └── UnsafeKey                  a name that would leave the folder
    ├── PhotoError                 the bytes of one photo
    │   ├── EmptyPhoto
    │   ├── NotAPicture
    │   ├── TruncatedPhoto
    │   ├── PhotoTooLarge
    │   ├── UnsupportedPhoto
    │   └── PhotoReplaced              another one lies in its place now
    ├── DatabaseError
    │   ├── DatabaseUnavailable        gone, unreachable, refusing, or read-only
    │   ├── DatabaseBusy               there, and others are in the way for too long
    │   └── SchemaOutdated
    ├── ExtractionError            one reading by a model or an engine
    │   ├── MissingKey, KeyRefused, QuotaExhausted
    │   ├── RateLimited, ModelServerError, ModelTimeout, ModelUnreachable, WrongService
    │   ├── RequestRefused, SettingRefused, ModelNotFound, PictureRefused, ContextTooLong
    │   ├── AnswerRefused, AnswerFiltered, AnswerCutOff, AnswerEmpty, AnswerNotJson, AnswerNotSchema
    │   └── EngineMissing, UpscalerUnusable
    ├── PromptError                what models are asked
    │   ├── PromptNotFound             no such version, or not any more
    │   ├── PromptNameTaken
    │   ├── PromptUsed                 read with already, so it never changes
    │   ├── PromptActive               asked with now, so it is not put away
    │   ├── PromptInvalid              words, names or a file that cannot be kept
    │   ├── NothingAccepted            a draft of no proposals
    │   ├── NoDraft                    a model that was to draft a change, and did not
    │   ├── SamePrompt, NotBlind       what no gate can decide
    │   └── PromotionRefused           no evidence, and no written reason
    ├── ExperimentError            what is compared, and on what
    │   ├── DatasetInvalid             receipts that cannot be frozen or imported
    │   ├── DatasetNotFound, ExperimentNotFound, ArmNotFound
    │   ├── NameTaken, NameMissing
    │   ├── PictureReplaced            another one lies in its place now
    │   ├── ExportFailed               files that cannot be written
    │   ├── NoReceiptsToFreeze
    │   ├── ExperimentInvalid          arms or numbers that cannot be compared
    │   ├── ExperimentBusy             another process runs it
    │   └── ExperimentClosed           finished or cancelled
    ├── AutoConfirmRefused         no threshold keeps the bound, or a number out of range
    ├── LexiconRefused             a change of the lexicon that makes no sense
    ├── ExportNotWritten           corrections as files, where they cannot be written
    └── ReviewError                what an operator asked for
        ├── ReceiptNotFound
        ├── ReceiptClosed
        ├── ReceiptHeld
        ├── ClaimLost
        ├── DraftConflict
        ├── PhotoChanged
        ├── DocumentInvalid
        ├── ItemsChanged
        ├── DecisionNotFound
        ├── LedgerRowInUse
        ├── NothingToUndo
        └── TimePassed

Each class has one `sentence` with named fields. It is the text in logs and, through the translations, on the screens:
what happened, to what, and what to do next.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar


class LedgerError(Exception):
    """Root of the tree; `fields` fill the blanks of `sentence`.

    What fills a blank with words of ours is a `ledger.notes.Note`, so that the screens translate it too.
    """

    sentence: ClassVar[str] = "Something went wrong: {why}"
    transient: ClassVar[bool] = False
    """Whether the same photo may well be read once a service, a key or an account is in order again."""

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.sentence.format(**fields))


class ConfigurationError(LedgerError):
    sentence = "The setting {setting} cannot be used: {why}"


class NotSignedIn(LedgerError):
    sentence = "Nobody is signed in: no {header} came with this page. Open the desk through its sign-in."


class StoreError(LedgerError):
    """The store of photos did not do what was asked."""


class ObjectNotFound(StoreError):
    sentence = "The photo {key!r} is no longer in the store. Put it back and read again, or reject the receipt."


class ObjectTooLarge(StoreError):
    sentence = "The photo {key!r} has {megabytes} MB, more than the {limit} we fetch. Put a smaller one in its place."


class StoreAccessDenied(StoreError):
    transient = True
    sentence = "The store {store} refused our credentials. Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY."


class StoreUnavailable(StoreError):
    transient = True
    sentence = (
        "The store {store} does not answer: {why}. Check its address (LEDGER_STORE_URL, or LEDGER_DATASETS_URL for"
        " datasets) and LEDGER_S3_ENDPOINT, then try again."
    )


class UnsafeKey(StoreError):
    sentence = "The name {key!r} points outside the store's folder, so it was not touched. Rename the photo."


class PhotoError(LedgerError):
    """The bytes of a photo cannot be used."""


class EmptyPhoto(PhotoError):
    sentence = "{name}: the file is empty. Upload the photo again."


class NotAPicture(PhotoError):
    sentence = "{name}: this is not a picture, whatever its name says. Upload a JPEG, PNG, WebP or HEIC photo."


class TruncatedPhoto(PhotoError):
    sentence = "{name}: the picture is cut off, its end is missing. Upload the photo again."


class PhotoTooLarge(PhotoError):
    sentence = (
        "{name}: {megapixels} megapixels are more than the {limit} we open. Take the photo again at a normal size."
    )


class UnsupportedPhoto(PhotoError):
    sentence = "{name}: {kind} pictures are not read. Save it as JPEG, PNG or WebP."


class PhotoReplaced(PhotoError):
    sentence = "The photo {name} was replaced after it was read, so what the model saw cannot be shown any more."


class DatabaseError(LedgerError):
    """The database did not do what was asked."""


class DatabaseUnavailable(DatabaseError):
    transient = True
    sentence = "The database does not answer: {why}. Nothing was lost; try again once it is back."


class DatabaseBusy(DatabaseError):
    transient = True
    sentence = "The database is too busy: {why}. Nothing was changed; try again in a moment."


class SchemaOutdated(DatabaseError):
    sentence = "The database has schema {found}, this version needs {expected}. Run: python -m ledger migrate"


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


class PromptError(LedgerError):
    """A prompt version that cannot be had, or cannot be what somebody wants it to be."""


class PromptNotFound(PromptError):
    sentence = "The prompt {version!r} is not at hand: {why}"


class PromptNameTaken(PromptError):
    sentence = "There is a prompt {name!r} already, and versions never change. Choose another name."


class PromptUsed(PromptError):
    sentence = "The prompt {version!r} was read with or put away, so it never changes. Make a new draft from it."


class PromptActive(PromptError):
    sentence = "The prompt {version!r} is active for {families}. Promote another one or take it back first."


class PromptInvalid(PromptError):
    sentence = "This prompt cannot be kept: {why}"


class NothingAccepted(PromptError):
    sentence = "No proposal is accepted, so there is nothing to make a draft of. Accept at least one."


class NoDraft(PromptError):
    """`usage` is what was paid all the same."""

    sentence = "No draft was made. {why}"

    def __init__(self, *, usage: object = None, **fields: object) -> None:
        super().__init__(**fields)
        self.usage = usage


class SamePrompt(PromptError):
    sentence = "{version} is what the models are asked with already. Choose a draft."


class NotBlind(PromptError):
    sentence = (
        "{version} was made from receipts that the test split of {dataset} may hold, so it cannot be judged by them."
        " Choose a dataset version that was there before the draft was made, or make the draft anew."
    )


class PromotionRefused(PromptError):
    sentence = "Nothing was promoted: {why}"


class ExperimentError(LedgerError):
    """An experiment, or what it is made of, that cannot be."""


class DatasetInvalid(ExperimentError):
    sentence = "{source} cannot be used as a dataset: {why} Nothing was imported."


class DatasetNotFound(ExperimentError):
    sentence = "There is no dataset version {name!r}. Freeze or import one first."


class NameTaken(ExperimentError):
    sentence = "There is a dataset version {name!r} already, and versions never change. Choose another name."


class NameMissing(ExperimentError):
    sentence = "A dataset version needs a name of at most {limit} characters. Give it one."


class PictureReplaced(ExperimentError):
    sentence = (
        "The picture {key!r} is not the one that this dataset version holds: another one lies in its place. Put the old"
        " one back, or freeze a new version."
    )


class ExportFailed(ExperimentError):
    sentence = "The dataset cannot be written to {path}: {why}. Choose another place."


class NoReceiptsToFreeze(ExperimentError):
    sentence = "There is nothing to freeze. {why} Widen the filter, or confirm some receipts first."


class ExperimentNotFound(ExperimentError):
    sentence = "There is no experiment {experiment_id}. Choose one of the list."


class ArmNotFound(ExperimentError):
    sentence = "Experiment {experiment_id} has no arm {arm!r}. Choose one of its arms."


class ExperimentInvalid(ExperimentError):
    sentence = "This cannot be compared: {why}"


class ExperimentBusy(ExperimentError):
    sentence = "Experiment {experiment_id} is being run by another process. Pause it there, or wait."


class ExperimentClosed(ExperimentError):
    sentence = "Experiment {experiment_id} is {status}, so nothing more is run. Make a new one."


class AutoConfirmRefused(LedgerError):
    sentence = "Auto-confirm was not switched on: {why}"


class LexiconRefused(LedgerError):
    sentence = "The lexicon was left as it is: {why}"


class ExportNotWritten(LedgerError):
    sentence = "The export cannot be written to {path}: {why}. Choose another place."


class ReviewError(LedgerError):
    """An operator's wish that cannot be carried out."""


class ReceiptNotFound(ReviewError):
    sentence = "There is no receipt {receipt_id}. It may have been removed; go back to the inbox."


class ReceiptClosed(ReviewError):
    sentence = "Receipt {receipt_id} is already {status}. Nothing was changed; your text is kept in this browser."


class ReceiptHeld(ReviewError):
    sentence = "{operator} is working on receipt {receipt_id} now. Take another one, or come back later."


class ClaimLost(ReviewError):
    sentence = (
        "Receipt {receipt_id} was opened by {operator} in another window meanwhile. Nothing was changed; your text is"
        " kept in this browser."
    )


class DraftConflict(ReviewError):
    sentence = (
        "{operator} saved other text for receipt {receipt_id} meanwhile. What you typed was not saved over it; it stays"
        " in this browser."
    )


class PhotoChanged(ReviewError):
    sentence = "The photo of receipt {receipt_id} was replaced while you were typing. Look at it again, then confirm."


class DocumentInvalid(ReviewError):
    """`problems` is a tuple of ledger.review.document.Problem, one a field."""

    sentence = "Not saved yet: {summary}"


class TimePassed(ReviewError):
    sentence = "That time is not ahead. Choose a later one."


class ItemsChanged(ReviewError):
    sentence = "Receipt {receipt_id} was changed by someone else meanwhile. Load it again, then repeat your change."


class DecisionNotFound(ReviewError):
    sentence = "There is no decision {review_id}, so nothing was undone. Load the page again."


class LedgerRowInUse(ReviewError):
    sentence = (
        "The app refers to the ledger's row of receipt {receipt_id}, so it cannot be taken back. Change names and"
        " categories on the Confirmed page instead."
    )


class NothingToUndo(ReviewError):
    sentence = "Nothing that was decided here is left to undo. Older decisions stand under the button “Undo”."


def error_classes() -> dict[str, type[LedgerError]]:
    """Every class of the tree by its name, as stored with a failed reading."""
    return {cls.__name__: cls for cls in _walk(LedgerError)}


def _walk(cls: type[LedgerError]) -> Iterator[type[LedgerError]]:
    yield cls
    for child in cls.__subclasses__():
        yield from _walk(child)
