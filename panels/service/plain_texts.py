"""Texts the panels hand out, from templates: plain text, never shown as HTML without escaping there."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES: Final = Path(__file__).resolve().parents[2] / "templates"
_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(TEMPLATES),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701  plain text, see above
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["words"] = lambda code: str(code).replace("_", " ")


def plain_text(template: str, **values: Any) -> str:
    """Fill a template of the folder ``templates``; a value that is missing is an error, never a hole."""
    return _ENVIRONMENT.get_template(template).render(**values)
