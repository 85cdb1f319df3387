"""The hosts that workspaces have chosen for their addresses, and the one that each shows."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vanity_host",
        sa.Column("host", sa.String(100), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("host", name="pk_vanity_host"),
        sa.CheckConstraint("length(host) BETWEEN 3 AND 100", name=op.f("ck_vanity_host_host_has_a_length")),
        sa.CheckConstraint(
            "ltrim(host, 'abcdefghijklmnopqrstuvwxyz0123456789.-') = ''", name=op.f("ck_vanity_host_host_is_ascii")
        ),
        sa.CheckConstraint("host LIKE '_%.%_'", name=op.f("ck_vanity_host_host_has_a_domain")),
        sa.CheckConstraint(
            "ltrim(host, '.-') = host AND rtrim(host, '.-') = host", name=op.f("ck_vanity_host_host_has_clean_ends")
        ),
        sa.CheckConstraint("length(workspace) >= 2", name=op.f("ck_vanity_host_workspace_is_an_id")),
        sa.CheckConstraint("replaced_at >= set_at", name=op.f("ck_vanity_host_it_is_replaced_later")),
    )
    op.create_index("ix_vanity_host_workspace", "vanity_host", ["workspace"])
    # In words of SQL that both databases know: SQLite adds a column with its reference, but no reference afterwards.
    op.execute(
        "ALTER TABLE workspace ADD COLUMN vanity_host VARCHAR(100) "
        "CONSTRAINT fk_workspace_vanity_host REFERENCES vanity_host (host)"
    )
    op.create_index("uq_workspace_vanity_host", "workspace", ["vanity_host"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_workspace_vanity_host", "workspace")
    op.drop_column("workspace", "vanity_host")
    op.drop_table("vanity_host")
