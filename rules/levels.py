"""The levels of the hierarchy, from the province down to the grid."""

from enum import IntEnum


class Level(IntEnum):
    """One level of the area hierarchy; a smaller number is a larger area."""

    PROVINCE = 1
    CITY = 2
    DISTRICT = 3
    STREET = 4
    COMMUNITY = 5
    GRID = 6


LABELS: dict[Level, tuple[str, str]] = {
    Level.PROVINCE: ("省", "Province"),
    Level.CITY: ("市", "City"),
    Level.DISTRICT: ("区县", "District"),
    Level.STREET: ("街道/镇", "Street/town"),
    Level.COMMUNITY: ("社区/村", "Community/village"),
    Level.GRID: ("网格", "Grid"),
}
"""Chinese and English name of each level (glossary of the domain)."""
