"""Whether bytes that are said to be something else could be taken for a web page.

Programs that guess look at how a file begins; people who hide a page in a picture put it further in. What is
looked for in the middle of a file is long enough not to stand in compressed data by chance.
"""

import re
from typing import BinaryIO, Final

_BLOCK: Final = 256 * 1024
_OVERLAP: Final = 64
_SPACE: Final = b"\xef\xbb\xbf \t\n\x0c\r"
_BEGINNING: Final = re.compile(
    rb"<(?:!doctype|!--|\?xml|(?:html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|img"
    rb"|meta|link|base|form|object|embed|x|x:[a-z]+)[\s/>])",
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(
    rb"<(?:script[\s/>]|html[\s>]|iframe[\s/>]|!doctype\s{1,16}html)", re.IGNORECASE
)


def begins_as_markup(beginning: bytes) -> bool:
    """Whether a file that begins like this could be taken for HTML, XML or SVG."""
    return _BEGINNING.match(beginning.lstrip(_SPACE)) is not None


def holds_script(content: BinaryIO) -> bool:
    """Whether a web page or a script in clear stands anywhere from here to the end."""
    held = b""
    while block := content.read(_BLOCK):
        held += block
        if _INSIDE.search(held):
            return True
        held = held[-_OVERLAP:]
    return False
