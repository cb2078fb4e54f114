"""Smallest valid values for a JSON schema, so that every route can be called with a body it accepts."""

import re
from typing import Any

UUID = "11111111-2222-4333-8444-555555555555"
_FORMATS = {
    "date": "2026-03-02",
    "date-time": "2026-03-02T12:00:00Z",
    "time": "12:00:00",
    "uuid": UUID,
    "email": "a@example.org",
}
_CANDIDATES = (
    UUID, "ZM", "en", "abc", "a", "A", "1", "ABC-DEF", "2026-03-02", "09:00", "A_B/ZM", "code_1", "family_reunification", "12:00",
    "a" * 12, "A" * 8, "a" * 43, "a" * 64, "D4", "Africa/Lusaka", "X1", "https://example.org", "image/png", "ZM.mcdss", "yes", "12345678", "123456", "12345",
)  # fmt: skip


def example_of(schema: dict[str, Any], components: dict[str, Any], depth: int = 0) -> Any:
    """Return a small valid value; ids are one well-formed id that exists nowhere."""
    schema = _resolved(schema, components)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return example_of(_first(schema[choice]), components, depth)
    if "allOf" in schema:
        return example_of(schema["allOf"][0], components, depth)
    return _by_type(schema, components, depth)


def _by_type(schema: dict[str, Any], components: dict[str, Any], depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        required = schema.get("required", [])
        return {
            name: example_of(schema["properties"][name], components, depth + 1) for name in required
        }
    if kind == "array":
        count = schema.get("minItems", 0)
        return [example_of(schema.get("items", {}), components, depth + 1) for _ in range(count)]
    if kind == "string":
        return _string(schema)
    if kind in {"integer", "number"}:
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    return {"boolean": True, "null": None}.get(str(kind), "text")


def _string(schema: dict[str, Any]) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    least, most = schema.get("minLength", 1), schema.get("maxLength", 10_000)
    pattern = schema.get("pattern")
    if pattern is None:
        return "w" * max(least, min(3, most))
    fitting = [c for c in _CANDIDATES if re.search(pattern, c) and least <= len(c) <= most]
    if not fitting:
        msg = f"no example for the pattern {pattern}: add one to _CANDIDATES"
        raise AssertionError(msg)
    return fitting[0]


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _first(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return next((c for c in choices if c.get("type") != "null"), choices[0])
