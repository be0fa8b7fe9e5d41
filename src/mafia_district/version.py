"""The version of the engine, as it is written into every recorded game."""

__version__ = "0.1.0"
