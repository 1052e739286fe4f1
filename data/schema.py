"""The tables, once for SQLite and PostgreSQL.

Times are whole seconds since 1970-01-01 UTC: they compare alike on both stores and load into
arrays without parsing. Geometry is CGCS2000 longitude and latitude (EPSG:4490).
"""

from typing import Any

import shapely
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from rules.lifecycle import OPEN_STATES

STORE_SRID = 4490


class _PostgisGeometry(UserDefinedType[bytes]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return f"geometry(Geometry,{STORE_SRID})"


class Geometry(TypeDecorator[shapely.Geometry]):
    """A shapely geometry: WKB bytes on SQLite, ``geometry`` on PostGIS (sent as hex EWKB)."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(_PostgisGeometry())
        return dialect.type_descriptor(LargeBinary())

    def process_bind_param(self, value: shapely.Geometry | None, dialect: Dialect) -> Any:
        """Turn a shape into what the database takes."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return shapely.to_wkb(shapely.set_srid(value, STORE_SRID), hex=True, include_srid=True)
        return shapely.to_wkb(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> shapely.Geometry | None:
        """Turn what the database gives into a shape."""
        return None if value is None else shapely.from_wkb(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta", metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)  # fmt: skip
"""Facts of the store: store_id, area_version, district_name, demo (0/1), time_zone."""

batch = Table(
    "batch", metadata,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("what", String(40), nullable=False),
    Column("source", Text, nullable=False),
    Column("report", Text, nullable=False),
)  # fmt: skip
"""One bulk write (import or demo) with its report as JSON."""

area = Table(
    "area", metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", ForeignKey("area.id"), index=True),
    Column("level", SmallInteger, nullable=False),
    Column("code", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False, server_default="general"),
    Column("households", Integer, nullable=False, server_default="0"),
    Column("valid_from", BigInteger, nullable=False, server_default="0"),
    Column("valid_to", BigInteger),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("geom", Geometry, nullable=False),
    Column("batch_id", ForeignKey("batch.id")),
    Column("heir_id", ForeignKey("area.id", deferrable=True, initially="DEFERRED")),
    Index("uq_area_code", "code", unique=True, sqlite_where=text("valid_to IS NULL"),
          postgresql_where=text("valid_to IS NULL")),
)  # fmt: skip
"""Areas of every level; lon/lat is a point inside, where the label goes. Closed, never deleted.
kind: general/dedicated (grid), community/village, street/town, else general. heir_id is the area
that stands for a closed one (the parent where there is none)."""

person = Table(
    "person", metadata,
    Column("id", Integer, primary_key=True),
    Column("duty", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("area_id", ForeignKey("area.id"), nullable=False, index=True),
    Column("capacity_minutes", Integer, nullable=False, server_default="0"),
    Column("patrol_minutes", Integer, nullable=False, server_default="0"),
    Column("visit_minutes", Integer, nullable=False, server_default="0"),
    Column("batch_id", ForeignKey("batch.id")),
)  # fmt: skip
"""Staff: duty is grid_lead, grid_worker, building_chief or legal_officer. Minutes are of one week;
capacity is the working time of the week times the share of time for the grid."""

building = Table(
    "building", metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("area_id", ForeignKey("area.id"), nullable=False, index=True),
    Column("chief_id", ForeignKey("person.id"), index=True),
    Column("estate", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),
    Column("floors", SmallInteger),
    Column("units", SmallInteger),
    Column("households", Integer, nullable=False, server_default="0"),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("tile", BigInteger, nullable=False, index=True),
    Column("geom", Geometry, nullable=False),
    Column("batch_id", ForeignKey("batch.id")),
)  # fmt: skip
"""Buildings; area_id is the deepest area that holds the building, tile the key of its map tile
at zoom 16 (geo.tiles.tile_key)."""

incident = Table(
    "incident", metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(40), nullable=False, unique=True),
    Column("kind", String(30), nullable=False),
    Column("subkind", Text, nullable=False, server_default=""),
    Column("title", Text, nullable=False),
    Column("address", Text, nullable=False, server_default=""),
    Column("severity", SmallInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("source", String(20), nullable=False),
    Column("service", String(20), nullable=False, server_default="grid"),
    Column("area_id", ForeignKey("area.id"), nullable=False),
    Column("building_id", ForeignKey("building.id"), index=True),
    Column("assignee_id", ForeignKey("person.id"), index=True),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("place", String(20), nullable=False, server_default="exact"),
    Column("reported_at", BigInteger, nullable=False),
    Column("responded_at", BigInteger),
    Column("dispatched_at", BigInteger),
    Column("resolved_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("due_at", BigInteger, nullable=False),
    Column("effort_minutes", Integer, nullable=False),
    Column("satisfaction", SmallInteger),
    Column("reporter_name", Text),
    Column("reporter_phone", Text),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("batch_id", ForeignKey("batch.id")),
    Column("desk_id", ForeignKey("area.id"), index=True),
    Column("body", String(40), nullable=False, server_default=""),
    Column("party", Text, nullable=False, server_default=""),
    Column("step_due_at", BigInteger),
    Column("fed_back_at", BigInteger),
    Column("evaluated_at", BigInteger),
    Column("evaluated_by", String(20), nullable=False, server_default=""),
    Column("resumes_to", String(20)),
    Column("left_minutes", Integer),
    Column("until_at", BigInteger),
    Column("urged", Integer, nullable=False, server_default="0"),
    Column(
        "merged_into_id",
        ForeignKey("incident.id", deferrable=True, initially="DEFERRED"), index=True,
    ),
)  # fmt: skip
"""Incidents. area_id is the deepest area that holds the place; subkind is a catalogue key or the
words of an import; place is exact, building, grid, unplaced or outside; service is grid, chief or
legal; satisfaction is 1 to 5 and evaluated_by link, spoken or import. desk_id is the area whose
desk it lies on (none: that of its own area), step_due_at until when the present step has to be
done; body is the responsible body of the rulebook, party the organisation that a legal service
was for. resumes_to, left_minutes and until_at belong to a suspension (rules.casework.Case)."""

_OPEN = "state IN (" + ",".join(f"'{s}'" for s in sorted(OPEN_STATES)) + ")"
Index(
    "ix_incident_open", incident.c.area_id, incident.c.reported_at, incident.c.id,
    incident.c.due_at, incident.c.state,
    sqlite_where=text(_OPEN), postgresql_where=text(_OPEN),
)  # fmt: skip
Index("ix_incident_area", incident.c.area_id, incident.c.reported_at)

event = Table(
    "event", metadata,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(20), nullable=False),
    Column("subject_id", Integer, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Index("ix_event_subject", "subject", "subject_id"),
    sqlite_autoincrement=True,
)  # fmt: skip
"""Append-only, hash-chained log of every change. The largest id is the store's watermark."""

account = Table(
    "account", metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(60), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("area_id", ForeignKey("area.id"), nullable=False),
    Column("person_id", ForeignKey("person.id")),
    Column("locale", String(10)),
    Column("password", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    Column("demo", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
)  # fmt: skip
"""Accounts; password is an argon2 hash. demo marks those that the sign-in page may offer."""

session = Table(
    "session", metadata,
    Column("token", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)  # fmt: skip
"""Signed-in sessions; token is the SHA-256 of the cookie, never the cookie itself."""

sign_in_failure = Table(
    "sign_in_failure", metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("locked_until", BigInteger, nullable=False),
)  # fmt: skip
"""Failed sign-ins per login and per address; key is a SHA-256, for people type passwords into
the wrong field. Unknown logins count like known ones, so a lock does not tell them apart."""

view = Table(
    "view", metadata,
    Column("key", String(32), primary_key=True),
    Column("body", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)  # fmt: skip
"""Map views by their opaque key (rules.filters.View)."""

base_feature = Table(
    "base_feature", metadata,
    Column("id", Integer, primary_key=True),
    Column("layer", String(20), nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("geom", Geometry, nullable=False),
    Column("batch_id", ForeignKey("batch.id")),
)  # fmt: skip
"""The base map: layer is road, rail, water, green or land; rank 1 is drawn from afar, 3 near."""

alias = Table(
    "alias", metadata,
    Column("id", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("building_id", ForeignKey("building.id"), index=True),
    Column("area_id", ForeignKey("area.id"), nullable=False, index=True),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("uq_alias_text", "text", "area_id", unique=True),
)  # fmt: skip
"""What people call a place; text is the normalised form of label (data.geocoder.address). The same
words may name a place in each of several areas, but only one in each."""


incident_body = Table(
    "incident_body", metadata,
    Column("incident_id", ForeignKey("incident.id"), primary_key=True),
    Column("body", String(40), primary_key=True),
    Column("joined_at", BigInteger, nullable=False),
    Column("actor", String(60), nullable=False),
)  # fmt: skip
"""Bodies that take part in the joint handling of an incident; its assignee leads."""

attachment = Table(
    "attachment", metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("incident_id", ForeignKey("incident.id"), nullable=False, index=True),
    Column("step", String(20), nullable=False, server_default=""),
    Column("name", Text, nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(60), nullable=False),
)  # fmt: skip
"""Photos and papers of an incident; key names the file under var/media. step is the state of the
incident in which it was added. width and height are of pictures."""

visit = Table(
    "visit", metadata,
    Column("id", Integer, primary_key=True),
    Column("building_id", ForeignKey("building.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("batch_id", ForeignKey("batch.id")),
    Index("ix_visit_building_id", "building_id", "at"),
)  # fmt: skip
"""Calls at buildings: kind is patrol, safety, publicity, opinions or mediation."""

evaluation_link = Table(
    "evaluation_link", metadata,
    Column("token", String(64), primary_key=True),
    Column("incident_id", ForeignKey("incident.id"), nullable=False, index=True),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("actor", String(60), nullable=False),
)  # fmt: skip
"""Links by which a resident evaluates once; token is a SHA-256 of what the link carries."""

notice = Table(
    "notice", metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("incident_id", ForeignKey("incident.id"), nullable=False, index=True),
    Column("what", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("read_at", BigInteger),
    Index("ix_notice_account_id", "account_id", "at"),
)  # fmt: skip
"""What an account is told: what is the action, or dissatisfied."""

outbox = Table(
    "outbox", metadata,
    Column("id", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_at", BigInteger, nullable=False, index=True),
    Column("sent_at", BigInteger),
    Column("error", Text, nullable=False, server_default=""),
)  # fmt: skip
"""Messages for the configured webhook, sent after the transaction that wrote them, and again until
they arrive."""

plan = Table(
    "plan", metadata,
    Column("id", Integer, primary_key=True),
    Column("area_id", ForeignKey("area.id"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("origin", String(20), nullable=False),
    Column("origin_id", ForeignKey("plan.id", deferrable=True, initially="DEFERRED")),
    Column("author", String(60), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("start", Text, nullable=False),
    Column("effective_at", BigInteger),
    Column("in_force_at", BigInteger),
)  # fmt: skip
"""Boundary plans of one community: state is a rules.boundary_plan.PlanState, origin is present,
fork, rebase, rollback or import (of plan origin_id), start is the map of entries that it was made
with, as JSON. in_force_at is when its grids replaced those before."""

plan_cell = Table(
    "plan_cell", metadata,
    Column("plan_id", ForeignKey("plan.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("parent", Integer),
    Column("buildings", Text, nullable=False),
    Column("geom", Geometry, nullable=False),
)  # fmt: skip
"""Cells of a plan, never changed: a cell that a line cuts is followed by its parts. buildings are
the ids of those that stand in it, as a JSON list."""

plan_event = Table(
    "plan_event", metadata,
    Column("plan_id", ForeignKey("plan.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("follows", Integer, nullable=False),
    Column("leads_to", Integer, nullable=False),
    Column("op", String(20), nullable=False),
    Column("change", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(60), nullable=False),
)  # fmt: skip
"""The log of a draft (rules.plan_log.Record), append-only: what was done, the change as JSON and
the digest of the state that it led to."""

plan_comment = Table(
    "plan_comment", metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", ForeignKey("plan.id"), nullable=False, index=True),
    Column("label", String(40), nullable=False, server_default=""),
    Column("lon", Float),
    Column("lat", Float),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("resolved_at", BigInteger),
    Column("resolved_by", String(60)),
)  # fmt: skip
"""Words of review: on a grid (label), pinned to a place (lon, lat), or on the whole plan."""

lineage = Table(
    "lineage", metadata,
    Column("plan_id", ForeignKey("plan.id"), primary_key=True),
    Column("old_id", ForeignKey("area.id"), primary_key=True),
    Column("new_id", ForeignKey("area.id"), primary_key=True),
    Column("households", Integer, nullable=False),
    Column("square_metres", Float, nullable=False),
    Column("kind", String(20), nullable=False),
)  # fmt: skip
"""What of each closed grid went to which new one: kind is kept (the heir), split, merged or
transferred."""

plan_notice = Table(
    "plan_notice", metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("plan_id", ForeignKey("plan.id"), nullable=False, index=True),
    Column("what", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("read_at", BigInteger),
    Index("ix_plan_notice_account_id", "account_id", "at"),
)  # fmt: skip
"""What an account is told of a plan: what is the action, or in_force."""
