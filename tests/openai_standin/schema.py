"""What strict structured output does not take in a JSON schema, in the API's own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

FORBIDDEN_KEYWORDS: Final = frozenset(
    [
        "default",
        "oneOf",
        "allOf",
        "not",
        "if",
        "then",
        "else",
        "dependentRequired",
        "dependentSchemas",
        "patternProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
        "unevaluatedProperties",
        "unevaluatedItems",
        "contains",
        "minContains",
        "maxContains",
        "uniqueItems",
        "prefixItems",
        "examples",
        "minLength",
        "maxLength",
    ]
)
"""Keywords that strict structured output does not take."""


def schema_faults(schema: dict[str, Any], context: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where a schema is not strict, and the API's complaint about it."""
    if not context and schema.get("type") != "object":
        yield context, f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema.get('type')}\"'."
    for keyword in sorted(FORBIDDEN_KEYWORDS & set(schema)):
        yield context, f"'{keyword}' is not permitted."
    if not {"type", "anyOf", "$ref", "enum", "const"} & set(schema):
        yield context, "schema must have a 'type' key."
    if schema.get("type") == "object":
        yield from _object_faults(schema, context)
    if isinstance(schema.get("items"), dict):
        yield from schema_faults(schema["items"], (*context, "items"))
    for place in ("anyOf", "$defs"):
        parts = schema.get(place, [])
        named = parts.items() if isinstance(parts, dict) else enumerate(parts)
        for name, part in named:
            yield from schema_faults(part, (*context, place, str(name)))


def _object_faults(schema: dict[str, Any], context: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if schema.get("additionalProperties") is not False:
        yield context, "'additionalProperties' is required to be supplied and to be false."
    properties = schema.get("properties", {})
    missing = [name for name in properties if name not in schema.get("required", [])]
    if missing:
        yield (
            context,
            "'required' is required to be supplied and to be an array including every key in properties."
            f" Missing '{missing[0]}'.",
        )
    extra = [name for name in schema.get("required", []) if name not in properties]
    if extra:
        yield context, f"'required' is required to be an array of keys in properties. Extra required key '{extra[0]}'."
    for name, part in properties.items():
        yield from schema_faults(part, (*context, "properties", name))
