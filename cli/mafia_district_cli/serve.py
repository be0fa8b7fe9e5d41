"""`mafia-district serve`: hosts games until told to stop, all services in one process or some."""

import asyncio
import os
import signal
import socket
import ssl
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import segno
import typer
from rich.table import Table

from mafia_district.version import __version__
from mafia_district_cli.errors import CommandError, UsageError
from mafia_district_cli.output import print_table, table_of
from mafia_district_cli.rule_options import CatalogueFile
from mafia_district_cli.tls import tls_context
from mafia_district_servers.bootstrap import Started
from mafia_district_servers.bootstrap import serve as run_server
from mafia_district_servers.listening import StartRefused
from mafia_district_servers.settings import PORTS, SERVICES, Settings, SettingsError

ALL_ADDRESSES = "0.0.0.0"  # noqa: S104 - what --lan asks for
STOPS = (signal.SIGINT, signal.SIGTERM)

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    services: Annotated[
        list[str] | None, typer.Argument(help="The services to run; all, if none is named.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[str | None, typer.Option(help="The port; 0 takes any free one.")] = None,
    lan: Annotated[
        bool, typer.Option("--lan", help="Listen on all addresses; print a link and its QR code.")
    ] = False,
    database_url: Annotated[
        str | None, typer.Option(help="Where games are kept, as sqlite:///FILE.")
    ] = None,
    redis_url: Annotated[
        str | None, typer.Option(help="A Redis by which several processes hear of each other.")
    ] = None,
    catalogue: CatalogueFile = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain, as PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Private key, as PEM.")] = None,
    seed: Annotated[
        int | None, typer.Option(hidden=True, help="Choose every deal, for demonstrations.")
    ] = None,
    print_config: Annotated[
        bool, typer.Option("--print-config", help="Print the settings in force, and end.")
    ] = False,
) -> None:
    """Host games until Ctrl-C: prints the address, the join page and the host's own link."""
    if lan and host is not None:
        raise UsageError("--lan listens on all addresses: leave --host out")
    flags = {
        "host": ALL_ADDRESSES if lan else host,
        "port": port,
        "database_url": database_url,
        "redis_url": redis_url,
        "catalogue": str(catalogue) if catalogue else None,
    }
    names = _names(services or SERVICES)
    if len(names) == 1 and port is None and "PORT" not in os.environ:
        flags["port"] = str(PORTS[names[0]])
    settings = load_settings(flags)
    if print_config:
        print_table(_config(settings))
        return
    tls = tls_context(tls_cert, tls_key)
    try:
        asyncio.run(_serve(settings, tls, names, seed, lan=lan))
    except StartRefused as refused:
        raise CommandError(str(refused)) from None


def load_settings(
    flags: Mapping[str, str | None], variables: Mapping[str, str] = os.environ
) -> Settings:
    """Read the settings from flags and variables; a wrong one is a usage error."""
    try:
        return Settings.load(flags, variables)
    except SettingsError as error:
        raise UsageError(str(error)) from None


def _names(asked: Sequence[str]) -> tuple[str, ...]:
    """Check the names of services; raises UsageError."""
    for name in asked:
        if name not in SERVICES:
            raise UsageError(f"there is no service {name!r}: they are {', '.join(SERVICES)}")
    return tuple(dict.fromkeys(asked))


async def _serve(
    settings: Settings,
    tls: ssl.SSLContext | None,
    names: Sequence[str],
    seed: int | None,
    *,
    lan: bool,
) -> None:
    """Serve until SIGINT or SIGTERM; what is in flight is finished first."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for signal_ in STOPS:
        loop.add_signal_handler(signal_, stop.set)
    up = partial(_announce, settings, names, lan=lan)
    await run_server(settings, up, stop, tls, names, seed)


def _announce(settings: Settings, names: Sequence[str], started: Started, *, lan: bool) -> None:
    here = _own_address() if lan else ""
    url, host_link = (
        link.replace(ALL_ADDRESSES, here) if lan else link
        for link in (started.url, started.host_link)
    )
    print(f"Mafia District {__version__}")
    print(f"  address      {url}")
    if started.host_token:
        print(f"  join page    {url}/")
        print(f"  host's link  {host_link}")
    if len(names) < len(SERVICES):
        print(f"  services     {', '.join(names)}")
    print(f"  games are in {settings.database_path.absolute()}")
    if lan:
        segno.make(url).terminal(compact=True)
    print("Ctrl-C ends it; games go on at the next start.", flush=True)


def _own_address() -> str:
    """Find the address by which others on the network reach this machine; sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address that is for examples only
        except OSError:
            return "127.0.0.1"
        address: str = probe.getsockname()[0]
        return address


def _config(settings: Settings) -> Table:
    rows = [(variable.name, variable.value, variable.doc) for variable in settings.table()]
    return table_of(("variable", "value", "meaning"), rows)
