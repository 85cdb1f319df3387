"""What people write never comes alive where it is shown: no mention, broadcast or link that is not ours."""

import re
from collections.abc import Iterator

from tests.e2e.reading import asks, dialog, mrkdwn_in
from tests.e2e.stage import BASE, Stage

HOSTILE = (
    "<!channel>",
    "<!here|here>",
    "<@U123>",
    "<#C1|general>",
    "<https://evil.example|zoom.us>",
    "<javascript:alert(1)|x>",
    "&lt;!channel&gt;",
    "`<!channel>`",
    "*bold*<!everyone>",
    "\u202egnahc\u2066<!channel>",
    "```<!subteam^S1>```",
    ">quote\n<!channel>",
)
OURS = re.compile(rf"<@U0[A-Z]+>|<{re.escape(BASE)}/(?:j|my)/[A-Za-z0-9.]+>|<!date\^[0-9]+\^\{{date_long\}}\|[0-9-]+>")
BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069\u061c]")


def alive(payload: object) -> Iterator[str]:
    """Whatever Slack would make a mention, a broadcast or a link of, or would turn the text around, and is not ours."""
    for text in mrkdwn_in(payload):
        rest = OURS.sub("", text)
        if re.search(r"<[!@#]|<[a-z]+:|[<>]", rest) or BIDIRECTIONAL.search(rest):
            yield text


async def test_nothing_comes_alive_in_the_answer_to_a_command(stage: Stage) -> None:
    for hostile in HOSTILE:
        for command in ("/pmi", "/personal-link"):
            for word in ("", "set ", "check ", "suggest ", "set harbour", "@", "@ann"):
                line = f"{command} {word}{hostile}"

                exchange = await stage.anna.types(line)

                assert exchange.ok, (line, exchange.failure)
                assert not list(alive(exchange.json)), line
                if not word and hostile.startswith("<@"):
                    continue  # a mention as Slack itself writes it
                # What other clients could send: nothing escaped by Slack.
                raw = await stage.sends(stage.anna, command, f"{word}{hostile}")
                assert raw.ok, (line, raw.failure)
                assert not list(alive(raw.json)), line
        exchange = await stage.anna.types(f"/room {hostile}")
        assert not list(alive(exchange.json)), hostile
    assert not stage.anna.troubles


async def test_nothing_comes_alive_in_a_dialog_or_a_button(stage: Stage) -> None:
    for command, block in (("/pmi", "pmi"), ("/personal-link", "link")):
        await stage.anna.types(f"{command} edit")
        for hostile in HOSTILE:
            before = len(stage.slack.calls.of("views.update"))
            await stage.anna.fills(block, hostile)
            await stage.until_called("views.update", before + 1)
            assert not list(alive([call.arguments for call in stage.slack.calls.of("views.update")[before:]]))
            await stage.anna.submits()
            assert block in dialog(stage.anna).errors
            assert not BIDIRECTIONAL.search(dialog(stage.anna).errors[block])
        await stage.anna.closes()
    await asks(stage.anna, "/personal-link suggest harbour")
    message = stage.anna.private_messages[-1]
    for hostile in HOSTILE:
        before = len(stage.slack.calls.of("response_url"))
        for element in [one for block in message.blocks for one in block.get("elements", [])]:
            element["value"] = hostile
        await stage.anna.presses("Show Others", on=message)
        await stage.until_called("response_url", before + 1)
        assert not list(alive([call.arguments for call in stage.slack.calls.of("response_url")[before:]])), hostile


async def test_a_name_in_slack_comes_alive_nowhere(stage: Stage) -> None:
    hostile = stage.add("U0EVE", "<!channel> *Eve* <https://evil.example|zoom.us>")

    for line in ("/personal-link suggest", "/personal-link set jennifer", "/personal-link check smith"):
        exchange = await hostile.types(line)

        assert not list(alive(exchange.json)), line
    assert not list(alive((await stage.anna.types("/pmi <@U0EVE>")).json))
