"""A page as its reader's programs read it: HTML that keeps to its standard, and what screen readers need of it.

``tinyhtml5`` reads strictly by the standard and names every error; the rest is ours: names that are there once, fields
with a label, headings in order, nothing inline. Used for every page any test of the API meets.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

_FIELDS = {"input", "select", "textarea"}
_UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
_NAMES_OTHERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "headers", "list")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ONLY_IN = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "legend": {"fieldset"},
}
_OBSOLETE = {"center", "font", "big", "strike", "tt", "marquee", "frame"}
_SEEN_ELSEWHERE = {"expected-doctype-but-got-start-tag"}


@cache
def faults_of(page: str) -> tuple[str, ...]:
    """Return what is wrong with a page, in words for whoever mends it; a part of a page is read as one."""
    parser = HTMLParser(namespace_html_elements=False)
    is_whole = page.lstrip().lower().startswith("<!doctype")
    root = parser.parse(page)
    named = [
        f"line {place[0]}: {code}"
        for place, code, _ in parser.errors
        if is_whole or code not in _SEEN_ELSEWHERE
    ]
    found = _Page(root)
    rules = (found.names, found.fields, found.nesting, found.inline)
    more = (found.headings, found.frame) if is_whole else ()
    return (*named, *(fault for rule in (*rules, *more) for fault in rule()))


class _Page:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.parent = {child: one for one in root.iter() for child in one}
        self.all = [one for one in root.iter() if isinstance(one.tag, str)]
        self.ids = Counter(one.attrib["id"] for one in self.all if "id" in one.attrib)

    def names(self) -> Iterator[str]:
        """Each name is there once, and whatever names another names one that is there."""
        yield from (
            f"id {name!r} stands {count} times" for name, count in self.ids.items() if count > 1
        )
        yield from (f"id {name!r} holds a blank" for name in self.ids if name.split() != [name])
        for one in self.all:
            for attribute in _NAMES_OTHERS:
                wanted = one.attrib.get(attribute, "").split()
                yield from (
                    f"{attribute} of {_said(one)} names {name!r}, which is not there"
                    for name in wanted
                    if name not in self.ids
                )
            target = one.attrib.get("href", "")
            if target.startswith("#") and target[1:] not in self.ids:
                yield f"a link leads to {target!r}, which is not there"

    def fields(self) -> Iterator[str]:
        """Each field says what it is for; each group of choices too."""
        labels = [one.attrib.get("for", "") for one in self.all if one.tag == "label"]
        for one in self.all:
            if one.tag in _FIELDS and one.attrib.get("type", "text") not in _UNLABELLED:
                yield from self._field(one, labels)
            if one.tag == "button" and "type" not in one.attrib:
                yield f"{_said(one)} does not say what it does when pressed"
            if one.tag == "img" and "alt" not in one.attrib:
                yield f"{_said(one)} has no words instead of it"
            if one.tag == "fieldset" and not any(child.tag == "legend" for child in one):
                yield f"{_said(one)} has no legend"

    def _field(self, one: Element, labels: list[str]) -> Iterator[str]:
        above = {up.tag for up in self._above(one)}
        own = one.attrib.get("aria-label", "") or one.attrib.get("aria-labelledby", "")
        if not ("label" in above or own or one.attrib.get("id", " ") in labels):
            yield f"{_said(one)} has no label"
        if one.attrib.get("type") == "radio" and "fieldset" not in above:
            yield f"{_said(one)} belongs to no question"

    def nesting(self) -> Iterator[str]:
        """Nothing that is pressed lies in something else that is pressed; parts of lists lie in lists."""
        for one in self.all:
            above = self.parent.get(one)
            where = above.tag if above is not None else ""
            if where not in _ONLY_IN.get(str(one.tag), {where}):
                yield f"{_said(one)} lies in <{where}>"
            if one.tag in {"a", "button"} and any(
                up.tag in {"a", "button"} for up in self._above(one)
            ):
                yield f"{_said(one)} lies in something that is pressed"
            if one.tag in {"ul", "ol"}:
                strange = [
                    child.tag for child in one if child.tag not in {"li", "script", "template"}
                ]
                yield from (f"<{tag}> lies directly in {_said(one)}" for tag in strange)
            if one.tag in _OBSOLETE:
                yield f"<{one.tag}> is not used any more"
            if one.tag == "table" and not any(cell.tag == "th" for cell in one.iter()):
                yield f"{_said(one)} has no head"

    def inline(self) -> Iterator[str]:
        """No script and no style stands in a page."""
        for one in self.all:
            if one.tag == "style" or (one.tag == "script" and "src" not in one.attrib):
                yield f"<{one.tag}> stands in the page"
            yield from (
                f"{_said(one)} carries {name}"
                for name in one.attrib
                if name == "style" or name.startswith("on")
            )

    def headings(self) -> Iterator[str]:
        """One heading says what the page is; the others step down one level at a time."""
        levels = [_HEADINGS[one.tag] for one in self.all if one.tag in _HEADINGS]
        if levels.count(1) != 1:
            yield f"there are {levels.count(1)} headings of the first level"
        main = next((one for one in self.all if one.tag == "main"), None)
        inside = [one for one in (main.iter() if main is not None else ()) if one.tag in _HEADINGS]
        for before, after in pairwise(inside):
            if _HEADINGS[after.tag] > _HEADINGS[before.tag] + 1:
                yield f"after <{before.tag}> comes <{after.tag}>: {''.join(after.itertext()).strip()!r}"

    def frame(self) -> Iterator[str]:
        """A page has a language, a title and one main part."""
        title = next((one for one in self.all if one.tag == "title"), None)
        if title is None or not "".join(title.itertext()).strip():
            yield "the page has no title"
        if not self.root.attrib.get("lang"):
            yield "the page does not say its language"
        count = sum(one.tag == "main" for one in self.all)
        if count != 1:
            yield f"there are {count} main parts"

    def _above(self, one: Element) -> Iterator[Element]:
        here = self.parent.get(one)
        while here is not None:
            yield here
            here = self.parent.get(here)


def _said(one: Element) -> str:
    about = " ".join(
        f'{name}="{one.attrib[name]}"' for name in ("id", "name", "class") if name in one.attrib
    )
    return f"<{one.tag}{' ' if about else ''}{about[:80]}>"
