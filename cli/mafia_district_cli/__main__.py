"""`python -m mafia_district_cli`: the same as `mafia-district`."""

from mafia_district_cli.main import main

main()
