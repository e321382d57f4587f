"""What may be done to a picture beyond cropping and scaling."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ledger.errors import UpscalerUnusable
from ledger.extraction.pictures.preparation import PREPARATIONS, applied, binarised, enlarges, network_of
from tests.extraction.pictures.drawn import lay_paper, table

EDSR = Path("EDSR_x2.pb")


def test_a_binarised_picture_is_black_and_white_and_keeps_its_print() -> None:
    pixels = table()
    lay_paper(pixels, 100, 100, 300, 600)

    seen = np.asarray(binarised(Image.fromarray(pixels)))

    assert sorted(np.unique(seen)) == [0, 255]
    paper = seen[130:660, 120:380]
    assert 0.15 < (paper == 0).mean() < 0.6


def test_print_in_a_soft_shadow_is_not_lost_in_black() -> None:
    paper = np.full((512, 512, 3), 230, np.uint8)
    for top in range(100, 400, 20):
        paper[top : top + 4, 40:480] = 60
    shadow = np.linspace(1, 0.6, 512)[None, :, None]

    seen = np.asarray(binarised(Image.fromarray((paper * shadow).astype(np.uint8))))

    blank, printed = seen[112, 400:470], seen[101, 400:470]
    assert blank.mean() > 200 > 55 > printed.mean()


@pytest.mark.parametrize(
    ("asked", "enlarged", "file", "name"),
    [
        ("none", False, None, "none"),
        ("binarise", False, EDSR, "binarise"),
        ("upscale", True, None, "upscale:lanczos"),
        ("upscale", True, EDSR, "upscale:edsr"),
        ("upscale", False, EDSR, "none"),
        ("upscale+binarise", True, EDSR, "upscale:edsr+binarise"),
        ("upscale+binarise", False, EDSR, "binarise"),
    ],
)
def test_a_preparation_is_named_by_what_was_done(asked: str, enlarged: bool, file: Path | None, name: str) -> None:
    assert applied(asked, enlarged=enlarged, upscaler=file) == name


def test_a_preparation_that_nobody_knows_is_refused() -> None:
    assert [name for name in PREPARATIONS if enlarges(name)] == ["upscale", "upscale+binarise"]
    with pytest.raises(ValueError, match="'sharpen' is none of none, binarise, upscale, upscale"):
        enlarges("sharpen")


def test_a_network_is_only_called_for_by_its_name() -> None:
    assert network_of("upscale:lanczos", EDSR) is None
    with pytest.raises(UpscalerUnusable, match=r"EDSR_x2\.pb"):
        network_of("upscale:edsr", EDSR)
    with pytest.raises(UpscalerUnusable, match="no file is set"):
        network_of("upscale:edsr+binarise", None)
