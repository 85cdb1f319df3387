"""What a secret stands in does not show it when it is printed, as tracebacks and debuggers print."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import build
from bot.chances import Chances
from bot.grammar import GRAMMARS
from bot.guard import Guard
from bot.handlers.asks import Ask, Kind, read_action, read_command, read_submission
from bot.metrics import Metrics
from bot.rules import Licence, Plan, load_common_names
from bot.services.house import House
from bot.services.keys import Keys, ring_of
from bot.services.people import Actor, Call, Notice, NoticeKind
from bot.services.room import Defaults
from bot.settings import Settings, load_settings
from storage.transactions import Store
from tests.overheard import told

STARS = "**********"
TRIGGER = "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
RESPONSE_URL = "https://hooks.slack.com/commands/T0ACME/1/canary"
TYPED = "canary typed"
SECRETS = (TRIGGER, RESPONSE_URL, TYPED)


def settings() -> Settings:
    return load_settings(
        {
            "SLACK_BOT_TOKEN": "xoxb-canary-bot",
            "SLACK_APP_TOKEN": "xapp-canary-app",
            "SLACK_SIGNING_SECRET": "canary-signing",
            "SECRET_KEY": "canary-key-canary-key-canary-key-1,canary-key-canary-key-canary-key-2",
            "DATABASE_URL": "postgresql://u:canary-password@h/d",
        },
        env_file=None,
    )


@pytest.mark.row("R46")
async def test_settings_keys_and_what_holds_them_print_no_secret(store: Store) -> None:
    """Seen red: with a `repr` of the key ring that gives its keys instead of their ids, house and ring printed both."""
    given = settings()
    ring = ring_of(given)
    house = House(
        store=store,
        keys=ring,
        names=load_common_names(),
        defaults=Defaults(Plan.BASIC, Licence.BASIC),
        link_hold=timedelta(days=180),
        now=lambda: datetime.now(UTC),
        below=secrets.randbelow,
        on_claim=lambda _what, _won: None,
    )
    guard = Guard("canary-signing", Metrics(()), Chances().clock)
    holders = (given, ring, house, Keys(store, ring), guard, build(given))
    shown = "".join(f"{holder!r} {holder}" for holder in holders)

    assert 5 <= shown.count(STARS)
    assert [] == told(shown, given.secrets())
    assert "canary" not in shown


@pytest.mark.row("R46")
def test_a_request_prints_nothing_that_opens_answers_or_was_typed() -> None:
    """Seen red: with `response_url` printed, the command and the press showed it."""
    command = {
        "team_id": "T0ACME",
        "user_id": "U0ANNA",
        "command": "/pmi",
        "text": f"set {TYPED}",
        "trigger_id": TRIGGER,
        "response_url": RESPONSE_URL,
    }
    pressed = {
        "team": {"id": "T0ACME"},
        "user": {"id": "U0ANNA"},
        "trigger_id": TRIGGER,
        "response_url": RESPONSE_URL,
        "actions": [{"action_id": "claim_pmi:0", "value": TYPED}],
        "view": {"id": "V0A", "private_metadata": TYPED},
    }
    submitted = pressed | {"view": {"id": "V0A", "callback_id": "pmi_modal", "state": {"values": {"pmi": TYPED}}}}
    asks = (read_command(GRAMMARS[0], command), read_action(pressed), read_submission(submitted))

    assert [TRIGGER] * 3 == [ask.trigger for ask in asks]
    assert [] == told("".join(f"{ask!r} {ask}" for ask in asks), SECRETS)
    assert "U0ANNA" in repr(asks[0])


def test_what_is_to_be_told_does_not_show_where() -> None:
    notice = Notice(NoticeKind.PMI_SAVED, RESPONSE_URL)
    call = Call(Actor("T1", "U1"), "7" * 64, notice)
    ask = Ask(Kind.COMMAND, "/pmi set", call.actor, call.key, "", "", foreign=False, notice=notice)

    assert not [shown for shown in (repr(notice), repr(call), repr(ask)) if RESPONSE_URL in shown]
    assert "notice" not in repr(ask)
