"""The Grafana dashboard and docs/watch.md speak of the metrics that are exported, and of no others."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from ledger.database import Database
from ledger.watch.metrics import all_metrics
from tests.services import services

ROOT = Path(__file__).parents[2]
BOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/ledger.json").read_text("utf-8"))
PANELS: list[dict[str, Any]] = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
ASKED: list[str] = [target["expr"] for panel in PANELS for target in panel["targets"]]
ENDINGS = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
DOCUMENT = (ROOT / "docs/watch.md").read_text("utf-8")
DOCUMENTED: dict[str, str] = dict(re.findall(r"^\| `(ledger_\w+)(?:\{([\w,]+)\})?` \|", DOCUMENT, re.MULTILINE))
ADDED = {"instance", "job", "le"}
"""Labels that Prometheus gives each series, and that of a histogram's buckets."""


@pytest.fixture
def exported(database: Database) -> dict[str, str]:
    """Every metric there is, whether it has values or not: name and type."""
    return {metric.name: metric.type for metric in all_metrics(services(database)).collect()}


def named(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:ledger|process)_\w+", expression))


def labels(expression: str) -> set[str]:
    grouped = ",".join(re.findall(r"\b(?:by|on) \(([\w, ]+)\)", expression))
    return set(re.findall(r"\w+", grouped)) | set(re.findall(r"(\w+)=~?\"", expression))


def test_each_metric_of_the_dashboard_is_exported(exported: dict[str, str]) -> None:
    series = {name + ending for name, kind in exported.items() for ending in ENDINGS[kind]}

    assert set().union(*map(named, ASKED)) - series == set()


def test_each_metric_of_ours_is_documented_and_on_the_dashboard(exported: dict[str, str]) -> None:
    ours = {name + "_total" * (kind == "counter") for name, kind in exported.items() if name.startswith("ledger_")}
    shown = {re.sub("_(bucket|count|sum)$", "", name) for expression in ASKED for name in named(expression)}

    assert DOCUMENTED.keys() == ours
    assert ours - shown == set()


@pytest.mark.parametrize("expression", ASKED)
def test_each_label_that_is_asked_for_is_one_of_the_metrics(expression: str) -> None:
    metrics = {re.sub("_(bucket|count|sum)$", "", name) for name in named(expression)}
    known = {label for name in metrics for label in DOCUMENTED.get(name, "").split(",")}

    assert labels(expression) <= known | ADDED
    assert expression.count("(") == expression.count(")")


def test_counts_of_the_database_are_never_added_up_over_processes() -> None:
    """Each process tells the same of it."""
    shared = [expression for expression in ASKED if re.search(r"ledger_(queue|\w+_total)", expression)]

    assert shared
    for expression in shared:
        assert re.match(r"([\d]+ \* )?max(\(| by )", expression), expression
        assert "sum by (" not in expression or "sum by (instance" in expression, expression


def test_panels_lie_beside_each_other_and_say_what_they_show() -> None:
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
    for panel in PANELS:
        assert panel["title"]
        assert panel["description"].endswith(".")
    for one, other in combinations([panel["gridPos"] for panel in BOARD["panels"]], 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
