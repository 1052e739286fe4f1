"""The plans by scale.

district: Da'an alone, 286 grids, about 12,000 buildings and 60,000 incidents. city: Zigong with
its six districts, 5,000 grids, about 400,000 buildings and 1,000,000 incidents; the districts'
names and codes are real, everything in the five others is made up. province: twelve cities of
2,500 grids each, about 2.4 million buildings and 6 million incidents; all names but Zigong's are
made up, their codes (5150xx …) are assigned to nobody.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from data.demo.names import place_names
from data.demo.plan import (
    RIVERS,
    City,
    District,
    Plan,
    Street,
    Unit,
    daan,
    district_plan,
    town_households,
    village_households,
)

SCALES: Final = ("district", "city", "province")

CITY_GRIDS: Final = 5_000
CITY_INCIDENTS: Final = 1_000_000
PROVINCE_CITIES: Final = 12
PROVINCE_CITY_GRIDS: Final = 2_500
PROVINCE_INCIDENTS: Final = 6_000_000

_CORE_UNITS, _CORE_GRIDS = 6, 7
_TOWN_VILLAGES, _TOWN_GRIDS = 10, 8

_ZIGONG: Final = (
    ("510302", "自流井区", "ZL", (104.757, 29.316), 190.0, 420),
    ("510303", "贡井区", "GJ", (104.640, 29.330), 407.0, 800),
    ("510311", "沿滩区", "YT", (104.860, 29.255), 469.0, 800),
    ("510321", "荣县", "RX", (104.430, 29.450), 1_600.0, 1_350),
    ("510322", "富顺县", "FS", (104.980, 29.150), 1_330.0, 1_344),
)  # fmt: skip
"""Real names and codes; area in km2 near the real one; grids are made up (shares of 4,714)."""

_LONG_RIVERS: Final = (
    ("釜溪河", 62.0, ((104.330, 29.500), (104.520, 29.400), (104.650, 29.350), (104.7715, 29.3690),
                    (104.790, 29.3630), (104.830, 29.290), (104.960, 29.170))),
    ("沱江", 170.0, ((105.060, 29.520), (105.020, 29.425), (105.046, 29.383), (105.012, 29.330),
                   (104.985, 29.170), (105.060, 29.000))),
    ("越溪河", 40.0, ((104.300, 29.480), (104.380, 29.330), (104.560, 29.100))),
)  # fmt: skip


def made_up_district(  # noqa: PLR0913 - each is needed and named
    code: str, name: str, prefix: str, *, seat: tuple[float, float], square_km: float,
    grids: int, seed: int,
) -> District:  # fmt: skip
    """Make the plan of a district that has exactly ``grids`` grids."""
    rng = np.random.default_rng([seed, 7, int(code)])
    core = max(round(grids * 0.36 / (_CORE_UNITS * _CORE_GRIDS)), 1)
    rest = grids - core * _CORE_UNITS * _CORE_GRIDS
    towns = max(round(rest / (_TOWN_GRIDS + 2.2 * _TOWN_VILLAGES)), 1)
    village_grids = rest - towns * _TOWN_GRIDS
    villages = towns * _TOWN_VILLAGES
    if village_grids < villages:
        msg = f"{grids} grids are too few for {villages} villages"
        raise ValueError(msg)
    per_village = np.full(villages, village_grids // villages)
    per_village[: village_grids % villages] += 1
    per_village = rng.permutation(per_village)
    stems = iter(place_names(rng, core * (1 + _CORE_UNITS) + towns * (1 + _TOWN_VILLAGES)))
    streets = []
    for i in range(core):
        own = f"{code}{i + 1:03d}"
        units = tuple(
            Unit(f"{own}{j + 1:03d}", f"{next(stems)}社区", "community",
                 town_households(rng, _CORE_GRIDS))
            for j in range(_CORE_UNITS)
        )  # fmt: skip
        streets.append(Street(own, f"{next(stems)}街道", "street", True, units))
    for i in range(towns):
        own, stem = f"{code}{i + 100:03d}", next(stems)
        seat_unit = Unit(f"{own}001", f"{stem}社区", "community", town_households(rng, _TOWN_GRIDS))
        mine = per_village[i * _TOWN_VILLAGES : (i + 1) * _TOWN_VILLAGES]
        units = tuple(
            Unit(f"{own}{j + 201:03d}", f"{next(stems)}村", "village",
                 village_households(rng, int(count)))
            for j, count in enumerate(mine)
        )  # fmt: skip
        streets.append(Street(own, f"{stem}镇", "town", False, (seat_unit, *units)))
    return District(code, name, prefix, tuple(streets), seat, square_km)


def zigong(seed: int, grids: int) -> City:
    """Zigong with Da'an as in the district demo and five made-up neighbours."""
    district = daan(seed)
    left = grids - district.grids
    total = sum(row[5] for row in _ZIGONG)
    sizes = [left * row[5] // total for row in _ZIGONG]
    sizes[-1] += left - sum(sizes)
    others = [
        made_up_district(code, name, prefix, seat=seat, square_km=km, grids=size, seed=seed)
        for (code, name, prefix, seat, km, _), size in zip(_ZIGONG, sizes, strict=True)
    ]
    return City("510300", "自贡市", (district, *others))


def made_up_city(number: int, seat: tuple[float, float], *, grids: int, seed: int) -> City:
    """Make a city of six districts around its seat."""
    code = f"51{number + 50:02d}"
    stem = place_names(np.random.default_rng([seed, 8]), number + 1)[number]
    districts = []
    for i in range(6):
        angle = i * 1.2566
        far = 0.0 if i == 0 else 1.0
        here = (seat[0] + 0.25 * far * np.cos(angle), seat[1] + 0.2 * far * np.sin(angle))
        size = grids // 6 + (i < grids % 6)
        name = f"示例{stem}{'中东南西北新'[i]}区"
        districts.append(made_up_district(
            f"{code}{i + 2:02d}", name, f"S{number + 10}{'ABCDEF'[i]}",
            seat=(float(here[0]), float(here[1])), square_km=735.0, grids=size, seed=seed,
        ))  # fmt: skip
    return City(f"{code}00", f"示例{stem}市", tuple(districts))


def city_plan(seed: int) -> Plan:
    """Plan of one city."""
    return Plan(
        "city", "510300", "自贡市", (zigong(seed, CITY_GRIDS),),
        farm_households=2.17, incidents=CITY_INCIDENTS, rivers=_LONG_RIVERS,
    )  # fmt: skip


def province_plan(seed: int) -> Plan:
    """Plan of a province: Zigong and eleven made-up cities in a block of four by three."""
    cities = [zigong(seed, PROVINCE_CITY_GRIDS)]
    places = [(x, y) for y in range(3) for x in range(4) if (x, y) != (1, 1)]
    for number, (x, y) in enumerate(places[: PROVINCE_CITIES - 1]):
        seat = (104.75 + 0.72 * (x - 1), 29.30 + 0.62 * (y - 1))
        cities.append(made_up_city(number, seat, grids=PROVINCE_CITY_GRIDS, seed=seed))
    return Plan(
        "province", "510000", "四川省", tuple(cities),
        farm_households=2.17, incidents=PROVINCE_INCIDENTS, rivers=RIVERS[:2],
    )  # fmt: skip


def plan_of(scale: str, seed: int) -> Plan:
    """Plan of a scale."""
    return {"district": district_plan, "city": city_plan, "province": province_plan}[scale](seed)


def tiny_plan(seed: int, *, scale: str = "district") -> Plan:
    """Plan for tests and trials: two made-up districts, or one, of 60 grids each."""
    first = made_up_district(
        "519902", "示例甲区", "XA", seat=(104.78, 29.36), square_km=40, grids=92, seed=seed
    )
    second = made_up_district(
        "519903", "示例乙区", "XB", seat=(104.86, 29.36), square_km=40, grids=92, seed=seed
    )
    one = City("519900", "示例市", (first,))
    both = replace(one, districts=(first, second))
    if scale == "district":
        return Plan("district", first.code, first.name, (one,), incidents=4_000)
    if scale == "city":
        return Plan("city", both.code, both.name, (both,), incidents=6_000)
    return Plan("province", "510000", "四川省", (both,), incidents=6_000)
