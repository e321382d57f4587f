"""The Prompts page: what is active, every version, one that is open, edited, compared, taken along and brought in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ledger.database import Database
from ledger.experiments.datasets import dataset_version
from ledger.prompts.files import exported
from ledger.prompts.shelf import Prompts
from ledger.prompts.versions import load
from ledger.prompts.words import PromptStatus
from ledger.services import Services
from ledger.ui.shell import use_services
from ledger.ui.texts import Texts
from tests.experiments.making import dataset
from tests.factories import MemoryStore, migrated
from tests.services import services

APP = Path(__file__).parents[2] / "app.py"
PAGE = "pages/5_prompts.py"
LEXICON = {"shops": {"멍이네": {"name": "멍이네", "aliases": [], "names": [["감자 <간식>", 3]]}}}
EXAMPLES = [{"shop": "멍이네", "read": "검자 간식", "right": "감자 간식"}]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Services]:
    database: Database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    made = services(database)
    use_services(made)
    st.cache_data.clear()
    yield made
    database.close()


@pytest.fixture
def prompts(desk: Services) -> Prompts:
    return desk.prompts


def page(prompt: str | None = None, language: str = "en", part: str | None = None) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["language"] = language
    app.run()
    for name, value in (("prompt", prompt), ("part", part)):
        if value is not None:
            app.query_params[name] = value
    app.switch_page(PAGE).run()
    assert not app.exception
    assert not app.error
    return app


def button(app: AppTest, label: str) -> Any:
    return next(each for each in app.button if each.label == label)


def said(app: AppTest) -> str:
    every = [*app.info, *app.warning, *app.caption, *app.markdown, *app.subheader, *app.error]
    htmls = [each.proto.body for each in app.get("html")]
    return "\n".join([*(str(each.value) for each in every), *htmls]).replace("\u2060", "")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_at_first_there_is_the_built_in_prompt_and_the_way_to_ones_own(desk: Services, language: str) -> None:
    t = Texts(language)
    app = page(language=language)

    built_in = (
        "Nobody has made a prompt yet. See under Proposals what corrections speak for, or open the built-in one"
        " and make a draft from it."
    )
    assert t(built_in) in said(app)
    assert t("active where nothing was promoted") in said(app)
    assert t("No prompt was promoted yet: every family of models is asked with the built-in one.") in said(app)


def test_who_has_frozen_nothing_is_told_to_before_a_draft_is_made(desk: Services) -> None:
    app = page(part="proposals")

    assert "No dataset version was frozen yet" in said(app)
    assert any(each.proto.label == "Freeze confirmed receipts" for each in app.get("page_link"))


def test_every_version_is_listed_with_its_state(prompts: Prompts) -> None:
    made = prompts.draft("receipt-v2", "읽습니다.", parent=load().version, note="*감*·검", operator="지수")
    prompts.draft("receipt-v3", "읽습니다.", operator="민호")
    prompts.promote("gpt-4o", made.version, {"experiment": 7, "name": "감·검"}, "지수")

    shown = said(page())

    assert "active for gpt-4o" in shown
    assert "draft" in shown
    assert r"\*감\*" in shown
    assert "gpt-4o is asked with receipt-v2@" in shown
    assert "지수 (experiment 감·검)" in shown


def test_a_draft_is_made_from_the_built_in_one_under_the_next_name(prompts: Prompts) -> None:
    app = page("receipt-v1")
    app.text_input(key="draft_note_receipt-v2").set_value("감·검")
    button(app, "Make the draft").click().run()

    made = prompts.named("receipt-v2")
    assert (made.prompt.text, made.parent, made.note) == (load().text, load().version, "감·검")
    assert app.query_params["prompt"] == "receipt-v2"


def test_a_draft_is_edited_and_saved_as_another_version(prompts: Prompts) -> None:
    made = prompts.draft("receipt-v2", "영수증을 읽습니다.", operator="지수")
    app = page("receipt-v2")
    assert button(app, "Save").disabled

    app.text_area(key="prompt_text_receipt-v2").set_value("영수증을 읽습니다.\n\n{{names}}").run()
    assert "Filled in these words: names" in said(app)
    button(app, "Save").click().run()

    edited = prompts.named("receipt-v2")
    assert (edited.prompt.text, edited.version != made.version) == ("영수증을 읽습니다.\n\n{{names}}\n", True)
    assert not app.exception


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_said_of_single_fields_is_edited_while_it_is_a_draft_and_shown_afterwards(
    prompts: Prompts, language: str
) -> None:
    t = Texts(language)
    prompts.draft("receipt-v2", "읽습니다.", schema_notes={"date": "결제한 날."}, operator="지수")
    app = page("receipt-v2", language)
    assert app.text_area(key="prompt_field_receipt-v2_date").value == "결제한 날."

    app.text_area(key="prompt_field_receipt-v2_items.price").set_value("{{names}}").run()
    assert button(app, t("Save")).disabled
    app.text_area(key="prompt_field_receipt-v2_items.price").set_value("그 줄의 <금액>.").run()
    button(app, t("Save")).click().run()

    edited = prompts.named("receipt-v2")
    assert edited.prompt.schema_notes == {"date": "결제한 날.", "items.price": "그 줄의 <금액>."}
    prompts.mark_used(edited.version)
    shown = said(page("receipt-v2", language))
    assert t("Schema notes") in shown
    assert "그 줄의 &lt;금액&gt;." in shown


def test_an_unknown_placeholder_is_told_while_it_is_typed_and_not_saved(prompts: Prompts) -> None:
    prompts.draft("receipt-v2", "영수증을 읽습니다.", operator="지수")
    app = page("receipt-v2")

    app.text_area(key="prompt_text_receipt-v2").set_value("{{store}}").run()

    (error,) = app.error
    assert "{{store}} is no placeholder. Known ones are {{shop}}, {{names}}, {{examples}}." in error.value
    assert button(app, "Save").disabled


def test_what_somebody_else_saved_meanwhile_is_never_written_over(prompts: Prompts) -> None:
    made = prompts.draft("receipt-v2", "처음.", operator="지수")
    app = page("receipt-v2")
    prompts.edit(made.version, text="다른 사람.")

    app.text_area(key="prompt_text_receipt-v2").set_value("내 것.").run()
    assert "Somebody else saved this draft meanwhile" in said(app)
    button(app, "Save").click().run()
    assert "has been edited since" in app.error[0].value
    assert app.text_area(key="prompt_text_receipt-v2").value == "내 것."

    button(app, "Load it anew").click().run()
    assert app.text_area(key="prompt_text_receipt-v2").value == "다른 사람.\n"
    assert prompts.named("receipt-v2").prompt.text == "다른 사람.\n"


def test_what_was_read_with_is_shown_and_not_edited(prompts: Prompts) -> None:
    made = prompts.draft("receipt-v2", "영수증을 읽습니다.", operator="지수")
    prompts.mark_used(made.version)

    app = page("receipt-v2")

    assert [each.value for each in app.code] == ["영수증을 읽습니다."]
    assert [each for each in app.text_area if not str(each.key).startswith("override")] == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_it_offers_is_counted_and_shown_as_it_is(prompts: Prompts, language: str) -> None:
    prompts.draft("receipt-v2", "{{names}}", lexicon=LEXICON, examples=EXAMPLES, operator="지수")

    app = page("receipt-v2", language)

    assert [metric.value for metric in app.metric] == ["1", "1", "1"]
    assert "감자 &lt;간식&gt;" in said(app)
    assert "검자 간식" in said(app)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_differs_stands_below_the_part_that_it_is_of(prompts: Prompts, language: str) -> None:
    t = Texts(language)
    first = prompts.draft("a", "{{names}}", operator="지수")
    more = {"schema_notes": {"date": "결제한 날."}, "lexicon": LEXICON, "examples": EXAMPLES}
    prompts.draft("b", "{{examples}}", **more, parent=first.version, operator="지수")

    headings = [each.value for each in page("b", language).markdown if each.value.startswith("#####")]

    parts = ("Wording", "Schema notes", "Names that are offered", "Examples")
    assert headings == [f"##### {t(part)}" for part in parts]


def test_the_difference_from_the_parent_comes_first_and_any_other_can_be_chosen(prompts: Prompts) -> None:
    first = prompts.draft("a", "가나다\n<라>", operator="지수")
    prompts.draft("b", "가나다\n<마>", parent=first.version, operator="지수")
    app = page("b")

    shown = said(app)
    assert "Lines removed from a: 1. Lines added in b: 1." in shown
    assert '<span class="sign" role="img" aria-label="removed">-</span><span>&lt;라&gt;</span>' in shown
    assert '<span class="sign" role="img" aria-label="added">+</span><span>&lt;마&gt;</span>' in shown
    app.selectbox(key="compared_b").set_value(load().version).run()
    assert "Lines removed from receipt-v1" in said(app)


def test_a_version_is_put_away_and_an_active_one_is_not(prompts: Prompts) -> None:
    made = prompts.draft("receipt-v2", "읽습니다.", operator="지수")
    app = page("receipt-v2")

    app.button(key="prompt_retire").click().run()

    assert prompts.stored(made.version).status == PromptStatus.RETIRED
    assert "prompt_retire" not in [each.key for each in app.button]
    assert "prompt_retire" not in [each.key for each in page("receipt-v1").button]


def test_what_is_active_is_taken_back_with_one_click(prompts: Prompts) -> None:
    made = prompts.draft("receipt-v2", "읽습니다.", operator="지수")
    prompts.promote("gpt-4o", made.version, {"override": "급함"}, "지수")
    app = page()
    assert "in spite of it: 급함" in said(app)

    button(app, "Back to the prompt before").click().run()

    assert prompts.active("gpt-4o") == load().version
    assert "still active" not in said(app)
    assert not app.exception


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_lexicon_that_has_changed_is_proposed_with_what_would_come_and_go(prompts: Prompts, language: str) -> None:
    t = Texts(language)
    made = prompts.draft("receipt-v2", "{{names}}", lexicon=LEXICON, operator="지수")
    prompts.promote("gpt-4o", made.version, {"override": "급함"}, "지수")

    app = page(language=language, part="proposals")

    shown = said(app)
    assert t("Newer names of the shops") in shown
    assert t("No correction speaks for it: only the lexicon has changed.") in shown
    assert f"{t('Would go')}: 감자" in shown


def test_proposals_are_made_anew_when_a_dataset_version_has_come(desk: Services) -> None:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["prompts_section"] = "proposals"
    app.run().switch_page(PAGE).run()
    assert list(app.session_state["proposals_found"][1].unseen) == []

    frozen = dataset(desk.database, MemoryStore(), 4, tests=2)
    app.run()

    assert not app.exception
    assert list(app.session_state["proposals_found"][1].unseen) == [dataset_version(desk.database, frozen).id]


def test_a_file_becomes_a_draft_and_a_bad_one_a_sentence(prompts: Prompts) -> None:
    made = prompts.draft("receipt-v2", "읽습니다.", operator="지수")
    data = exported(made, {}).encode()
    app = page()

    app.file_uploader[0].set_value(("words.md", b"# words", "text/markdown")).run()
    button(app, "Make a draft of it").click().run()
    assert "does not begin with the head" in app.error[0].value

    app.file_uploader[0].set_value(("taken.md", data, "text/markdown")).run()
    app.text_input(key="prompt_file_name").set_value("receipt-v9").run()
    button(app, "Make a draft of it").click().run()
    assert prompts.named("receipt-v9").prompt.text == "읽습니다.\n"
    assert app.query_params["prompt"] == "receipt-v9"


def test_a_version_that_is_not_there_is_a_sentence(desk: Services) -> None:
    assert "there is none of that name" in page("receipt-v9").warning[0].value
