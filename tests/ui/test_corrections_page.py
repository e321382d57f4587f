"""The Corrections page with nothing, little and much to tell, in both languages; the lexicon edited on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ledger.clock import utc_now
from ledger.database import Database
from ledger.extraction.pipeline import Reader
from ledger.inbox.ingest import ingest_object
from ledger.receipt import LineItem, Receipt
from ledger.review.confirm import Action, confirm
from ledger.tuning.lexicon import frozen, rebuild, shops
from ledger.tuning.lexicon_edits import merge_shop
from ledger.ui import insight_kept
from ledger.ui.shell import use_services
from tests.factories import MISREAD, NOW, RIGHT, FakeExtractor, MemoryStore, jpeg, migrated, result
from tests.services import services

APP = Path(__file__).parents[2] / "app.py"
PAGE = "pages/4_corrections.py"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def database(tmp_path: Path, store: MemoryStore) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path / 'ledger.db'}")
    use_services(services(database, store))
    st.cache_data.clear()
    insight_kept.forget()
    yield database
    database.close()


def happened(
    database: Database, store: MemoryStore, number: int, read: Receipt = MISREAD, right: Receipt = RIGHT
) -> int:
    """Id of a receipt that was just confirmed."""
    data = jpeg(number)
    receipt_id = ingest_object(database, store, store.put(f"ledger/{number}.jpg", data), NOW)
    extraction_id = Reader(database, store, FakeExtractor(result(read)), lambda: NOW).read(receipt_id)
    etag = hashlib.sha256(data).hexdigest()
    confirm(database, Action(f"confirm {number}", receipt_id, extraction_id, "지수", utc_now(), etag), right)
    return receipt_id


def page(section: str = "rates", language: str = "en", **state: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["language"], app.session_state["corrections_section"] = language, section
    for name, value in state.items():
        app.session_state[name] = value
    app.run().switch_page(PAGE).run()
    assert not app.exception
    return app


def tiles(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize("section", ["rates", "confusions", "slips", "lexicon", "each"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_part_with_nothing_to_tell_says_what_to_do(database: Database, section: str, language: str) -> None:
    app = page(section, language)

    assert len(app.info) == 1
    assert ("확정" in app.info[0].value) if language == "ko" else ("confirmed" in app.info[0].value)


def test_rates_are_told_with_what_they_are_made_of(database: Database, store: MemoryStore) -> None:
    for number in range(6):
        happened(database, store, number, right=RIGHT if number < 3 else MISREAD)

    app = page()

    assert tiles(app) == {
        "Receipts looked at": "6",
        "Receipts with a correction": "50%",
        "Corrected most: Item name": "50%",
        "Structural slips": "0",
    }
    assert [subheader.value for subheader in app.subheader] == ["By field", "Where that differs"]
    assert not app.expander
    app.selectbox(key="examples_of_field").set_value("Item name").run()
    assert app.expander[0].label.endswith(": Item, row 2")
    app.selectbox(key="examples_of_shop_").set_value("루트231").run()
    assert not app.exception
    app.selectbox(key="insight_dimension").set_value("week").run()
    app.selectbox(key="insight_field").set_value("date").run()
    assert not app.exception
    assert not app.info


def test_too_few_receipts_give_no_rate(database: Database, store: MemoryStore) -> None:
    happened(database, store, 1)

    app = page()

    assert tiles(app)["Receipts with a correction"] == "—"
    assert [info.value for info in app.info] == [
        "A rate takes 5 receipts.",
        "No part has the 5 receipts that it takes to tell a rate.",
    ]


@pytest.mark.parametrize(
    ("kind", "right", "read"), [("words", "감자", "검자"), ("syllables", "감", "검"), ("jamo", "ㅏ", "ㅓ")]
)
def test_what_was_taken_for_what_stands_beside_its_photo(
    database: Database, store: MemoryStore, kind: str, right: str, read: str
) -> None:
    receipt_id = happened(database, store, 1)

    app = page("confusions", "ko", confusions_of=kind)

    table = app.dataframe[0].value
    assert list(table.iloc[0, :4]) == [right, read, 1, 1]
    assert [subheader.value for subheader in app.subheader] == [f"예: {right} → {read}"]
    assert app.expander[0].label == f"{receipt_id}번 영수증: 2행 품목"
    assert ["위치를 찾지 못" in caption.value for caption in app.expander[0].caption] == [True]
    assert not app.warning


def test_a_photo_that_is_gone_or_replaced_is_said(database: Database, store: MemoryStore) -> None:
    happened(database, store, 1)
    store.put("ledger/1.jpg", jpeg(99))
    assert "The photo was replaced since it was read." in [c.value for c in page("confusions").expander[0].caption]

    st.cache_data.clear()
    store.objects.clear()
    assert "is no longer in the store" in page("confusions").warning[0].value


def test_slips_are_told_by_their_rule(database: Database, store: MemoryStore) -> None:
    read = RIGHT.model_copy(update={"items": (*RIGHT.items, LineItem(name="합계", price=17_500, count=1))})
    happened(database, store, 1, read)

    app = page("slips")

    assert list(app.dataframe[0].value.iloc[0, :3]) == ["Subtotal or total read as an item", 1, "too few to tell"]
    assert app.expander[0].label.endswith("Whole item, row 3")


def test_nothing_wrong_is_said_to_be_so(database: Database, store: MemoryStore) -> None:
    happened(database, store, 1, RIGHT)

    assert "nothing was taken for something like it" in page("confusions").info[0].value
    assert "no rule found a slip" in page("slips").info[0].value


def test_days_with_more_than_can_be_looked_at_say_so(
    database: Database, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A page takes no arguments, and 20,000 decisions would take minutes to make.
    monkeypatch.setattr(insight_kept, "MOST", 2)
    monkeypatch.setattr(insight_kept, "_TELL_EVERY", 1)
    for number in range(4):
        happened(database, store, number)

    app = page()

    assert tiles(app)["Receipts looked at"] == "2"
    assert "There are more: the newest 2 decisions were looked at." in app.caption[-1].value


def test_each_correction_is_listed_for_its_field(database: Database, store: MemoryStore) -> None:
    happened(database, store, 1)

    app = page("each")

    assert list(app.dataframe[0].value.iloc[0, :3]) == ["Item name", "검자", "감자"]
    app.button_group(key="correction_field").set_value("item.name").run()
    assert len(app.dataframe[0].value) == 1


def test_the_lexicon_is_built_and_told(database: Database, store: MemoryStore) -> None:
    happened(database, store, 1)

    app = page("lexicon")
    next(button for button in app.button if button.label == "Build it anew").click().run()

    assert not app.exception
    shown, names = (table.value for table in app.dataframe)
    assert list(shown.iloc[0]) == ["루트231", "루트231", 1, None, False]
    assert list(names["price"]) == ["₩4,000", "₩4,500"]


def test_prices_are_told_in_the_currency_of_their_shop(database: Database, store: MemoryStore) -> None:
    abroad = RIGHT.model_copy(update={"location": "Main St, Corner Shop", "currency": "USD"})
    happened(database, store, 1, right=abroad)
    rebuild(database)

    app = page("lexicon")

    assert list(app.dataframe[1].value["price"]) == ["$40.00", "$45.00"]
    for table in app.dataframe:
        columns = json.loads(table.proto.columns)
        assert all(column.get("help") for name, column in columns.items() if name != "_index")


def test_edits_of_the_lexicon_are_stored_and_refused_ones_told(database: Database, store: MemoryStore) -> None:
    for number, shop in enumerate(["루트231", "루트-이", "제삼"]):
        happened(database, store, number, right=RIGHT.model_copy(update={"location": shop}))
    rebuild(database)
    keys = [row.shop for row in shops(database)]

    app = page("lexicon")
    app.session_state["lexicon_shops_0"] = {"edited_rows": {keys.index("루트이"): {"merged_into": "루트231"}}}
    _save(app, "save_shops")
    assert frozen(database)["shops"]["루트231"]["aliases"] == ["루트-이"]

    merge_shop(database, "루트231", "제삼")
    app.session_state["lexicon_shops_1"] = {"edited_rows": {keys.index("제삼"): {"merged_into": "루트231"}}}
    _save(app, "save_shops")
    assert app.error[0].value.startswith("The lexicon was left as it is: 루트231 is itself merged into 제삼")


def test_edits_never_go_to_another_row_when_the_lexicon_was_counted_anew(
    database: Database, store: MemoryStore
) -> None:
    for number, shop in enumerate(["가가네", "나나네"]):
        happened(database, store, number, right=RIGHT.model_copy(update={"location": shop}))
    rebuild(database)
    app = page("lexicon")
    app.session_state["lexicon_shops_0"] = {"edited_rows": {0: {"blocked": True}}}
    happened(database, store, 2, right=RIGHT.model_copy(update={"location": "나나네"}))
    rebuild(database)

    app.run()

    assert not app.exception
    assert app.error[0].value.startswith("The lexicon was counted anew meanwhile")
    assert app.button(key="save_shops").disabled
    assert [(row.shop, row.blocked) for row in shops(database)] == [("나나네", False), ("가가네", False)]


def _save(app: AppTest, key: str) -> None:
    app.run()
    app.button(key=key).click().run()
    assert not app.exception
