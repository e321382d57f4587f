"""Networks that enlarge: what is taken, what is refused, and that no seam is seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ledger.errors import UpscalerUnusable
from ledger.extraction.pictures.upscaler import BAND, CONTEXT, load_upscaler
from tests.extraction.pictures.networks import onnx_network, tensorflow_network

NETWORKS = {"두배.pb": tensorflow_network, "두배.onnx": onnx_network}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("height", [1, 40, BAND, BAND + 1, 2 * BAND + CONTEXT + 5])
def test_a_network_doubles_a_picture_whatever_its_height(tmp_path: Path, name: str, height: int) -> None:
    file = tmp_path / name
    file.write_bytes(NETWORKS[name]())
    pixels = np.random.default_rng(height).integers(0, 256, (height, 23, 3), dtype=np.uint8)

    doubled = load_upscaler(file).doubled(pixels)

    assert np.array_equal(doubled, pixels.repeat(2, axis=0).repeat(2, axis=1))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_that_does_not_give_the_picture_back_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(NETWORKS[name](0.5))

    with pytest.raises(UpscalerUnusable, match=rf"{file}.*it does not give a picture back at twice its size"):
        load_upscaler(file)


@pytest.mark.parametrize("name", ["model.pb", "model.onnx"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 38573255\n",
        b"<!DOCTYPE html><html>Conv2D</html>",
        tensorflow_network()[:-40],
        onnx_network()[:-40],
    ],
    ids=["empty", "text", "lfs", "html", "half a graph", "half a model"],
)
def test_a_file_that_is_no_network_is_refused_with_its_name(tmp_path: Path, name: str, data: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(data)

    with pytest.raises(UpscalerUnusable, match=str(file)):
        load_upscaler(file)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UpscalerUnusable, match=r"없음\.pb cannot enlarge pictures: No such file or directory"):
        load_upscaler(tmp_path / "없음.pb")


def test_a_folder_is_no_network(tmp_path: Path) -> None:
    with pytest.raises(UpscalerUnusable, match="Is a directory"):
        load_upscaler(tmp_path)
