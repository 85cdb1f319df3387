"""The change log cannot be altered, and has a chain; words that a workspace keeps from being chosen as links."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEPT = ("change_log", "change_chain")
_SAID = "rows of this table are kept as they are"


def upgrade() -> None:
    op.create_table(
        "change_unsealed",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_change_unsealed"),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_change_unsealed_id_has_its_length")),
    )
    op.create_table(
        "change_key",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change_key"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_change_key_workspace"),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_change_key_id_has_its_length")),
        sa.CheckConstraint("substr(secret, 1, 3) = 'v1.'", name=op.f("ck_change_key_secret_is_sealed")),
    )
    op.create_index("ix_change_key_workspace_id", "change_key", ["workspace", "id"])
    op.create_table(
        "change_chain",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.String(26), nullable=False),
        sa.Column("key_id", sa.String(26), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "position", name="pk_change_chain"),
        sa.UniqueConstraint("workspace", "change_id", name="uq_change_chain_workspace_change_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_change_chain_workspace"),
        sa.CheckConstraint("position >= 1", name=op.f("ck_change_chain_position_counts_up")),
        sa.CheckConstraint("length(change_id) = 26", name=op.f("ck_change_chain_change_id_has_its_length")),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_change_chain_hash_is_a_hash")),
    )
    op.create_table(
        "reserved_name",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("is_prefix", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "key", "is_prefix", name="pk_reserved_name"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.key"], name="fk_reserved_name_workspace"),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 40", name=op.f("ck_reserved_name_key_has_a_length")),
        sa.CheckConstraint(
            "ltrim(key, 'abcdefghijklmnopqrstuvwxyz0123456789.') = ''",
            name=op.f("ck_reserved_name_key_is_canonical"),
        ),
        sa.CheckConstraint(
            "substr(key, length(key), 1) <> '.'",
            name=op.f("ck_reserved_name_key_ends_without_a_period"),
        ),
        sa.CheckConstraint("length(key) >= 2 OR NOT is_prefix", name=op.f("ck_reserved_name_a_prefix_is_2_or_more")),
    )
    op.execute("INSERT INTO change_unsealed (id, workspace) SELECT id, workspace FROM change_log")
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER change_log_is_queued")
        for table in _KEPT:
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_refuses_{act}")
    else:
        op.execute("DROP TRIGGER change_log_is_queued ON change_log")
        for table in _KEPT:
            op.execute(f"DROP TRIGGER {table}_is_kept ON {table}")
            op.execute(f"DROP TRIGGER {table}_is_not_emptied ON {table}")
        op.execute("DROP FUNCTION change_log_is_queued()")
        op.execute("DROP FUNCTION rows_are_kept()")
    for name in ("reserved_name", "change_chain", "change_key", "change_unsealed"):
        op.drop_table(name)


def _guard_sqlite() -> None:
    for table in _KEPT:
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{act} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
            )
    op.execute(
        "CREATE TRIGGER change_log_is_queued AFTER INSERT ON change_log "
        "BEGIN INSERT INTO change_unsealed (id, workspace) VALUES (NEW.id, NEW.workspace); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION rows_are_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'restrict_violation'; END$$"
    )
    op.execute(
        "CREATE FUNCTION change_log_is_queued() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN INSERT INTO change_unsealed (id, workspace) VALUES (NEW.id, NEW.workspace); RETURN NULL; END$$"
    )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION rows_are_kept()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION rows_are_kept()"
        )
    op.execute(
        "CREATE TRIGGER change_log_is_queued AFTER INSERT ON change_log "
        "FOR EACH ROW EXECUTE FUNCTION change_log_is_queued()"
    )
