"""Settings: flag over variable over default, and one line that names what is wrong."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mafia_district_servers.identity.root_secret import FILE, root_secret
from mafia_district_servers.settings import Settings, SettingsError

SECRET = "correct horse battery staple, twice over"


def test_a_flag_wins_over_a_variable_over_the_default() -> None:
    """Given a port three times, the flag counts; without it the variable, then the default."""
    environ = {"PORT": "9000", "HOST": "0.0.0.0"}
    assert Settings.load({"port": "7000", "host": None}, environ).port == 7000
    assert Settings.load({"port": None}, environ).port == 9000
    assert Settings.load({}, {}).port == 8080
    assert Settings.load({"host": None}, environ).host == "0.0.0.0"


def test_every_variable_is_read() -> None:
    """Given all variables, all settings are theirs."""
    environ = {
        "DATABASE_URL": "sqlite:////var/games.db",
        "REDIS_URL": "rediss://:pass@redis.example:6380/2",
        "HOST": "::1",
        "PORT": "0",
        "PUBLIC_URL": "https://mafia.example.org/",
        "JWT_SECRET": SECRET,
        "ALLOW_GUESTS": "no",
        "CORS_ORIGINS": "https://a.example, http://b.example:8000",
        "LOG_LEVEL": "DEBUG",
        "LOG_FORMAT": "json",
        "MAX_BODY_BYTES": "2048",
        "SOCKET_QUEUE_FRAMES": "10",
        "SOCKET_QUEUE_BYTES": "100000",
        "WARM_GAMES": "5",
        "BOT_PACE_MS": "0",
        "TRUSTED_PROXIES": "10.0.0.5, fd00::1/8",
        "CONNECTIONS_PER_ADDRESS": "20",
        "RATE_PER_ADDRESS": "0",
        "RATE_PER_USER": "60",
        "GATEWAY_MAX_CONCURRENT_TASKS": "51",
        "GATEWAY_TASK_TIMEOUT_MS": "31000",
        "MAX_CONCURRENT_TASKS": "21",
        "TASK_TIMEOUT": "2m",
        "VOTING_MAX_CONCURRENT_TASKS": "11",
        "VOTING_TASK_TIMEOUT_SECONDS": "31.5",
    }
    settings = Settings.load({}, environ)
    assert settings.database_path == Path("/var/games.db")
    assert settings.redis_url == environ["REDIS_URL"]
    assert settings.public_url == "https://mafia.example.org"
    assert settings.jwt_secret == SECRET.encode()
    assert settings.allow_guests is False
    assert settings.cors_origins == ("https://a.example", "http://b.example:8000")
    assert (settings.log_level, settings.log_format) == ("debug", "json")
    limits = settings.max_body_bytes, settings.socket_queue_frames, settings.socket_queue_bytes
    assert limits == (2048, 10, 100_000)
    assert (settings.host, settings.port) == ("::1", 0)
    assert (settings.warm_games, settings.bot_pace_ms) == (5, 0)
    assert settings.trusted_proxies == ("10.0.0.5/32", "fd00::/8")
    rates = settings.rate_per_address, settings.rate_per_user, settings.connections_per_address
    assert rates == (0, 60, 20)
    assert settings.task_timeout.ms == 120_000
    assert settings.voting_task_timeout_seconds == 31.5
    assert (settings.gateway_max_concurrent_tasks, settings.gateway_task_timeout_ms) == (51, 31_000)
    assert (settings.max_concurrent_tasks, settings.voting_max_concurrent_tasks) == (21, 11)


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("DATABASE_URL", "games.db", "give sqlite:///FILE"),
        ("DATABASE_URL", "sqlite:///", "give sqlite:///FILE"),
        ("HOST", "", "leave it out"),
        ("PORT", "http", "whole number from 0 to 65535"),
        ("PORT", "70000", "whole number from 0 to 65535"),
        ("PORT", "-1", "whole number"),
        ("PORT", "٨٠", "whole number"),
        ("PUBLIC_URL", "mafia.example.org", "https://example.org"),
        ("PUBLIC_URL", "https://mafia.example.org/play", "with no path"),
        ("CORS_ORIGINS", "*", "https://example.org"),
        ("ALLOW_GUESTS", "maybe", "write true or false"),
        ("LOG_LEVEL", "loud", "choose one of debug, info, warning, error"),
        ("LOG_FORMAT", "xml", "choose one of console, json"),
        ("MAX_BODY_BYTES", "1", "whole number from 1024"),
        ("BOT_PACE_MS", "1e3", "whole number"),
        ("JWT_SECRET_FILE", "", "leave it out"),
        ("TRUSTED_PROXIES", "proxy.example", "list addresses or networks"),
        ("TASK_TIMEOUT", "30", "write a time as 30s"),
        ("TASK_TIMEOUT", "0s", "write a time as 30s"),
        ("TASK_TIMEOUT", "61m", "an hour at most"),
        ("VOTING_TASK_TIMEOUT_SECONDS", "inf", "give seconds as 30.0"),
        ("VOTING_TASK_TIMEOUT_SECONDS", "0.0", "give seconds as 30.0"),
        ("RATE_PER_USER", "-1", "whole number from 0"),
        ("CONNECTIONS_PER_ADDRESS", "0", "whole number from 1"),
    ],
)
def test_a_wrong_value_names_the_variable_and_the_fix(name: str, value: str, fix: str) -> None:
    """Given a value that makes no sense, one line says where it stands and what would do."""
    with pytest.raises(SettingsError) as refused:
        Settings.load({}, {name: value})
    message = str(refused.value)
    assert message.startswith(f"{name} is {value!r}: ")
    assert fix in message
    assert "\n" not in message


def test_a_wrong_flag_is_named_as_it_was_written() -> None:
    """Given a wrong flag, the line names the flag, not the variable."""
    with pytest.raises(SettingsError, match=r"^--log-level is 'loud': choose"):
        Settings.load({"log_level": "loud"}, {"LOG_LEVEL": "info"})


def test_no_secret_is_shown() -> None:
    """Given a secret, right or too short, neither the table nor the error shows it."""
    settings = Settings.load({}, {"JWT_SECRET": SECRET, "ALLOW_GUESTS": "0"})
    table = {row.name: row for row in settings.table()}
    assert table["JWT_SECRET"].value == "(hidden)"
    assert table["ALLOW_GUESTS"].value == "false"
    assert table["PUBLIC_URL"].value == ""
    assert all(row.doc for row in table.values())
    assert SECRET not in str(settings.table())
    with pytest.raises(SettingsError, match=r"^JWT_SECRET: it has fewer than 32 bytes") as refused:
        Settings.load({}, {"JWT_SECRET": "hunter2"})
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://127.0.0.1", "redis://127.0.0.1"),
        ("redis://[::1]:6379/", "redis://[::1]:6379/"),
        ("redis://:hunter2@cache:6379/0", "redis://:(hidden)@cache:6379/0"),
        ("rediss://ann:hunter2@cache/15", "rediss://ann:(hidden)@cache/15"),
        ("rediss://a@b:hunter2:hunter2@hunter2@cache", "rediss://a@b:(hidden)@cache"),
        ("redis://ann@cache:6379/0", "redis://ann@cache:6379/0"),
    ],
)
def test_the_password_of_redis_is_not_shown(url: str, shown: str) -> None:
    """Given a URL with a password, the table of settings leaves it out."""
    settings = Settings.load({}, {"REDIS_URL": url})
    assert settings.redis_url == url
    assert {row.name: row.value for row in settings.table()}["REDIS_URL"] == shown
    assert Settings.load({}, {}).redis_url is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hunter2:6379",
        "http://:hunter2@cache",
        "redis://",
        "redis:///0",
        "redis://:hunter2@",
        "redis://:hunter2@cache:port",
        "redis://:hunter2@cache:0",
        "redis://:hunter2@cache:70000",
        "redis://:hunter2@cache/zero",
        "redis://:hunter2@cache/0/1",
        "redis://:hunter2@cache/0?socket_timeout=100",
        "redis://:hunter2@cache/0#",
        "redis://:hunter2/@cache",
        "redis://ann:12/hunter2@cache",
        "redis://:hunter2@[::1",
        "redis://:hunter2@cache\n",
        "redis://:hunter2@ca che",
    ],
)
def test_a_wrong_redis_url_is_not_quoted(url: str) -> None:
    """Given what is no URL of Redis, the line says how one is written, and no password."""
    with pytest.raises(SettingsError, match=r"^REDIS_URL: write it as redis://") as refused:
        Settings.load({}, {"REDIS_URL": url})
    assert "hunter2" not in str(refused.value)


def embedded(directory: Path, **environ: str) -> Settings:
    """Give the settings of a server whose database lies in a directory."""
    return Settings.load({}, {"DATABASE_URL": f"sqlite:///{directory}/games.db", **environ})


def test_the_embedded_secret_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    """Given eight first starts at once, all get the one secret, which others cannot read."""
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(root_secret, [embedded(tmp_path)] * 8))
    assert len(secrets) == 1
    (secret,) = secrets
    assert len(bytes.fromhex(secret.decode())) == 32
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """Given a secret file open to all, the line says how to close it."""
    root_secret(embedded(tmp_path))
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(SettingsError, match="run `chmod 600 "):
        root_secret(embedded(tmp_path))


def test_a_given_secret_is_taken(tmp_path: Path) -> None:
    """Given a secret or the name of its file, nothing is made; both at once is too much."""
    (tmp_path / "given").write_text(f"{SECRET}\n")
    file = str(tmp_path / "given")
    assert root_secret(embedded(tmp_path, JWT_SECRET=SECRET)) == SECRET.encode()
    assert root_secret(embedded(tmp_path, JWT_SECRET_FILE=file)) == SECRET.encode()
    assert not (tmp_path / FILE).exists()
    with pytest.raises(SettingsError, match="leave one of them out"):
        root_secret(embedded(tmp_path, JWT_SECRET=SECRET, JWT_SECRET_FILE=file))


@pytest.mark.parametrize(
    ("name", "fix"), [("none", "No such file"), ("short", "fewer than 32 bytes: make a secret")]
)
def test_a_useless_secret_file_is_named(tmp_path: Path, name: str, fix: str) -> None:
    """Given a secret file that is missing or short, the line names it."""
    (tmp_path / "short").write_text("hunter2")
    with pytest.raises(SettingsError, match=fix) as refused:
        root_secret(embedded(tmp_path, JWT_SECRET_FILE=str(tmp_path / name)))
    assert str(tmp_path / name) in str(refused.value)


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Given nowhere to keep a secret, the line says what to set instead."""
    with pytest.raises(SettingsError, match="set JWT_SECRET instead"):
        root_secret(embedded(tmp_path / "nowhere"))
