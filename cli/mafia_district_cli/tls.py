"""A certificate and its key: loaded, or what is wrong with which of the two files.

The system's TLS library says neither which file it could not use nor why, so that is found out here
where it refuses them.
"""

import ssl
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificates

from mafia_district_cli.errors import CommandError, UsageError


def tls_context(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """Load a certificate chain and its key, None if neither is given.

    Raises UsageError for half a pair, and CommandError that names a file that is of no use.
    """
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise UsageError("give --tls-cert and --tls-key together")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    contents = [_read(path) for path in (certificate, key)]
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ValueError):
        raise CommandError(_fault(certificate, key, *contents)) from None
    return context


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from None


def _fault(certificate: Path, key: Path, chain: bytes, private: bytes) -> str:
    try:
        load_pem_x509_certificates(chain)
    except ValueError:
        return f"{certificate} holds no certificate: --tls-cert is a chain of them, as PEM"
    try:
        load_pem_private_key(private, None)
    except TypeError:
        return f"{key} has a passphrase that was not given: --tls-key is best without one"
    except (ValueError, UnsupportedAlgorithm):
        return f"{key} holds no private key that can be used: --tls-key is one, as PEM"
    return f"{key} is not the key of {certificate}: give the two that were made together"
