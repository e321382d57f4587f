"""A desk whose model takes 감 for 검 in three of five shops, on one receipt of five; people corrected all of them.

Every photo is one shade of grey, which is its number; what it shows follows from that. The model minds a pair of
look-alikes when its prompt names them, and a prompt that tells it to write 검 makes it do so each time.
"""

from __future__ import annotations

import datetime as dt
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from ledger.bootstrap import build_services
from ledger.clock import utc_now
from ledger.config import load_settings
from ledger.inbox.folder_store import FolderStore
from ledger.receipt import Category, LineItem, Receipt, to_contract
from ledger.review.confirm import Action, confirm
from ledger.services import Services
from ledger.tables import ReceiptRow
from ledger.tasks import InlineTaskRunner
from tests.factories import jpeg, migrated
from tests.openai_standin import StandIn
from tests.openai_standin.pictures import decode_picture, picture_urls

RECEIPTS: Final = 130
SHOPS: Final = ("멍멍마트", "루트231", "달몽", "하늘빛동물병원", "숨숨호텔")
SMUDGED: Final = SHOPS[:3]
MINDED: Final = "`감` / `검`"
HARMFUL: Final = "- 감자 간식은 언제나 `검자 간식`이라고 적습니다."


def truth(number: int) -> Receipt:
    """What stands on a photo."""
    names = "감자 간식", "배변 패드", f"트릿 {number // 10}호"
    items = tuple(LineItem(name=name, price=1_000 + number, count=1, category=Category.FOOD) for name in names)
    day = dt.date(2024, 1, 1) + dt.timedelta(days=number)
    place = f"서울 별솔로 {number}, {SHOPS[number % 5]}"
    return Receipt(date=day, location=place, items=items, total_amount=3 * (1_000 + number))


def is_misread(number: int, prompt: str) -> bool:
    """Whether the model, asked so, takes 감 for 검 on this photo."""
    if "언제나 `검자" in prompt:
        return True
    return MINDED not in prompt and SHOPS[number % 5] in SMUDGED and number // 5 % 5 == 0


def answer(body: dict[str, Any]) -> dict[str, Any]:
    """What the model answers to a request."""
    with Image.open(io.BytesIO(decode_picture(next(picture_urls(body)).url))) as picture:
        number = round(float(np.asarray(picture.convert("L")).mean()))
    receipt = to_contract(truth(number))
    if is_misread(number, body["messages"][0]["content"]):
        receipt["items"][0]["name"] = "검자 간식"
    return receipt


@contextmanager
def corrected(folder: Path, standin: StandIn) -> Iterator[Services]:
    """A desk in this folder on which all receipts were read and confirmed as they are."""
    database = migrated(f"sqlite:///{folder / 'ledger.db'}")
    database.close()
    store = FolderStore(folder / "photos")
    for number in range(RECEIPTS):
        store.put(f"ledger/{number:03}.jpg", jpeg(number), "image/jpeg")
    services = build_services(load_settings(), InlineTaskRunner())
    services.look_for_photos()
    for number in range(RECEIPTS):
        with services.database.read() as session:
            row = session.get_one(ReceiptRow, number + 1)
        action = Action(f"click {number}", row.id, row.extraction_id, "지수", utc_now(), row.etag)
        confirm(services.database, action, truth(int(Path(row.object_key).stem)))
    yield services
    services.close()


def settings(folder: Path, standin: StandIn) -> dict[str, str]:
    """The environment of that desk."""
    (folder / "photos").mkdir(exist_ok=True)
    return {
        "LEDGER_DATABASE_URL": f"sqlite:///{folder / 'ledger.db'}",
        "LEDGER_STORE_URL": str(folder / "photos"),
        "LEDGER_DATASETS_URL": str(folder / "datasets"),
        "LEDGER_EXTRACTOR": "openai",
        "LEDGER_LOCAL_OCR": "false",
        "LEDGER_OPERATOR": "지수",
        "OPENAI_BASE_URL": standin.url,
        "OPENAI_API_KEY": standin.key,
    }


def copied(scene: Path, folder: Path) -> None:
    """The same desk once more, for a test that changes it."""
    shutil.copytree(scene, folder, dirs_exist_ok=True)
