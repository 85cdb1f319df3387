"""Host names for the addresses of a workspace: how they are read, and which an operator offers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.rules.codes import Code
from bot.rules.refusals import Refusal, shown, violation_of

LONGEST_HOST = 100
"""Characters; a name in the domain name system may have more, and no address that people read should."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")
"""Two labels or more; the last one is no number, since that would be an address of a machine."""
_AROUND = re.compile(r"\A(?:https?://)?(.*?)\.?/?\Z", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class HostName:
    """A host name in lower-case ASCII, without a port."""

    text: str


def parse_host(text: str) -> HostName | Refusal:
    """The host name that was typed, as a name or pasted with what stands around it in an address."""
    found = _AROUND.fullmatch(text.strip())
    host = text if found is None else found[1]
    # Only ASCII is made lower-case: other letters look alike.
    host = host.lower() if host.isascii() else host
    if len(host) <= LONGEST_HOST and _HOST.fullmatch(host):
        return HostName(host)
    return Refusal(shown(host), (violation_of(Code.HOST_MALFORMED, host, ()),))


def is_domain(text: str) -> bool:
    """Whether an operator can offer this: a host name, or one below which any one label may stand, as `*.name`."""
    return (
        text.isascii()
        and isinstance(found := parse_host(text.removeprefix("*.")), HostName)
        and (found.text == text.removeprefix("*."))
    )


def is_offered(host: str, domains: Sequence[str]) -> bool:
    """Whether a host is one of those that are offered. As in certificates, a star stands for one label."""
    return host in domains or f"*.{host.partition('.')[2]}" in domains
