"""What sealing and signing cost against the bare primitives."""

import resource
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks import grounds
from benchmarks.figures import Figure, in_turn, median
from core.exchange import tokens
from core.exchange.deliveries import Delivery
from core.exchange.kinds import CHUNK, Kind
from core.exchange.manifests import PartRole
from core.exchange.packages import PlainPart
from core.exchange.shelves import FolderShelf
from tests.builders.exchange import (
    NAMIBIA,
    NOW,
    ZAMBIA,
    a_token,
    claims_of,
    pinned_keys_of,
    signing_key_of,
)
from tests.builders.packages import opened_from, sealed_on

SIZES: Final = {"10 KB": 10_000, "1 MB": 1_000_000, "50 MB": 50_000_000}
AIM: Final = 1.25  # of the bare cipher, from 1 MB on
REQUESTS: Final = {"sign a request": 1 / 0.7, "read a request": 1 / 0.9}
KIB: Final = 1_024


def measure(*, quick: bool) -> list[Figure]:
    """Seal and open parts of three sizes, sign and read requests."""
    sizes = {"10 KB": SIZES["10 KB"], "1 MB": SIZES["1 MB"]} if quick else SIZES
    figures: list[Figure] = []
    for name, size in sizes.items():
        figures += _sealing(name, size, repeats=1 if quick else 9)
    return figures + _requests(20 if quick else 2_000)


def _sealing(name: str, size: int, *, repeats: int) -> list[Figure]:
    """Seal into a folder and open from it, each in turn with the bare cipher over the same bytes."""
    with grounds.folder() as folder:
        plain = _written(folder / "plain.txt", size)
        before = _most_memory()
        _seal(folder / "first", plain)
        bare, hashed, sealing, opening = [], [], [], []
        for turn in range(repeats):
            shelf = folder / str(turn)
            bare.append(_took(lambda: _bare(plain)))
            hashed.append(_took(lambda: _bare(plain, sha256(), sha256())))
            begun = time.perf_counter()
            delivery = _seal(shelf, plain)
            sealing.append(time.perf_counter() - begun)
            opening.append(_took(lambda shelf=shelf, delivery=delivery: _open(shelf, delivery)))  # type: ignore[misc]
        more = (_most_memory() - before) / KIB
    note = f"AES-256-GCM alone: {1000 * median(bare):.2g} ms, with both hashes {1000 * median(hashed):.2g} ms"
    most = AIM if size >= SIZES["1 MB"] else None
    return [
        Figure(f"seal a part of {name}", 1000 * median(sealing), "ms", note=note),
        Figure(f"open a part of {name}", 1000 * median(opening), "ms", note=note),
        Figure(
            f"seal a part of {name} against AES-256-GCM alone", in_turn(sealing, bare), at_most=most
        ),
        Figure(
            f"open a part of {name} against AES-256-GCM alone", in_turn(opening, bare), at_most=most
        ),
        Figure(
            f"seal a part of {name} against the cipher and both hashes", in_turn(sealing, hashed)
        ),
        Figure(
            f"open a part of {name} against the cipher and both hashes", in_turn(opening, hashed)
        ),
        Figure(f"seal and open a part of {name}: more memory", more, "MiB", at_most=30),
    ]


def _written(path: Path, size: int) -> Path:
    """Write a text of this size, a little at a time: the memory of this process is measured."""
    line = b"a line of some length\n"
    with path.open("wb") as out:
        for start in range(0, size, 1_000 * len(line)):
            out.write((line * 1_000)[: size - start])
    return path


def _seal(folder: Path, plain: Path) -> Delivery:
    with plain.open("rb") as content:
        part = PlainPart("plain.txt", "text/plain", PartRole.REPORT, content)
        return sealed_on(FolderShelf(folder), [part]).delivery


def _open(folder: Path, delivery: Delivery) -> None:
    with opened_from(FolderShelf(folder), delivery):
        pass


def _bare(plain: Path, *measures: Any) -> None:
    """Only the cipher, chunk by chunk, with the hashes the protocol asks for: nothing written or checked.

    A part is hashed before and after the cipher, one hash for each of the two signatures that name it.
    """
    cipher = AESGCM(bytes(32))
    with plain.open("rb") as content:
        number = 0
        while chunk := content.read(CHUNK):
            sealed = cipher.encrypt(number.to_bytes(12, "big"), chunk, None)
            for each, block in zip(measures, (chunk, sealed), strict=False):
                each.update(block)
            number += 1


def _requests(count: int) -> list[Figure]:
    key, pinned = signing_key_of(ZAMBIA), pinned_keys_of(ZAMBIA)
    claims, token = claims_of(Kind.REQUEST), a_token()
    algorithm, data = ec.ECDSA(hashes.SHA256()), token.rsplit(".", 1)[0].encode()
    signature = key.key.sign(data, algorithm)
    pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "sign a request": (
            lambda: tokens.make(Kind.REQUEST, ZAMBIA, claims, key),
            lambda: key.key.sign(data, algorithm),
        ),
        "read a request": (
            lambda: tokens.read(token, Kind.REQUEST, pinned, audience=NAMIBIA, now=NOW),
            lambda: key.public.key.verify(signature, data, algorithm),
        ),
    }
    figures = []
    for what, (ours, theirs) in pairs.items():
        our_times, bare_times = _alternately(ours, theirs, count)
        note = f"the signature alone: {1000 * median(bare_times):.2g} ms"
        figures += [
            Figure(what, 1000 * median(our_times), "ms", note=note),
            Figure(
                f"{what} against the signature alone",
                in_turn(our_times, bare_times),
                at_most=REQUESTS[what],
            ),
        ]
    return figures


def _alternately(
    ours: Callable[[], object], theirs: Callable[[], object], count: int
) -> tuple[Sequence[float], Sequence[float]]:
    pairs = [(_took(ours), _took(theirs)) for _ in range(count)]
    return [our for our, _ in pairs], [their for _, their in pairs]


def _took(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _most_memory() -> int:
    """KiB this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
