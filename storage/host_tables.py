"""The table of the hosts that workspaces have chosen for their addresses, now or before."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint
from sqlmodel import Field

from storage.metadata import Table, only

LONGEST_HOST = 100


class VanityHost(Table, table=True):
    """A host that a workspace has chosen. It stays that workspace's for good: its addresses are written down elsewhere.

    No foreign key leads to the workspace, so that nobody else gets the host when the workspace is gone.
    """

    __tablename__ = "vanity_host"
    __table_args__ = (
        PrimaryKeyConstraint("host"),
        Index(None, "workspace"),
        CheckConstraint(f"length(host) BETWEEN 3 AND {LONGEST_HOST}", name="host_has_a_length"),
        CheckConstraint(only("host", "abcdefghijklmnopqrstuvwxyz0123456789.-"), name="host_is_ascii"),
        CheckConstraint("host LIKE '_%.%_'", name="host_has_a_domain"),
        CheckConstraint("ltrim(host, '.-') = host AND rtrim(host, '.-') = host", name="host_has_clean_ends"),
        CheckConstraint("length(workspace) >= 2", name="workspace_is_an_id"),
        CheckConstraint("replaced_at >= set_at", name="it_is_replaced_later"),
    )

    host: str = Field(max_length=LONGEST_HOST)
    """Lower-case, without a port."""
    workspace: str = Field(max_length=32)
    set_at: datetime
    """When it was last chosen."""
    replaced_at: datetime | None = None
    """When another one, or none, was chosen; empty while it is shown."""


vanity_hosts = Table.metadata.tables["vanity_host"]
