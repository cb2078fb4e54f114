"""What the OpenAPI document says of refusals: every operation names the problems it may answer with."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI

MEDIA: Final = "application/problem+json"
_TEXT: Final = {"type": "string"}
SCHEMAS: Final[Mapping[str, Any]] = {
    "Problem": {
        "type": "object",
        "title": "Problem",
        "description": "A refusal (RFC 9457) in words for the person who met it.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": _TEXT,
            "instance": _TEXT,
            "missing": {"type": "array", "items": {"$ref": "#/components/schemas/Missing"}},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Malformed"}},
        },
        "additionalProperties": False,
    },
    "Missing": {
        "type": "object",
        "title": "Missing",
        "description": "One thing that has to be on file before the act is possible.",
        "required": ["code", "detail", "facts"],
        "properties": {"code": _TEXT, "detail": _TEXT, "facts": {"type": "object"}},
        "additionalProperties": False,
    },
    "Malformed": {
        "type": "object",
        "title": "Malformed",
        "description": "One part of the request that cannot be read or used.",
        "required": ["pointer", "detail"],
        "properties": {"pointer": _TEXT, "code": _TEXT, "detail": _TEXT},
        "additionalProperties": False,
    },
}
_OF_ALL: Final = {
    "400": "The request cannot be read.",
    "404": "Nothing here that you can open.",
    "413": "Too large.",
    "422": "A part of the request cannot be used; `errors` names it.",
    "429": "Too many requests.",
}
_SIGNED_IN: Final = {
    "401": "Nobody we know is signed in.",
    "403": "A rule keeps this for another person.",
    "409": "Not possible now; `missing` lists what has to be on file first.",
}
_WRITES: Final = {"415": "This kind of content is not taken."}


def describe_problems(app: FastAPI) -> None:
    """Let the application's OpenAPI document name the problems of every operation."""
    plain = app.openapi

    def with_problems() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(plain())
        return plain()

    app.openapi = with_problems  # type: ignore[method-assign]  # the way FastAPI documents it


def _complete(document: dict[str, Any]) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(SCHEMAS)
    for method, operation in _operations(document):
        said = _OF_ALL | (_SIGNED_IN if operation.get("x-reach") else {})
        if method not in {"get", "head"}:
            said = said | _WRITES
        for status, words in said.items():
            if status == "422" or status not in operation["responses"]:
                operation["responses"][status] = _response(words)
    for unused in (
        "HTTPValidationError",
        "ValidationError",
    ):  # FastAPI's own shape, which is never sent
        schemas.pop(unused, None)


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in document["paths"].values():
        yield from path.items()


def _response(words: str) -> dict[str, Any]:
    return {
        "description": words,
        "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
