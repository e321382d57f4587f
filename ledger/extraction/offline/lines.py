"""Joins segments into the lines a person sees, also where the paper is tilted or curled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ledger.extraction.look import TextSegment

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Geometry:
    """Where the segments lie, one entry a segment."""

    centers: Floats
    lefts: Floats
    rights: Floats
    widths: Floats
    heights: Floats
    slopes: Floats

    @classmethod
    def of(cls, segments: Sequence[TextSegment]) -> _Geometry:
        boxes = np.array([segment.quad for segment in segments], np.float64)
        along = (boxes[:, 1] - boxes[:, 0] + boxes[:, 2] - boxes[:, 3]) / 2
        down = (boxes[:, 3] - boxes[:, 0] + boxes[:, 2] - boxes[:, 1]) / 2
        return cls(
            centers=boxes.mean(axis=1),
            lefts=boxes[:, [0, 3]].mean(axis=1),
            rights=boxes[:, [1, 2]].mean(axis=1),
            widths=np.linalg.norm(along, axis=1),
            heights=np.linalg.norm(down, axis=1),
            slopes=along[:, 1] / np.where(np.abs(along[:, 0]) < 1e-6, 1e-6, along[:, 0]),
        )


def build_lines(segments: Sequence[TextSegment]) -> list[list[TextSegment]]:
    """The lines from top to bottom, each from left to right."""
    if not segments:
        return []
    geometry = _Geometry.of(segments)
    slopes = _local_slopes(geometry)
    lines = _chains(len(segments), _links(geometry, slopes))
    # Lines are compared where they cross the middle of the page, else a tilted line sorts by its length.
    heights = geometry.centers[:, 1] - slopes * (geometry.centers[:, 0] - np.median(geometry.centers[:, 0]))
    lines.sort(key=lambda line: float(heights[line].mean()))
    return [[segments[index] for index in line] for line in lines]


def _local_slopes(geometry: _Geometry) -> Floats:
    """The slope of the writing around each segment: long level segments nearby tell it, short ones hardly."""
    median = float(np.median(geometry.heights))
    weights = np.clip(geometry.widths / geometry.heights - 2, 0, 8) * (np.abs(geometry.slopes) < 0.35)
    offsets = geometry.centers[:, None] - geometry.centers[None]
    # A receipt curls along its length, so neighbours above and below count less far than those at the side.
    distance = (offsets[..., 0] / (14 * median)) ** 2 + (offsets[..., 1] / (5 * median)) ** 2
    influence = weights * np.exp(-distance) + 1e-9 * weights + 1e-12
    slopes: Floats = (influence * geometry.slopes).sum(axis=1) / influence.sum(axis=1)
    return slopes


def _links(geometry: _Geometry, slopes: Floats) -> list[tuple[int, int]]:
    """Pairs (left, right) that continue each other, the surest first."""
    heights = geometry.heights
    median = float(np.median(heights))
    dx = geometry.lefts[None, :, 0] - geometry.rights[:, None, 0]
    rise = (slopes[:, None] + slopes[None]) / 2 * np.maximum(dx, 0)
    dy = np.abs(geometry.lefts[None, :, 1] - geometry.rights[:, None, 1] - rise)
    lower = np.maximum(np.minimum(heights[:, None], heights[None]), 0.6 * median)
    ordered = (dx >= -0.6 * median) & (geometry.centers[None, :, 0] > geometry.centers[:, None, 0])
    # A line of normal type does not continue in a headline.
    alike = np.maximum(heights[:, None], heights[None]) < 3.2 * np.minimum(heights[:, None], heights[None])
    possible = np.argwhere(ordered & alike & (dy < 0.5 * lower))
    cost = dy / lower + 0.02 * np.maximum(dx, 0) / median
    return sorted(((int(left), int(right)) for left, right in possible), key=lambda pair: float(cost[pair]))


def _chains(count: int, links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Chains of segments; each has one left and one right neighbour at most, and the surest link wins."""
    following: dict[int, int] = {}
    led: set[int] = set()
    for left, right in links:
        if left not in following and right not in led:
            following[left] = right
            led.add(right)
    chains = []
    for first in (index for index in range(count) if index not in led):
        chain = [first]
        while chain[-1] in following:
            chain.append(following[chain[-1]])
        chains.append(chain)
    return chains
