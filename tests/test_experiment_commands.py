"""python -m ledger experiment: what each command prints and ends with, against a service as strict as OpenAI's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.clock import utc_now
from ledger.database import Database
from ledger.experiments import standing
from ledger.experiments.turnstile import BUDGET_REACHED
from ledger.inbox.folder_store import FolderStore
from ledger.prompts.shelf import Prompts
from ledger.prompts.versions import load
from tests.commanded import Run, runner
from tests.experiments.making import dataset, runs
from tests.factories import RIGHT, migrated
from tests.openai_standin import StandIn

VERSION = "시험 1"
PAUSED = 3
ANSWER = RIGHT.model_dump(mode="json", exclude={"currency"})

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `experiment` with these words."""
    return runner(capsys, "experiment")


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A desk with a dataset version of three receipts, the last of them to test with."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    settings = {"DATABASE_URL": url, "STORE_URL": str(tmp_path / "photos"), "EXTRACTOR": "openai", "LOCAL_OCR": "false"}
    for name, value in settings.items():
        monkeypatch.setenv(f"LEDGER_{name}", value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    database = migrated(url)
    dataset(database, FolderStore(tmp_path / "photos"), 3, name=VERSION, tests=1)
    yield database
    database.close()


@pytest.fixture(autouse=True)
def standin(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """The model, which reads every receipt right."""
    with StandIn(ANSWER) as standin:
        monkeypatch.setenv("OPENAI_BASE_URL", standin.url)
        monkeypatch.setenv("OPENAI_API_KEY", standin.key)
        yield standin


@pytest.fixture
def make(run: Run) -> Make:
    """Makes an experiment with these options more; what is told of it."""

    def made(*options: object) -> dict[str, Any]:
        code, out, err = run("create", "--name", "온도", "--dataset", VERSION, *options, "--json")
        assert (code, err) == (0, "")
        told: dict[str, Any] = json.loads(out)
        return told

    return made


def test_prompts_are_compared_by_their_names(run: Run, make: Make, database: Database) -> None:
    version = Prompts(database).draft("receipt-v2", "영수증을 읽습니다.\n\n{{names}}", operator="지수").version
    made = make("--prompts", "receipt-v1,receipt-v2", "--repetitions", 1)
    assert made["arms"] == [load().version, version]
    run("run", made["id"], "--json")
    offered = [(each.settings["prompt_version"], each.offered) for each in runs(database, made["id"])]
    assert offered.count((version, {"shop": None, "names": [], "examples": []})) == 3
    assert offered.count((load().version, None)) == 3

    code, _, err = run("create", "--name", "x", "--dataset", VERSION, "--prompts", "nobody's")
    assert (code, "there is none of that name" in err) == (1, True)


def test_a_sweep_is_made_run_and_told(run: Run, make: Make, standin: StandIn) -> None:
    made = make("--temperatures", "0.0,0.1", "--repetitions", 3)
    assert made["arms"] == ["temperature 0.0", "temperature 0.1"]
    assert (made["runs"], made["requests"]) == (18, 18)
    (note,) = made["notes"]
    assert "3 receipts are far fewer than the 470 that it takes" in note
    assert made["cost_usd"] > 0

    code, out, err = run("run", made["id"], "--json")
    ended = json.loads(out)
    assert (code, err) == (0, "")
    assert (ended["status"], ended["done"], ended["planned"], ended["failed"]) == ("finished", 18, 18, 0)
    assert len(standin.requests) == 18

    code, out, err = run("status", made["id"], "--json")
    assert (code, json.loads(out), err) == (0, ended, "")
    code, out, err = run("status", "--json")
    assert (code, json.loads(out), err) == (0, [ended], "")


def test_without_json_people_are_told_what_to_type_next(run: Run) -> None:
    code, out, err = run("create", "--name", "온도", "--dataset", VERSION, "--temperatures", "0.0,0.1")

    assert code == 0
    assert err.startswith("This will most likely end with “cannot tell yet”")
    assert out.splitlines()[:3] == ["experiment 1", "  temperature 0.0 (baseline)", "  temperature 0.1"]
    assert out.splitlines()[-1] == "python -m ledger experiment run 1"
    assert run("run", 1)[:2] == (0, "experiment 1: finished\n")
    assert run("status") == (0, "1\tfinished\t6/6\t온도\n", "")


@pytest.mark.parametrize(("form", "begins"), [("md", "#"), ("html", "<!"), ("csv", "")])
def test_a_report_is_printed_or_written_to_a_file(run: Run, make: Make, tmp_path: Path, form: str, begins: str) -> None:
    id_ = make("--temperatures", "0.0,0.1")["id"]
    run("run", id_, "--quiet")
    file = tmp_path / f"report.{form}"

    printed = run("report", id_, "--format", form)
    written = run("report", id_, "--format", form, "--out", file)

    assert (printed[0], printed[2]) == (0, "")
    assert written == (0, f"{file}\n", "")
    assert "temperature 0.1" in file.read_text("utf-8")
    assert file.read_text("utf-8").lstrip("\ufeff").startswith(begins)


def test_a_report_for_machines_is_json_without_holes(run: Run, make: Make) -> None:
    id_ = make("--temperatures", "0.0,0.1", "--repetitions", 2)["id"]
    run("run", id_, "--quiet")

    code, out, err = run("report", id_, "--json")
    told = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))

    assert (code, err) == (0, "")
    assert (told["receipts"], told["is_final"]) == (3, True)
    assert [arm["arm"] for arm in told["arms"]] == ["temperature 0.0", "temperature 0.1"]
    assert [each["arm"] for each in told["comparisons"]] == ["temperature 0.1"]


def test_a_report_that_cannot_be_written_says_where(run: Run, make: Make, tmp_path: Path) -> None:
    id_ = make("--temperatures", "0.0,0.1")["id"]
    file = tmp_path / "nowhere" / "report.md"

    assert run("report", id_, "--out", file) == (1, "", f"{file} cannot be written: No such file or directory\n")


def test_a_budget_stops_it_and_a_raised_one_lets_it_go_on(run: Run, make: Make, standin: StandIn) -> None:
    id_ = make("--temperatures", "0.0,0.1", "--budget", "0.01", "--in-flight", 1)["id"]

    code, out, _ = run("run", id_, "--json")
    paused = json.loads(out)
    assert (code, paused["status"], paused["reason"]) == (PAUSED, "paused", BUDGET_REACHED)
    assert paused["done"] < paused["planned"]
    assert paused["spent_usd"] <= 0.01

    assert run("run", id_, "--quiet")[0] == PAUSED
    code, out, _ = run("run", id_, "--budget", "1", "--json")
    assert (code, json.loads(out)["done"]) == (0, 6)
    assert len(standin.requests) == 6


def test_what_was_paused_goes_on_where_it_stopped(run: Run, make: Make, database: Database, standin: StandIn) -> None:
    id_ = make("--temperatures", "0.0,0.1")["id"]
    standing.start(database, id_, utc_now())

    assert run("pause", id_) == (0, f"experiment {id_}: paused\n", "")
    assert run("pause", id_)[0] == 1
    assert run("run", id_, "--quiet") == (0, "", "")
    assert len(runs(database, id_)) == len(standin.requests) == 6


def test_what_the_desk_started_and_somebody_paused_since_is_left_as_it_is(
    run: Run, make: Make, database: Database, standin: StandIn
) -> None:
    id_ = make("--temperatures", "0.0,0.1")["id"]
    standing.start(database, id_, utc_now())
    standing.pause(database, id_)

    assert run("run", id_, "--started") == (3, f"experiment {id_}: paused\n", "")
    assert standin.requests == []


def test_what_was_cancelled_is_over(run: Run, make: Make, standin: StandIn) -> None:
    id_ = make("--temperatures", "0.0,0.1")["id"]

    code, out, _ = run("cancel", id_, "--json")
    assert (code, json.loads(out)["status"]) == (0, "cancelled")
    code, out, err = run("run", id_)
    assert (code, out, len(standin.requests)) == (1, "", 0)
    assert "cancelled" in err


def test_a_split_is_read_alone(run: Run, make: Make) -> None:
    assert make("--temperatures", "0.0,0.1", "--split", "test")["runs"] == 2


def test_every_combination_is_an_arm_and_one_is_chosen_as_the_baseline(run: Run, make: Make) -> None:
    options = ("--temperatures", "0.0,0.2", "--details", "low,high", "--baseline", "temperature 0.2, detail high")

    arms = make(*options)["arms"]

    assert arms[0] == "temperature 0.2, detail high"
    assert sorted(arms) == [f"temperature {t}, detail {d}" for t in ("0.0", "0.2") for d in ("high", "low")]


def test_a_temperature_that_a_model_refuses_is_reported_as_not_applied(
    run: Run, make: Make, database: Database
) -> None:
    made = make("--models", "gpt-6-astra", "--temperatures", "0.0,0.3")

    said = [note for note in made["notes"] if "temperature" in note]
    assert said == [
        f"The model gpt-6-astra does not take the setting temperature: {t} was not applied." for t in (0, 0.3)
    ]
    assert run("run", made["id"], "--quiet")[0] == 0
    found = runs(database, made["id"])
    assert [run.error_class for run in found] == [None] * 6
    assert {run.settings["temperature"] for run in found} == {None}
    told = json.loads(run("report", made["id"], "--json")[1])
    assert all(any("temperature" in note for note in arm["notes"]) for arm in told["arms"])


def test_the_offline_engine_is_one_more_arm_without_a_temperature(run: Run, make: Make) -> None:
    made = make("--temperatures", "0.0,0.1", "--offline", "--repetitions", 2)

    assert made["arms"] == ["temperature 0.0", "temperature 0.1", "offline"]
    assert made["runs"] == 3 * (2 + 2 + 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--dataset", "없는 버전"], "없는 버전"),
        (["--temperatures", "0.0,2.1"], "2.1"),
        (["--temperatures", "0.1,nan"], "nan"),
        (["--temperatures", "0.0,0.1", "--repetitions", "0"], "0 repetitions"),
        (["--temperatures", "0.0,0.1", "--in-flight", "1000"], "1000 requests"),
        (["--temperatures", "0.0,0.1", "--budget", "0"], "budget"),
        (["--temperatures", "0.0,0.1", "--baseline", "temperature 9"], "temperature 9"),
        (["--models", "my-own", "--temperatures", "0.0,0.1", "--budget", "1"], "my-own"),
    ],
)
def test_what_cannot_be_made_is_a_sentence_and_nothing_is_stored(run: Run, options: list[str], said: str) -> None:
    given = options if "--dataset" in options else ["--dataset", VERSION, *options]

    code, out, err = run("create", "--name", "온도", *given)

    assert (code, out) == (1, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert run("status") == (0, "", "")


@pytest.mark.parametrize(
    "options",
    [["--metric", "f1"], ["--temperatures", "warm"], ["--budget", "much"], ["--budget", "inf"], ["--split", "both"]],
)
def test_what_is_no_such_option_is_refused_before_anything_is_asked(
    run: Run, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        run("create", "--name", "온도", "--dataset", VERSION, *options)

    assert caught.value.code == 2
    assert options[0] in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "status", "pause", "cancel", "report"])
def test_an_experiment_that_is_not_there_is_named(run: Run, command: str) -> None:
    code, out, err = run(command, 41)

    assert (code, out) == (1, "")
    assert "41" in err
