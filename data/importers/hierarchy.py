"""Where new areas hang: under known parents, under parents made from them, under a made root."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from data.importers.columns import plain
from data.importers.known import Known, KnownArea
from data.importers.report import Note
from geo.coverage import dissolve
from rules.levels import Level

_KINDS: Final = {
    "专属网格": "dedicated", "专属": "dedicated", "dedicated": "dedicated",
    "村": "village", "village": "village", "社区": "community", "community": "community",
    "镇": "town", "乡": "town", "town": "town", "街道": "street", "street": "street",
}  # fmt: skip
_USUAL_KIND: Final = {Level.STREET: "street", Level.COMMUNITY: "community"}


@dataclass(frozen=True)
class AreaDraft:
    """An area to be written; ``parent_code`` names one of the draft or of the store."""

    code: str
    name: str
    level: Level
    geom: shapely.Geometry
    parent_code: str | None = None
    kind: str = "general"
    households: int = 0


@dataclass(frozen=True)
class Root:
    """How a made-up root is to be called."""

    name: str
    code: str | None = None
    level: Level | None = None


@dataclass(frozen=True)
class AreaPlan:
    """What one import does to the areas.

    ``drafts`` are new, parents first. ``root_change`` rewrites a made-up root. ``moves`` gives
    areas of the store a new parent (id to code). ``made`` tells how the root came to be.
    """

    drafts: tuple[AreaDraft, ...] = ()
    root_change: AreaDraft | None = None
    moves: Mapping[int, str] | None = None
    made: str | None = None


@dataclass(frozen=True)
class Row:
    """One row of a file as an area, before its parent is known."""

    row: int
    code: str
    name: str
    parent: str
    kind: str
    households: int
    geom: shapely.Geometry


def generated_code(level: Level, name: str, shape: shapely.Geometry | None = None) -> str:
    """Code for an area that has none: the same area gets the same code at the next import."""
    spot = ""
    if shape is not None:
        inside = shapely.point_on_surface(shape)
        spot = f"{inside.x:.4f},{inside.y:.4f}"
    digest = hashlib.sha256(f"{int(level)}|{plain(name)}|{spot}".encode()).hexdigest()[:8]
    return f"{level.name.lower()}-{digest}"


def clean_code(text: str) -> tuple[str, bool]:
    """Code as the store keeps it, and whether a CJ/T 349 object class of six digits was cut."""
    if re.fullmatch(r"\d{20}", text):
        return text[6:], True
    return text, False


def kind_of(text: str, name: str, level: Level) -> str:
    """Kind of an area by the word for it, else by the ending of its name, else by its level."""
    if text in _KINDS:
        return _KINDS[text]
    usual = {Level.STREET: ("镇", "乡"), Level.COMMUNITY: ("村",)}.get(level, ())
    if name.endswith(usual) and usual:
        return "town" if level is Level.STREET else "village"
    return _USUAL_KIND.get(level, "general")


def hang(
    rows: list[Row], level: Level, known: Known, root: Root, parent_level: Level | None
) -> tuple[AreaPlan, list[Row], list[Note], dict[str, int]]:
    """Find or make the parent of each row; also rows outside, notes and counts."""
    if not rows:
        return AreaPlan(), [], [], {}
    notes: list[Note] = []
    made_root = known.stand_in or known.joined
    open_root = known.root is None or made_root is not None
    single = (
        open_root
        and len(rows) == 1
        and not rows[0].parent
        and level <= (root.level or Level.DISTRICT)
    )
    if single:
        return _as_root(rows[0], level, known)
    above = _Above(known, level, parent_level or Level(max(level - 1, 1)), open_root=open_root)
    parents = above.named(rows)
    unmatched = {r.parent for r in rows if r.parent and r.code not in parents}
    drafts = above.dissolved(rows, parents) if above.makes_parents else []
    if unmatched and not drafts:
        notes.append(Note("unmatched_parents", {"n": len(unmatched)}))
    below = [r for r in rows if r.code not in parents]
    outside = above.by_place(below, parents)
    kept = [r for r in rows if r.code in parents or open_root]
    plan_root, change, root_code, made = _root(kept, level, drafts, known, root)
    drafts = [replace(d, parent_code=d.parent_code or root_code) for d in drafts]
    children = [
        AreaDraft(
            r.code, r.name, level, r.geom, parents.get(r.code, root_code), r.kind, r.households
        )
        for r in kept
    ]
    if change is not None and known.stand_in:
        notes.append(Note("replaced_root"))
    plan = AreaPlan(
        (*plan_root, *drafts, *children), change, _moves(children + drafts, known), made
    )
    counts = {"areas": len(children), "parents": len(drafts), "root": len(plan_root),
              "reparented": len(plan.moves or {})}  # fmt: skip
    return plan, [] if open_root else outside, notes, {k: v for k, v in counts.items() if v}


def _as_root(
    row: Row, level: Level, known: Known
) -> tuple[AreaPlan, list[Row], list[Note], dict[str, int]]:
    draft = AreaDraft(row.code, row.name, level, row.geom, None, row.kind, row.households)
    if known.root is None:
        return AreaPlan((draft,), made=""), [], [], {"root": 1}
    return AreaPlan((), draft, made=""), [], [Note("replaced_root")], {"root": 1}


@dataclass(frozen=True)
class _Above:
    """Finds parents for new rows among what is known."""

    known: Known
    level: Level
    parent_level: Level
    open_root: bool

    @property
    def candidates(self) -> list[KnownArea]:
        """Areas of the store that can be parents, deepest first."""
        fixed = [a for a in self.known.areas if a.level < self.level]
        if self.open_root:
            fixed = [a for a in fixed if a.parent_id is not None]
        return sorted(fixed, key=lambda a: (-a.level, a.code))

    @property
    def makes_parents(self) -> bool:
        """Whether parents that are named but missing are made: none exist at their level."""
        return not any(
            a.level == self.parent_level and a.parent_id is not None for a in self.known.areas
        )

    def named(self, rows: Iterable[Row]) -> dict[str, str]:
        """Code of the parent by code of the row, where a known area has its code or name."""
        found = {}
        for row in rows:
            parent = self.known.named(clean_code(row.parent)[0], self.level) if row.parent else None
            if parent is not None:
                found[row.code] = parent.code
        return found

    def dissolved(self, rows: Sequence[Row], parents: dict[str, str]) -> list[AreaDraft]:
        """Make the named parents that are missing; writes their codes into ``parents``."""
        children: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.parent and row.code not in parents:
                children[row.parent].append(row)
        drafts = []
        for name, group in sorted(children.items()):
            text, _ = clean_code(name)
            coded = bool(re.fullmatch(r"[0-9A-Za-z-]{4,40}", text)) and any(
                c.isdigit() for c in text
            )
            code = text if coded else generated_code(self.parent_level, name)
            outline = dissolve(np.array([r.geom for r in group], object))
            kind = kind_of("", name, self.parent_level)
            drafts.append(
                AreaDraft(code, name, self.parent_level, outline, self._holder(outline), kind)
            )
            parents.update((r.code, code) for r in group)
        return drafts

    def _holder(self, shape: shapely.Geometry) -> str | None:
        higher = [a for a in self.candidates if a.level < self.parent_level]
        return _holder(shape, higher)

    def by_place(self, rows: Sequence[Row], parents: dict[str, str]) -> list[Row]:
        """Parents by largest overlap; gives the rows that lie in no known area."""
        candidates, outside = self.candidates, []
        for row in rows:
            if row.code in parents:
                continue
            code = _holder(row.geom, candidates)
            if code is None:
                outside.append(row)
            else:
                parents[row.code] = code
        return outside


def _holder(shape: shapely.Geometry, candidates: Sequence[KnownArea]) -> str | None:
    """Code of the deepest area that holds most of a shape, else of the one that holds most."""
    shapely.prepare(shape)
    touching = [a for a in candidates if shapely.intersects(shape, a.geom)]
    shares = [(shapely.area(shapely.intersection(shape, a.geom)), a) for a in touching]
    half = shapely.area(shape) / 2
    for share, area in shares:
        if share > half:
            return area.code
    best = max(shares, key=lambda s: s[0], default=None)
    return best[1].code if best is not None and best[0] > 0.1 * half else None


def _root(
    rows: Sequence[Row], level: Level, drafts: Sequence[AreaDraft], known: Known, root: Root
) -> tuple[list[AreaDraft], AreaDraft | None, str, str | None]:
    """Give a new root, a change of a made-up one, the root's code, and how it was made."""
    old = known.root
    if old is not None and old.id not in (known.stand_in, known.joined):
        return [], None, old.code, None
    top = min([level, *(d.level for d in drafts)])
    shapes = [r.geom for r in rows]
    if old is not None and known.joined == old.id:
        shapes.append(old.geom)
    usual = min(Level.DISTRICT, Level(max(top - 1, 1)))
    draft = AreaDraft(
        root.code or (old.code if old is not None and known.joined else None)
        or generated_code(root.level or usual, root.name),
        old.name if old is not None and known.joined and not root.code else root.name,
        root.level or (old.level if old is not None and old.level < top else usual),
        dissolve(np.array(shapes, object)),
    )  # fmt: skip
    return (
        ([], draft, draft.code, "union")
        if old is not None
        else ([draft], None, draft.code, "union")
    )


def _moves(drafts: Sequence[AreaDraft], known: Known) -> dict[int, str]:
    """Areas of the store that now have a nearer parent among the new ones."""
    moves = {}
    for area in known.areas:
        parent = known.by_id.get(area.parent_id) if area.parent_id is not None else None
        if parent is None:
            continue
        between = [d for d in drafts if parent.level < d.level < area.level]
        stand_ins = [
            KnownArea(0, None, d.level, d.code, d.name, d.geom)
            for d in sorted(between, key=lambda d: -d.level)
        ]
        code = _holder(area.geom, stand_ins)
        if code is not None:
            moves[area.id] = code
    return moves
