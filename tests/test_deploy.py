"""What ledger is shipped with: the files are valid, and name commands, ports and variables that exist."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ledger.commands import _parser
from ledger.config import Settings, variable
from ledger.extraction.allowance import PATIENCE

ROOT = Path(__file__).parents[1]
COMPOSE = ROOT / "deploy" / "compose.yaml"
K8S = ROOT / "deploy" / "k8s"
DIGEST = f"sha256:{'a' * 64}"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").iterdir())
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
    assert unknown(file) == set()


@pytest.mark.parametrize("file", sorted((ROOT / "deploy").rglob("*.env*")), ids=lambda file: file.name)
def test_files_of_variables_name_those_that_exist(file: Path) -> None:
    assert unknown(file) == set()


def unknown(file: Path) -> set[str]:
    return set(re.findall(r"\bLEDGER_\w+", file.read_text("utf-8"))) - VARIABLES


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


@pytest.mark.parametrize(
    ("name", "alive", "ready"),
    [
        ("desk", "/_stcore/health", "/_stcore/script-health-check"),
        ("api", "/health", "/ready"),
    ],
)
def test_each_deployment_runs_its_command_on_the_port_it_names_and_keeps_what_there_is(
    name: str, alive: str, ready: str
) -> None:
    spec = documents(K8S / f"{name}.yaml")[0]["spec"]
    [container] = spec["template"]["spec"]["containers"]
    assert _parser().parse_args(container["args"]).port == container["ports"][0]["containerPort"]
    assert container["livenessProbe"]["httpGet"]["path"] == container["startupProbe"]["httpGet"]["path"] == alive
    assert container["readinessProbe"]["httpGet"]["path"] == ready
    figures = f"LEDGER_METRICS_PORT={container['ports'][1]['containerPort']}"
    assert figures in (K8S / "settings.env").read_text("utf-8").splitlines()
    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_workers_are_alive_by_their_figures_in_the_cluster_and_beside_compose() -> None:
    deployment = documents(K8S / "worker.yaml")[0]["spec"]
    [container] = deployment["template"]["spec"]["containers"]
    [port] = container["ports"]
    assert _parser().parse_args(container["args"]).command.__name__ == "_worker"
    assert f"LEDGER_METRICS_PORT={port['containerPort']}" in (K8S / "settings.env").read_text("utf-8").splitlines()
    service = documents(COMPOSE)[0]["services"]["worker"]
    asked = f"http://127.0.0.1:{service['environment']['LEDGER_METRICS_PORT']}"
    for probe in ("startupProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["port"] == port["name"]
        assert service["healthcheck"]["test"][-1] == asked + container[probe]["httpGet"]["path"]


def test_a_worker_may_wait_for_room_be_answered_and_store_before_it_has_to_end() -> None:
    longest = PATIENCE + Settings.model_fields["timeout_seconds"].default
    deployment = documents(K8S / "worker.yaml")[0]["spec"]["template"]["spec"]
    assert longest < deployment["terminationGracePeriodSeconds"]
    assert documents(COMPOSE)[0]["services"]["worker"]["stop_grace_period"] == (
        f"{deployment['terminationGracePeriodSeconds']}s"
    )


def test_all_that_hand_out_and_do_tasks_are_told_of_the_same_redis() -> None:
    services = documents(COMPOSE)[0]["services"]
    told = {services[name]["environment"]["LEDGER_BROKER_URL"] for name in ("desk", "api", "worker")}
    assert told == {"redis://redis:6379"}
    assert "LEDGER_BROKER_URL=redis" in (K8S / "secrets.env.example").read_text("utf-8")
    assert "{port: 6379, protocol: TCP}" in (K8S / "network.yaml").read_text("utf-8")


def test_kustomization_names_every_file_beside_it() -> None:
    text = (K8S / "kustomization.yaml").read_text("utf-8")
    beside = {file.name for file in K8S.iterdir()} - {"kustomization.yaml", "secrets.env.example"}
    assert [name for name in beside if name not in text] == []


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_workflows_take_actions_by_their_hash_and_run_scripts_that_exist(file: Path) -> None:
    [workflow] = documents(file)
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = {step["uses"] for step in steps if "uses" in step}
    assert [name for name in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name)] == []
    scripts = re.findall(r"^(\S+/\S+)", "\n".join(step.get("run", "") for step in steps), re.MULTILINE)
    assert scripts
    assert [name for name in scripts if not os.access(ROOT / name, os.X_OK)] == []
    assert workflow["permissions"] == {"contents": "read"}


def test_tests_run_on_the_python_that_the_image_has() -> None:
    [version] = re.findall(r"^ARG BASE=python:([\d.]+)-slim-(\w+)$", DOCKERFILE, re.MULTILINE)
    jobs = [documents(file)[0]["jobs"]["test"] for file in WORKFLOWS]
    assert {job["container"] for job in jobs} == {"python:{}-{}".format(*version)}


def test_a_release_comes_from_main_and_rolls_out_only_what_was_tested_scanned_and_pushed() -> None:
    [release] = documents(ROOT / ".github" / "workflows" / "release.yml")
    # YAML 1.1 reads the word "on" as true.
    assert release[True] == {"push": {"branches": ["main"]}}
    assert release["jobs"]["image"]["needs"] == "test"
    assert release["jobs"]["roll-out"]["needs"] == "image"
    order = [step.get("name") for step in release["jobs"]["image"]["steps"]]
    assert order.index("Scan") < order.index("Push to Docker Hub")


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    """A kubectl that writes down what it is asked for; revision 3 runs, and what contains the text of `fails` fails."""
    (tmp_path / "fails").write_text("nothing")
    script = tmp_path / "kubectl"
    script.write_text(
        f"""#!/bin/sh
echo "$@" >>{tmp_path}/asked
case "$*" in
    *"$(cat {tmp_path}/fails)"*) exit 1 ;;
    *"get deployment"*) printf 3 ;;
    apply*) cat "$3/kustomization.yaml" >>{tmp_path}/asked ;;
esac
"""
    )
    script.chmod(0o755)
    return tmp_path


def roll_out(cluster: Path, image: str) -> tuple[int, str]:
    """Exit code, and what the cluster was asked for."""
    env = {**os.environ, "PATH": f"{cluster}:{os.environ['PATH']}"}
    done = subprocess.run([ROOT / "deploy" / "roll-out.sh", image], env=env, capture_output=True, check=False)
    asked = cluster / "asked"
    return done.returncode, asked.read_text() if asked.exists() else ""


def test_an_image_is_rolled_out_by_its_digest_after_an_earlier_migration_was_cleared_away(cluster: Path) -> None:
    code, asked = roll_out(cluster, f"docker.io/name/ledger@{DIGEST}")
    assert code == 0
    assert f'newName: "docker.io/name/ledger", digest: "{DIGEST}"' in asked
    assert asked.index("delete job migrate") < asked.index("apply") < asked.index("rollout status deployment/worker")
    assert "undo" not in asked


@pytest.mark.parametrize(
    "fails", ["apply", "wait", "status deployment/desk", "status deployment/api", "status deployment/worker"]
)
def test_what_is_not_ready_in_time_is_undone_to_what_ran_before(cluster: Path, fails: str) -> None:
    (cluster / "fails").write_text(fails)
    code, asked = roll_out(cluster, f"docker.io/name/ledger@{DIGEST}")
    assert code == 1
    for name in ("desk", "api", "worker"):
        assert f"rollout undo deployment/{name} --to-revision=3" in asked


def test_an_image_without_a_digest_is_not_rolled_out(cluster: Path) -> None:
    assert roll_out(cluster, "docker.io/name/ledger:latest") == (2, "")
