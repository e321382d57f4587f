"""The phone's camera: a printed sheet laid on a desk, lit from one side and photographed by hand."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image

from ledger.extraction.look import Quad
from ledger.extraction.places.quads import Point, around
from samples.desks import DeskName, Picture, blurred, desk
from samples.paper import Box, Sheet
from samples.props import Prop, place

MAX_BYTES: Final = 148_000
_EXIF_ORIENTATION: Final = 0x0112
_PAPER: Final = (0.955, 0.95, 0.935)
_INK: Final = (0.13, 0.13, 0.16)


@dataclass(frozen=True, slots=True)
class Shot:
    """How the photo was taken. Lengths are fractions of the sheet, strengths go from 0 to 1, angles are degrees."""

    desk: DeskName = "oak"
    size: tuple[int, int] = (1200, 1600)
    fill: float = 0.93
    tilt: float = 0.0
    keystone: float = 0.015
    curl: float = 0.15
    folds: tuple[float, ...] = ()
    crumple: float = 0.15
    fade: float = 0.15
    shadow: float = 0.15
    warmth: float = 0.15
    light: float = 1.0
    blur: float = 0.45
    noise: float = 0.012
    upside_down: bool = False
    exif: int = 1
    teeth: bool = True
    """Whether a printer's blade cut the sheet; forms have straight edges."""
    props: tuple[Prop, ...] = ()


@dataclass(frozen=True, slots=True)
class Photograph:
    """The photo of a sheet, before the camera turned it, and where each field stands on it, by its path."""

    picture: Image.Image
    places: dict[str, Quad]


def photograph(printed: Sheet, shot: Shot, seed: int) -> Photograph:
    """Take the photo of the sheet."""
    rng = np.random.default_rng(seed)
    sheet, shade = _sheet(np.asarray(printed.ink, np.float32) / np.float32(255), shot, rng)
    map_x, map_y = _geometry(sheet.shape[1], sheet.shape[0], shot, rng)
    paper = _look_up(sheet * shade[..., None], map_x, map_y)
    mask = _look_up(_cut_edges(shade.shape[0], shade.shape[1], 3 if shot.teeth else 0), map_x, map_y)
    table = desk(shot.desk, shot.size, rng)
    for prop in shot.props:
        table = place(table, prop)
    shaded = table * (1 - 0.5 * _cast(mask))[..., None]
    picture = expose(np.asarray(shaded + (paper - shaded) * mask[..., None], np.float32), shot, rng)
    return Photograph(picture, {field: _seen(boxes, map_x, map_y) for field, boxes in printed.boxes.items()})


def expose(scene: Picture, shot: Shot, rng: np.random.Generator) -> Image.Image:
    """Light, lens and sensor: what the camera makes of the scene."""
    height, width = scene.shape[:2]
    tint = np.array([1 + 0.05 * shot.warmth, 1.0, 1 - 0.13 * shot.warmth], np.float32)
    lit = scene * tint * shot.light * _lamp(width, height, shot, rng)[..., None]
    grain = blurred(rng.normal(0, 1, (height, width)).astype(np.float32), 0.7)
    seen = blurred(lit, shot.blur) + grain[..., None] * (shot.noise * 1.6)
    return Image.fromarray((np.clip(seen, 0, 1) * 255).astype(np.uint8))


def jpeg(photo: Image.Image, shot: Shot) -> bytes:
    """The file the phone writes, at the best quality that stays below `MAX_BYTES`."""
    exif = Image.Exif()
    if shot.upside_down:
        photo = photo.transpose(Image.Transpose.ROTATE_180)
    if shot.exif == 6:
        # Orientation 6 asks the viewer for a quarter turn clockwise; the stored picture is turned the other way.
        photo = photo.transpose(Image.Transpose.ROTATE_90)
    extra: dict[str, Any] = {}
    if shot.exif != 1:
        exif[_EXIF_ORIENTATION] = shot.exif
        extra["exif"] = exif
    for quality in range(88, 38, -2):
        out = io.BytesIO()
        photo.save(out, "JPEG", quality=quality, optimize=True, **extra)
        if out.tell() <= MAX_BYTES:
            return out.getvalue()
    raise ValueError(f"the photo stays above {MAX_BYTES} bytes at quality 40; take it with less noise")


def _sheet(ink: Picture, shot: Shot, rng: np.random.Generator) -> tuple[Picture, Picture]:
    """The printed sheet in colour, and how the light falls on its folds and waves."""
    height, width = ink.shape
    fibre = blurred(rng.normal(0, 1, (height, width)).astype(np.float32), 1.4)
    stock = np.array(_PAPER, np.float32) + 0.012 * fibre[..., None]
    sheet = stock + (np.array(_INK, np.float32) - stock) * (_thermal(ink, shot, rng))[..., None]
    return sheet, _shade(width, height, shot, rng)


def _thermal(ink: Picture, shot: Shot, rng: np.random.Generator) -> Picture:
    """Ink as a thermal head leaves it: uneven between dot rows and columns, and paler with age."""
    height, width = ink.shape
    rows = 1 - 0.10 * rng.random((height // 4 + 1, 1)).repeat(4, axis=0)[:height]
    columns = 1 - 0.08 * rng.random((1, width // 4 + 1)).repeat(4, axis=1)[:, :width]
    cloud = _cloud(width, height, 5, rng)
    strength = 0.97 - shot.fade * (0.32 + 0.5 * cloud)
    worn: Picture = (ink * rows * columns * strength).astype(np.float32)
    for fold in shot.folds:
        distance = np.abs(np.arange(height) - fold * height) / 3.0
        worn *= (1 - 0.55 * np.exp(-(distance**2)))[:, None].astype(np.float32)
    return worn


def _shade(width: int, height: int, shot: Shot, rng: np.random.Generator) -> Picture:
    v = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    u = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    shade = np.ones((height, width), np.float32)
    shade += 0.10 * shot.curl * np.cos(np.pi * (u * 1.1 + 0.1)) + 0.05 * shot.curl * np.sin(2 * np.pi * (v * 1.2 + 0.1))
    for index, fold in enumerate(shot.folds):
        side = np.tanh((v - fold) * 90) * np.exp(-np.abs(v - fold) * 4)
        crease = np.exp(-(((v - fold) * height / 2.6) ** 2))
        sign = -1 if index % 2 else 1
        shade += sign * -0.075 * side - 0.16 * crease
    shade += 0.9 * shot.crumple * _creases(width, height, rng)
    return shade.astype(np.float32)


def _creases(width: int, height: int, rng: np.random.Generator) -> Picture:
    """Light and dark facets of a sheet that was crumpled once and smoothed again."""
    facets = np.zeros((height, width), np.float32)
    yy, xx = np.mgrid[0:height, 0:width].astype(np.float32)
    for _ in range(14):
        angle, offset = rng.uniform(0, np.pi), rng.uniform(0.1, 0.9)
        across = (xx - width * offset) * np.cos(angle) + (yy - height * rng.uniform(0.05, 0.95)) * np.sin(angle)
        facets += rng.uniform(-1, 1) * 0.035 * np.tanh(across / 6) * np.exp(-np.abs(across) / rng.uniform(60, 220))
    return np.asarray(facets, np.float32)


def _cut_edges(height: int, width: int, depth: int) -> Picture:
    """Where there is paper: straight at the sides, toothed where the printer's blade cut it."""
    mask = np.ones((height, width), np.float32)
    tooth = (np.abs(np.arange(width) % 10 - 5) / 5 * depth).astype(int)
    rows = np.arange(height)[:, None]
    mask[(rows < tooth) | (rows >= height - 1 - tooth)] = 0
    mask[:, :1] = 0
    mask[:, -1:] = 0
    return mask


def _geometry(width: int, height: int, shot: Shot, rng: np.random.Generator) -> tuple[Picture, Picture]:
    """For each pixel of the photo, the place on the flat sheet that it shows."""
    corners = _corners(width, height, shot, rng)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    back = cv2.getPerspectiveTransform(corners, flat)
    yy, xx = np.mgrid[0 : shot.size[1], 0 : shot.size[0]].astype(np.float64)
    depth = back[2, 0] * xx + back[2, 1] * yy + back[2, 2]
    x = (back[0, 0] * xx + back[0, 1] * yy + back[0, 2]) / depth
    y = (back[1, 0] * xx + back[1, 1] * yy + back[1, 2]) / depth
    u, v = x / width, y / height
    phase = rng.uniform(0, 1)
    bend = width * 0.05 * shot.curl
    x = x + bend * 0.5 * np.sin(2 * np.pi * (v * 0.8 + phase))
    y = y + bend * np.sin(np.pi * (u * 1.1 - 0.05)) * np.cos(np.pi * v)
    for fold in shot.folds:
        x = x + width * 0.012 * (u - 0.5) * np.exp(-np.abs(v - fold) * 9)
    wave = shot.crumple * 2.2
    x = x + wave * np.sin(v * 17 + phase * 6)
    y = y + wave * np.sin(u * 9 + v * 5)
    return x.astype(np.float32), y.astype(np.float32)


def _corners(width: int, height: int, shot: Shot, rng: np.random.Generator) -> Picture:
    """The sheet's corners in the photo, clockwise from the top left; the sheet fills the frame up to `fill`."""
    lean = rng.uniform(-0.4, 0.4)
    square = np.array([[-width, -height], [width, -height], [width, height], [-width, height]], np.float64) / 2
    far, near = 1 - shot.keystone, 1 + shot.keystone
    shape = square * np.array([[far, 1], [far, 1 + shot.keystone * lean], [near, 1], [near, 1 - shot.keystone * lean]])
    turn = np.deg2rad(shot.tilt)
    turned = shape @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    low, high = turned.min(axis=0), turned.max(axis=0)
    scale = min(shot.fill * np.array(shot.size) / (high - low))
    middle = np.array(shot.size) / 2 + rng.uniform(-0.012, 0.012, 2) * np.array(shot.size)
    placed: Picture = ((turned - (low + high) / 2) * scale + middle).astype(np.float32)
    return placed


_SLICES: Final = 4
"""Pieces of a box that are carried to the photo each, so that what is drawn around them holds curled text as well."""
_COARSE: Final = 8


def _seen(boxes: Sequence[Box], map_x: Picture, map_y: Picture) -> Quad:
    """Where boxes of the sheet stand in the photo."""
    slices = []
    for left, top, right, bottom in boxes:
        xs = np.linspace(left, right, _SLICES + 1)
        upper = [_photo_point(x, top, map_x, map_y) for x in xs]
        lower = [_photo_point(x, bottom, map_x, map_y) for x in xs]
        slices += list(zip(upper, upper[1:], lower[1:], lower, strict=False))
    return around(slices)


def _photo_point(x: float, y: float, map_x: Picture, map_y: Picture) -> Point:
    """The pixel of the photo that shows this place of the sheet, found coarsely and then near by."""
    row, column = (
        _COARSE * index for index in _nearest(x, y, map_x[::_COARSE, ::_COARSE], map_y[::_COARSE, ::_COARSE])
    )
    near = np.s_[max(0, row - _COARSE) : row + _COARSE + 1, max(0, column - _COARSE) : column + _COARSE + 1]
    below, beside = _nearest(x, y, map_x[near], map_y[near])
    return (float(max(0, column - _COARSE) + beside), float(max(0, row - _COARSE) + below))


def _nearest(x: float, y: float, map_x: Picture, map_y: Picture) -> tuple[int, int]:
    distance = (map_x - np.float32(x)) ** 2 + (map_y - np.float32(y)) ** 2
    row, column = np.unravel_index(int(np.argmin(distance)), distance.shape)
    return int(row), int(column)


def _look_up(picture: Picture, map_x: Picture, map_y: Picture) -> Picture:
    found = cv2.remap(picture, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(np.clip(found, 0, 1), np.float32)


def _cast(mask: Picture) -> Picture:
    """The shadow the sheet throws: dark and narrow where it touches, wide and soft away from the light."""
    near = blurred(np.roll(mask, (4, 3), (0, 1)), 5)
    wide = blurred(np.roll(mask, (16, 12), (0, 1)), 22)
    return np.asarray(0.5 * near + 0.5 * wide, np.float32)


def _lamp(width: int, height: int, shot: Shot, rng: np.random.Generator) -> Picture:
    """Light falling off across the frame, and the soft shadow of the hand that holds the phone."""
    yy, xx = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    slope = (xx / width - 0.5) * np.cos(angle) + (yy / height - 0.5) * np.sin(angle)
    corner = ((xx / width - 0.5) ** 2 + (yy / height - 0.5) ** 2) * 2
    light = 1 + 0.12 * slope - 0.10 * corner
    edge = (yy / height - 0.66) + (xx / width - 0.5) * rng.uniform(-0.9, 0.9) + 0.03 * np.sin(xx / width * 7)
    hand = 1 - 0.55 * shot.shadow / (1 + np.exp(-edge * 26))
    return np.asarray(light * hand, np.float32)


def _cloud(width: int, height: int, cells: int, rng: np.random.Generator) -> Picture:
    """Smooth random patches between 0 and 1."""
    coarse = rng.random((cells, cells)).astype(np.float32)
    return np.asarray(np.clip(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1), np.float32)
