"""`mafia-district admin`: one file for each thing that a server's host looks after."""

import typer

from mafia_district_cli.admin import keys

app = typer.Typer(
    name="admin", add_completion=False, no_args_is_help=True, help="Look after a server."
)
app.command()(keys.keys)
app.callback()(lambda: None)
