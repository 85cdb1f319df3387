"""Hosts of workspaces as one process knows them: those that are offered, and those that it has read of late."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from bot.rules import is_offered

KEPT_SECONDS = 60.0
"""For how long a host that another process has replaced may still be shown; it leads here all the same."""
MOST_KEPT = 10_000


class HostBook:
    """What is known of hosts without asking. `own` is the one of this service, `domains` what workspaces may choose."""

    def __init__(
        self, own: str = "", domains: Sequence[str] = (), monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.own = own
        self.domains = tuple(domains)
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[float, str | None]] = OrderedDict()

    def is_ours(self, host: str) -> bool:
        """Whether a workspace may have this host, so that it leads here."""
        return host != self.own and is_offered(host, self.domains)

    def note(self, workspace: str, host: str | None) -> None:
        """Keep what was just read, or set."""
        if not self.domains:
            return
        self._kept[workspace] = (self._monotonic() + KEPT_SECONDS, host)
        self._kept.move_to_end(workspace)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def kept(self, workspace: str) -> tuple[str | None] | None:
        """What was read within the last minute: a tuple, since it may be that there is none; None where nothing was."""
        found = self._kept.get(workspace)
        return None if found is None or found[0] <= self._monotonic() else (found[1],)
