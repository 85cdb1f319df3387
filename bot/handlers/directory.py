"""Who somebody is, asked of Slack and remembered for some minutes."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from bot.handlers.roles import administers
from bot.handlers.slack import Slack, SlackSilent
from bot.services.people import Actor, Person, Standing

KEPT_SECONDS = 300
MOST_KEPT = 10_000
_SLACKBOT = "USLACKBOT"
_NOBODY = frozenset(("user_not_found", "user_not_visible"))


class Directory:
    """Looks people up, each at most once in five minutes."""

    def __init__(self, slack: Slack, monotonic: Callable[[], float]) -> None:
        self._slack = slack
        self._monotonic = monotonic
        self._kept: OrderedDict[tuple[str, str], tuple[float, Person]] = OrderedDict()

    async def person(self, workspace: str, user: str) -> Person:
        """What Slack says of somebody; of unknown standing where Slack does not answer."""
        key = (workspace, user)
        kept = self._kept.get(key)
        if kept is not None and kept[0] > self._monotonic():
            return kept[1]
        try:
            found = (await self._slack.of(workspace).look_up("users.info", {"user": user})).get("user")
        except SlackSilent as silent:
            standing = Standing.NOT_FOUND if silent.reason in _NOBODY else Standing.UNKNOWN
            return Person(user, "", standing)
        person = _person(workspace, user, found if isinstance(found, dict) else {})
        self._kept[key] = (self._monotonic() + KEPT_SECONDS, person)
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return person

    def forget(self, actor: Actor) -> None:
        """Ask again who they are: something about them has changed."""
        self._kept.pop((actor.workspace, actor.user), None)


def _person(workspace: str, user: str, found: Mapping[str, Any]) -> Person:
    profile = found.get("profile")
    names = [found.get("real_name"), *((profile.get("real_name"),) if isinstance(profile, dict) else ())]
    name = next((each for each in names if isinstance(each, str) and each), "")
    zone = found.get("tz")
    return Person(
        user,
        name,
        _standing(workspace, user, found),
        zone if isinstance(zone, str) else "",
        administers=administers(workspace, found),
    )


def _standing(workspace: str, user: str, found: Mapping[str, Any]) -> Standing:
    if found.get("is_bot") is True or user == _SLACKBOT:
        return Standing.BOT
    if found.get("deleted") is True:
        return Standing.DEACTIVATED
    if found.get("is_stranger") is True or not _belongs(workspace, found):
        return Standing.OUTSIDE
    return Standing.MEMBER


def _belongs(workspace: str, found: Mapping[str, Any]) -> bool:
    """Whether the person's own team, or the organisation of it, is this workspace."""
    enterprise_user = found.get("enterprise_user")
    organisation = enterprise_user.get("enterprise_id") if isinstance(enterprise_user, dict) else None
    homes = {found.get("team_id"), found.get("enterprise_id"), organisation}
    return workspace in homes
