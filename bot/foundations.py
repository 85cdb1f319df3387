"""What everything else stands on, made from the settings: what the use cases share, and who carries meetings."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp

from bot.chances import Chances
from bot.grammar import GRAMMARS
from bot.manifest import CommandEntry
from bot.metrics import Metrics
from bot.providers import MeetingProvider
from bot.providers.jitsi import AppKey, Jitsi
from bot.rules import PRODUCT_POLICY, load_common_names
from bot.services.host_book import HostBook
from bot.services.house import House
from bot.services.keys import ring_of
from bot.services.progress import WatchedStore
from bot.services.room import Defaults
from bot.settings import Settings
from bot.texts import load_texts
from storage.transactions import Store


def house_of(settings: Settings, store: Store, metrics: Metrics, chances: Chances) -> House:
    """What the use cases share."""
    return House(
        store=WatchedStore(store),
        keys=ring_of(settings),
        names=load_common_names(),
        defaults=Defaults(settings.default_plan, settings.default_licence),
        link_hold=timedelta(days=settings.link_hold_days),
        now=chances.now,
        below=chances.below,
        on_claim=metrics.claim,
        policy=replace(PRODUCT_POLICY, sign_in=settings.signs_in),
        hosts=HostBook(urlsplit(settings.public_url).hostname or "", settings.vanity_hosts, chances.monotonic),
        purge_after=timedelta(days=settings.purge_after_days),
    )


def provider_of(settings: Settings, chances: Chances, session: aiohttp.ClientSession) -> MeetingProvider:
    """The service that carries meetings."""
    key = None
    if settings.jitsi_app_id is not None and settings.jitsi_app_secret is not None:
        key = AppKey(settings.jitsi_app_id, settings.jitsi_app_secret.get_secret_value())
    return Jitsi(settings.jitsi_url, session, key, clock=chances.clock, monotonic=chances.monotonic)


def slash_commands() -> tuple[CommandEntry, ...]:
    """The slash commands as Slack lists them, in English as all manifests."""
    t = load_texts().for_locale(None)
    return tuple(
        CommandEntry(grammar.command, t(f"command.{grammar.code}"), grammar.usage_hint) for grammar in GRAMMARS
    )
