"""What Slack makes of typed text before a command sees it: mentions, channels, links, entities."""

import re

from bot.playground.state import Workspace

# A few of the endings after which Slack takes a bare word with a full stop for a web address.
_ENDINGS = "com|org|net|edu|gov|io|dev|app|us|uk|de|nl|fr|se|eu|co|do|me|club|blue|info|zone|pub"
_ADDRESS = r"https?://[^\s<>|]+"
_BARE = rf"(?<![\w@./-])[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.(?:{_ENDINGS})(?:/[^\s<>|]*)?(?![\w-]|\.\w)"
_TOKEN = re.compile(rf"(?P<address>{_ADDRESS})|(?P<bare>{_BARE})|@(?P<person>[\w.-]+)|#(?P<channel>[\w-]+)")
# Marks that belong to the sentence and not to the address.
_TRAILING = ".,;:!?)'\""


def entities(text: str) -> str:
    """The text with `&`, `<` and `>` as Slack writes them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> str:
    """The text with Slack's three entities read back."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escaped(text: str, workspace: Workspace) -> str:
    """The text as a command with `should_escape` receives it.

    `@name` of a member becomes `<@U..|name>`, `#name` of a channel `<#C..|name>`, an address `<https://...>`, a bare
    one `<http://zoom.us|zoom.us>`; what nobody is called stays as typed; `&`, `<` and `>` become entities.
    """
    done: list[str] = []
    position = 0
    for match in _TOKEN.finditer(text):
        done.append(entities(text[position : match.start()]))
        done.append(_token(match, workspace))
        position = match.end()
    done.append(entities(text[position:]))
    return "".join(done)


def _token(match: re.Match[str], workspace: Workspace) -> str:
    whole = match.group()
    if name := match["person"]:
        member = workspace.person_called(name)
        return f"<@{member.id}|{member.username}>" if member else entities(whole)
    if name := match["channel"]:
        channel = workspace.channel_called(name)
        return f"<#{channel.id}|{channel.name}>" if channel else entities(whole)
    address = whole.rstrip(_TRAILING)
    rest = entities(whole[len(address) :])
    if match["bare"]:
        return f"<http://{entities(address)}|{entities(address)}>{rest}"
    return f"<{entities(address)}>{rest}"
