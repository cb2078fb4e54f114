"""Case numbers of an office. The child code says nothing about the child; neither may a number.

Source: DOM-4.1/case_no_local, DOM-R49.
"""

from typing import Final

DEFAULT_PATTERN: Final = "{office}/{year}/{serial:05d}"


def series_of(office: str, year: int) -> str:
    """Return the series in which an office counts its cases of a year."""
    return f"{office}/{year}"


def local_number(office: str, year: int, serial: int, pattern: str = DEFAULT_PATTERN) -> str:
    """Return an office's own number of a case: office, year, and a serial without meaning."""
    return pattern.format(office=office, year=year, serial=serial)
