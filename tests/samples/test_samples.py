"""The sample receipts: each picture and its truth belong together, and every awkward kind of photo is among them."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from ledger.inbox.images import open_photo, upright_image
from ledger.receipt import UNREADABLE_NUMBER, UNREADABLE_TEXT, Category, LineItem, from_contract, to_contract
from samples import make
from samples.camera import MAX_BYTES
from samples.layouts import print_receipt
from samples.paper import missing_fonts
from samples.receipts import SAMPLES
from samples.sale import Discount, Sale, Sample

BY_NAME = {sample.name: sample for sample in SAMPLES}
SOLD = [sample for sample in SAMPLES if sample.sale]
TODAY = dt.date(2026, 11, 22)

each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
each_sold = pytest.mark.parametrize("sample", SOLD, ids=lambda sample: sample.name)
needs_fonts = pytest.mark.usefixtures("_fonts")


@pytest.fixture(scope="session")
def _fonts() -> None:
    missing = [path.name for path in missing_fonts()]
    assert not missing, f"{missing} are missing (Debian package fonts-nanum). Run: make setup-test"


def photo_bytes(sample: Sample) -> bytes:
    return (make.PHOTOS / f"{sample.name}.jpg").read_bytes()


def written(sample: Sample) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((make.PHOTOS / f"{sample.name}.json").read_text(encoding="utf-8"))
    return document


def true_places(sample: Sample) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((make.PHOTOS / f"{sample.name}.places.json").read_text(encoding="utf-8"))
    return document


def test_the_folder_holds_a_picture_a_truth_and_its_places_for_each_sample_and_nothing_else() -> None:
    names = {path.name for path in make.PHOTOS.iterdir()}
    assert names == {f"{name}.{kind}" for name in BY_NAME for kind in ("jpg", "json", "places.json")}
    assert len(BY_NAME) == len(SAMPLES) >= 16


@each_sample
def test_the_truth_on_disk_is_the_contract_form_of_what_was_drawn(sample: Sample) -> None:
    document = written(sample)
    assert document == to_contract(sample.receipt)
    currency = sample.sale.currency if sample.sale else "KRW"
    assert from_contract(document, currency) == sample.receipt


@each_sold
def test_items_discounts_and_added_tax_make_the_printed_total(sample: Sample) -> None:
    assert sample.sale is not None
    document = written(sample)
    items = sum(item["price"] for item in document["items"])
    off = sum(discount.amount for discount in sample.sale.discounts)
    assert items + off + sample.sale.added_tax == document["total_amount"] > 0
    assert off <= 0


@each_sold
def test_every_line_amount_is_a_whole_number_of_unit_prices(sample: Sample) -> None:
    for item in written(sample)["items"]:
        assert item["count"] >= 1
        assert item["price"] > 0
        assert item["price"] % item["count"] == 0


@each_sold
def test_categories_are_the_contracts_and_no_discount_is_an_item(sample: Sample) -> None:
    assert sample.sale is not None
    document = written(sample)
    assert {item["category"] for item in document["items"]} <= {category.value for category in Category}
    assert not {item["name"] for item in document["items"]} & {discount.name for discount in sample.sale.discounts}


def test_all_categories_occur() -> None:
    assert {item.category for sample in SOLD for item in sample.receipt.items} == set(Category)


@each_sold
def test_bought_within_the_six_weeks_before_today_at_an_invented_shop(sample: Sample) -> None:
    assert sample.sale is not None
    assert TODAY - dt.timedelta(weeks=6) <= sample.sale.date <= TODAY
    assert sample.receipt.location == f"{sample.sale.address}, {sample.sale.store}"
    assert "00" in sample.sale.address, "the house number is zeros, so that it is nobody's"


@each_sample
def test_the_picture_is_a_photo_the_desk_can_open_and_small_enough(sample: Sample) -> None:
    data = photo_bytes(sample)
    assert len(data) <= MAX_BYTES < 150_000
    photo = open_photo(data, f"{sample.name}.jpg")
    assert photo.mime == "image/jpeg"
    # EXIF orientation 6 asks for a quarter turn, so only an upright size can equal the frame.
    assert (photo.width, photo.height) == sample.shot.size
    assert max(photo.width, photo.height) >= 1400
    assert max(photo.width, photo.height) <= 1800 or photo.height > 4 * photo.width


def test_the_awkward_photos_are_there() -> None:
    assert [sample.name for sample in SAMPLES if sample.shot.upside_down] == ["강아지 운동장 뛰뛰"]
    assert [sample.name for sample in SAMPLES if sample.shot.exif == 6] == ["vet_haneulbit"]
    assert [sample.name for sample in SAMPLES if sample.sale is None] == ["우리 동네 공원"]
    strips = [sample for sample in SAMPLES if sample.shot.size[1] > 4 * sample.shot.size[0]]
    assert [len(sample.receipt.items) for sample in strips] == [24]


@pytest.mark.parametrize(("name", "orientation"), [("vet_haneulbit", 6), ("강아지 운동장 뛰뛰", 1)])
def test_only_the_turned_photo_says_so_in_its_exif(name: str, orientation: int) -> None:
    assert Image.open(io.BytesIO(photo_bytes(BY_NAME[name]))).getexif().get(0x0112, 1) == orientation


def test_potatoes_wrapped_names_and_names_with_a_space_are_there() -> None:
    names = [item.name or "" for sample in SOLD for item in sample.receipt.items]
    assert sum("감자" in name for name in names) >= 3
    assert max(map(len, names)) > 15
    assert any(" " in name and not name.isascii() for name in BY_NAME)


def test_the_picture_that_is_no_receipt_says_so_in_every_field() -> None:
    assert written(BY_NAME["우리 동네 공원"]) == {
        "date": UNREADABLE_TEXT,
        "location": UNREADABLE_TEXT,
        "items": [],
        "total_amount": UNREADABLE_NUMBER,
    }


def test_vat_is_inside_the_price_unless_it_was_added_or_the_item_is_free_of_it() -> None:
    item = LineItem(name="간식", price=11_000, count=1, category=Category.FOOD)
    when = dt.date(2026, 11, 1)
    inside = Sale("가게", "주소", when, "10:00", (item,), "columns", discounts=(Discount("할인", -1100),))
    added = Sale("가게", "주소", when, "10:00", (item,), "clinic", added_tax=1_100)
    exempt = Sale("가게", "주소", when, "10:00", (item,), "stacked", exempt=frozenset({"간식"}))
    reduced = Sale(
        "가게",
        "주소",
        when,
        "10:00",
        (item,),
        "stacked",
        exempt=frozenset({"간식"}),
        discounts=(Discount("농산물 할인", -1_000, after=0),),
    )
    assert (reduced.untaxed, reduced.vat, reduced.paid) == (10_000, 0, 10_000)
    assert [(sale.paid, sale.vat) for sale in (inside, added, exempt)] == [(9_900, 900), (12_100, 1_100), (11_000, 0)]


@needs_fonts
def test_drawing_again_gives_the_same_truth_and_a_picture_of_the_same_size(tmp_path: Path) -> None:
    sample = BY_NAME["vet_haneulbit"]
    make.make(tmp_path, (sample.name,))
    kinds = ("jpg", "json", "places.json")
    assert {path.name for path in tmp_path.iterdir()} == {f"vet_haneulbit.{kind}" for kind in kinds}
    assert json.loads((tmp_path / "vet_haneulbit.places.json").read_text(encoding="utf-8")) == true_places(sample)
    assert json.loads((tmp_path / "vet_haneulbit.json").read_text(encoding="utf-8")) == written(sample)
    again = open_photo((tmp_path / "vet_haneulbit.jpg").read_bytes(), sample.name)
    before = open_photo(photo_bytes(sample), sample.name)
    assert (again.width, again.height) == (before.width, before.height)
    assert len(again.data) <= MAX_BYTES


@needs_fonts
@each_sold
def test_nothing_is_printed_beyond_the_paper(sample: Sample) -> None:
    assert sample.sale is not None
    ink = print_receipt(sample.sale).ink
    box = ink.getbbox()
    assert box is not None
    assert 20 <= box[0] < box[2] <= ink.width - 20


def test_a_picture_without_fonts_is_refused_with_what_to_install(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert make.main([], fonts=tmp_path) == 1
    assert "fonts-nanum" in capsys.readouterr().err


@needs_fonts
def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert make.main(["no such receipt"]) == 2
    assert "no such receipt" in capsys.readouterr().err


@each_sample
def test_the_file_is_a_colour_picture_that_is_neither_black_nor_burnt_out(sample: Sample) -> None:
    pixels = upright_image(open_photo(photo_bytes(sample), sample.name)).convert("L").resize((64, 64))
    levels = sorted(pixels.tobytes())
    assert 35 < sum(levels) / len(levels) < 225
    assert levels[-200] - levels[200] > 40


# ---- Where the fields stand


@each_sold
def test_every_field_but_the_category_has_its_place_unless_it_is_not_printed(sample: Sample) -> None:
    fields = ("name", "price", "count")
    items = {f"items.{index}.{field}" for index in range(len(sample.receipt.items)) for field in fields}
    unprinted = {"items.1.count", "items.2.count", "items.3.count"} if sample.name == "maple_street_pets" else set()
    assert set(true_places(sample)["fields"]) == {"date", "location", "total_amount", *items} - unprinted


def test_a_picture_of_no_receipt_has_no_places() -> None:
    assert true_places(BY_NAME["우리 동네 공원"]) == {"size": [1400, 1050], "fields": {}}


@needs_fonts
@each_sold
def test_the_boxes_of_a_sheet_hold_the_ink_of_their_text_and_end_with_it(sample: Sample) -> None:
    assert sample.sale is not None
    sheet = print_receipt(sample.sale)
    for field, boxes in sheet.boxes.items():
        for box in boxes:
            left, top, right, bottom = (round(edge) for edge in box)
            inked = sheet.ink.crop((left - 1, top - 2, right + 1, bottom + 2)).point(lambda v: 255 * (v > 60)).getbbox()
            assert inked is not None, field
            beside, above_and_below = (inked[0], right - left + 2 - inked[2]), (inked[1], bottom - top + 4 - inked[3])
            assert max(beside) <= 12, field  # a narrow sign's own margin
            assert max(above_and_below) <= 5, field


@each_sold
def test_the_places_lie_on_print_in_the_upright_photo(sample: Sample) -> None:
    photo = upright_image(open_photo(photo_bytes(sample), sample.name), 2 if sample.shot.upside_down else 0)
    assert list(photo.size) == true_places(sample)["size"]
    grey = photo.convert("L")
    for field, corners in true_places(sample)["fields"].items():
        mask = Image.new("L", grey.size)
        ImageDraw.Draw(mask).polygon([tuple(corner) for corner in corners], fill=255)
        box = mask.getbbox()
        inside = sorted(
            value for value, on in zip(grey.crop(box).tobytes(), mask.crop(box).tobytes(), strict=True) if on
        )
        paper, ink = inside[int(0.8 * len(inside))], inside[int(0.03 * len(inside))]
        assert ink < 0.75 * paper, field
