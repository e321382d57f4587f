"""What strict structured output does not take in a JSON schema, in the API's own words.

The rules: OpenAI, "Structured Outputs", supported schemas. The sentences: responses quoted in public issues, such as
openai/openai-agents-python#1091 (oneOf), cyanheads/git-mcp-server#47 (format) and tidyverse/ellmer#671 (levels). That
of too many properties is worded here.
"""

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

FORMATS: Final = frozenset(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"])
_MOST_PROPERTIES: Final = 5000
_MOST_LEVELS: Final = 10
_NOT_AT_THE_TOP: Final = ("oneOf", "anyOf", "allOf", "enum", "not")

Fault = tuple[tuple[str, ...], str]
"""Where a schema is not strict, and the API's complaint about it."""


def schema_faults(schema: dict[str, Any], context: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Every place of a schema that is not strict."""
    if not context:
        yield from _root_faults(schema)
    for keyword in sorted(FORBIDDEN_KEYWORDS & set(schema)):
        yield context, f"'{keyword}' is not permitted."
    if "$ref" in schema and len(schema) > 1:
        yield context, f"$ref cannot have keywords {set(schema) - {'$ref'}!r}."
    if not {"type", "anyOf", "$ref", "enum", "const"} & set(schema):
        yield context, "schema must have a 'type' key."
    if schema.get("format", "date") not in FORMATS:
        yield context, f"'{schema['format']}' is not a valid format."
    if _is(schema, "object"):
        yield from _object_faults(schema, context)
    if _is(schema, "array") and not isinstance(schema.get("items"), dict):
        yield context, "array schema missing items."
    for place, part in _parts(schema):
        yield from schema_faults(part, (*context, *place))


def size_fault(schema: dict[str, Any]) -> str | None:
    """What the API says to a schema that is too deep or too large."""
    if (levels := _levels(schema)) > _MOST_LEVELS:
        return f"{levels} levels of nesting exceeds limit of {_MOST_LEVELS}."
    if (properties := _properties(schema)) > _MOST_PROPERTIES:
        return f"{properties} object properties exceeds limit of {_MOST_PROPERTIES}."
    return None


def _root_faults(schema: dict[str, Any]) -> Iterator[Fault]:
    if schema.get("type") != "object":
        yield (), f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema.get('type')}\"'."
    elif set(_NOT_AT_THE_TOP) & set(schema):
        names = "/".join(f"'{name}'" for name in _NOT_AT_THE_TOP)
        yield (), f"schema must have type 'object' and not have {names} at the top level."


def _object_faults(schema: dict[str, Any], context: tuple[str, ...]) -> Iterator[Fault]:
    if schema.get("additionalProperties") is not False:
        yield context, "'additionalProperties' is required to be supplied and to be false."
    properties, required = schema.get("properties", {}), schema.get("required", [])
    missing = [name for name in properties if name not in required]
    if missing:
        yield (
            context,
            "'required' is required to be supplied and to be an array including every key in properties."
            f" Missing '{missing[0]}'.",
        )
    extra = [name for name in required if name not in properties]
    if extra:
        yield context, f"'required' is required to be an array of keys in properties. Extra required key '{extra[0]}'."


def _is(schema: dict[str, Any], kind: str) -> bool:
    found = schema.get("type")
    return found == kind or (isinstance(found, list) and kind in found)


def _parts(schema: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every schema right inside this one, with its place."""
    if isinstance(schema.get("items"), dict):
        yield ("items",), schema["items"]
    for place in ("properties", "anyOf", "$defs"):
        parts = schema.get(place, [])
        for name, part in parts.items() if isinstance(parts, dict) else enumerate(parts):
            yield (place, str(name)), part


def _levels(schema: dict[str, Any]) -> int:
    here = int(_is(schema, "object") or _is(schema, "array"))
    return here + max((_levels(part) for _, part in _parts(schema)), default=0)


def _properties(schema: dict[str, Any]) -> int:
    return len(schema.get("properties", {})) + sum(_properties(part) for _, part in _parts(schema))
