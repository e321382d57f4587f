"""The loop by command: corrections are found, proposed, proven on receipts that nobody tuned on, and promoted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ledger.bootstrap import build_services
from ledger.commands import main
from ledger.config import load_settings
from ledger.experiments.datasets import cases_of, dataset_version
from ledger.experiments.stored import experiments
from ledger.experiments.words import Case, ExperimentStatus, Split
from ledger.services import Services
from ledger.tasks import InlineTaskRunner
from ledger.ui.shell import use_services
from tests.openai_standin import Refusal, StandIn
from tests.tuning import scene

pytestmark = pytest.mark.usefixtures("pages_leave_nothing")
ROOT = Path(__file__).parents[2]
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, StandIn]]:
    """The desk as it is when everything was corrected, and a dataset version of it."""
    folder = tmp_path_factory.mktemp("scene")
    with StandIn(scene.answer) as standin, pytest.MonkeyPatch.context() as patch:
        for name, value in scene.settings(folder, standin).items():
            patch.setenv(name, value)
        with scene.corrected(folder, standin):
            assert main(["dataset", "freeze", "시험", "--seed", "2"]) == 0
        yield folder, standin


@pytest.fixture
def standin(made: tuple[Path, StandIn], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """A copy of that desk for each test; its model."""
    folder, standin = made
    scene.copied(folder, tmp_path)
    for name, value in scene.settings(tmp_path, standin).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # a process of its own runs the gate
    monkeypatch.chdir(tmp_path)
    return standin


@pytest.fixture
def run(standin: StandIn, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command of `prompt`: what it told, and its exit code."""

    def command(*argv: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main(["prompt", *argv, "--json"])
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if printed.out else printed.err

    return command


def test_a_known_confusion_is_found_proposed_proven_and_promoted(run: Run) -> None:
    code, told = run("propose", "--accept", "all", "--note", "감과 검")
    assert (code, told["receipts"]) == (0, 65)
    first = told["proposals"][0]
    assert (first["key"], first["evidence"]["receipts"]) == ("look_alike:감>검", 8)
    assert set(first["evidence"]["shops"]) <= set(scene.SMUDGED)
    assert told["draft"].startswith("receipt-v2@")

    code, gate = run("gate", "receipt-v2", "--dataset", "시험", "--repetitions", "1")
    assert (code, gate["passed"], gate["receipts"], gate["promise"]) == (0, True, 65, 1.0)

    code, promoted = run("promote", "receipt-v2")
    assert (code, promoted["family"], promoted["prompt"]) == (0, "gpt-4o", told["draft"])
    assert build_services(load_settings(), InlineTaskRunner()).asked_of_models().prompt_version == told["draft"]
    assert run("back", "gpt-4o")[0] == 0
    assert build_services(load_settings(), InlineTaskRunner()).asked_of_models().prompt_version == promoted["before"]


def test_the_same_by_page(standin: StandIn) -> None:
    services = build_services(load_settings(), InlineTaskRunner())
    use_services(services)
    before = services.prompts.active("gpt-4o")
    app = _page(part="proposals")
    assert "65 confirmed receipts" in app.caption[0].value
    _click(app, "Accept all")
    _click(app, "Make a draft with 3 changes")
    assert app.query_params["prompt"] == "receipt-v2"
    _set(app, "Repetitions", 1)
    _click(app, "Run the gate")
    _ended(services)

    app = _page(prompt="receipt-v2")
    assert "better, and worse in nothing" in app.success[0].value
    _click(app, "Promote receipt-v2 for gpt-4o")

    assert services.prompts.active("gpt-4o").startswith("receipt-v2@")
    app = _page()
    assert any("too few to tell" in each.value for each in app.caption)
    _click(app, "Back to the prompt before")
    assert services.prompts.active("gpt-4o") == before
    services.close()


def test_the_model_drafts_a_change_by_command(run: Run, standin: StandIn) -> None:
    code, told = run("rewrite", "--note", "모델에게")

    draft = build_services(load_settings(), InlineTaskRunner()).prompts.named("receipt-v2")
    assert (code, told["draft"], told["receipts"], told["cost_microusd"] > 0) == (0, draft.version, 65, True)
    assert (draft.status, draft.author, draft.note, draft.parent) == ("draft", "지수", "모델에게", told["parent"])
    assert scene.MINDED in draft.prompt.text
    assert draft.changes[0]["edits"][0]["why"] == told["edits"][0]["why"]

    sent = len(standin.requests)
    assert run("rewrite", "--name", "receipt-v2")[0] == 1
    assert scene.MINDED not in run("rewrite", "--show")[1]["material"]
    assert len(standin.requests) == sent


def test_the_model_drafts_a_change_by_page(standin: StandIn) -> None:
    services = build_services(load_settings(), InlineTaskRunner())
    use_services(services)
    standin.then(Refusal("I can't."))
    app = _page(part="proposals")
    app.button(key="model_draft").click().run()
    assert app.error[0].value == "No draft was made. The model declined: I can't."
    assert any(each.value.startswith("It cost ") for each in app.caption)
    assert [each for each in services.prompts.all() if not each.is_built_in] == []

    app.button(key="model_draft").click().run()

    assert app.query_params["prompt"] == "receipt-v2"
    assert scene.MINDED in services.prompts.named("receipt-v2").prompt.text
    assert any(each.value.startswith("Drafted by gpt-4o-2024-08-06 from 65 receipts") for each in app.caption)
    assert any("영수증 8건에서 정정되었습니다" in each.proto.body for each in app.get("html"))
    assert any(each.label == "Run the gate" for each in app.button)
    services.close()


def test_a_desk_that_asks_no_model_says_so(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEDGER_EXTRACTOR", "offline")
    use_services(build_services(load_settings(), InlineTaskRunner()))

    app = _page(part="proposals")
    assert "no model is asked" in app.info[0].value
    assert "model_draft" not in [each.key for each in app.button]
    assert main(["prompt", "rewrite"]) == 1
    assert "no model is asked" in capsys.readouterr().err


def test_what_was_proposed_before_a_version_was_frozen_is_proposed_anew(standin: StandIn) -> None:
    services = build_services(load_settings(), InlineTaskRunner())
    use_services(services)
    app = _page(part="proposals")
    assert main(["dataset", "freeze", "나중", "--seed", "3"]) == 0
    _click(app, "Accept all")

    _click(app, next(each.label for each in app.button if each.label.startswith("Make a draft")))

    later = dataset_version(services.database, "나중")
    assert later.id in (services.prompts.named("receipt-v2").unseen or ())
    services.close()


def _page(**address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["language"] = "en"
    app.run()
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page("pages/5_prompts.py").run()
    assert not app.exception
    assert not app.error
    return app


def _click(app: AppTest, label: str) -> None:
    next(each for each in app.button if each.label == label).click().run()
    assert not app.exception
    assert not app.error


def _set(app: AppTest, label: str, value: float) -> None:
    next(each for each in app.number_input if each.label == label).set_value(value).run()


def _ended(services: Services) -> None:
    """Wait for the process that runs the gate."""
    deadline = time.monotonic() + 60
    while experiments(services.database)[0].status is not ExperimentStatus.FINISHED:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_harmful_draft_is_refused_by_the_gate(run: Run, tmp_path: Path) -> None:
    _, shown = run("show", "receipt-v1")
    harmful = tmp_path / "harmful.md"
    harmful.write_text(f"{shown['text']}\n{scene.HARMFUL}\n", "utf-8")
    run("new", "receipt-v2", "--text", str(harmful))

    code, gate = run("gate", "receipt-v2", "--dataset", "시험", "--repetitions", "1")

    assert (code, gate["passed"]) == (3, False)
    assert "is not better" in gate["why"][0]
    code, why = run("promote", "receipt-v2")
    assert (code, "Nothing was promoted" in why) == (1, True)
    code, promoted = run("promote", "receipt-v2", "--override", "본사가 정한 표기를 따릅니다.")
    assert (code, promoted["prompt"].startswith("receipt-v2@")) == (0, True)


def test_the_gate_says_how_far_it_is_and_what_comes_next(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("propose", "--accept", "all")

    assert main(["prompt", "gate", "receipt-v2", "--dataset", "시험", "--repetitions", "1"]) == 0

    printed = capsys.readouterr()
    assert "130 of 130 runs" in printed.err
    assert "python -m ledger experiment report 1" in printed.out
    assert "python -m ledger prompt promote receipt-v2" in printed.out


def test_who_has_no_test_split_yet_is_told_to_freeze_one_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEDGER_DATABASE_URL", f"sqlite:///{tmp_path / 'ledger.db'}")
    monkeypatch.chdir(tmp_path)
    assert main(["migrate"]) == 0

    assert main(["prompt", "propose"]) == 0

    assert "python -m ledger dataset freeze NAME" in capsys.readouterr().err


def test_nothing_of_the_test_split_is_in_any_proposal_or_prompt(run: Run, standin: StandIn) -> None:
    _, told = run("propose", "--accept", "all")
    assert run("rewrite")[0] == 0
    asked = standin.requests[-1].body["messages"]
    services = build_services(load_settings(), InlineTaskRunner())
    version = dataset_version(services.database, "시험")
    tuned, tested = (cases_of(services.database, version, split) for split in Split)
    draft = services.prompts.stored(told["draft"])
    by_model = services.prompts.named("receipt-v3")
    said = json.dumps(
        [told, asked, by_model.prompt.text, draft.prompt.text, draft.prompt.lexicon, draft.prompt.examples],
        ensure_ascii=False,
    )
    shops = {case.shop for case in tested} - {case.shop for case in tuned}
    names = _names(tested) - _names(tuned)

    assert (len(tested), draft.unseen, by_model.unseen) == (65, (version.id,), (version.id,))
    assert scene.MINDED in by_model.prompt.text
    assert shops
    assert names
    assert [each for each in (*shops, *names) if each in said] == []
    seen = {one["receipt_id"] for each in told["proposals"] for one in each["evidence"]["examples"]}
    assert seen <= {case.receipt_id for case in tuned}
    assert "트릿 0호" in said  # what was tuned on is offered


def _names(cases: Sequence[Case]) -> set[str]:
    return {str(item.name) for case in cases for item in case.truth.items}


def test_a_dataset_version_of_later_does_not_judge_a_draft_of_before(run: Run) -> None:
    run("propose", "--accept", "look_alike:감>검")
    assert main(["dataset", "freeze", "나중", "--seed", "3"]) == 0

    code, why = run("gate", "receipt-v2", "--dataset", "나중")

    assert (code, "cannot be judged" in why) == (1, True)


def test_what_is_dropped_is_not_proposed_until_that_is_taken_back(run: Run) -> None:
    key = "look_alike:감>검"
    run("propose", "--drop", key)

    _, told = run("propose")
    assert key not in [each["key"] for each in told["proposals"]]
    assert told["proposals"]
    assert told["dropped"] == [key]

    assert run("propose", "--restore", "names") == (1, f"not dropped: names. What is: {key}\n")
    run("propose", "--restore", key)
    _, told = run("propose")
    assert key in [each["key"] for each in told["proposals"]]
    assert told["dropped"] == []
