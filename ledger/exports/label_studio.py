"""Tasks for Label Studio: the reading as a prediction, what was confirmed as an annotation, and the labels for both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from ledger.exports.source import Piece, Source
from ledger.receipt import LineItem, Receipt, to_contract
from ledger.review.pairs import Pair

TASKS: Final = ".json"
LABELS: Final = ".labels.xml"
_TEXTS: Final = ("date", "location", "total_amount", "currency", "items")
_PLACES: Final = ("date", "location", "total_amount", "name", "price", "count")
"""Labels of rectangles; those of an item are called as its fields."""


def label_studio_tasks(source: Source) -> Iterator[Piece]:
    """One array of tasks, and the labeling configuration that they go with."""
    yield LABELS, labeling_config().encode()
    separator = "[\n"
    for pair in source.pairs():
        picture = source.pictures.whole(pair)
        if picture is not None:
            task = json.dumps(_task(source, pair, picture), ensure_ascii=False)
            yield TASKS, f"{separator}{task}".encode(errors="replace")
            separator = ",\n"
    yield TASKS, b"[]\n" if separator == "[\n" else b"\n]\n"


def labeling_config() -> str:
    """The picture with rectangles for where values stand, and a text for each field; an item is a line of its own."""
    labels = "".join(f"    <Label value={quoteattr(name)}/>\n" for name in _PLACES)
    texts = "".join(
        f'  <Header value={quoteattr(name)}/>\n  <TextArea name={quoteattr(name)} toName="image" editable="true"/>\n'
        for name in _TEXTS
    )
    return (
        f'<View>\n  <Image name="image" value="$image"/>\n  <RectangleLabels name="place" toName="image">\n{labels}'
        f"  </RectangleLabels>\n{texts}</View>\n"
    )


def _task(source: Source, pair: Pair, picture: str) -> dict[str, Any]:
    read, confirmed = source.masking.receipt(pair.read), source.masking.receipt(pair.confirmed)
    places = _rectangles(pair, pair.quarter_turns if source.pictures.embedded else 0)
    prediction: dict[str, Any] = {"model_version": pair.prompt_version or pair.model, "result": _texts(read) + places}
    if pair.risk is not None:
        prediction["score"] = 1 - pair.risk
    return {
        "data": {"image": picture, "receipt_id": pair.receipt_id, "shop": source.masking.shop(pair.shop)},
        "predictions": [prediction],
        "annotations": [{"result": _texts(confirmed), "was_cancelled": False}],
    }


def _texts(receipt: Receipt) -> list[dict[str, Any]]:
    document = to_contract(receipt) | {"currency": receipt.currency}
    values = {name: [str(document[name])] for name in _TEXTS[:-1]} | {"items": [_item(item) for item in receipt.items]}
    return [_result(name, "textarea", {"text": text}, name) for name, text in values.items() if text]


def _item(item: LineItem) -> str:
    return " | ".join("?" if value is None else str(value) for value in item.model_dump(mode="json").values())


def _rectangles(pair: Pair, quarter_turns: int) -> list[dict[str, Any]]:
    """Where OCR found the values, in hundredths of the picture's sides; none of them if the picture that is shown,
    turned so often, lies in another way than the one that OCR saw.
    """
    stored = pair.places
    if stored is None or (stored["quarter_turns"] - quarter_turns) % 4:
        return []
    found = {path: corners for path, corners in stored["fields"].items() if corners}
    return [_rectangle(path, corners, stored["size"]) for path, corners in found.items() if _label(path) in _PLACES]


def _rectangle(path: str, corners: list[list[int]], size: list[int]) -> dict[str, Any]:
    across, down = ([_percent(corner[axis], size[axis]) for corner in corners] for axis in (0, 1))
    box = {"x": min(across), "y": min(down), "width": max(across) - min(across), "height": max(down) - min(down)}
    value = box | {"rotation": 0, "rectanglelabels": [_label(path)]}
    whole = {"original_width": size[0], "original_height": size[1], "image_rotation": 0}
    return _result("place", "rectanglelabels", value, path) | whole


def _percent(place: int, side: int) -> float:
    return min(max(100 * place / side, 0.0), 100.0)


def _label(path: str) -> str:
    return path.rpartition(".")[2]


def _result(name: str, kind: str, value: dict[str, Any], id_: str) -> dict[str, Any]:
    return {"id": id_, "from_name": name, "to_name": "image", "type": kind, "value": value}
