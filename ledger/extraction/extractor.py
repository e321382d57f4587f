"""The seam behind which photos are read: one photo and the settings of one reading in, what was read out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from ledger.errors import ExtractionError
from ledger.extraction.confidence.likelihood import Likelihood
from ledger.extraction.look import Look
from ledger.extraction.pictures.sight import Sight
from ledger.inbox.images import Photo
from ledger.notes import Note
from ledger.receipt import Receipt


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """The settings of one reading. As asked for when they go in, as applied when they come back with a result."""

    model: str
    temperature: float | None
    """0 to 2; None where the engine has no such thing."""
    prompt_version: str | None
    """Name and hash of the prompt; None where nothing is prompted."""
    reasoning_effort: str | None = None
    """How much the model thinks before it writes: `none`, `low` and so on. None leaves it to the model."""
    detail: str | None = "high"
    max_completion_tokens: int | None = 4096
    logprobs: int | None = 5
    """How many runners-up are asked for at each token of the answer; None asks for no probabilities."""
    preparation: str = "none"
    """What is done to the picture beyond cropping and scaling."""
    answer_format: str | None = "json_schema"
    """How the answer is kept to its form: `json_schema`, `json_object` or `text`; None where nothing is asked."""

    def as_json(self) -> dict[str, Any]:
        """The settings as they are stored with the run."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one run and what they cost, in millionths of a US dollar; None where the price is not known."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    cost_microusd: int | None = None


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A value the reader gave that its field cannot hold. The field is then unreadable and a person decides."""

    field: str
    """Path as in `items.2.price`."""
    value: str
    why: Note


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """What one run read, and everything needed to judge it later."""

    receipt: Receipt
    raw_answer: str
    settings: ReadingSettings
    usage: Usage = Usage()
    request_id: str | None = None
    shared: int = 1
    """How many repetitions one request gave, this one counted; they may resemble each other more than separate ones."""
    problems: tuple[FieldProblem, ...] = ()
    quarter_turns: int = 0
    """How often the upright picture had to be turned counter-clockwise by 90 degrees to be read."""
    notes: tuple[Note, ...] = ()
    """What the reader says about its own limits: a setting not applied, a part it could not read."""
    likelihoods: Mapping[str, Likelihood] = field(default_factory=dict)
    """How sure the reader was, by path as in `items.2.price`; only for fields that it tells."""
    sight: Sight | None = None
    """What the model was shown; None where the engine looks at the photo itself."""
    look: Look | None = None
    """What the reader itself saw by OCR; None where the reader is a model."""
    offered: Mapping[str, Any] | None = None
    """What the prompt offered for this photo alone: shop, names, examples; None from a prompt that offers nothing."""


class Extractor(Protocol):
    """Reads receipts. Implementations are safe to call from several threads."""

    engine: str
    """Short name of the implementation: `openai` or `offline`."""
    default_settings: ReadingSettings
    """What is used when nobody asks for anything else."""

    @property
    def longest_seconds(self) -> float:
        """How long one `extract` may take at worst, its own retries and waits included, seconds."""
        ...

    def check(self, settings: ReadingSettings | None = None) -> str:
        """Say in one line what would read now, with these settings, else with its own. Costs nothing.

        Raises ExtractionError when nothing could.
        """
        ...

    def close(self) -> None:
        """Let go of what is held; the next reading takes it again."""
        ...

    def extract(self, photo: Photo, settings: ReadingSettings, look: Look | None = None) -> ExtractionResult:
        """Read one photo; `look` is what OCR saw on it already, if it did.

        Raises ExtractionError when there is no reading; never returns anything it did not read.
        """
        ...

    def shares_requests(self, settings: ReadingSettings) -> bool:
        """Whether repetitions with these settings are likely to come out of one request. Asks nobody."""
        ...

    def extract_repeatedly(
        self, photo: Photo, settings: ReadingSettings, times: int, look: Look | None = None
    ) -> list[ExtractionResult | ExtractionError]:
        """Read one photo several times, out of one request where the model allows it: the picture is then paid once.

        The outcomes in order, as many as asked for; one alone from an engine that reads a photo the same way each time.
        A repetition that fails is its error, and a request that fails is the error of all that it was for. Tokens and
        cost of a request are parted among its repetitions, so that sums are right. May take `longest_seconds` for each
        repetition and once more.
        """
        ...
