"""Settings: every variable, every bad value, and what may never be shown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from ledger.config import Settings, load_settings, unknown_variables, variable
from ledger.errors import ConfigurationError

ROOT = Path(__file__).parents[1]
KEY = "sk-test-0123456789abcdefghij"  # nobody's


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a .env file put into the environment goes when the test ends."""
    before = dict(os.environ)
    yield
    for name in set(os.environ) - set(before):
        del os.environ[name]


def load(env_file: Path | None = None) -> Settings:
    return load_settings(env_file or Path("/nowhere/.env"))


VALUES: list[tuple[str, str, str, Any]] = [
    ("LEDGER_DATABASE_URL", "mysql://u:p@h/ledger", "database_url", "mysql://u:p@h/ledger"),
    ("LEDGER_STORE_URL", "s3://영수증/ledger/", "store_url", "s3://영수증/ledger/"),
    ("LEDGER_DATASETS_URL", "/srv/데이터셋", "datasets_url", "/srv/데이터셋"),
    ("LEDGER_S3_ENDPOINT", "http://127.0.0.1:9000", "s3_endpoint", "http://127.0.0.1:9000"),
    ("LEDGER_S3_REGION", "ap-northeast-2", "s3_region", "ap-northeast-2"),
    ("LEDGER_ARRIVALS_QUEUE_URL", "https://sqs.x/1/q", "arrivals_queue_url", "https://sqs.x/1/q"),
    ("LEDGER_SQS_ENDPOINT", "http://127.0.0.1:9324", "sqs_endpoint", "http://127.0.0.1:9324"),
    ("LEDGER_EXTRACTOR", "offline", "extractor", "offline"),
    ("LEDGER_MODEL", "gpt-4o-mini", "model", "gpt-4o-mini"),
    ("LEDGER_TEMPERATURE", "0.7", "temperature", 0.7),
    ("LEDGER_TEMPERATURE", "none", "temperature", "none"),
    ("LEDGER_REASONING_EFFORT", "none", "reasoning_effort", "none"),
    ("LEDGER_DETAIL", "original", "detail", "original"),
    ("LEDGER_ANSWER_FORMAT", "json_object", "answer_format", "json_object"),
    ("LEDGER_PREPARATION", "upscale", "preparation", "upscale"),
    ("LEDGER_UPSCALER_FILE", "/opt/EDSR_x2.pb", "upscaler_file", Path("/opt/EDSR_x2.pb")),
    ("LEDGER_MODELS_FILE", "/etc/모델.toml", "models_file", Path("/etc/모델.toml")),
    ("LEDGER_BASE_URL", "http://127.0.0.1:1/v1", "base_url", "http://127.0.0.1:1/v1"),
    ("OPENAI_BASE_URL", "http://127.0.0.1:2/v1", "base_url", "http://127.0.0.1:2/v1"),
    ("LEDGER_TIMEOUT_SECONDS", "5.5", "timeout_seconds", 5.5),
    ("LEDGER_LOCAL_OCR", "false", "local_ocr", False),
    ("LEDGER_TESSDATA", "/opt/tessdata", "tessdata", Path("/opt/tessdata")),
    ("TESSDATA_PREFIX", "/usr/share/tessdata", "tessdata", Path("/usr/share/tessdata")),
    ("LEDGER_READERS", "4", "readers", 4),
    ("LEDGER_API_READERS", "64", "api_readers", 64),
    ("LEDGER_BROKER_URL", "rediss://:p@h:6380/1", "broker_url", "rediss://:p@h:6380/1"),
    ("LEDGER_REQUESTS_PER_MINUTE", "300", "requests_per_minute", 300),
    ("LEDGER_TOKENS_PER_MINUTE", "30000", "tokens_per_minute", 30000),
    ("LEDGER_API_REQUESTS_PER_MINUTE", "60", "api_requests_per_minute", 60),
    ("LEDGER_WATCH_SECONDS", "0", "watch_seconds", 0),
    ("LEDGER_METRICS_PORT", "9100", "metrics_port", 9100),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318", "traces_endpoint", "http://127.0.0.1:4318"),
    ("LEDGER_LOG_FORMAT", "json", "log_format", "json"),
    ("LEDGER_LANGUAGE", "en", "language", "en"),
    ("LEDGER_OPERATOR", "지수", "operator", "지수"),
    ("LEDGER_OPERATOR_HEADER", "X-Forwarded-User", "operator_header", "X-Forwarded-User"),
    ("LEDGER_ADMINS", "지수, 하나,", "admins", ("지수", "하나")),
    ("LEDGER_SECRET_KEY", "0123456789abcdef", "secret_key", SecretStr("0123456789abcdef")),
]


@pytest.mark.parametrize(("name", "text", "field", "value"), VALUES)
def test_each_variable_sets_its_field(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, field: str, value: object
) -> None:
    monkeypatch.setenv(name, text)

    assert getattr(load(), field) == value
    assert unknown_variables() == []


def test_every_setting_has_a_variable_that_is_tested_here() -> None:
    assert {field for _, _, field, _ in VALUES} | {"openai_api_key"} == set(Settings.model_fields)


def test_the_defaults_run_a_demo_on_a_bare_machine() -> None:
    settings = load()

    assert settings.database_url.startswith("sqlite:///var/")
    assert (settings.store_url, settings.reads_with, settings.model) == ("var/photos", "offline", "gpt-4o")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LEDGER_TEMPERATURE", "hot"),
        ("LEDGER_TEMPERATURE", "2.1"),
        ("LEDGER_TEMPERATURE", "-0.1"),
        ("LEDGER_TEMPERATURE", "nan"),
        ("LEDGER_REASONING_EFFORT", "much"),
        ("LEDGER_DETAIL", "tiny"),
        ("LEDGER_ANSWER_FORMAT", "yaml"),
        ("LEDGER_PREPARATION", "sharpen"),
        ("LEDGER_TIMEOUT_SECONDS", "0"),
        ("LEDGER_TIMEOUT_SECONDS", "601"),
        ("LEDGER_BROKER_URL", "amqp://h"),
        ("LEDGER_REQUESTS_PER_MINUTE", "0"),
        ("LEDGER_TOKENS_PER_MINUTE", "many"),
        ("LEDGER_READERS", "0"),
        ("LEDGER_READERS", "65"),
        ("LEDGER_READERS", "둘"),
        ("LEDGER_WATCH_SECONDS", "-1"),
        ("LEDGER_METRICS_PORT", "65536"),
        ("LEDGER_LOG_FORMAT", "xml"),
        ("LEDGER_EXTRACTOR", "gpt"),
        ("LEDGER_LANGUAGE", "fr"),
    ],
)
def test_a_bad_value_names_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv(name, text)

    with pytest.raises(ConfigurationError, match=f"The setting {name} cannot be used: ."):
        load()


@pytest.mark.parametrize("name", [name for name, *_ in VALUES] + ["OPENAI_API_KEY"])
def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")

    assert load() == Settings()


def test_our_own_name_wins_over_the_librarys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://theirs")
    monkeypatch.setenv("LEDGER_BASE_URL", "http://ours")

    assert load().base_url == "http://ours"


@pytest.mark.parametrize(
    ("extractor", "key", "reads_with"),
    [
        ("auto", None, "offline"),
        ("auto", KEY, "openai"),
        ("offline", KEY, "offline"),
        ("openai", None, "openai"),
    ],
)
def test_a_key_decides_who_reads_unless_it_is_said(
    monkeypatch: pytest.MonkeyPatch, extractor: str, key: str | None, reads_with: str
) -> None:
    monkeypatch.setenv("LEDGER_EXTRACTOR", extractor)
    if key:
        monkeypatch.setenv("OPENAI_API_KEY", key)

    assert load().reads_with == reads_with


def test_the_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    settings = load()

    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == KEY
    assert KEY not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_settings_do_not_change_after_they_were_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().model = "gpt-5"  # type: ignore[misc]  # the point


ENV = f"""
# 우리 가게
LEDGER_MODEL=gpt-4o-mini
LEDGER_OPERATOR="지수 # 1"
LEDGER_S3_REGION=
AWS_ACCESS_KEY_ID=AKIA-nobody
OPENAI_ORG_ID=org-1
OPENAI_API_KEY={KEY}
"""


def test_an_env_file_is_read_and_reaches_the_libraries(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(ENV, encoding="utf-8")

    settings = load(tmp_path / ".env")

    assert (settings.model, settings.operator, settings.s3_region) == ("gpt-4o-mini", "지수 # 1", None)
    assert settings.reads_with == "openai"
    assert (os.environ["AWS_ACCESS_KEY_ID"], os.environ["OPENAI_ORG_ID"]) == ("AKIA-nobody", "org-1")


def test_the_environment_wins_over_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(ENV, encoding="utf-8")
    monkeypatch.setenv("LEDGER_MODEL", "gpt-4o")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA-mine")

    settings = load(tmp_path / ".env")

    assert settings.model == "gpt-4o"
    assert os.environ["AWS_ACCESS_KEY_ID"] == "AKIA-mine"


def test_an_env_file_with_the_mark_of_windows_editors_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LEDGER_MODEL=gpt-4o-mini\n", encoding="utf-8-sig")

    assert load(tmp_path / ".env").model == "gpt-4o-mini"


def test_an_env_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LEDGER_OPERATOR=지수\n", encoding="cp949")

    with pytest.raises(ConfigurationError, match=r"\.env cannot be used"):
        load(tmp_path / ".env")


def test_a_missing_env_file_is_no_problem() -> None:
    assert load() == Settings()


def test_slips_of_the_pen_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEDGER_TEMPRATURE", "LEDGER_OPENAI_API_KEY", "LEDGER_MODEL", "OPENAI_BASE_URL", "TESSDATA_PREFIX"):
        monkeypatch.setenv(name, "x")

    assert unknown_variables() == ["LEDGER_OPENAI_API_KEY", "LEDGER_TEMPRATURE"]


def test_the_example_file_names_every_setting_and_nothing_else() -> None:
    named = set(
        re.findall(r"^#? ?((?:LEDGER|OPENAI|OTEL)_\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    )

    assert named == {variable(field) for field in Settings.model_fields}


def test_the_readme_names_every_setting() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")

    assert [field for field in Settings.model_fields if variable(field) not in readme] == []
