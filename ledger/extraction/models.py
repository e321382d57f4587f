"""What is known of the models: their prices, what they accept, how they see pictures, when they end.

The facts lie in models.toml, with the day they were read and their sources, because all of them change without notice.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ledger.errors import ConfigurationError
from ledger.extraction.pictures.vision import Patches, Tiles, Vision

Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
Detail = Literal["low", "high", "original", "auto"]
AnswerFormat = Literal["json_schema", "json_object", "text"]
"""How an answer can be kept to its form, the strictest first."""
EFFORTS: Final[tuple[Effort, ...]] = get_args(Effort)
DETAILS: Final[tuple[Detail, ...]] = get_args(Detail)
ANSWER_FORMATS: Final[tuple[AnswerFormat, ...]] = get_args(AnswerFormat)
"""The names that the interface knows (openai 3.54.0, types of a chat completion)."""

Rule = Literal["always", "effort_none", "never"]
"""When a model takes a setting of its sampling."""

NEAR: Final = dt.timedelta(days=90)
"""How long before its end a model is worth a warning: long enough to compare another one with it."""

_SHIPPED: Final = Path(__file__).with_name("models.toml")
_DATED: Final = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Price(_Entry):
    """US dollars for a million tokens, which is the same number as millionths of a dollar for one token."""

    input: Decimal = Field(ge=0)
    cached: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)
    cache_write: Decimal | None = Field(default=None, ge=0)
    """From GPT-5.6 on, input that is put into the cache has a price of its own."""

    def cost_microusd(self, prompt: int, written: int, cached: int = 0, newly_cached: int = 0) -> int:
        """Cost in millionths of a US dollar of so many tokens.

        `prompt` counts all input, cached and newly cached tokens included, as the service reports it.
        """
        fresh = max(prompt - cached - newly_cached, 0)
        write = self.input if self.cache_write is None else self.cache_write
        cost = fresh * self.input + cached * self.cached + newly_cached * write + written * self.output
        return int(cost.quantize(Decimal(1), ROUND_HALF_UP))

    def times(self, share: Decimal) -> Price:
        """The price of those who pay a part of it."""
        write = None if self.cache_write is None else self.cache_write * share
        return Price(
            input=self.input * share, cached=self.cached * share, output=self.output * share, cache_write=write
        )


class SeesTiles(_Entry):
    """`sees` of a model that looks at tiles of 512 pixels."""

    base_tokens: int = Field(gt=0)
    tile_tokens: int = Field(gt=0)


class SeesPatches(_Entry):
    """`sees` of a model that looks at patches of 32 pixels."""

    max_patches: int | None = Field(default=None, gt=0)
    max_side: int | None = Field(default=None, gt=0)
    multiplier: float = Field(default=1.0, gt=0)


class Profile(_Entry):
    """What is asked of a model when nobody says otherwise."""

    temperature: float = Field(default=0.2, ge=0, le=2)
    """0.2 repaired slips that 0.0 repeated every time."""
    reasoning_effort: Effort | None = None
    detail: Detail = "high"
    answer_format: AnswerFormat = "json_schema"


class ModelFacts(_Entry):
    """What is known of one model; the defaults are what is assumed of a model that nobody has described.

    Such a model, most often on a server of one's own, is sent everything, and its own refusal counts.
    """

    price: Price | None = None
    sees: SeesTiles | SeesPatches = SeesTiles(base_tokens=85, tile_tokens=170)
    details: tuple[Detail, ...] = DETAILS
    temperature: Rule = "always"
    logprobs: Rule = "always"
    several: bool = True
    """Whether one request may ask for several answers."""
    efforts: tuple[Effort, ...] = EFFORTS
    default_effort: Effort | None = None
    ends: dt.date | None = None
    successor: str | None = None
    profile: Profile = Profile()

    @property
    def vision(self) -> Vision:
        """How it sees pictures."""
        fields = self.sees.model_dump()
        return Tiles(**fields) if isinstance(self.sees, SeesTiles) else Patches(**fields)

    def allows(self, rule: Rule, effort: str | None) -> bool:
        """Whether a setting under this rule is taken together with a reasoning effort, None for the model's own."""
        return rule == "always" or (rule == "effort_none" and (effort or self.default_effort) == "none")


@dataclass(frozen=True, slots=True)
class Retirement:
    """A model's end that is near: on its last day `days_left` is 0, and from the day after it is below."""

    model: str
    ends: dt.date
    days_left: int
    successor: str | None


class ModelTable:
    """The facts of all models that are described somewhere."""

    def __init__(self, models: Mapping[str, ModelFacts]) -> None:
        self._models = models

    def facts(self, model: str) -> ModelFacts:
        """What is known of a model by its name, or by its name without the date."""
        return self._models.get(model) or self._models.get(_DATED.sub("", model)) or ModelFacts()

    def retirement(self, model: str, today: dt.date) -> Retirement | None:
        """The model's end, if it is at most 90 days away or past."""
        facts = self.facts(model)
        if facts.ends is None or facts.ends - today > NEAR:
            return None
        return Retirement(model, facts.ends, (facts.ends - today).days, facts.successor)


@functools.cache
def load_models(file: Path | None = None) -> ModelTable:
    """The table that comes with the program, and over it the entries of `file`, read once.

    An entry wins over ours key by key, or wholly where it says itself which one it is like.

    Raises ConfigurationError naming the file and its entry.
    """
    ours = _entries(_SHIPPED)
    if file is None:
        return ModelTable(_described(ours, _SHIPPED))
    entries = _entries(file).items()
    theirs = {name: entry if "like" in entry else ours.get(name, {}) | entry for name, entry in entries}
    return ModelTable(_described(ours | theirs, file))


def _entries(file: Path) -> dict[str, dict[str, Any]]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as exc:
        raise _broken(file, str(exc)) from exc
    unknown = sorted(document.keys() - {"read_on", "sources", "models"})
    models = document.get("models", {})
    if unknown:
        raise _broken(file, f'it has {unknown[0]!r}; every model needs a heading of the form [models."name"]')
    if not isinstance(models, dict) or not all(isinstance(entry, dict) for entry in models.values()):
        raise _broken(file, 'models: every model needs a heading of the form [models."name"]')
    return models


def _described(entries: Mapping[str, dict[str, Any]], file: Path) -> dict[str, ModelFacts]:
    return {name: _facts(_whole(name, entries, file, ()), name, file) for name in entries}


def _whole(name: str, entries: Mapping[str, dict[str, Any]], file: Path, seen: tuple[str, ...]) -> dict[str, Any]:
    """The entry with everything that it takes from the one it is like."""
    own = dict(entries[name])
    like = own.pop("like", None)
    if like is None:
        return own
    if not isinstance(like, str) or like not in entries or like in (*seen, name):
        raise _broken(file, f"entry {name!r}: like: there is no other entry {like!r}")
    return _whole(like, entries, file, (*seen, name)) | own


def _facts(entry: dict[str, Any], name: str, file: Path) -> ModelFacts:
    try:
        return ModelFacts.model_validate(entry)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise _broken(file, f"entry {name!r}: {where}: {first['msg']}") from exc


def _broken(file: Path, why: str) -> ConfigurationError:
    return ConfigurationError(setting="LEDGER_MODELS_FILE", why=f"{file}: {why}")
