"""What ledger is shipped with: the files are valid, and name commands, ports and variables that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ledger.commands import _parser
from ledger.config import Settings, variable

ROOT = Path(__file__).parents[1]
COMPOSE = ROOT / "deploy" / "compose.yaml"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
FILES = sorted([*(ROOT / "deploy").rglob("*.yaml"), *(ROOT / ".github").rglob("*.y*ml")])
VARIABLES = {variable(name) for name in Settings.model_fields}


def documents(file: Path) -> list[Any]:
    return list(yaml.safe_load_all(file.read_text("utf-8")))


def parts(value: Any) -> Iterator[Any]:
    """Everything inside of a YAML document, itself included."""
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(inner)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_each_file_is_yaml_and_names_variables_that_exist(file: Path) -> None:
    assert all(documents(file))
    named = set(re.findall(r"\bLEDGER_\w+", file.read_text("utf-8")))
    assert named - VARIABLES == set()


def test_each_of_our_containers_runs_a_command_that_exists_on_the_port_that_is_let_in() -> None:
    services = [each for each in documents(COMPOSE)[0]["services"].values() if "build" in each]
    options = [_parser().parse_args(each["command"]) for each in services]
    asked = [each.get("ports", []) for each in services]
    assert asked == [[f"127.0.0.1:{o.port}:{o.port}"] if hasattr(o, "port") else [] for o in options]


def test_the_example_beside_compose_has_every_line_that_is_asked_for() -> None:
    asked = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text("utf-8")))
    example = (COMPOSE.parent / ".env.example").read_text("utf-8")
    assert set(re.findall(r"^(\w+)=", example, re.MULTILINE)) == asked


def test_the_image_has_the_files_it_is_built_from_and_the_ports_of_both_servers() -> None:
    sent = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    copied = [name for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()]
    assert [name for name in copied if not any(each.split("/")[0] == name.split("/")[0] for each in sent)] == []
    assert [name for name in sent if not (ROOT / name).exists()] == []
    ports = [str(_parser().parse_args([name]).port) for name in ("serve", "api")]
    assert f"EXPOSE {' '.join(ports)}" in DOCKERFILE
    asked = (ROOT / "deploy" / "healthcheck.py").read_text("utf-8")
    assert [port for port in ports if f"127.0.0.1:{port}/" not in asked] == []


def test_the_image_starts_the_desk_unless_another_command_is_given() -> None:
    command = re.search(r"^CMD \[(.+)\]$", DOCKERFILE, re.MULTILINE)
    assert command is not None
    assert _parser().parse_args(re.findall(r'"([^"]+)"', command[1])).host == "0.0.0.0"
