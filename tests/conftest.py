"""For all tests: what is drawn may take as long as it takes, for a test that is slow on a busy machine is not wrong."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
