"""Bodies of the exchange inside a request: read from their JSON, as strictly as when they come from abroad."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from api.fields import usable
from transfers.service import bodies


class _AsWritten:
    """Read a body from its JSON, as the exchange does: days as ISO text, nothing converted, nothing unknown."""

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Write the value as JSON again and read that strictly."""
        return core_schema.chain_schema(
            [
                core_schema.no_info_plain_validator_function(_as_json),
                core_schema.json_schema(handler(source)),
                core_schema.no_info_plain_validator_function(_with_usable_days),
            ]
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the body itself, whatever checks lie around it."""
        found: Any = schema
        while "steps" not in found:
            found = found["schema"]
        return handler(found["steps"][1]["schema"])


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError("is not JSON") from error


def _with_usable_days(body: bodies.Body) -> bodies.Body:
    """Refuse days no child's case can lie on, wherever they are written in a body."""
    for value in _leaves(body):
        if isinstance(value, date):
            usable(value)
    return body


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, bodies.Body):
        for name in type(value).model_fields:
            yield from _leaves(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


AS_WRITTEN: Final = _AsWritten()
"""Beside a body in ``Annotated``."""
