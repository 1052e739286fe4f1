"""What people call a place: the words that the geocoder has been taught."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table of aliases."""
    op.create_table(
        "alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("building_id", sa.Integer()),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_alias_area_id"),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name="fk_alias_building_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alias"),
    )
    op.create_index("ix_alias_area_id", "alias", ["area_id"])
    op.create_index("ix_alias_building_id", "alias", ["building_id"])
    op.create_index("uq_alias_text", "alias", ["text", "area_id"], unique=True)
