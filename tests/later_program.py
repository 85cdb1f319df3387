"""A later version of the program: this one, with one more revision. `python -m tests.later_program migrate`, `serve`.

What the revision does, later ones do as well: a new table with rows, columns more, columns wider (SQLite copies the
whole table for that), an index. LATER_FOLDER names the folder that it lives in; `write_revision` fills it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Connection

from storage import schema
from storage.migrations import versions

REVISION = "later"
FOLDER = "LATER_FOLDER"
_SCRIPT = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.String(26), primary_key=True), sa.Column("topic", sa.Text()))
    op.execute("INSERT INTO later (id) SELECT id FROM member")
    op.add_column("member", sa.Column("topic", sa.Text()))
    op.add_column("member", sa.Column("opened", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE member SET topic = 'anything'")
    with op.batch_alter_table("personal_link") as link:
        link.alter_column("spelling", type_=sa.String(60), existing_type=sa.String(40), existing_nullable=False)
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("plan", type_=sa.String(40), existing_type=sa.String(16))
    op.create_index("ix_member_opened", "member", ["opened"])


def downgrade() -> None:
    op.drop_index("ix_member_opened", "member")
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("plan", type_=sa.String(16), existing_type=sa.String(40))
    with op.batch_alter_table("personal_link") as link:
        link.alter_column("spelling", type_=sa.String(40), existing_type=sa.String(60), existing_nullable=False)
    with op.batch_alter_table("member") as member:
        member.drop_column("opened")
        member.drop_column("topic")
    op.drop_table("later")
"""


def write_revision(folder: Path) -> None:
    """Write the revision on top of the newest that the program has."""
    folder.mkdir(exist_ok=True)
    script = _SCRIPT.format(revision=REVISION, head=schema.head())
    (folder / f"{REVISION}.py").write_text(script, encoding="utf-8")


@contextmanager
def later(folder: Path) -> Iterator[None]:
    """In the block this is the later program."""
    config = schema._config

    def later_config(connection: Connection | None = None) -> Config:
        both = config(connection)
        both.set_main_option("version_locations", os.pathsep.join([*versions.__path__, str(folder)]))
        return both

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "_config", later_config)
        yield


if __name__ == "__main__":
    from bot.__main__ import app

    with later(Path(os.environ[FOLDER])):
        app()
