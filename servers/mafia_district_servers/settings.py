"""Settings: every variable of a server, its default, its unit and what it may be.

A flag wins over a variable of the environment, a variable over the default. A wrong value stops the
start with one line that names the variable and the fix. The table is this class itself: whatever
prints or documents settings reads it from the fields.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import attrs

from mafia_district.catalogue import BUILT_IN, Catalogue
from mafia_district.catalogue.files import read as read_catalogue
from mafia_district_servers.keys import Keys, read_public, write_public

PORTS: Final[Mapping[str, int]] = {
    "gateway": 8080, "game": 8081, "task": 8082, "voting": 8083, "roleplay": 8084,
    "communication": 8085, "shop": 8086, "character": 8087, "town": 8088, "rumors": 8089,
    "user": 8090,
}  # fmt: skip
"""The services that a server is made of, and the port of each where it is served alone."""

SERVICES: Final = tuple(PORTS)

_SQLITE: Final = "sqlite:///"
_SECRET: Final = 32  # fewest bytes of a root secret
_HIDDEN: Final = "(hidden)"
_NUMBER: Final = re.compile("/?|/[0-9]{1,4}")  # the path of a URL that names a Redis database
_PASSWORD: Final = re.compile("(://[^/:]*:)[^/]*(?=@)")  # with what stands before it in a URL
_DURATION: Final = re.compile("([0-9]{1,7})(ms|s|m)")
_DECIMAL: Final = re.compile(r"[0-9]{1,5}(\.[0-9]{1,6})?")
_UNITS: Final = {"ms": 1, "s": 1_000, "m": 60_000}
_LONGEST_MS: Final = 3_600_000


class SettingsError(Exception):
    """A setting that makes no sense, in one line that names the variable and the fix."""


@attrs.frozen
class Variable:
    """A setting as hosts write it: its variable, its present value and its meaning."""

    name: str
    value: str
    doc: str


def _text(text: str) -> str:
    if not text:
        raise ValueError("it is empty: leave it out, or give a value")
    return text


def _flag(text: str) -> bool:
    if text.lower() in ("true", "1", "yes"):
        return True
    if text.lower() in ("false", "0", "no"):
        return False
    raise ValueError("write true or false")


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if text.isascii() and text.isdecimal() and low <= int(text) <= high:
            return int(text)
        raise ValueError(f"give a whole number from {low} to {high}")

    return read


def _among(*names: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() in names:
            return text.lower()
        raise ValueError(f"choose one of {', '.join(names)}")

    return read


def _database(text: str) -> str:
    if not text.startswith(_SQLITE) or text == _SQLITE:
        raise ValueError("give sqlite:///FILE, or sqlite:////FILE for a path from the root")
    return text


def _redis(text: str) -> str:
    with suppress(ValueError):  # whose words would quote the password
        parts = urlsplit(text)
        place = parts.hostname and parts.port != 0 and _NUMBER.fullmatch(parts.path)
        if parts.scheme in ("redis", "rediss") and place and not set(text) & set("?#\\ \t\r\n"):
            return text
    raise ValueError("write it as redis://:PASSWORD@HOST:PORT/0, or rediss:// for TLS")


def _origin(text: str) -> str:
    parts = urlsplit(text)
    origin = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme in ("http", "https") and parts.netloc and text in (origin, f"{origin}/"):
        return origin
    raise ValueError("write an address as https://example.org, with no path")


def _origins(text: str) -> tuple[str, ...]:
    return tuple(_origin(part.strip()) for part in text.split(",") if part.strip())


def _addresses(text: str) -> tuple[str, ...]:
    found = _origins(text)
    if not found:
        raise ValueError(
            "write one address or several, as http://10.0.0.5:8081,http://10.0.0.6:8081"
        )
    return found


def _networks(text: str) -> tuple[str, ...]:
    try:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return tuple(str(ip_network(part, strict=False)) for part in parts)
    except ValueError:
        raise ValueError("list addresses or networks, as 10.0.0.5,fd00::/8") from None


@attrs.frozen
class Duration:
    """A time as it is written, and in milliseconds."""

    text: str
    ms: int

    def __str__(self) -> str:
        return self.text


def _duration(text: str) -> Duration:
    found = _DURATION.fullmatch(text)
    if found is not None:
        ms = int(found[1]) * _UNITS[found[2]]
        if 0 < ms <= _LONGEST_MS:
            return Duration(text, ms)
    raise ValueError("write a time as 30s, 1500ms or 2m, an hour at most")


def _seconds(text: str) -> float:
    if _DECIMAL.fullmatch(text) and 0.001 <= float(text) <= _LONGEST_MS / 1_000:
        return float(text)
    raise ValueError("give seconds as 30.0, an hour at most")


def _secret(text: str) -> bytes:
    if len(text.encode()) < _SECRET:
        raise ValueError(f"it has fewer than {_SECRET} bytes: make one with `openssl rand -hex 32`")
    return text.encode()


def _town(text: str) -> Catalogue:
    return read_catalogue(_text(text))


def _variable(name: str, default: Any, read: Callable[[str], Any], doc: str) -> Any:
    return attrs.field(default=default, metadata={"name": name, "read": read, "doc": doc})


def _elsewhere(service: str) -> Any:
    default = (f"http://127.0.0.1:{PORTS[service]}",)
    doc = f"where the {service} service is, if it is not in this process"
    return _variable(f"{service.upper()}_URL", default, _addresses, doc)


@attrs.frozen(kw_only=True)
class Settings:
    """What a server runs by; read it with `Settings.load`."""

    database_url: str = _variable(
        "DATABASE_URL", f"{_SQLITE}mafia-district.db", _database, "where games are kept"
    )
    redis_url: str | None = _variable(
        "REDIS_URL",
        None,
        _redis,
        "a Redis that several processes of one server share; one process needs none",
    )
    host: str = _variable("HOST", "127.0.0.1", _text, "the address to listen on")
    port: int = _variable("PORT", 8080, _number(0, 65_535), "the port; 0 takes any free one")
    public_url: str | None = _variable(
        "PUBLIC_URL", None, _origin, "how players reach the server, if not by host and port"
    )
    jwt_secret: bytes | None = _variable(
        "JWT_SECRET", None, _secret, "the root secret; without it the file beside the database"
    )
    jwt_secret_file: str | None = _variable(
        "JWT_SECRET_FILE", None, _text, "a file that holds the root secret"
    )
    jwt_secret_previous: bytes | None = _variable(
        "JWT_SECRET_PREVIOUS", None, _secret, "the root secret before: its tokens are still taken"
    )
    jwt_public_keys: Keys | None = _variable(
        "JWT_PUBLIC_KEYS", None, read_public, "of a service on its own: the gateway's public keys"
    )
    service_secret: bytes | None = _variable(
        "SERVICE_SECRET", None, _secret, "of a service on its own: what proves its name"
    )
    gateway_url: tuple[str, ...] = _elsewhere("gateway")
    game_url: tuple[str, ...] = _elsewhere("game")
    task_url: tuple[str, ...] = _elsewhere("task")
    voting_url: tuple[str, ...] = _elsewhere("voting")
    roleplay_url: tuple[str, ...] = _elsewhere("roleplay")
    communication_url: tuple[str, ...] = _elsewhere("communication")
    shop_url: tuple[str, ...] = _elsewhere("shop")
    character_url: tuple[str, ...] = _elsewhere("character")
    town_url: tuple[str, ...] = _elsewhere("town")
    rumors_url: tuple[str, ...] = _elsewhere("rumors")
    user_url: tuple[str, ...] = _elsewhere("user")
    catalogue: Catalogue = _variable(
        "CATALOGUE", BUILT_IN, _town, "a TOML file that the town of new games is made of"
    )
    allow_guests: bool = _variable("ALLOW_GUESTS", True, _flag, "whether a name is enough to play")
    allow_registration: bool = _variable(
        "ALLOW_REGISTRATION", True, _flag, "whether people may register accounts"
    )
    one_account_per_device: bool = _variable(
        "ONE_ACCOUNT_PER_DEVICE", False, _flag, "whether a device may register only one account"
    )
    password_hashers: int = _variable(
        "PASSWORD_HASHERS", 2, _number(1, 64), "threads that hash passwords"
    )
    cors_origins: tuple[str, ...] = _variable(
        "CORS_ORIGINS", (), _origins, "other sites whose pages may use this server"
    )
    log_level: str = _variable(
        "LOG_LEVEL", "info", _among("debug", "info", "warning", "error"), "the least that is logged"
    )
    log_format: str = _variable(
        "LOG_FORMAT", "console", _among("console", "json"), "lines for people, or for machines"
    )
    max_body_bytes: int = _variable(
        "MAX_BODY_BYTES", 65_536, _number(1_024, 16_777_216), "most bytes of a request or a frame"
    )
    socket_queue_frames: int = _variable(
        "SOCKET_QUEUE_FRAMES", 1_024, _number(1, 1_000_000), "most frames that wait for one client"
    )
    socket_queue_bytes: int = _variable(
        "SOCKET_QUEUE_BYTES", 1_048_576, _number(65_536, 1_073_741_824),
        "most bytes that wait for one client",
    )  # fmt: skip
    sockets_per_account: int = _variable(
        "SOCKETS_PER_ACCOUNT", 16, _number(1, 1_000_000), "most open WebSockets of one account"
    )
    trusted_proxies: tuple[str, ...] = _variable(
        "TRUSTED_PROXIES", (), _networks, "networks of proxies whose X-Forwarded-For is believed"
    )
    connections_per_address: int = _variable(
        "CONNECTIONS_PER_ADDRESS", 256, _number(1, 1_000_000), "most open connections of an address"
    )
    rate_per_address: int = _variable(
        "RATE_PER_ADDRESS", 12_000, _number(0, 1_000_000_000),
        "most requests a minute of an address; 0: as many as it likes",
    )  # fmt: skip
    rate_per_user: int = _variable(
        "RATE_PER_USER", 3_000, _number(0, 1_000_000_000),
        "most requests a minute of a person; 0: as many as they like",
    )  # fmt: skip
    gateway_max_concurrent_tasks: int = _variable(
        "GATEWAY_MAX_CONCURRENT_TASKS", 50, _number(1, 100_000), "most requests served at once"
    )
    gateway_task_timeout_ms: int = _variable(
        "GATEWAY_TASK_TIMEOUT_MS", 30_000, _number(1, _LONGEST_MS), "how long a request may take"
    )
    max_concurrent_tasks: int = _variable(
        "MAX_CONCURRENT_TASKS", 20, _number(1, 100_000), "most jobs of the task service at once"
    )
    task_timeout: Duration = _variable(
        "TASK_TIMEOUT", Duration("30s", 30_000), _duration, "how long one of them may take"
    )
    voting_max_concurrent_tasks: int = _variable(
        "VOTING_MAX_CONCURRENT_TASKS", 10, _number(1, 100_000),
        "most jobs of the voting service at once",
    )  # fmt: skip
    voting_task_timeout_seconds: float = _variable(
        "VOTING_TASK_TIMEOUT_SECONDS", 30.0, _seconds, "how long one of them may take"
    )
    warm_games: int = _variable(
        "WARM_GAMES", 1_000, _number(1, 1_000_000), "most games kept in memory; all are on disk"
    )
    bot_pace_ms: int = _variable(
        "BOT_PACE_MS", 10_000, _number(0, 3_600_000), "time within which a bot acts; 0: at once"
    )

    @classmethod
    def load(cls, flags: Mapping[str, str | None], environ: Mapping[str, str]) -> "Settings":
        """Read settings from flags, by the fields' names, and from the environment.

        A flag that is None was not given. Raises SettingsError.
        """
        values: dict[str, Any] = {}
        for field in attrs.fields(cls):
            name = field.metadata["name"]
            text = flags.get(field.name)
            source = f"--{field.name.replace('_', '-')}" if text is not None else name
            text = environ.get(name) if text is None else text
            if text is not None:
                values[field.name] = _read(field, source, text)
        return cls(**values)

    def urls(self, service: str) -> tuple[str, ...]:
        """Where a service is, if it is elsewhere."""
        found: tuple[str, ...] = getattr(self, f"{service}_url")
        return found

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        return Path(self.database_url.removeprefix(_SQLITE))

    def table(self) -> list[Variable]:
        """List every variable with its value, secrets hidden."""
        return [
            Variable(
                field.metadata["name"], _shown(getattr(self, field.name)), field.metadata["doc"]
            )
            for field in attrs.fields(type(self))
        ]


def _read(field: "attrs.Attribute[Any]", source: str, text: str) -> object:
    try:
        return field.metadata["read"](text)
    except ValueError as problem:
        told = field.metadata["read"] in (_secret, _redis, _town)  # those hide it, this says it
        shown = "" if told else f" is {text!r}"
        raise SettingsError(f"{source}{shown}: {problem}") from None


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return _HIDDEN
    if isinstance(value, Catalogue):
        return value.name
    if isinstance(value, Keys):
        return write_public(value)
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else _PASSWORD.sub(rf"\1{_HIDDEN}", str(value))
