"""Whose assessment an account may look at: everybody in its area, the own one, or the centre's."""

from typing import Final

from data.legal import officers
from data.picture import Picture
from data.subjects import By, Key
from rules.access import ASSESSMENT, OWN_FIGURES, Actor, Role
from rules.levels import Level

LEGAL_BODY: Final = "legal_centre"
_LEVELS: Final[dict[By, Level]] = {
    "street": Level.STREET, "community": Level.COMMUNITY, "grid": Level.GRID,
}  # fmt: skip


def offered(picture: Picture, actor: Actor) -> tuple[By, ...]:
    """Give what an account may choose to have assessed, the widest first."""
    if actor.role == Role.LEGAL:
        return ("person", "body")
    if actor.role not in ASSESSMENT:
        return ()
    own = picture.tree.get(actor.area_id).level
    if actor.role in OWN_FIGURES:
        return ("person", "grid") if own == Level.GRID else ("person",)
    areas: list[By] = [by for by, level in _LEVELS.items() if level >= own]
    return (*areas, "person", "body")


def allowed(picture: Picture, actor: Actor, by: By) -> frozenset[Key] | None:
    """Give whom of them an account may see; ``None`` is everybody that its scope holds."""
    if actor.role == Role.LEGAL:
        return officers(picture) if by == "person" else frozenset({LEGAL_BODY})
    if actor.role not in OWN_FIGURES:
        return None
    if by == "person":
        return frozenset() if actor.person_id is None else frozenset({actor.person_id})
    return frozenset({actor.area_id}) if by == "grid" else frozenset()
