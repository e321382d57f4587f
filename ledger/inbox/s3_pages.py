"""What one answer of a listing says of its objects, taken apart at once.

botocore asks its model for each field of each object and guesses the form of each time. That took two thirds of a long
listing's time, during which no other thread of this process gets on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from botocore.utils import parse_timestamp


def take_objects_apart(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    """Before botocore parses a page: take its objects out, and give them as botocore would.

    An answer of another form, or half of one, stays as it is, for botocore to find out.
    """
    try:
        page = ElementTree.fromstring(response_dict["body"])  # noqa: S314 - the parser that botocore uses as well
        space = page.tag.removesuffix("ListBucketResult")
        found = page.findall(f"{space}Contents") if space != page.tag else []
        entries = [_entry(each, len(space)) for each in found]
    except (ElementTree.ParseError, KeyError, ValueError):
        return
    if entries:
        customized_response_dict["Contents"] = entries
        page[:] = [part for part in page if part.tag != f"{space}Contents"]
        response_dict["body"] = ElementTree.tostring(page)


def _entry(found: ElementTree.Element, space: int) -> dict[str, Any]:
    fields = {part.tag[space:]: part.text or "" for part in found}
    return fields | {"Size": int(fields["Size"]), "LastModified": _moment(fields["LastModified"])}


def _moment(written: str) -> datetime:
    """A time as S3 writes it. Another server's may need botocore's guesses."""
    try:
        if written.endswith("Z"):
            return datetime.fromisoformat(written)
    except ValueError:
        pass
    return parse_timestamp(written)
