"""The laboratory: what the rules imply, by arithmetic and by playing.

An outer room of the core: it may start processes and use floats, and no pure module imports it.
"""

from mafia_district.lab.odds import odds
from mafia_district.lab.simulate import simulate
from mafia_district.lab.wilson import wilson

__all__ = ["odds", "simulate", "wilson"]
