"""Text in Slack's mrkdwn. Whatever people or other systems wrote is escaped unless it is marked as written by us."""

from bot.texts import Translator


class Mrkdwn(str):
    """Text that is mrkdwn already: it is not escaped again."""

    __slots__ = ()


def escape(text: str) -> Mrkdwn:
    """The text as Slack shows it letter for letter: no mention, link or broadcast in it comes alive."""
    return Mrkdwn(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def say(t: Translator, code: str, /, **params: str) -> Mrkdwn:
    """The text with this code, with everything escaped that is put into it and is not mrkdwn."""
    safe = {name: value if isinstance(value, Mrkdwn) else escape(value) for name, value in params.items()}
    return Mrkdwn(t(code, **safe))


def mention(user: str) -> Mrkdwn:
    """Somebody by name, without waking them up: in a private answer a mention notifies nobody else."""
    return Mrkdwn(f"<@{user}>")


def code(text: str) -> Mrkdwn:
    """Something to type, in the typewriter face. Backticks in it would end the face and are dropped."""
    return Mrkdwn(f"`{escape(text.replace('`', ''))}`")


def date(epoch: int, fallback: str) -> Mrkdwn:
    """A day in the reader's own form; the fallback is for clients that cannot."""
    return Mrkdwn(f"<!date^{epoch}^{{date_long}}|{escape(fallback)}>")


def moment(epoch: int, fallback: str) -> Mrkdwn:
    """A time of day in the reader's own zone and form; the fallback is for clients that cannot."""
    return Mrkdwn(f"<!date^{epoch}^{{time}}|{escape(fallback)}>")
