import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.extraction.pictures.vision import Patches, Tiles, kept_size, narrows_strips, tokens

GPT_4O = Tiles(85, 170)
GPT_4O_MINI = Tiles(2833, 5667)
GPT_4_1_MINI = Patches(1536, 2048, 1.62)
ORIGINAL = Patches(None, None)

VISIONS = st.sampled_from([GPT_4O, GPT_4O_MINI, GPT_4_1_MINI, ORIGINAL, Patches(1536, 2048), Patches(2500, 2048)])
SIDES = st.integers(1, 12_000)
DETAILS = st.sampled_from(["low", "high", "auto", "original", None])


@pytest.mark.parametrize(
    ("size", "kept", "count"),
    [
        ((3024, 4032), (768, 1024), 765),
        ((1536, 2048), (768, 1024), 765),
        ((1080, 2400), (768, 1706), 1445),
        ((1000, 6000), (341, 2048), 765),
        ((1000, 2200), (768, 1689), 1445),
        ((300, 400), (300, 400), 255),  # a small picture is not enlarged
        ((6000, 1000), (2048, 341), 765),
    ],
)
def test_a_tile_model_keeps_and_counts_what_the_guide_says(size, kept, count):
    assert kept_size(GPT_4O, *size, "high") == kept
    assert tokens(GPT_4O, *size, "high") == count


@pytest.mark.parametrize(("size", "count"), [((3024, 4032), 25_501), ((1080, 2400), 48_169)])
def test_pictures_are_dear_for_the_small_tile_model(size, count):
    assert tokens(GPT_4O_MINI, *size, "high") == count


@pytest.mark.parametrize(
    ("size", "count"),
    [((3024, 4032), 11_970), ((1536, 2048), 3072), ((1080, 2400), 2550), ((1000, 6000), 6016), ((1000, 2200), 2208)],
)
def test_a_patch_model_without_limits_counts_every_patch(size, count):
    assert kept_size(ORIGINAL, *size, "original") == size
    assert tokens(ORIGINAL, *size, "original") == count


def test_a_patch_model_shrinks_to_whole_patches_as_in_the_guides_example():
    assert kept_size(Patches(1536, None), 1800, 2400, "high") == (1056, 1408)
    assert tokens(Patches(1536, None), 1800, 2400, "high") == 1452


def test_a_patch_may_count_more_than_one_token():
    assert tokens(GPT_4_1_MINI, 1024, 1024, "high") == 1659  # 1024 patches x 1.62 = 1658.9


def test_where_a_model_sets_no_limit_the_longer_side_is_ours():
    assert kept_size(ORIGINAL, 4000, 12_000, None) == (2000, 6000)


def test_low_detail_is_one_small_glance():
    assert kept_size(GPT_4O, 3024, 4032, "low") == (384, 512)
    assert tokens(GPT_4O, 3024, 4032, "low") == 85
    assert kept_size(ORIGINAL, 1000, 6000, "low") == (85, 512)


@pytest.mark.parametrize(
    ("vision", "size", "detail", "narrows"),
    [
        (GPT_4O, (1000, 6000), "high", True),
        (GPT_4O, (768, 2048), "high", False),
        (GPT_4O, (768, 2060), "high", True),
        (GPT_4O, (300, 1500), "high", False),  # fits as it is
        (GPT_4O, (6000, 1000), "high", False),
        (GPT_4O, (1000, 6000), "low", False),
        (ORIGINAL, (1000, 6000), "high", False),
    ],
)
def test_only_tile_models_narrow_tall_strips(vision, size, detail, narrows):
    assert narrows_strips(vision, *size, detail) is narrows


@given(vision=VISIONS, width=SIDES, height=SIDES, detail=DETAILS)
def test_what_is_kept_is_never_larger_and_is_kept_again(vision, width, height, detail):
    kept = kept_size(vision, width, height, detail)
    assert 1 <= kept[0] <= width
    assert 1 <= kept[1] <= height
    assert kept_size(vision, *kept, detail) == kept
    assert tokens(vision, *kept, detail) == tokens(vision, width, height, detail)


@given(width=SIDES, height=SIDES)
def test_a_patch_model_never_counts_more_than_its_patches(width, height):
    assert tokens(Patches(1536, 2048), width, height, "high") <= 1536
