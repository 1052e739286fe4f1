"""Boundary plans: cells, the log of a draft, comments, lineage, notices, heirs of closed areas."""

import sqlalchemy as sa
from alembic import op

from data.schema import Geometry

revision = "0004"
down_revision = "0003"

_LATE = " DEFERRABLE INITIALLY DEFERRED"
_HEIR = (
    "ALTER TABLE area ADD COLUMN heir_id INTEGER CONSTRAINT fk_area_heir_id REFERENCES area (id)"
)
_APPEND_ONLY_SQLITE = """
CREATE TRIGGER plan_event_no_{verb} BEFORE {verb} ON plan_event
BEGIN SELECT RAISE(ABORT, 'the log of a plan is append-only'); END
"""
_APPEND_ONLY_POSTGRESQL = """
CREATE TRIGGER plan_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_event
FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()
"""


def upgrade() -> None:
    """Add the tables of boundary plans."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(_HEIR + _LATE)
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("origin_id", sa.Integer()),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.BigInteger()),
        sa.Column("in_force_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_plan_area_id"),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["plan.id"], name="fk_plan_origin_id",
            deferrable=True, initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
    )  # fmt: skip
    op.create_index("ix_plan_area_id", "plan", ["area_id"])
    op.create_table(
        "plan_cell",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Integer()),
        sa.Column("buildings", sa.Text(), nullable=False),
        sa.Column("geom", Geometry(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_plan_cell_plan_id"),
        sa.PrimaryKeyConstraint("plan_id", "number", name="pk_plan_cell"),
    )
    op.create_table(
        "plan_event",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=False),
        sa.Column("leads_to", sa.Integer(), nullable=False),
        sa.Column("op", sa.String(length=20), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_plan_event_plan_id"),
        sa.PrimaryKeyConstraint("plan_id", "seq", name="pk_plan_event"),
    )
    op.create_table(
        "plan_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), server_default="", nullable=False),
        sa.Column("lon", sa.Float()),
        sa.Column("lat", sa.Float()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("resolved_at", sa.BigInteger()),
        sa.Column("resolved_by", sa.String(length=60)),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_plan_comment_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_comment"),
    )
    op.create_index("ix_plan_comment_plan_id", "plan_comment", ["plan_id"])
    op.create_table(
        "lineage",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("square_metres", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_lineage_plan_id"),
        sa.ForeignKeyConstraint(["old_id"], ["area.id"], name="fk_lineage_old_id"),
        sa.ForeignKeyConstraint(["new_id"], ["area.id"], name="fk_lineage_new_id"),
        sa.PrimaryKeyConstraint("plan_id", "old_id", "new_id", name="pk_lineage"),
    )
    op.create_table(
        "plan_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_plan_notice_account_id"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_plan_notice_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_notice"),
    )
    op.create_index("ix_plan_notice_account_id", "plan_notice", ["account_id", "at"])
    op.create_index("ix_plan_notice_plan_id", "plan_notice", ["plan_id"])
    if postgresql:
        op.execute(_APPEND_ONLY_POSTGRESQL)
    else:
        for verb in ("update", "delete"):
            op.execute(_APPEND_ONLY_SQLITE.format(verb=verb))
