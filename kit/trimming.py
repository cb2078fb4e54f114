"""What the pages take over of a style sheet: no font, crest or logo of a government, no component they do not use.

The code of the kit is free for everybody; the typeface, the crown and the crest of its government are not.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

import tinycss2

OWN_FONT: Final = "GDS Transport,arial,sans-serif"
SYSTEM_FONTS: Final = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif'
NOT_OURS: Final = ("crest", "crown", "logotype", "licence-logo", "logo")
FORBIDDEN: Final = ("GDS Transport", "@font-face", "url(")


def trimmed(sheet: str, unused: Iterable[str]) -> str:
    """Return a style sheet without fonts, emblems and unused components.

    Args:
        sheet: as the kit delivers it.
        unused: beginnings of class names (without the dot) that no page of ours has.

    Raises:
        ValueError: something is left that is not ours to use, or that would be fetched.
    """
    dropped = tuple(f".{name}" for name in unused)

    def is_kept(selector: str) -> bool:
        emblem = any(word in selector for word in NOT_OURS)
        return not emblem and not any(_names(selector, name) for name in dropped)

    text = _kept(tinycss2.parse_stylesheet(sheet, True, True), is_kept)
    return _checked(text)


def only(sheet: str, used: Iterable[str]) -> str:
    """Return the rules of a style sheet that name one of these components, and nothing else of it."""
    wanted = tuple(f".{name}" for name in used)

    def is_kept(selector: str) -> bool:
        return any(_names(selector, name) for name in wanted)

    text = _kept(tinycss2.parse_stylesheet(sheet, True, True), is_kept)
    return _checked(text)


def _checked(text: str) -> str:
    text = text.replace(OWN_FONT, SYSTEM_FONTS)
    found = [word for word in FORBIDDEN if word in text]
    if found:
        raise ValueError(f"not ours to use, or fetched: {', '.join(found)}")
    return text


def _kept(rules: Iterable[Any], is_kept: Callable[[str], bool]) -> str:
    return "".join(_rule(rule, is_kept) for rule in rules)


def _rule(rule: Any, is_kept: Callable[[str], bool]) -> str:
    if rule.type == "qualified-rule":
        return _qualified(rule, is_kept)
    if rule.type != "at-rule" or rule.lower_at_keyword == "font-face":
        return ""
    if rule.lower_at_keyword in {"media", "supports"}:
        inside = _kept(tinycss2.parse_rule_list(rule.content, True, True), is_kept)
        head = tinycss2.serialize(rule.prelude)
        return f"@{rule.at_keyword}{head}{{{inside}}}" if inside else ""
    return str(rule.serialize())


def _qualified(rule: Any, is_kept: Callable[[str], bool]) -> str:
    selectors = [one for one in _split(rule.prelude) if is_kept(one)]
    body = tinycss2.serialize(rule.content)
    if not selectors or "url(" in body:
        return ""
    return f"{','.join(selectors)}{{{body}}}"


def _split(prelude: Iterable[Any]) -> list[str]:
    """Return the selectors of a list; commas inside brackets part nothing."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def _names(selector: str, name: str) -> bool:
    """Whether a selector names a component or a part of it; ``.govuk-heading`` is no part of ``.govuk-head``."""
    at = selector.find(name)
    while at >= 0:
        if not selector[at + len(name) : at + len(name) + 1].isalnum():
            return True
        at = selector.find(name, at + 1)
    return False
