"""A made-up district for trying the program out: deterministic, plausible, and said to be made up.

Streets, communities and published totals are real names and numbers of Da'an District; borders,
buildings, people and single incidents are synthetic. ``meta.demo`` is "1" in such a store, and
every screen says so.
"""

from typing import Final

DEMO_PASSWORD: Final = "Wangge@Yanshi2023"  # noqa: S105 - published on the sign-in page of a demo
"""Password of all demo accounts; the sign-in page tells it while ``meta.demo`` is "1"."""
