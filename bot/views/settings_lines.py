"""The settings of a room in words: in one line, and each on a line of its own."""

from bot.rules import PREFERENCES, SWITCHES, Lock, Option, RoomSettings, WaitingRoom, is_soon_guessed
from bot.services.settings_seen import Seen
from bot.texts import Translator
from bot.views.mrkdwn import Mrkdwn, code, escape, mention, say

ISOLATED = "\u2068{}\u2069"
"""Whatever direction people's words have, those around them keep theirs."""


def guards_line(settings: RoomSettings, t: Translator) -> Mrkdwn:
    """What guards the room, and who may host it, in one line. No passcode is in it."""
    parts = [
        t("settings.line.passcode" if settings.passcode is not None else "settings.line.no_passcode"),
        t(f"settings.line.waiting.{settings.waiting_room}"),
    ]
    parts += [t(f"settings.line.{option}") for option in _IN_LINE if settings.options[option]]
    if settings.hosts:
        parts.append(t.many("settings.line.hosts", len(settings.hosts)))
    return escape(" · ".join(parts))


_IN_LINE = (Option.MEMBERS_ONLY, Option.JOIN_BEFORE_HOST)


def settings_lines(seen: Seen, t: Translator) -> Mrkdwn:
    """All that holds in the room and is not locked, a line for each, for its holder alone: the passcode is in it."""
    settings = seen.settings
    passcode = escape(t("settings.none")) if settings.passcode is None else code(settings.passcode)
    topic = ISOLATED.format(settings.topic) if settings.topic else t("settings.none")
    hosts = Mrkdwn(", ".join(map(mention, settings.hosts))) if settings.hosts else escape(t("settings.none"))
    lines = [
        say(t, "settings.show.topic", topic=topic),
        say(t, "settings.show.passcode", passcode=passcode),
        say(t, "settings.show.waiting", who=t(f"settings.waiting.{settings.waiting_room}")),
        *(_switch(option, settings, t) for option in SWITCHES if option not in (*PREFERENCES, *seen.locks)),
        say(t, "settings.show.hosts", hosts=hosts),
        *(_switch(option, settings, t) for option in PREFERENCES if option not in seen.locks),
    ]
    return Mrkdwn("\n".join(lines))


def warning(settings: RoomSettings, t: Translator) -> Mrkdwn | None:
    """A word on a passcode that patience finds, where nobody waits."""
    waits = settings.waiting_room is not WaitingRoom.NOBODY
    if waits or settings.passcode is None or not is_soon_guessed(settings.passcode):
        return None
    return say(t, "settings.warning")


def locked_lines(seen: Seen, t: Translator) -> Mrkdwn | None:
    """The options that cannot be chosen, how they are, and why; nothing where there are none."""
    lines = [_locked(option, lock, seen.settings, t) for option, lock in seen.locks.items()]
    return Mrkdwn("\n".join(lines)) if lines else None


def _locked(option: Option, lock: Lock, settings: RoomSettings, t: Translator) -> Mrkdwn:
    what = t(f"settings.option.{option}")
    if lock is Lock.SIGN_IN:
        return say(t, "settings.lock.sign_in", what=what)
    if lock is Lock.PMIS:
        return say(t, "settings.lock.pmis", what=what)
    match option:
        case Option.PASSCODE:
            how = t("settings.required" if settings.passcode is not None else "settings.off")
        case Option.WAITING_ROOM:
            how = t(f"settings.waiting.{settings.waiting_room}")
        case _:
            how = _state(settings.options[option], t)
    return say(t, "settings.lock.policy", what=what, how=how)


def _switch(option: Option, settings: RoomSettings, t: Translator) -> Mrkdwn:
    return say(t, "settings.show.option", what=t(f"settings.option.{option}"), how=_state(settings.options[option], t))


def _state(on: bool | None, t: Translator) -> str:  # noqa: FBT001  three-valued: nobody has said is None
    return t("settings.unsaid") if on is None else t("settings.on" if on else "settings.off")
