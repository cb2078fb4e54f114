"""The one door to python-jose: nothing else in the product may import it.

The library does the primitive; this module checks before and after what the library does not. A key comes from
those who pinned it, as an object, never from a token; the algorithm is never taken from a token either. Whatever
the library raises becomes one refusal. Source: EXP-2.1, docs/decisions/0011.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jose import jwe, jwk, jws

from core.exchange.encoding import NotStrict, read_object, un_b64
from core.exchange.errors import CannotMake, CannotOpen, Reason, TokenRefused, UnsafeBackend
from core.exchange.keys import SEALING, SIGNING, OpeningKey, SealingKey, SigningKey, VerifyingKey
from core.exchange.kinds import MAX_JWE

MAX_HEADER: Final = 2 * 1024
CONTENT: Final = "A256GCM"
_SIGNATURE_BYTES: Final = 64
_IV_BYTES: Final = 12
_TAG_BYTES: Final = 16
_JWS_HEADER: Final = frozenset({"alg", "kid", "typ"})
_JWE_HEADER: Final = frozenset({"alg", "enc", "kid"})
_BACKEND: Final = "jose.backends.cryptography_backend"
_ACTIVE: Final = {"EC": SIGNING["alg"], "RSA": SEALING["alg"], "AES": CONTENT}


@dataclass(frozen=True)
class Signed:
    """What a signature that holds vouches for.

    Args:
        payload: the verified bytes, to be read again.
        kid: the pinned key that verified them.
    """

    payload: bytes
    kid: str


@dataclass(frozen=True)
class _Opened:
    """A compact JWS, read strictly; nobody vouches for it yet."""

    header: dict[str, str]
    payload: bytes
    signed: bytes
    signature: bytes


def require_backend() -> None:
    """Refuse to work unless the `cryptography` implementations are the active ones.

    The library falls back to pure Python without a word when it cannot import them.

    Raises:
        UnsafeBackend: naming the first that is another.
    """
    for what, algorithm in _ACTIVE.items():
        if getattr(jwk.get_key(algorithm), "__module__", None) != _BACKEND:
            raise UnsafeBackend(what)


def sign(typ: str, payload: bytes, key: SigningKey) -> str:
    """Sign bytes as a compact JWS.

    Raises:
        CannotMake: the library failed.
    """
    headers = {"typ": typ, "kid": key.kid}
    try:
        made = jws.sign(payload, _built(key.key, SIGNING["alg"]), headers, SIGNING["alg"])
    except Exception as error:  # every class becomes one refusal
        raise CannotMake("signature") from error
    return str(made)


def verify(
    token: object, *, typ: str, longest: int, find: Callable[[str], VerifyingKey | None]
) -> Signed:
    """Check a compact JWS of one kind and return what its signature vouches for.

    An unknown key costs the same work as a wrong signature. Source: EXP-TT13.

    Args:
        token: what came in; anything.
        typ: the kind expected in this place.
        longest: most characters.
        find: gives the pinned key of a name, None when there is none.

    Raises:
        TokenRefused: with the reason, for the local log.
    """
    opened = _open_jws(token, longest)
    if opened.header["alg"] != SIGNING["alg"]:
        raise TokenRefused(Reason.ALGORITHM)
    if opened.header["typ"] != typ:
        raise TokenRefused(Reason.TYPE)
    pinned = find(opened.header["kid"])
    holds = _holds(opened, pinned or _nobody())
    if pinned is None:
        raise TokenRefused(Reason.KEY)
    if not holds:
        raise TokenRefused(Reason.SIGNATURE)
    return Signed(opened.payload, pinned.kid)


def unverified_payload(token: object, longest: int) -> bytes:
    """Return the bytes nobody vouches for yet; only to see whose keys to try.

    Raises:
        TokenRefused: not a strict compact JWS.
    """
    return _open_jws(token, longest).payload


def unverified_type(token: object, longest: int) -> str:
    """Return the ``typ`` a token claims; only to see how to read it.

    Raises:
        TokenRefused: not a strict compact JWS.
    """
    return _open_jws(token, longest).header["typ"]


def seal(data: bytes, key: SealingKey) -> str:
    """Seal bytes to a partner's key as a compact JWE.

    Raises:
        CannotMake: too large to be opened by the other side, or the library failed.
    """
    try:
        made = jwe.encrypt(data, key.key, CONTENT, SEALING["alg"], zip=None, cty=None, kid=key.kid)
        text = str(made, "ascii")
    except Exception as error:  # every class becomes one refusal
        raise CannotMake("seal") from error
    if len(text) > MAX_JWE:
        raise CannotMake("size")
    return text


def unseal(token: object, keys: Collection[OpeningKey]) -> bytes:
    """Open a compact JWE with the one of our keys it names.

    What is wrong with the form is seen without a key; from there on every failure takes the same way.

    Raises:
        CannotOpen: for every cause.
    """
    try:
        key = _key_of_jwe(token, keys)
        data = jwe.decrypt(token, key.key)
    except Exception as error:  # every class becomes one refusal
        raise CannotOpen from error
    if not isinstance(data, bytes):
        raise CannotOpen
    return data


def _holds(opened: _Opened, key: VerifyingKey) -> bool:
    """Ask the library about this signature; the text was read strictly before and is not read a second time."""
    try:
        answer = _built(key.key, SIGNING["alg"]).verify(opened.signed, opened.signature)
    except Exception:  # noqa: BLE001  every class becomes one refusal
        return False
    return answer is True


def _built(key: Any, algorithm: str) -> Any:
    """Wrap a key that is already parsed; nothing is read again."""
    return jwk.construct(key, algorithm)


@cache
def _nobody() -> VerifyingKey:
    """A key whose private half was thrown away."""
    return SigningKey.fresh().public


def _open_jws(token: object, longest: int) -> _Opened:
    try:
        segments = _segments(token, longest, count=3)
        encoded_header, payload, signature = map(un_b64, segments)
    except NotStrict as error:
        raise TokenRefused(Reason.TEXT) from error
    if len(signature) != _SIGNATURE_BYTES:
        raise TokenRefused(Reason.TEXT)
    signed = f"{segments[0]}.{segments[1]}".encode("ascii")
    return _Opened(_header(encoded_header, _JWS_HEADER), payload, signed, signature)


def _key_of_jwe(token: object, keys: Collection[OpeningKey]) -> OpeningKey:
    segments = _segments(token, MAX_JWE, count=5)
    encoded_header, wrapped, iv, _, tag = map(un_b64, segments)
    header = _header(encoded_header, _JWE_HEADER)
    if header["alg"] != SEALING["alg"] or header["enc"] != CONTENT:
        raise CannotOpen
    key = next(key for key in keys if key.kid == header["kid"])
    lengths = (len(wrapped), len(iv), len(tag))
    if lengths != (key.public.modulus_bytes, _IV_BYTES, _TAG_BYTES):
        raise CannotOpen
    return key


def _segments(token: object, longest: int, *, count: int) -> list[str]:
    if not isinstance(token, str) or len(token) > longest or not token.isascii():
        raise NotStrict
    segments = token.split(".")
    if len(segments) != count or len(segments[0]) > MAX_HEADER:
        raise NotStrict
    return segments


def _header(encoded: bytes, names: frozenset[str]) -> dict[str, str]:
    try:
        header = read_object(encoded)
    except NotStrict as error:
        raise TokenRefused(Reason.JSON) from error
    if header.keys() != names or not all(isinstance(value, str) for value in header.values()):
        raise TokenRefused(Reason.HEADER)
    return header
