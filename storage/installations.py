"""Installations: saved again for the same place, refreshed by one at a time, revoked; and which one covers whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.installation_tables import installations
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class InstallationRow:
    """An installation as it is kept: tokens are sealed, and there are none once it is revoked."""

    key: str
    workspace: str
    enterprise: str
    team: str
    of_organisation: bool
    app_id: str
    bot_user: str
    installer: str
    bot_token: str | None = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None
    scopes: str
    installed_at: datetime
    revoked_at: datetime | None
    generation: int


@dataclass(frozen=True, slots=True)
class SealedTokens:
    """What a place speaks with, from now on."""

    bot_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None


_COLUMNS = tuple(installations.c[name] for name in InstallationRow.__dataclass_fields__)
_SAVED = (
    "app_id",
    "bot_user",
    "installer",
    "bot_token",
    "refresh_token",
    "expires_at",
    "scopes",
    "installed_at",
    "revoked_at",
    "leased_until",
)


def _upsert(insert: "sqlite.Insert | postgresql.Insert") -> sa.Insert:
    new = insert.excluded
    is_news = sa.and_(
        installations.c.installed_at <= new.installed_at,
        sa.or_(installations.c.revoked_at.is_(None), installations.c.revoked_at <= new.installed_at),
    )
    changes = {name: new[name] for name in _SAVED} | {"generation": installations.c.generation + 1}
    made: sa.Insert = insert.on_conflict_do_update(
        index_elements=[installations.c.key], set_=changes, where=is_news
    ).returning(installations.c.generation)
    return made


_save: Mapping[str, sa.Insert] = {
    "sqlite": _upsert(sqlite.insert(installations)),
    "postgresql": _upsert(postgresql.insert(installations)),
}
_live = sa.select(*_COLUMNS).where(
    installations.c.workspace == sa.bindparam("w"), installations.c.bot_token.is_not(None)
)
_covering = _live.where(sa.or_(installations.c.team == sa.bindparam("t"), installations.c.of_organisation))
# Of a team's own and its organisation's, the later one is what Slack goes by.
_newest = _covering.order_by(installations.c.installed_at.desc(), installations.c.key).limit(1)
_widest = _live.order_by(
    installations.c.of_organisation.desc(), installations.c.installed_at.desc(), installations.c.key
).limit(1)
_one = sa.select(*_COLUMNS).where(installations.c.key == sa.bindparam("k"))
_page = (
    sa.select(*_COLUMNS)
    .where(installations.c.key > sa.bindparam("after"), installations.c.bot_token.is_not(None))
    .order_by(installations.c.key)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_of_this_generation = (installations.c.key == sa.bindparam("k"), installations.c.generation == sa.bindparam("g"))
_lease = (
    sa.update(installations)
    .where(
        *_of_this_generation,
        sa.or_(installations.c.leased_until.is_(None), installations.c.leased_until <= sa.bindparam("now")),
    )
    .values(leased_until=sa.bindparam("until"))
    .returning(installations.c.key)
)
_refresh = (
    sa.update(installations)
    .where(*_of_this_generation)
    .values(
        bot_token=sa.bindparam("bot"),
        refresh_token=sa.bindparam("refresh"),
        expires_at=sa.bindparam("expires"),
        leased_until=None,
        generation=installations.c.generation + 1,
    )
    .returning(installations.c.key)
)
_revoke = (
    sa.update(installations)
    .where(*_of_this_generation, installations.c.bot_token.is_not(None))
    .values(
        bot_token=None,
        refresh_token=None,
        expires_at=None,
        leased_until=None,
        revoked_at=sa.bindparam("revoked"),
        generation=installations.c.generation + 1,
    )
    .returning(installations.c.key)
)


_revoke_all = (
    sa.update(installations)
    .where(installations.c.workspace == sa.bindparam("w"), installations.c.bot_token.is_not(None))
    .values(
        bot_token=None,
        refresh_token=None,
        expires_at=None,
        leased_until=None,
        revoked_at=sa.bindparam("revoked"),
        generation=installations.c.generation + 1,
    )
    .returning(installations.c.key)
)
_is_live = sa.select(
    sa.exists().where(installations.c.workspace == sa.bindparam("w"), installations.c.bot_token.is_not(None))
)


def key_of(enterprise: str, team: str) -> str:
    """The key of a place: a team, or (without one) an organisation as a whole."""
    return f"{enterprise}/{team}"


def save(tx: Transaction, row: InstallationRow) -> bool:
    """Put an installation in the place of any earlier one; False where a later one, or its end, is there already."""
    values = {name: getattr(row, name) for name in InstallationRow.__dataclass_fields__} | {"leased_until": None}
    return tx.execute(_save[tx.dialect.name], values).first() is not None


def covering(tx: Transaction, workspace: str, team: str) -> InstallationRow | None:
    """The live installation of a team, be it its own or its organisation's; without a team, any of the workspace."""
    found = tx.execute(_newest, {"w": workspace, "t": team}) if team else tx.execute(_widest, {"w": workspace})
    row = found.first()
    return None if row is None else InstallationRow(*row)


def one(tx: Transaction, key: str) -> InstallationRow | None:
    """The installation with this key, live or not."""
    row = tx.execute(_one, {"k": key}).first()
    return None if row is None else InstallationRow(*row)


def live(tx: Transaction, after: str, most: int) -> tuple[InstallationRow, ...]:
    """At most so many live ones after a key, by key."""
    return tuple(InstallationRow(*row) for row in tx.execute(_page, {"after": after, "most": most}))


def lease(tx: Transaction, key: str, generation: int, now: datetime, until: datetime) -> bool:
    """Take it upon oneself to refresh this generation; False where somebody else does, or has."""
    asked = {"k": key, "g": generation, "now": now, "until": until}
    return tx.execute(_lease, asked).first() is not None


def refresh(tx: Transaction, key: str, generation: int, tokens: SealedTokens) -> bool:
    """Put new tokens in the place of this generation's; False where that is not there any more."""
    new = {"bot": tokens.bot_token, "refresh": tokens.refresh_token, "expires": tokens.expires_at}
    return tx.execute(_refresh, {"k": key, "g": generation, **new}).first() is not None


def revoke(tx: Transaction, key: str, generation: int, at: datetime) -> bool:
    """Delete the tokens of this generation; False where that is not there, or has none any more."""
    return tx.execute(_revoke, {"k": key, "g": generation, "revoked": at}).first() is not None


def revoke_all(tx: Transaction, workspace: str, at: datetime) -> int:
    """Delete every token of a workspace. How many installations had one."""
    return len(tx.execute(_revoke_all, {"w": workspace, "revoked": at}).all())


def is_live(tx: Transaction, workspace: str) -> bool:
    """Whether anything speaks for a workspace."""
    return bool(tx.execute(_is_live, {"w": workspace}).scalar_one())
