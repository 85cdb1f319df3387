"""What every use case is given: storage, chance, time, names and the settings that bind them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.rules import PRODUCT_POLICY, CommonNames, Policy
from bot.services.host_book import HostBook
from bot.services.room import Defaults
from storage.secrets import KeyRing
from storage.transactions import Store


@dataclass(frozen=True, slots=True)
class House:
    """The parts that the use cases share; one for each process, made by the composition root."""

    store: Store
    keys: KeyRing
    names: CommonNames
    defaults: Defaults
    link_hold: timedelta
    now: Callable[[], datetime]
    below: Callable[[int], int]
    """A uniform random integer from 0 up to, not including, its argument; cryptographic outside tests."""
    on_claim: Callable[[str, bool], None]
    """Told of every claim that reached the database: "pmi" or "link", and whether it was won."""
    policy: Policy = PRODUCT_POLICY
    """What holds of options where a workspace has said nothing."""
    hosts: HostBook = field(default_factory=HostBook)
    """What this process knows of the hosts of workspaces."""
    purge_after: timedelta = timedelta(days=30)
    """How long after the app has left all goes that is personal."""
