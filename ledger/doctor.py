"""What is configured, what answers, and what is missing for the main job. Secrets are masked."""

from __future__ import annotations

import contextlib
import importlib.metadata
import platform
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ledger import __version__
from ledger.config import Settings, aws_variables, unknown_variables
from ledger.database import Database
from ledger.errors import ConfigurationError, LedgerError
from ledger.extraction.extractor import ReadingSettings
from ledger.inbox.object_store import ObjectStore
from ledger.prompts.activation import Active
from ledger.prompts.families import family_of
from ledger.review.app_tables import problems_of_app_tables
from ledger.services import Services

_PACKAGES: Final = ("streamlit", "openai", "boto3", "sqlalchemy", "pymysql", "onnxruntime", "tesserocr")
_PROFILED: Final = ("temperature", "reasoning_effort", "detail")
"""Settings that the model's profile decides where they are unset; `auto` leaves the answer's format to it."""
_MASK: Final = r"\1\2***"
_LONG_ACCESS_KEY: Final = 16
"""Shortest access key id that Amazon gives (IAM API, AccessKey)."""
_LONG_KEY: Final = 20
"""The last four characters of a longer key are shown, to tell keys apart; a shorter one would be given away."""

_PASSWORDS: Final = re.compile(r"(//[^/@?]*:)[^/@]*(?=@)|([?&][^=&]*passw[^=&]*=)[^&]*", re.IGNORECASE)
"""Passwords of an address: before the host, or as an option (PyMySQL takes `password` and `passwd`)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Without a `needed` one the main job cannot run."""

    name: str
    ok: bool
    detail: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, what is configured, and the versions."""

    findings: list[Finding]
    settings: dict[str, str]
    versions: dict[str, str]

    @property
    def ok(self) -> bool:
        """True when the main job can run."""
        return all(finding.ok for finding in self.findings if finding.needed)

    def as_json(self) -> dict[str, Any]:
        """The report for machines."""
        return {"ok": self.ok} | asdict(self)


def examine(services: Services) -> Report:
    """Look at everything the main job needs. Never raises; what is wrong is a finding."""
    findings = [
        _finding("database", lambda: f"schema {services.database.check()}"),
        _tables(services.database),
        _finding("store", lambda: _answers(services.store)),
        _finding("extractor", lambda: services.extractor.check(_read_with(services))),
        *_workers(services.settings),
        replace(_finding("datasets", lambda: _answers(services.datasets)), needed=False),
        *_chosen(services),
        *_prompts(services),
        _unknown(),
    ]
    return Report(findings, masked(services.settings) | _by_profile(services), _versions())


def _workers(settings: Settings) -> list[Finding]:
    url = settings.broker_url
    return [_finding("workers", lambda: _queue(url))] if url else []


def _queue(url: str) -> str:
    from ledger.broker import workers_at  # loads Celery

    return f"Redis answers; workers that read photos: {workers_at(url)}"


def refused(error: ConfigurationError, settings: Settings | None = None) -> Report:
    """The report where a setting cannot be used, so that nothing else could be looked at."""
    finding = Finding("settings", ok=False, detail=_PASSWORDS.sub(_MASK, str(error)))
    return Report([finding], masked(settings) if settings else {}, _versions())


def masked(settings: Settings) -> dict[str, str]:
    """The settings as they may be shown: no passwords, no keys."""
    shown = {name: "" if value is None else str(value) for name, value in settings.model_dump().items()}
    for name in ("database_url", "s3_endpoint", "sqs_endpoint", "base_url", "broker_url"):
        shown[name] = _without_password(shown[name])
    if settings.openai_api_key:
        key = settings.openai_api_key.get_secret_value()
        shown["openai_api_key"] = f"…{key[-4:]}" if len(key) > _LONG_KEY else "set"
    shown["reads_with"] = settings.reads_with
    return shown | {
        name: _masked_aws(name, value) for name, value in aws_variables().items() if not name.endswith("_FILE")
    }


def _by_profile(services: Services) -> dict[str, str]:
    """What is asked of the model where nobody set it: its own profile decides."""
    settings, asked = services.settings, services.extractor.default_settings
    if settings.reads_with != "openai":
        return {}
    left_open = [name for name in _PROFILED if getattr(settings, name) is None]
    left_open += ["answer_format"] if settings.answer_format == "auto" else []
    return {name: f"{_shown(getattr(asked, name))} (by the model's profile)" for name in left_open}


def _shown(value: object) -> str:
    return "none" if value is None else str(value)


def _masked_aws(name: str, value: str) -> str:
    if name == "AWS_ACCESS_KEY_ID":
        return f"…{value[-4:]}" if len(value) >= _LONG_ACCESS_KEY else "set"
    return "set" if re.search("SECRET|TOKEN|PASSWORD", name) else _PASSWORDS.sub(_MASK, value)


def _without_password(url: str) -> str:
    with contextlib.suppress(ArgumentError, ValueError):  # the latter for a port that is no number
        url = make_url(url).render_as_string(hide_password=True)
    return _PASSWORDS.sub(_MASK, url)


def _finding(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, ok=True, detail=look())
    except LedgerError as error:
        return Finding(name, ok=False, detail=str(error))
    except Exception as error:  # whatever it is, the other findings are wanted too
        return Finding(name, ok=False, detail=f"{type(error).__name__}: {error}")


def _tables(database: Database) -> Finding:
    looked = _finding("tables", lambda: "; ".join(problems_of_app_tables(database)))
    good = looked.ok and not looked.detail
    return replace(looked, ok=good, detail=looked.detail or "ledger and item take what is confirmed")


def _answers(store: ObjectStore) -> str:
    store.check()
    return f"{store.name} answers"


def _read_with(services: Services) -> ReadingSettings:
    """What photos are read with; what is configured while the database is away, which is a finding already."""
    with contextlib.suppress(Exception):
        return services.production.current()
    return services.production.configured


def _chosen(services: Services) -> list[Finding]:
    """What is read with where that is not what is configured; a database that is away is a finding already."""
    with contextlib.suppress(Exception):
        chosen, configured = services.production.chosen(), asdict(services.production.configured)
        if chosen is not None and chosen.settings != services.production.configured:
            asked = asdict(chosen.settings)
            differing = [name for name in asked if asked[name] != configured[name]]
            changes = [f"{name} {_shown(asked[name])} instead of {_shown(configured[name])}" for name in differing]
            who = f"{chosen.operator} chose on {chosen.created_at:%Y-%m-%d}"
            return [Finding("production", ok=True, detail=f"{who}: {', '.join(changes)}", needed=False)]
    return []


def _prompts(services: Services) -> list[Finding]:
    """Which prompt each family of models is asked with; a database that is away is a finding already."""
    with contextlib.suppress(Exception):
        prompts = services.prompts
        holding = {each.family: each for each in prompts.history() if each.ended_at is None}
        families = sorted({family_of(services.asked_of_models().model), *holding})
        told = [_asked_with(family, holding.get(family), prompts.active(family)) for family in families]
        sound = all(each.version == prompts.active(each.family) for each in holding.values())
        return [Finding("prompts", ok=sound, detail="; ".join(told), needed=False)]
    return []


def _asked_with(family: str, promoted: Active | None, active: str) -> str:
    if promoted is None:
        return f"{family} is asked with the built-in {active}"
    if promoted.version != active:
        return f"{family} is asked with the built-in {active}, as {promoted.version} is not at hand"
    return f"{family} is asked with {active}, promoted by {promoted.operator} on {promoted.created_at:%Y-%m-%d}"


def _unknown() -> Finding:
    unknown = unknown_variables()
    detail = f"not read by anything: {', '.join(unknown)}" if unknown else "every LEDGER_ variable is known"
    return Finding("settings", ok=not unknown, detail=detail, needed=False)


def _versions() -> dict[str, str]:
    found = {"ledger": __version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "missing"
    return found
