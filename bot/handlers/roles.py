"""Who runs a workspace, as Slack describes people."""

from collections.abc import Mapping
from typing import Any


def administers(workspace: str, user: Mapping[str, Any]) -> bool:
    """Whether somebody, as `users.info` has them, runs this workspace; of an organisation, whether they run all of it.

    Neither deactivated people nor guests, apps or people from elsewhere run anything, whatever else is said of them.
    """
    if any(user.get(mark) is True for mark in ("deleted", "is_bot", "is_stranger", "is_restricted")):
        return False
    in_organisation = user.get("enterprise_user")
    organisation = in_organisation if isinstance(in_organisation, dict) else {}
    if workspace in (organisation.get("enterprise_id"), user.get("enterprise_id")):
        return any(organisation.get(mark) is True for mark in ("is_admin", "is_owner"))
    if user.get("team_id") != workspace:
        return False
    return any(user.get(mark) is True for mark in ("is_admin", "is_owner", "is_primary_owner"))
