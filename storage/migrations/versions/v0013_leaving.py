"""Which workspaces the app has left, and which members were erased."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departure",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purge_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stays", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", name="pk_departure"),
        sa.CheckConstraint("length(workspace) >= 2", name=op.f("ck_departure_workspace_is_an_id")),
        sa.CheckConstraint(
            "returned_at IS NULL OR purge_after IS NULL", name=op.f("ck_departure_nothing_goes_of_what_came_back")
        ),
        sa.CheckConstraint(
            "leased_until IS NULL OR purge_after IS NOT NULL", name=op.f("ck_departure_nobody_purges_what_is_purged")
        ),
        sa.CheckConstraint("generation >= 1", name=op.f("ck_departure_generation_counts_up")),
    )
    for name, columns, condition in (
        ("ix_departure_purge_after", ["purge_after", "workspace"], "purge_after IS NOT NULL"),
        ("ix_departure_open", ["workspace"], "closed_at IS NULL AND returned_at IS NULL"),
    ):
        only = sa.text(condition)
        op.create_index(name, "departure", columns, sqlite_where=only, postgresql_where=only)
    op.create_table(
        "erasure",
        sa.Column("member_id", sa.String(26), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("member_id", name="pk_erasure"),
        sa.UniqueConstraint("workspace", "number", name="uq_erasure_workspace_number"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_erasure_member_id"),
        sa.CheckConstraint("number >= 1", name=op.f("ck_erasure_number_counts_up")),
    )


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_table("departure")
