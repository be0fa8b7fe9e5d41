"""The catalogue that is built in, put together."""

from typing import Final

from mafia_district.catalogue.careers import CAREERS
from mafia_district.catalogue.items import ITEMS
from mafia_district.catalogue.looks import ASSETS
from mafia_district.catalogue.places import PLACES
from mafia_district.catalogue.records import Catalogue
from mafia_district.catalogue.rumors import RUMORS, TRADES
from mafia_district.catalogue.tasks import TASKS

BUILT_IN: Final = Catalogue("district", PLACES, CAREERS, ITEMS, TASKS, RUMORS, ASSETS, TRADES)
