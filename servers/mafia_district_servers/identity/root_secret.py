"""The root secret, from which every key of a server is derived.

It comes from `JWT_SECRET` or from the file that `JWT_SECRET_FILE` names. A server on the embedded
database that has neither makes one at its first start and keeps it beside the database, for its
owner's eyes only, so that tokens survive a restart.
"""

import os
import secrets
from pathlib import Path
from typing import Final

from mafia_district_servers.settings import Settings, SettingsError

FILE: Final = "mafia-district.secret"
_BYTES: Final = 32
_OTHERS: Final = 0o077  # the rights of group and others


def root_secrets(settings: Settings) -> list[bytes]:
    """Find or make the root secrets, the newest first; raises SettingsError."""
    previous = settings.jwt_secret_previous
    return [root_secret(settings), *([previous] if previous is not None else [])]


def root_secret(settings: Settings) -> bytes:
    """Find or make the root secret; raises SettingsError."""
    if settings.jwt_secret is not None and settings.jwt_secret_file is not None:
        raise SettingsError("JWT_SECRET and JWT_SECRET_FILE are both set: leave one of them out")
    if settings.jwt_secret is not None:
        return settings.jwt_secret
    if settings.jwt_secret_file is not None:
        return _read(Path(settings.jwt_secret_file))
    path = settings.database_path.parent / FILE
    try:
        return _own(path)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}: set JWT_SECRET instead") from None


def _own(path: Path) -> bytes:
    """Read the secret beside the database, made at the first start."""
    if not path.exists():
        _make(path)
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        raise SettingsError(f"{path} can be read by others: run `chmod 600 {path}`")
    return _read(path)


def _make(path: Path) -> None:
    """Write a new secret; of two processes that start at once, the first wins."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(_BYTES)}\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(path: Path) -> bytes:
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}: JWT_SECRET_FILE names a secret") from None
    if len(secret) < _BYTES:
        raise SettingsError(
            f"{path} holds fewer than {_BYTES} bytes: make a secret with `openssl rand -hex 32`"
        )
    return secret
