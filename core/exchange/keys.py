"""Keys of an installation: one kind and one use each, named by a thumbprint that is always recomputed.

Two kinds: P-256 keys that sign (anchor and signing keys), RSA keys that seal. A key is parsed once, when it is
loaded, and passed on as an object. What leaves this module is built from public numbers; private keys leave
it only as bytes for a sealed column or file, by a method whose name says so. Source: EXP-2, EXP-3.1.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha512
from types import MappingProxyType
from typing import Any, Final, NoReturn

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from core.exchange.encoding import NotStrict, b64, canonical, digest, un_b64
from core.exchange.errors import KeyNotUsable

SIGNING: Final = MappingProxyType({"use": "sig", "alg": "ES256"})
SEALING: Final = MappingProxyType({"use": "enc", "alg": "RSA-OAEP-256"})
RSA_BITS: Final = range(3072, 8192 + 1)
RSA_EXPONENT: Final = 65537
_COORDINATE: Final = 32
_EC_MEMBERS: Final = frozenset({"kty", "crv", "x", "y", "kid", "use", "alg"})
_RSA_MEMBERS: Final = frozenset({"kty", "n", "e", "kid", "use", "alg"})
_PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv", "seed"})


@dataclass(frozen=True)
class VerifyingKey:
    """The public half of a key that signs.

    Args:
        key: a public key on P-256.

    Raises:
        KeyNotUsable: of another kind or curve.
    """

    key: ec.EllipticCurvePublicKey = field(repr=False)
    kid: str = field(init=False)

    def __post_init__(self) -> None:
        """Check the curve and name the key."""
        if not isinstance(self.key, ec.EllipticCurvePublicKey):
            raise KeyNotUsable("kind")
        if not isinstance(self.key.curve, ec.SECP256R1):
            raise KeyNotUsable("curve")
        object.__setattr__(self, "kid", thumbprint(self._named()))

    def _named(self) -> dict[str, str]:
        numbers = self.key.public_numbers()
        x, y = (b64(n.to_bytes(_COORDINATE, "big")) for n in (numbers.x, numbers.y))
        return {"crv": "P-256", "kty": "EC", "x": x, "y": y}

    def public_jwk(self) -> dict[str, str]:
        """Return the key as the protocol writes it, public members only."""
        return {**self._named(), **SIGNING, "kid": self.kid}

    def fingerprint(self) -> tuple[str, ...]:
        """Return twelve groups of five digits, to be read out over two channels. Source: EXP-3.3."""
        hashed = sha512(canonical(self._named())).digest()
        groups = (int.from_bytes(hashed[5 * i : 5 * i + 5], "big") for i in range(12))
        return tuple(f"{group % 100_000:05d}" for group in groups)


@dataclass(frozen=True)
class SealingKey:
    """The public half of a key to which boxes are sealed.

    Args:
        key: a public RSA key of 3072 to 8192 bit with exponent 65537.

    Raises:
        KeyNotUsable: of another kind, size or exponent.
    """

    key: rsa.RSAPublicKey = field(repr=False)
    kid: str = field(init=False)

    def __post_init__(self) -> None:
        """Check size and exponent and name the key."""
        if not isinstance(self.key, rsa.RSAPublicKey):
            raise KeyNotUsable("kind")
        if self.key.key_size not in RSA_BITS:
            raise KeyNotUsable("size")
        if self.key.public_numbers().e != RSA_EXPONENT:
            raise KeyNotUsable("exponent")
        object.__setattr__(self, "kid", thumbprint(self._named()))

    @property
    def modulus_bytes(self) -> int:
        """Length of the modulus, which is that of every key wrapped with it."""
        return (self.key.key_size + 7) // 8

    def _named(self) -> dict[str, str]:
        numbers = self.key.public_numbers()
        modulus = numbers.n.to_bytes(self.modulus_bytes, "big")
        return {"e": b64(numbers.e.to_bytes(3, "big")), "kty": "RSA", "n": b64(modulus)}

    def public_jwk(self) -> dict[str, str]:
        """Return the key as the protocol writes it, public members only."""
        return {**self._named(), **SEALING, "kid": self.kid}


class _Private:
    """A private key: shown by its name only, and never copied into a queue, a log or a cache."""

    kid: str

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.kid}>"

    def __reduce__(self) -> NoReturn:
        msg = "a private key stays in the process that loaded it"
        raise TypeError(msg)


class SigningKey(_Private):
    """A key that signs: an installation's signing key, or the anchor while it is taken from its safe."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyNotUsable("kind")
        self.key = key
        self.public = VerifyingKey(key.public_key())
        self.kid = self.public.kid

    @classmethod
    def fresh(cls) -> "SigningKey":
        """Make a new key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def load(cls, private: bytes) -> "SigningKey":
        """Read what ``private_bytes`` gave; once per process.

        Raises:
            KeyNotUsable: not such a key.
        """
        return cls(_parse(private))

    def private_bytes(self) -> bytes:
        """Return the key for a sealed column or file, and for nothing else."""
        return _private_bytes(self.key)


class OpeningKey(_Private):
    """A key that opens boxes sealed to its public half."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        if not isinstance(key, rsa.RSAPrivateKey):
            raise KeyNotUsable("kind")
        self.key = key
        self.public = SealingKey(key.public_key())
        self.kid = self.public.kid

    @classmethod
    def fresh(cls, bits: int = RSA_BITS.start) -> "OpeningKey":
        """Make a new key."""
        return cls(rsa.generate_private_key(RSA_EXPONENT, bits))

    @classmethod
    def load(cls, private: bytes) -> "OpeningKey":
        """Read what ``private_bytes`` gave; once per process.

        Raises:
            KeyNotUsable: not such a key.
        """
        return cls(_parse(private))

    def private_bytes(self) -> bytes:
        """Return the key for a sealed column or file, and for nothing else."""
        return _private_bytes(self.key)


@dataclass(frozen=True)
class PinnedKeys:
    """The keys with which one installation's tokens are looked at, and no others.

    Which signing keys count on a given day (start, end, revoked) is decided before they are put here.

    Args:
        issuer: whose keys these are; empty for a stranger, who has none.
        anchor: signs key statements and nothing else.
        signing: sign everything else; none of them is the anchor.

    Raises:
        KeyNotUsable: the anchor is among the signing keys.
    """

    issuer: str
    anchor: VerifyingKey | None = None
    signing: tuple[VerifyingKey, ...] = ()

    def __post_init__(self) -> None:
        """Refuse one key for two uses."""
        if self.anchor is not None and self.find(self.anchor.kid) is not None:
            raise KeyNotUsable("anchor_signs")

    def find(self, kid: str, *, anchor: bool = False) -> VerifyingKey | None:
        """Return the key of this name; the anchor only where the anchor signs."""
        if anchor:
            return self.anchor if self.anchor is not None and self.anchor.kid == kid else None
        return next((key for key in self.signing if key.kid == kid), None)


STRANGER: Final = PinnedKeys("")  # the same work is done for an unknown installation. EXP-TT13


def read_verifying_key(jwk: object) -> VerifyingKey:
    """Read the public JWK of a key that signs, as the protocol writes it.

    Raises:
        KeyNotUsable: a private, unknown or missing member, another curve, use or algorithm, or a name that is
            not the key's thumbprint.
    """
    members = _exact(jwk, _EC_MEMBERS, {"kty": "EC", "crv": "P-256", **SIGNING})
    x, y = (_number(members[name]) for name in ("x", "y"))
    if any(len(number) != _COORDINATE for number in (x, y)):
        raise KeyNotUsable("form")
    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
    )
    key = VerifyingKey(_public(numbers))
    _require_name(key.kid, members)
    return key


def read_sealing_key(jwk: object) -> SealingKey:
    """Read the public JWK of a key that seals, as the protocol writes it.

    Raises:
        KeyNotUsable: as for ``read_verifying_key``, or another size or exponent.
    """
    members = _exact(jwk, _RSA_MEMBERS, {"kty": "RSA", **SEALING})
    n, e = (_number(members[name]) for name in ("n", "e"))
    if not n or not e or n[0] == 0 or e[0] == 0 or len(n) > RSA_BITS[-1] // 8:
        raise KeyNotUsable("form")
    if int.from_bytes(e, "big") != RSA_EXPONENT:
        raise KeyNotUsable("exponent")
    numbers = rsa.RSAPublicNumbers(RSA_EXPONENT, int.from_bytes(n, "big"))
    key = SealingKey(_public(numbers))
    _require_name(key.kid, members)
    return key


def thumbprint(members: Mapping[str, str]) -> str:
    """Return the RFC 7638 name of a key from its required members. Source: EXP-2."""
    return digest(canonical(dict(members)))


def private_members(value: Any) -> Iterable[str]:
    """Name every private key member in a JWK anywhere in a value that is about to leave. Source: EXP-TT26."""
    if isinstance(value, Mapping):
        if "kty" in value:
            yield from sorted(_PRIVATE_MEMBERS & set(value))
        for item in value.values():
            yield from private_members(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from private_members(item)


def _exact(jwk: object, names: frozenset[str], fixed: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(jwk, dict):
        raise KeyNotUsable("form")
    if _PRIVATE_MEMBERS & set(jwk):
        raise KeyNotUsable("private_member")
    if set(jwk) != names or not all(isinstance(value, str) for value in jwk.values()):
        raise KeyNotUsable("members")
    for name, value in fixed.items():
        if jwk[name] != value:
            raise KeyNotUsable(name)
    return jwk


def _number(text: str) -> bytes:
    try:
        return un_b64(text)
    except NotStrict as error:
        raise KeyNotUsable("form") from error


def _public(numbers: Any) -> Any:
    """Build the key; the library checks that a point is on its curve."""
    try:
        return numbers.public_key()
    except Exception as error:  # every class the library may raise becomes one refusal
        raise KeyNotUsable("form") from error


def _require_name(kid: str, members: Mapping[str, str]) -> None:
    if kid != members["kid"]:
        raise KeyNotUsable("name")


def _parse(private: bytes) -> Any:
    try:
        return serialization.load_der_private_key(private, password=None)
    except Exception as error:  # as above; the bytes are in no message
        raise KeyNotUsable("form") from error


def _private_bytes(key: Any) -> bytes:
    data: bytes = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return data
