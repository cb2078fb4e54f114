"""Invented names of children and officers. Nobody real is meant; any likeness is chance."""

from typing import Final

GIRLS: Final = (
    "Amali", "Bwisho", "Chanda", "Dalitsa", "Esenga", "Furaha", "Gisela", "Halima", "Inonge", "Jamila",
    "Kasuba", "Lindiwe", "Mutinta", "Nasilele", "Omba", "Pemba", "Rehema", "Sibeso", "Tandiwe", "Umoja",
    "Vumbi", "Wezi", "Yambala", "Zuwena",
)  # fmt: skip
BOYS: Final = (
    "Abasi", "Banza", "Choolwe", "Daudi", "Elombe", "Fidel", "Gondwe", "Hamisi", "Ilunga", "Juma",
    "Kabwita", "Lubinda", "Mubita", "Ngosa", "Otieno", "Pasipa", "Rashidi", "Sitali", "Tembwe", "Uredi",
    "Vitumbi", "Wamunyima", "Yusufu", "Zimba",
)  # fmt: skip
FAMILIES: Final = (
    "Akabale", "Bulawa", "Chilimba", "Dimbwe", "Eluwa", "Fwanyama", "Gobela", "Hamweenda", "Imasiku",
    "Jombwe", "Kalembo", "Liswani", "Mwendaba", "Nasaba", "Okanda", "Pokoso", "Rubeta", "Simwala",
    "Tolosi", "Umbala", "Vwalika", "Wakumba", "Yobwe", "Zyambo",
)  # fmt: skip
OFFICERS: Final = (
    "Agnes", "Bright", "Clement", "Dorika", "Exildah", "Festus", "Grivin", "Hellen", "Isaki", "Josphat",
    "Kelvina", "Lungowe", "Matildah", "Nchimunya", "Oliva", "Patricio", "Quintin", "Royda", "Saviour",
    "Tamara", "Urias", "Violeti", "Winza", "Xaveria", "Yaliwe", "Zebron",
)  # fmt: skip
OFFICER_FAMILIES: Final = (
    "Banji", "Chisenga", "Dokowe", "Hangoma", "Kalaluka", "Lubasi", "Mainga", "Namataa", "Siamoongwa",
    "Tembolo", "Walubita",
)  # fmt: skip


def officer_name(number: int) -> str:
    """Return the name of an officer; no two numbers below 286 share one."""
    given = OFFICERS[number % len(OFFICERS)]
    family = OFFICER_FAMILIES[(number // len(OFFICERS) + number) % len(OFFICER_FAMILIES)]
    return f"{given} {family}"
