"""Casework: desks, clocks of steps, bodies, attachments, visits, evaluation links, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INCIDENT = (
    sa.Column("body", sa.String(length=40), server_default="", nullable=False),
    sa.Column("party", sa.Text(), server_default="", nullable=False),
    sa.Column("step_due_at", sa.BigInteger()),
    sa.Column("fed_back_at", sa.BigInteger()),
    sa.Column("evaluated_at", sa.BigInteger()),
    sa.Column("evaluated_by", sa.String(length=20), server_default="", nullable=False),
    sa.Column("resumes_to", sa.String(length=20)),
    sa.Column("left_minutes", sa.Integer()),
    sa.Column("until_at", sa.BigInteger()),
    sa.Column("urged", sa.Integer(), server_default="0", nullable=False),
)
_REFERENCE = (
    "ALTER TABLE incident ADD COLUMN {0} INTEGER CONSTRAINT fk_incident_{0} REFERENCES {1} (id)"
)
# A backup brings rows in the order of their ids; one may be merged into a later one.
_LATE = " DEFERRABLE INITIALLY DEFERRED"


def upgrade() -> None:
    """Add what casework needs; incidents of before lie on the desk of their own area."""
    # Added in place: rebuilding the table would copy a million rows and break what refers to it.
    op.execute(_REFERENCE.format("desk_id", "area"))
    for column in _INCIDENT:
        op.add_column("incident", column)
    op.execute(_REFERENCE.format("merged_into_id", "incident") + _LATE)
    op.create_index("ix_incident_desk_id", "incident", ["desk_id"])
    op.create_index("ix_incident_merged_into_id", "incident", ["merged_into_id"])
    op.create_table(
        "incident_body",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=40), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_incident_body_incident_id"
        ),
        sa.PrimaryKeyConstraint("incident_id", "body", name="pk_incident_body"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_attachment_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.UniqueConstraint("key", name="uq_attachment_key"),
    )
    op.create_index("ix_attachment_incident_id", "attachment", ["incident_id"])
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("batch_id", sa.Integer()),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name="fk_visit_building_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_visit_person_id"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_visit_batch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
    )
    op.create_index("ix_visit_building_id", "visit", ["building_id", "at"])
    op.create_index("ix_visit_person_id", "visit", ["person_id"])
    op.create_table(
        "evaluation_link",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name="fk_evaluation_link_incident_id"
        ),
        sa.PrimaryKeyConstraint("token", name="pk_evaluation_link"),
    )
    op.create_index("ix_evaluation_link_incident_id", "evaluation_link", ["incident_id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_notice_account_id"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_notice_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_account_id", "notice", ["account_id", "at"])
    op.create_index("ix_notice_incident_id", "notice", ["incident_id"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_next_at", "outbox", ["next_at"])
