"""Everything that can go wrong, in words a person can act on.

    LedgerError
    ├── ConfigurationError         a setting that cannot be used
    ├── BrokerUnavailable          the Redis that workers share
    ├── NotSignedIn                nobody stands behind a request
    ├── StoreError                 the photos' store
    │   ├── ObjectNotFound             listed once, gone now
    │   ├── ObjectTooLarge             more bytes than any photo has
    │   ├── StoreAccessDenied          wrong key, wrong secret, no permission
    │   ├── StoreUnavailable           no answer, or an answer that makes no sense
    │   ├── ArrivalsUnavailable        the queue that tells of new photos gave none
    │   ├── UploadsImpossible          an address for an upload, of a store that has none
    │   ├── UnsafeKey                  a name that would leave the folder
    │   └── AddressRefused             an address that is not of our store
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
    │   ├── ReadingTakesLong           another process has it and does not end
    │   ├── ReadingNeverEnds           whoever began it was gone before it ended, again and again
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
    ├── CallerError                another service that calls over HTTP
    │   ├── ApiKeyRefused              no key, or not a good one
    │   ├── ScopeMissing               a key that may do something else
    │   ├── TooManyRequests            more than its key may ask
    │   └── ApiKeyNameTaken, ApiKeyNotFound
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

Each branch is a module of its own; all of them are had from here.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.errors.callers import *
from ledger.errors.databases import *
from ledger.errors.experiments import *
from ledger.errors.photos import *
from ledger.errors.prompts import *
from ledger.errors.readings import *
from ledger.errors.reviews import *
from ledger.errors.root import *
from ledger.errors.root import LedgerError


def error_classes() -> dict[str, type[LedgerError]]:
    """Every class of the tree by its name, as stored with a failed reading."""
    return {cls.__name__: cls for cls in _walk(LedgerError)}


def _walk(cls: type[LedgerError]) -> Iterator[type[LedgerError]]:
    yield cls
    for child in cls.__subclasses__():
        yield from _walk(child)
