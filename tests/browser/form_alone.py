"""The review form in Chromium without the desk around it: what it is told is written here, what it sends is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Locator, Page, Route

from ledger.money import decimals
from ledger.review.document import CURRENCIES
from ledger.ui.components import review_form
from tests.browser.alone import page_of

ADDRESS: Final = "http://localhost/form-alone"
_SCRIPT: Final = """
localStorage.clear(); // What the test before has typed is not restored.
const sent = { drafts: [], actions: [] };
const setStateValue = (name, value) => sent.drafts.push(value);
const setTriggerValue = (name, value) => sent.actions.push(value);
const show = (data) => showReviewForm({ data, parentElement: root, setStateValue, setTriggerValue });
const theForm = () => forms.get(root);
"""


def item(name: str = "간식", count: str = "1", price: str = "1000", category: str = "식비") -> dict[str, str]:
    return {"name": name, "count": count, "price": price, "category": category}


def document(*items: dict[str, str], total: str = "", currency: str = "KRW") -> dict[str, Any]:
    return {
        "date": "2026-11-20",
        "location": "멍멍마트",
        "total_amount": total,
        "currency": currency,
        "items": list(items),
        "note": "",
    }


THREE = document(item("감자"), item("양파", price="2000"), item("우유", price="3000"), total="6000")


def form_data(shown: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What the form is told about a receipt that was read as `shown`."""
    return {
        "receipt_id": 1,
        "reading_id": 1,
        "load": "load",
        "document": shown,
        "model": shown,
        "doubts": {},
        "suggestions": {},
        "lost": [],
        "discount": 0,
        "backup_key": f"{more.get('load', 'load')}:etag",
        "photo": "etag",
        "fresh": False,
        "revision": 0,
        "saved_ms": 0,
        "saved_client": "",
        "saved_operator": "",
        "acked_seq": 0,
        "acked_at": "",
        "conflict": None,
        "denied": None,
        "asking": None,
        "closed": [],
        "categories": [{"value": "식비", "label": "Food"}, {"value": "용품", "label": "Supplies"}],
        "reasons": [{"value": "unreadable", "label": "Unreadable"}, {"value": "other", "label": "Other"}],
        "override_reasons": [{"value": "as_printed", "label": "As printed"}, {"value": "other", "label": "Other"}],
        "postpone": [{"value": "hour", "label": "In an hour"}, {"value": "at", "label": "At"}],
        "spellings": {
            "categories": {"food": "식비", "식비": "식비", "용품": "용품"},
            "columns": {
                "item": "name",
                "품목": "name",
                "count": "count",
                "수량": "count",
                "금액": "price",
                "분류": "category",
            },
        },
        "currencies": [{"value": value, "decimals": decimals(value)} for value in CURRENCIES],
        "readonly": False,
        "labels": review_form.LABELS,
    } | more


@dataclass
class FormAlone:
    """One form on a page of its own."""

    page: Page

    @classmethod
    def on(cls, page: Page) -> FormAlone:
        page.route(ADDRESS, _serve)
        page.goto(ADDRESS)
        return cls(page)

    def pass_ms(self, milliseconds: int) -> None:
        self.page.clock.run_for(milliseconds)

    def show(self, shown: dict[str, Any], **more: Any) -> None:
        """Fill the form with a receipt."""
        self.page.evaluate("data => void show(data)", form_data(shown, **more))

    def deny(self, shown: dict[str, Any], field: str) -> None:
        """Confirm, and have the server refuse this field, which says REFUSED then."""
        self.press("Control+Enter")
        sent = self.actions[-1]
        problems = [{"field": field, "why": "REFUSED"}]
        answer = {"id": sent["id"], "attempt": sent["attempt"], "message": "No.", "problems": problems, "unsure": False}
        self.show(shown, denied=answer)

    def field(self, path: str) -> Locator:
        return self.page.locator(f'.form [data-field="{path}"]')

    def values(self, column: str) -> list[str]:
        """What stands in one column, from top to bottom."""
        return self.page.locator(f'.form tbody [data-column="{column}"]').evaluate_all("all => all.map(e => e.value)")

    @property
    def focused(self) -> str:
        """Path of the field that has the focus, or the action of the button."""
        return str(self.page.evaluate("root.activeElement?.dataset.field ?? root.activeElement?.dataset.action ?? ''"))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def text(self, selector: str) -> str:
        return self.page.locator(f".form {selector}").inner_text()

    @property
    def actions(self) -> list[dict[str, Any]]:
        """What was sent as decided."""
        return list(self.page.evaluate("sent.actions"))

    def calls(self, expression: str, *arguments: Any) -> Any:
        """What a function of the scripts returns."""
        return self.page.evaluate(f"given => ({expression})(...given)", list(arguments))


def _serve(route: Route) -> None:
    route.fulfill(body=page_of(review_form, _SCRIPT), content_type="text/html; charset=utf-8")
