"""Keys: what the gateway signs with, what everybody verifies with, and what tells services apart.

All of them are derived from one root secret (HKDF-SHA256, RFC 5869, each with a label of its own),
which is the gateway's alone. The other services get the public half and a secret of their own, so
that none of them can make a token, or claim to be another.

A key is named by the beginning of its digest, its `kid`. To rotate, a new secret goes in front of
the old one: tokens are signed by the first and taken of both, until those of the old one are gone.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

import attrs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_BYTES: Final = 32
_KID: Final = 16  # hexadecimal digits


@attrs.frozen
class Keys:
    """Public keys by their kid; of the gateway also the private one that it signs with."""

    public: Mapping[str, Ed25519PublicKey]
    private: Ed25519PrivateKey | None = None
    kid: str = ""


def gateway_keys(roots: Sequence[bytes]) -> Keys:
    """Derive the gateway's keys from its root secrets, the newest first."""
    pairs = [signing_key(root) for root in roots]
    public = {kid_of(pair.public_key()): pair.public_key() for pair in pairs}
    return Keys(public, pairs[0], next(iter(public)))


def signing_key(root: bytes) -> Ed25519PrivateKey:
    """Derive the signing key of a root secret."""
    return Ed25519PrivateKey.from_private_bytes(derived(root, "gateway token signing"))


def kid_of(key: Ed25519PublicKey) -> str:
    """Name a public key."""
    return sha256(key.public_bytes_raw()).hexdigest()[:_KID]


def write_public(keys: Keys) -> str:
    """Write the public keys as the variable `JWT_PUBLIC_KEYS` has them."""
    return ",".join(
        urlsafe_b64encode(key.public_bytes_raw()).decode().rstrip("=")
        for key in keys.public.values()
    )


def read_public(text: str) -> Keys:
    """Read what `write_public` wrote; raises ValueError."""
    found = {}
    for part in text.split(","):
        try:
            raw = urlsafe_b64decode(part.strip() + "=" * (-len(part.strip()) % 4))
            key = Ed25519PublicKey.from_public_bytes(raw)
        except ValueError:
            raise ValueError("print it with `mafia-district admin keys`") from None
        found[kid_of(key)] = key
    return Keys(found)


def service_secret(root: bytes, service: str) -> str:
    """Derive the secret by which a service proves its name to the gateway."""
    return derived(root, f"service secret: {service}").hex()


def derived(root: bytes, label: str) -> bytes:
    """Derive 32 bytes for one purpose."""
    info = f"mafia-district {label}".encode()
    return HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=info).derive(root)
