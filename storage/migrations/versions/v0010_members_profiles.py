"""The licence that members of a workspace start with, and when somebody left."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both databases read it so, and neither has to write the table anew for it.
    op.execute(
        "ALTER TABLE workspace ADD COLUMN default_licence VARCHAR(16) "
        "CONSTRAINT ck_workspace_default_licence_is_known CHECK (default_licence IN ('basic', 'licensed'))"
    )
    op.add_column("member", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("member", "left_at")
    op.drop_column("workspace", "default_licence")
