"""The lexicon: shops and their item names as prompts may offer them, merged, blocked and renamed by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from ledger.errors import LexiconRefused
from ledger.tuning import lexicon_edits as edits
from ledger.tuning.lexicon import names, newest_build, rebuild, shops
from ledger.tuning.tables import LexiconItemRow, LexiconShopRow
from ledger.ui import proposals_desk
from ledger.ui.shell import Desk

_EDITION: Final = "lexicon_edition"
_REFUSED: Final = "lexicon_refused"
_MOST_SHOPS: Final = 1_000
_MOST_NAMES: Final = 500

Apply = Callable[[int, dict[str, Any]], None]
"""Stores what was changed in one row."""


def show(desk: Desk) -> None:
    """When it was counted, its shops, and the names of the one that is chosen."""
    t = desk.t
    _head(desk)
    if refused := st.session_state.pop(_REFUSED, None):
        st.error(refused)
    found = shops(desk.services.database, _MOST_SHOPS)
    if not found:
        st.info(
            t(
                "The lexicon is empty. Build it once receipts are confirmed: it holds their shops and item names, for a"
                " prompt to offer where a name is unsure."
            )
        )
        return
    _shops(desk, found)
    _names(desk, found)


def _head(desk: Desk) -> None:
    t, build = desk.t, newest_build(desk.services.database)
    told, button = st.columns([4, 1], vertical_alignment="center")
    if build is None:
        told.write(t("It was not built yet."))
    else:
        count, time = t.number(build.receipts), t.time(build.at)
        told.write(
            t(
                "Built {time} from {count} confirmed receipts; those of test splits are left out.",
                time=time,
                count=count,
            )
        )
    if button.button(t("Build it anew"), icon=":material/refresh:", width="stretch"):
        _rebuild(desk)


def _rebuild(desk: Desk) -> None:
    t = desk.t
    with st.spinner(t("Counting …")):
        place = st.empty()
        build = rebuild(
            desk.services.database,
            lambda count: place.caption(t("Receipts looked at: {count}", count=t.number(count))),
        )
    st.toast(t("Counted from {count} receipts.", count=t.number(build.receipts)), icon=":material/check:")
    _start_afresh()


def _shops(desk: Desk, found: list[LexiconShopRow]) -> None:
    t, column = desk.t, st.column_config
    st.subheader(t("Shops"))
    frame = pd.DataFrame(
        {
            "shop": [row.shop for row in found],
            "name": [row.own_name or row.name for row in found],
            "receipts": [row.receipts for row in found],
            "merged_into": [row.merged_into for row in found],
            "blocked": [row.blocked for row in found],
        }
    )
    columns = {
        "shop": column.TextColumn(t("Key"), help=t("Letters and digits of the name, by which a shop is known.")),
        "name": column.TextColumn(t("Name"), help=t("As a prompt writes it. Empty: as it is confirmed most often.")),
        "receipts": column.NumberColumn(
            t("Receipts"), help=t("Confirmed receipts of this shop; those of test splits are left out.")
        ),
        **_edit_columns(desk, [row.shop for row in found if row.merged_into is None]),
    }

    def apply(number: int, changed: dict[str, Any]) -> None:
        _edit_shop(desk, found[number].shop, changed)

    _editor(desk, "shops", frame, columns, ["shop", "receipts"], apply)


def _names(desk: Desk, found: list[LexiconShopRow]) -> None:
    t, column = desk.t, st.column_config
    st.subheader(t("Item names of a shop"))
    written = {row.shop: row.own_name or row.name for row in found}
    currencies = {row.shop: row.currency for row in found}
    shop = st.selectbox(t("Shop"), options=list(written), format_func=written.__getitem__, key="lexicon_shop")
    rows = names(desk.services.database, shop, _MOST_NAMES)
    if not rows:
        st.info(t("No receipt of this shop has an item with a name."))
        return
    frame = pd.DataFrame(
        {
            "name": [row.name for row in rows],
            "times": [row.times for row in rows],
            "price": [_price(desk, row, currencies[shop]) for row in rows],
            "category": [t.plain.category(row.category) if row.category else "" for row in rows],
            "merged_into": [row.merged_into for row in rows],
            "blocked": [row.blocked for row in rows],
        }
    )
    columns = {
        "name": column.TextColumn(t("Item"), width="large", help=t("As it was confirmed.")),
        "times": column.NumberColumn(
            t("Times"), help=t("Confirmed lines with this name; those of test splits are left out.")
        ),
        "price": column.TextColumn(
            t("Usual price a piece"),
            help=t("One of ten costs less, one of ten more. In the currency of most of the shop's receipts."),
        ),
        "category": column.TextColumn(t("Category"), help=t("The one confirmed most often.")),
        **_edit_columns(desk, [row.name for row in rows if row.merged_into is None]),
    }

    def apply(number: int, changed: dict[str, Any]) -> None:
        _edit_item(desk, shop, rows[number].name, changed)

    _editor(desk, f"names_{shop}", frame, columns, ["name", "times", "price", "category"], apply)


def _price(desk: Desk, row: LexiconItemRow, currency: str) -> str:
    if row.price_low is None or row.price_high is None:
        return ""
    low, high = (desk.t.money(price, currency) for price in (row.price_low, row.price_high))
    return low if low == high else f"{low}–{high}"


def _edit_columns(desk: Desk, targets: list[str]) -> dict[str, Any]:
    t, column = desk.t, st.column_config
    help_ = t("Another spelling of that one: counted there, and never offered itself.")
    return {
        "merged_into": column.SelectboxColumn(t("Merge into"), options=targets, help=help_),
        "blocked": column.CheckboxColumn(t("Blocked"), help=t("Never offered to a model.")),
    }


def _editor(
    desk: Desk, name: str, frame: pd.DataFrame, columns: Mapping[str, Any], fixed: list[str], apply: Apply
) -> None:
    """The table, and a button that stores what was changed in it."""
    t = desk.t
    # The table starts afresh when changes were stored or it was counted anew: edits belong to the rows shown.
    key = f"lexicon_{name}_{st.session_state.get(_EDITION, 0)}"
    _need_same_rows(desk, key, list(frame[fixed[0]]))
    height = min(38 + 35 * len(frame), 320)
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        num_rows="fixed",
        disabled=fixed,
        column_config=dict(columns),
        height=height,
        placeholder="—",
    )
    changed = st.session_state[key]["edited_rows"]
    save, undo, _ = st.columns([2, 2, 6])
    label = t("Save changes ({count})", count=len(changed)) if changed else t("Save changes")
    if save.button(label, key=f"save_{name}", type="primary", disabled=not changed, width="stretch"):
        _store(desk, changed, apply)
    if undo.button(t("Discard changes"), key=f"undo_{name}", disabled=not changed, width="stretch"):
        _start_afresh()


def _need_same_rows(desk: Desk, key: str, shown: list[str]) -> None:
    """Streamlit keeps edits by the number of their row. When the rows are in another order, they would be of others."""
    if st.session_state.setdefault(f"{key}_rows", shown) == shown:
        return
    if st.session_state.get(key, {}).get("edited_rows"):
        st.session_state[_REFUSED] = desk.t("The lexicon was counted anew meanwhile: make your changes again.")
    _start_afresh()


def _store(desk: Desk, changed: Mapping[int, dict[str, Any]], apply: Apply) -> None:
    """Store row by row. What is refused is said, and what came before it holds."""
    try:
        for number, cells in changed.items():
            apply(int(number), cells)
    except LexiconRefused as error:
        st.session_state[_REFUSED] = desk.t.error(error)
    _start_afresh()


def _edit_shop(desk: Desk, shop: str, changed: dict[str, Any]) -> None:
    database = desk.services.database
    if "name" in changed:
        edits.rename_shop(database, shop, changed["name"] or "")
    if "merged_into" in changed:
        edits.merge_shop(database, shop, changed["merged_into"])
    if "blocked" in changed:
        edits.block_shop(database, shop, blocked=bool(changed["blocked"]))


def _edit_item(desk: Desk, shop: str, name: str, changed: dict[str, Any]) -> None:
    database = desk.services.database
    if "merged_into" in changed:
        edits.merge_item(database, shop, name, changed["merged_into"])
    if "blocked" in changed:
        edits.block_item(database, shop, name, blocked=bool(changed["blocked"]))


def _start_afresh() -> None:
    proposals_desk.forget()
    st.session_state[_EDITION] = st.session_state.get(_EDITION, 0) + 1
    st.rerun()
