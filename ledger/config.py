"""Settings. The only reader of the environment; everything else is handed what it needs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final, Literal

from dotenv import dotenv_values
from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ledger.errors import ConfigurationError
from ledger.extraction.models import AnswerFormat, Detail, Effort
from ledger.extraction.pictures.preparation import PREPARATIONS
from ledger.logs import LogFormat

ENV_FILE: Final = Path(".env")
DEFAULT_STORE: Final = "var/photos"
DEFAULT_DATASETS: Final = "var/datasets"


def _known_preparation(name: str) -> str:
    if name not in PREPARATIONS:
        raise ValueError(f"{name!r} is none of {', '.join(PREPARATIONS)}")
    return name


def _of_redis(url: str) -> str:
    if not url.startswith(("redis://", "rediss://")):
        raise ValueError("it has to begin with redis:// or rediss://")  # the address may hold a password
    return url


def _names(text: object) -> object:
    return tuple(name.strip() for name in text.split(",") if name.strip()) if isinstance(text, str) else text


class Settings(BaseSettings):
    """One value a setting, read from the environment as LEDGER_<NAME>; the defaults run a demo on a bare machine."""

    model_config = SettingsConfigDict(env_prefix="LEDGER_", frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: str = "sqlite:///var/ledger.db"
    """SQLAlchemy URL: sqlite:///file.db, mysql+pymysql://user:password@host/name or mariadb+pymysql://…"""
    store_url: str = DEFAULT_STORE
    """Where the photos lie: s3://bucket/ledger/ or a folder."""
    datasets_url: str = DEFAULT_DATASETS
    """Where the pictures of imported datasets lie, likewise; outside of where the photos lie."""
    s3_endpoint: str | None = None
    """Address of an S3 server other than AWS."""
    s3_region: str | None = None
    """Region of the bucket; boto3's own settings decide when it is unset."""
    arrivals_queue_url: str | None = None
    """SQS queue into which the bucket tells of new photos."""
    sqs_endpoint: str | None = None
    """Address of an SQS server other than AWS."""
    extractor: Literal["auto", "openai", "offline"] = "auto"
    """Who reads: the model, the offline engine, or the model if there is a key."""
    model: str = "gpt-4o"
    """Model that reads the photos."""
    temperature: Annotated[float, Field(ge=0, le=2)] | Literal["none"] | None = None
    """Sampling temperature; `none` sends none. Unset like the next three, it is what suits the model."""
    reasoning_effort: Effort | None = None
    """How much the model thinks before it writes."""
    detail: Detail | None = None
    """How closely the model looks at the picture."""
    answer_format: AnswerFormat | Literal["auto"] = "auto"
    """How the answer is kept to its form, at best."""
    preparation: Annotated[str, AfterValidator(_known_preparation)] = "none"
    """What is done to the picture beyond cropping and scaling."""
    upscaler_file: Path | None = None
    """Network that enlarges pictures, for the preparation that does so."""
    models_file: Path | None = None
    """Table of models whose entries win over ours."""
    base_url: str | None = Field(default=None, validation_alias=AliasChoices("LEDGER_BASE_URL", "OPENAI_BASE_URL"))
    """Address of an OpenAI-compatible service; OPENAI_BASE_URL works too."""
    local_ocr: bool = True
    """Whether OCR on this machine looks at each photo before the model does: second opinion, places, the way up."""
    timeout_seconds: float = Field(default=60, gt=0, le=600)
    """How long one answer of the model may take."""
    tessdata: Path | None = Field(default=None, validation_alias=AliasChoices("LEDGER_TESSDATA", "TESSDATA_PREFIX"))
    """Folder of kor.traineddata for the offline engine, if it is not in a usual place."""
    readers: int = Field(default=2, ge=1, le=64)
    """Photos read at the same time."""
    api_readers: int = Field(default=32, ge=1, le=256)
    """Photos read at the same time for those who call the HTTP interface and wait."""
    broker_url: Annotated[str, AfterValidator(_of_redis)] | None = None
    """Redis that processes share: tasks, the pace at which the model is asked, and how often API keys ask."""
    requests_per_minute: int | None = Field(default=None, ge=1)
    """How often the model is asked at most, by all who share its key. Unset, like the next, what its service tells."""
    tokens_per_minute: int | None = Field(default=None, ge=1)
    """How many tokens those requests take at most."""
    api_requests_per_minute: int = Field(default=600, ge=1)
    """How often each API key may ask: by all processes that share a broker, else by each of the HTTP interface."""
    watch_seconds: int = Field(default=30, ge=0)
    """How often the server looks for new photos and reads them; 0 leaves that to people."""
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    """Port of its own for /metrics; 0 switches them off. Unset, they are at the server's own port."""
    traces_endpoint: str | None = Field(default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    """Where traces are sent; OpenTelemetry's SDK reads it itself, with the other OTEL_* variables. Unset, nowhere."""
    log_format: LogFormat = "text"
    """How the log is written: as text, or as one JSON object a line."""
    language: Literal["ko", "en"] = "ko"
    """Language of the screens until someone switches."""
    operator: str = "operator"
    """Name written to decisions until an operator gives theirs."""
    operator_header: str | None = None
    """Header in which a sign-in proxy names the operator, as in X-Forwarded-User; then nobody types a name."""
    admins: Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_names)] = None
    """Operators who may take a receipt over that somebody else holds, separated by commas; unset, everybody may."""
    secret_key: SecretStr | None = Field(default=None, min_length=16)
    """What photo addresses are signed with: the same for all servers of one desk. Unset, each start makes its own."""
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    """Key of the model's service."""

    @property
    def reads_with(self) -> Literal["openai", "offline"]:
        """Who reads once `auto` is decided."""
        if self.extractor == "auto":
            return "openai" if self.openai_api_key else "offline"
        return self.extractor


_NAMED: Final = {
    name: field.validation_alias
    for name, field in Settings.model_fields.items()
    if isinstance(field.validation_alias, str)
}
"""Fields whose variable has a name of its own."""


def load_settings(env_file: Path = ENV_FILE) -> Settings:
    """Settings from the environment and, below it, from `env_file`. Raises ConfigurationError naming the variable.

    The file's values go into the environment, because boto3 and the openai SDK look for theirs only there.
    """
    for name, value in _written(env_file).items():
        # An empty line is a place to fill in; boto3 would take it for an empty key.
        if value:
            os.environ.setdefault(name, value)
    try:
        return Settings()
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ConfigurationError(setting=variable(str(first["loc"][0])), why=first["msg"]) from None


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which another process of ours has these settings, whatever changed them in this one."""
    own = {variable(name): _as_text(getattr(settings, name)) for name in settings.model_fields_set}
    return {**os.environ, **own}


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _written(env_file: Path) -> dict[str, str | None]:
    try:
        return dotenv_values(env_file, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(setting=str(env_file), why=f"it cannot be read: {exc}") from exc


def variable(field: str) -> str:
    """Name of the environment variable of a field, as in README and .env.example."""
    # pydantic names a refused setting by its variable where that is not made from the field's name.
    return field if field.isupper() else str(_NAMED.get(field, f"LEDGER_{field.upper()}"))


def aws_variables() -> dict[str, str]:
    """What boto3 finds in the environment: secrets too, so not to be shown as it is."""
    return {name: value for name, value in sorted(os.environ.items()) if name.startswith("AWS_") and value}


def unknown_variables() -> list[str]:
    """LEDGER_ variables of the environment that no setting reads: most often a slip of the pen."""
    known = {variable(name) for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith("LEDGER_") and name not in known)
