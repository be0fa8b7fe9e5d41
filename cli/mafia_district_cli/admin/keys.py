"""`mafia-district admin keys`: what services in processes of their own need of the root secret.

The root secret itself stays with the gateway. The others verify by its public keys, and each proves
its name by a secret that was derived for that name alone.
"""

from typing import Annotated

import typer

from mafia_district_cli.errors import CommandError
from mafia_district_cli.output import print_json
from mafia_district_cli.serve import load_settings
from mafia_district_servers.identity.root_secret import root_secrets
from mafia_district_servers.keys import gateway_keys, service_secret, write_public
from mafia_district_servers.settings import SERVICES, Settings, SettingsError


def keys(
    database_url: Annotated[
        str | None, typer.Option(help="The database beside which the root secret lies.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print JWT_PUBLIC_KEYS for all services, and for each its own SERVICE_SECRET."""
    roots = _roots(load_settings({"database_url": database_url}))
    public = write_public(gateway_keys(roots))
    secrets = {name: service_secret(roots[0], name) for name in SERVICES if name != "gateway"}
    if as_json:
        print_json({"JWT_PUBLIC_KEYS": public, "SERVICE_SECRET": secrets})
        return
    print(f"JWT_PUBLIC_KEYS={public}")
    for name, secret in secrets.items():
        print(f"SERVICE_SECRET={secret}  # of {name}")


def _roots(settings: Settings) -> list[bytes]:
    try:
        return root_secrets(settings)
    except SettingsError as error:
        raise CommandError(str(error)) from None
