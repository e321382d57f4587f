"""What a model is shown of a photo."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageStat

from ledger.errors import UpscalerUnusable
from ledger.extraction.look import Glyph, Look, TextSegment
from ledger.extraction.pictures.seeing import see, see_again
from ledger.extraction.pictures.sight import Part, Sight
from ledger.extraction.pictures.vision import Patches, Tiles
from ledger.inbox.images import Photo, open_photo
from ledger.receipt import Receipt
from tests.extraction.pictures.drawn import lay_paper, print_lines, table
from tests.extraction.pictures.networks import tensorflow_network
from tests.inbox.pictures import encoded, heif, oriented

GPT_4O = Tiles(85, 170)
ORIGINAL = Patches(None, None)


def photo_of(pixels: np.ndarray, **options: object) -> Photo:
    return open_photo(encoded(Image.fromarray(pixels), "JPEG", quality=95, **options), "영수증.jpg")


def scan(width: int, height: int, line_height: int = 9) -> np.ndarray:
    """A printed paper that fills the picture."""
    paper = np.full((height, width, 3), 240, np.uint8)
    print_lines(paper, range(20, height - 40, 2 * line_height), height=line_height)
    return paper


def on_a_table(width: int = 1800, height: int = 2400) -> np.ndarray:
    pixels = table(width, height)
    lay_paper(pixels, width // 4, height // 8, width // 2, height * 3 // 4)
    return pixels


def opened(part: Part) -> Image.Image:
    return Image.open(io.BytesIO(part.jpeg))


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures differ by no more than JPEG and a scaling do."""
    return sum(ImageStat.Stat(ImageChops.difference(one.convert("L"), other.convert("L"))).mean) < 6


def looked(quads: list[tuple[float, float, float, float]], size: tuple[int, int], turns: int = 0) -> Look:
    glyphs = (Glyph("합", 0.9, 0.0, 1.0),)
    corners = [((a, b), (c, b), (c, d), (a, d)) for a, b, c, d in quads]
    empty = Receipt(date=None, location=None, items=[], total_amount=None)
    return Look(tuple((TextSegment(glyphs, quad),) for quad in corners), empty, *size, quarter_turns=turns)


def frames(sight: Sight) -> list[tuple[int, int, int, int]]:
    return [part.frame for part in sight.parts]


def test_a_scan_is_shown_whole_at_the_size_that_the_model_keeps() -> None:
    sight = see(photo_of(scan(1500, 2000)), vision=GPT_4O, detail="high")

    (part,) = sight.parts
    assert (part.frame, part.width, part.height) == ((0, 0, 1500, 2000), 768, 1024)
    assert (opened(part).format, opened(part).size, opened(part).mode) == ("JPEG", (768, 1024), "RGB")
    assert sight.preparation == "none"


def test_a_small_photo_is_not_enlarged() -> None:
    (part,) = see(photo_of(scan(300, 400)), vision=GPT_4O, detail="high").parts

    assert (part.width, part.height) == (300, 400)


def test_the_paper_on_a_table_is_shown_alone_and_so_larger() -> None:
    photo = photo_of(on_a_table())

    (part,) = see(photo, vision=GPT_4O, detail="high").parts

    left, top, right, bottom = part.frame
    assert np.allclose(part.frame, (402, 252, 1398, 2148), atol=12)
    assert part.width == 768
    plain = Image.fromarray(on_a_table()).crop((left, top, right, bottom)).resize((part.width, part.height))
    assert alike(opened(part), plain)


def test_a_crop_of_a_large_photo_has_the_pixels_of_the_photo_and_not_of_a_smaller_one() -> None:
    pixels = table(2400, 2400)
    lay_paper(pixels, 900, 700, 620, 1000)
    (part,) = see(photo_of(pixels), vision=GPT_4O, detail="high").parts

    plain = Image.fromarray(pixels).crop(part.frame).resize((part.width, part.height), Image.Resampling.LANCZOS)
    assert part.frame[2] - part.frame[0] < 768
    assert alike(opened(part), plain)


def test_text_that_ocr_saw_beside_the_paper_forbids_the_crop() -> None:
    photo = photo_of(on_a_table())
    inside = looked([(600, 400, 1000, 440)], (1800, 2400))
    outside = looked([(600, 400, 1000, 440), (10, 10, 200, 40)], (1800, 2400))

    assert frames(see(photo, vision=GPT_4O, detail="high", look=inside)) != [(0, 0, 1800, 2400)]
    assert frames(see(photo, vision=GPT_4O, detail="high", look=outside)) == [(0, 0, 1800, 2400)]


def test_a_look_at_the_picture_turned_another_way_forbids_the_crop() -> None:
    sideways = looked([(600, 400, 1000, 440)], (2400, 1800), turns=1)

    assert frames(see(photo_of(on_a_table()), vision=GPT_4O, detail="high", look=sideways)) == [(0, 0, 1800, 2400)]


def test_a_strip_is_shown_to_a_tile_model_in_parts_with_signs_twice_as_high() -> None:
    photo = photo_of(scan(1000, 6000, line_height=30))

    parts = see(photo, vision=GPT_4O, detail="high").parts

    assert (parts[0].frame[1], parts[-1].frame[3]) == (0, 6000)
    assert {part.width for part in parts} == {768}
    assert min(part.height / (part.frame[3] - part.frame[1]) for part in parts) >= 2 * 2048 / 6000


@pytest.mark.parametrize(("vision", "detail"), [(ORIGINAL, "high"), (GPT_4O, "low")])
def test_a_strip_stays_whole_where_parts_gain_nothing(vision: Patches | Tiles, detail: str) -> None:
    assert frames(see(photo_of(scan(500, 2600)), vision=vision, detail=detail)) == [(0, 0, 500, 2600)]


@pytest.mark.parametrize(("orientation", "turns"), [(6, 0), (1, 3), (3, 2)])
def test_the_picture_is_upright_whatever_turned_it(orientation: int, turns: int) -> None:
    """The photo is scan() as a camera held that way stored it, so that EXIF or a person has to turn it back."""
    upright = scan(600, 900)
    times = {6: 1, 1: 1, 3: 0}[orientation]
    photo = photo_of(np.ascontiguousarray(np.rot90(upright, times)), exif=oriented(orientation))

    (part,) = see(photo, vision=ORIGINAL, detail="high", quarter_turns=turns).parts

    assert part.frame == (0, 0, 600, 900)
    assert alike(opened(part), Image.fromarray(upright))


def test_a_heic_photo_is_shown_as_jpeg() -> None:
    photo = open_photo(heif(Image.fromarray(scan(300, 400))), "a.heic")

    (part,) = see(photo, vision=GPT_4O, detail="high").parts

    assert opened(part).format == "JPEG"
    assert alike(opened(part), Image.fromarray(scan(300, 400)))


def test_the_same_photo_is_shown_the_same_bytes_with_nothing_of_the_camera() -> None:
    exif = oriented(1)
    exif[0x013B] = "홍길동"
    photo = photo_of(on_a_table(), exif=exif, comment=b"taken at home", icc_profile=b"colours of a phone")
    first, second = (see(photo, vision=GPT_4O, detail="high") for _ in range(2))

    assert first.parts == second.parts
    assert not opened(first.parts[0]).info.keys() & {"exif", "comment", "icc_profile"}


@pytest.mark.parametrize("preparation", ["none", "binarise", "upscale", "upscale+binarise"])
@pytest.mark.parametrize(("size", "turns"), [((400, 500), 0), ((500, 2400), 0), ((2000, 1500), 1)])
def test_a_stored_sight_is_made_again_to_the_byte(preparation: str, size: tuple[int, int], turns: int) -> None:
    photo = photo_of(scan(*size))
    sight = see(photo, vision=GPT_4O, detail="high", preparation=preparation, quarter_turns=turns)
    stored = json.loads(json.dumps(sight.as_json()))

    assert see_again(photo, stored) == sight


def test_a_crop_is_made_again_without_the_look_that_allowed_it() -> None:
    photo = photo_of(on_a_table())
    look = looked([(600, 400, 1000, 440)], (1800, 2400))
    sight = see(photo, vision=GPT_4O, detail="high", look=look)

    assert see_again(photo, sight.as_json()) == sight


def test_upscaling_doubles_a_small_picture_within_what_the_model_keeps() -> None:
    small = see(photo_of(scan(300, 400)), vision=GPT_4O, detail="high", preparation="upscale")
    middle = see(photo_of(scan(500, 600)), vision=GPT_4O, detail="high", preparation="upscale")

    assert (small.parts[0].width, small.parts[0].height, small.preparation) == (600, 800, "upscale:lanczos")
    assert (middle.parts[0].width, middle.parts[0].height) == (768, 921)


@pytest.mark.parametrize("vision", [GPT_4O, ORIGINAL])
def test_a_large_picture_is_left_as_it_is_and_that_is_said(vision: Patches | Tiles) -> None:
    photo = photo_of(scan(1000, 1200))
    plain = see(photo, vision=vision, detail="high")

    sight = see(photo, vision=vision, detail="high", preparation="upscale", upscaler=Path("unused.pb"))

    assert (sight.parts, sight.preparation) == (plain.parts, "none")


@pytest.mark.parametrize("size", [(200, 201), (110, 1100)])
def test_a_picture_that_a_network_would_take_minutes_for_is_left_as_it_is(size: tuple[int, int]) -> None:
    photo = photo_of(scan(*size))

    sight = see(photo, vision=GPT_4O, detail="high", preparation="upscale", upscaler=Path("unused.pb"))

    assert ([(part.width, part.height) for part in sight.parts], sight.preparation) == ([size], "none")


def test_a_network_from_a_file_enlarges(tmp_path: Path) -> None:
    file = tmp_path / "EDSR_x2.pb"
    file.write_bytes(tensorflow_network())
    photo = photo_of(scan(150, 200))

    sight = see(photo, vision=GPT_4O, detail="high", preparation="upscale", upscaler=file)

    (part,) = sight.parts
    assert (part.width, part.height, sight.preparation) == (300, 400, "upscale:edsr")
    doubled = Image.fromarray(scan(150, 200)).resize((300, 400), Image.Resampling.NEAREST)
    assert alike(opened(part), doubled)


def test_a_network_that_is_missing_is_never_replaced_silently(tmp_path: Path) -> None:
    photo = photo_of(scan(150, 200))

    with pytest.raises(UpscalerUnusable, match="missing"):
        see(photo, vision=GPT_4O, detail="high", preparation="upscale", upscaler=tmp_path / "missing.pb")


def test_a_binarised_picture_is_shown_in_black_and_white() -> None:
    sight = see(photo_of(scan(300, 400)), vision=GPT_4O, detail="high", preparation="binarise")

    assert (opened(sight.parts[0]).mode, sight.preparation) == ("L", "binarise")


def test_what_it_took_is_told() -> None:
    assert see(photo_of(on_a_table()), vision=GPT_4O, detail="high").milliseconds > 0
