"""What comes from outside is seen as characters: no picture is fetched and no link is made of it."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Request

from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import RECEIPT, Desk
from tests.browser.operator import Operator
from tests.openai_standin import Says, StandIn

PHOTO = (Path(__file__).parents[2] / "samples/photos/cafe_dalmong.jpg").read_bytes()
STRANGER = "![x](http://127.0.0.1:9/t.png) https://127.0.0.1:9 www.a.bc me@a.bc :material/home: $a$ :red[r] <b>b</b>"
SHOWN = '[data-testid="stAlert"], [data-testid="stCaptionContainer"], .facts'
MADE = "img, a, b, p span:not(.facts > span)"


def test_a_models_answer_and_a_photos_name_are_shown_as_they_are(
    desk: Desk, store: S3Store, operator: Operator, standin: StandIn
) -> None:
    items = [{"name": "감자", "price": STRANGER[:70], "count": 1, "category": "식비"}]
    standin.then(Says(json.dumps({**RECEIPT, "items": items}, ensure_ascii=False)))
    asked: list[str] = []

    def remember(request: Request) -> None:
        asked.append(request.url)

    operator.page.on("request", remember)
    store.put(f"ledger/{STRANGER.replace('/', ':')}.jpg", PHOTO, "image/jpeg")
    operator.open("/review")
    operator.receipt_on_desk()
    operator.page.locator(SHOWN).get_by_text("![x](http").nth(1).wait_for()  # beneath the name, the notice

    assert operator.page.locator(SHOWN).locator(MADE).count() == 0
    assert [url for url in asked if ":9/" in url] == []
