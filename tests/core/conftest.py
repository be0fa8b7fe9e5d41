"""How the core's properties are tried: on a busy machine an example may take its time."""

from hypothesis import settings

settings.register_profile("core", deadline=None)
settings.load_profile("core")
