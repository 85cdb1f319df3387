"""The terminal: a script in, readable text out; and nothing that a person typed can spoil the screen."""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable
from textwrap import dedent
from typing import Any

import pytest

from bot.playground import Member, Person, StandIn, Workspace, run_terminal
from bot.playground.readable import BOLD, REGULAR, finished, readable, visible, wrapped
from bot.playground.render import Page, add_blocks, add_message

Json = dict[str, Any]
Api = Callable[..., Any]
Answers = dict[str, Any]
Plays = Callable[[str], Awaitable[str]]
MANIFEST = {
    "display_information": {"name": "Rooms"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [{"command": "/pmi", "description": "Your number", "should_escape": True}],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}},
}


@pytest.fixture
def slack(clock: Callable[[], float]) -> StandIn:
    return StandIn("a-secret-of-the-tests", clock, manifest=MANIFEST, ack_timeout=0.5)


@pytest.fixture
def plays(slack: StandIn, api: Api, anna: Person, ben: Person) -> Plays:
    """Plays a script as Anna; returns what was printed after the welcome."""

    async def play(script: str) -> str:
        out = io.StringIO()
        people = {"anna": anna, "ben": ben}
        code = await run_terminal(slack, people, start="anna", script=io.StringIO(script), out=out, patience=0.05)
        assert 0 == code
        return out.getvalue().partition("\n\n")[2]

    return play


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


async def test_the_welcome_says_who_one_is_and_what_to_type(slack: StandIn, api: Api, anna: Person) -> None:
    out = io.StringIO()
    await run_terminal(slack, {"anna": anna}, start="anna", script=io.StringIO(""), out=out)

    assert (
        dedent("""\
        Rooms, with a stand-in for Slack on this machine. No account is needed.
        You are Anna Larsson (admin) in #general of Acme.
        Type /pmi, help or quit.

        """)
        == out.getvalue()
    )


async def test_a_script_is_played_and_printed(
    plays: Plays, answers: Answers, api: Api, card: Json, modal: Json
) -> None:
    card["blocks"] += [
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "_held_ by <@U0ANNA>, 3 &lt; 5"}]},
    ]

    async def opens(heard: Json) -> None:
        if heard.get("view") is None:
            await api("views.open", trigger_id=heard["trigger_id"], view=modal)

    def saved(heard: Json) -> Json:
        typed = heard["view"]["state"]["values"]["number"]["typed"]["value"]
        if typed == "222":
            return {"response_action": "errors", "errors": {"number": "Somebody has that number already. Try 333."}}
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": f"Saved *{typed}*."}}]
        view = {"type": "modal", "title": words("Number"), "close": words("Done"), "blocks": blocks}
        return {"response_action": "update", "view": view}

    answers |= {"/pmi": card, "block_actions": opens, "view_submission": saved}
    printed = await plays("""\
        # a comment
        /pmi
        press Edit
        1 222
        2
        save
        1 333
        save
        cancel
        quit
        /pmi never reached
        """)

    assert (
        dedent("""\
        anna #general>         # a comment
        anna #general>         /pmi
        Rooms (only visible to you)
          582 904 7316
          [1] Edit   [2] Reset
          ----------------------------------------------------------------------------
            held by @anna, 3 < 5

        anna #general>         press Edit
        --- Number -------------------------------------------------------------------
          [1] Your number: 111
              Ten digits
          Use
            [2] [ ] Instantly
        --- save = Save  cancel = Cancel ---------------------------------------------

        anna #general>         1 222
        --- Number -------------------------------------------------------------------
          [1] Your number: 222
              Ten digits
          Use
            [2] [ ] Instantly
        --- save = Save  cancel = Cancel ---------------------------------------------

        anna #general>         2
        --- Number -------------------------------------------------------------------
          [1] Your number: 222
              Ten digits
          Use
            [2] [x] Instantly
        --- save = Save  cancel = Cancel ---------------------------------------------

        anna #general>         save
        --- Number -------------------------------------------------------------------
          [1] Your number: 222
              Ten digits
              ! Somebody has that number already. Try 333.
          Use
            [2] [x] Instantly
        --- save = Save  cancel = Cancel ---------------------------------------------

        anna #general>         1 333
        --- Number -------------------------------------------------------------------
          [1] Your number: 333
              Ten digits
              ! Somebody has that number already. Try 333.
          Use
            [2] [x] Instantly
        --- save = Save  cancel = Cancel ---------------------------------------------

        anna #general>         save
        --- Number -------------------------------------------------------------------
          Saved 333.
        --- cancel = Done ------------------------------------------------------------

        anna #general>         cancel
          (The dialog is closed.)

        anna #general>         quit
        """)
        == printed
    )


async def test_a_confirmation_is_asked(plays: Plays, answers: Answers, slack: StandIn, card: Json) -> None:
    answers["/pmi"] = card
    printed = await plays("/pmi\n2\nno\n2\nyes\n")

    assert "  Sure?\n  It goes.\n  yes = Yes   no = No\n" in printed
    assert "(Nothing was done.)" in printed
    assert "(The app took it and showed nothing.)" in printed
    assert ["reset"] == [call.arguments["actions"][0]["action_id"] for call in slack.calls.of("block_actions")]


async def test_what_comes_after_the_acknowledgement_is_waited_for(
    plays: Plays, answers: Answers, api: Api, slack: StandIn
) -> None:
    async def posts_late() -> None:
        await slack.until(lambda: slack.calls.of("/pmi"))
        await api("chat.postMessage", channel="C0GENERAL", text="later")

    late = asyncio.create_task(posts_late())
    printed = await plays("/pmi\n")
    await late

    assert "Rooms in #general\n  later\n" in printed


async def test_failures_are_told_as_slack_tells_them(plays: Plays, answers: Answers, card: Json) -> None:
    answers |= {"/pmi": card, "block_actions": 500}
    printed = await plays("/pmi\n1\n/pim\n")

    assert '! Slack: block_actions failed with the error "dispatch_failed"' in printed
    assert "/pim is not a valid command." in printed


async def test_one_can_be_somebody_else_somewhere_else(
    plays: Plays, acme: Workspace, anna_member: Member, ben_member: Member
) -> None:
    acme.add_channel("C0RANDOM", "random", members=[ben_member])
    printed = await plays(
        "say hello\nas ben\nin #random\nin nowhere\nas nobody\npeople\nchannels\nas anna\nin random\n"
    )

    assert "anna in #general\n  hello\n" in printed
    assert "ben #random> in nowhere\n  you are in no channel 'nowhere'; channels lists yours" in printed
    assert "nobody is called 'nobody'; there are: anna, ben" in printed
    assert "  anna         Anna Larsson, admin in Acme\n  ben          Ben Okafor, member in Acme\n" in printed
    assert "ben #random> channels\n  #general\n  #random\n" in printed
    assert "anna #general> in random\n  you are in no channel 'random'" in printed


async def test_help_lists_the_commands_of_the_app(plays: Plays) -> None:
    printed = await plays("help\nwhat\n7\npress Nothing\n")

    assert "  /pmi                Your number\n" in printed
    assert "'what' means nothing here. Type help." in printed
    assert "there is no [7] on the screen" in printed
    assert "nothing on the screen is called 'Nothing'" in printed


async def test_home_is_shown_and_pressed(plays: Plays, answers: Answers, api: Api, card: Json, slack: StandIn) -> None:
    nothing = await plays("home\n")

    async def publishes(heard: Json) -> None:
        await api("views.publish", user_id="U0ANNA", view={"type": "home", "blocks": card["blocks"]})

    answers["app_home_opened"] = publishes
    printed = await plays("home\n1\n")

    assert "(The app has published no Home.)" in nothing
    assert "--- Home ----" in printed
    assert "view" in slack.calls.of("block_actions")[-1].arguments


def option(value: str, **more: Any) -> Json:
    return {"text": words(value.title()), "value": value, **more}


EVERY_FIELD: list[Json] = [
    {"type": "static_select", "options": [option(f"choice{number}") for number in range(10)]},
    {"type": "multi_static_select", "options": [option("a"), option("b")]},
    {"type": "radio_buttons", "options": [option("near"), option("far", description=words("Further off"))]},
    {"type": "users_select", "placeholder": words("Who")},
    {"type": "conversations_select"},
    {"type": "datepicker"},
    {"type": "timepicker"},
    {"type": "datetimepicker"},
    {"type": "file_input"},
]


async def test_every_field_can_be_filled_or_says_why_not(
    plays: Plays, answers: Answers, api: Api, modal: Json, anna: Person
) -> None:
    modal["blocks"] = [
        {
            "type": "input",
            "block_id": str(element["type"]),
            "optional": True,
            "label": words(str(element["type"])),
            "element": {**element, "action_id": "act"},
        }
        for element in EVERY_FIELD
    ]

    async def opens(heard: Json) -> None:
        assert (await api("views.open", trigger_id=heard["trigger_id"], view=modal))["ok"]

    answers["/pmi"] = opens
    printed = await plays(
        "/pmi\n1 Choice1\nfill 2 A, B\n4\n5 @ben\n5 @nobody\nchoose 6 #general\n6 #nowhere\n7 2030-05-17\n8 09:30\n"
        "9 2030-05-17 09:30\n9 soon\n10 x\n1\ntick 1\nclear 2\nuntick 3\n"
    )
    view = anna.view
    assert view is not None

    assert "Choice1" == view.value("static_select")["text"]["text"]
    assert [] == view.value("multi_static_select")
    assert "near" == view.value("radio_buttons")["value"]
    assert ("U0BEN", "C0GENERAL") == (view.value("users_select"), view.value("conversations_select"))
    assert ("2030-05-17", "09:30") == (view.value("datepicker"), view.value("timepicker"))
    assert 1_905_233_400 == view.value("datetimepicker")
    for line in (
        "  [1] static_select (optional): (empty)",
        "      choices: Choice0, Choice1, Choice2, Choice3, Choice4, Choice5, Choice6,",
        "      Choice7, ...",
        "    [3] ( ) Near",
        "            Further off",
        "  [5] users_select (optional): (Who)",
        "  [5] users_select (optional): ben",
        "  [2] multi_static_select (optional): A, B",
        "    [3] (x) Near",
        "  not everybody in '@nobody' is a member here",
        "  not everything in '#nowhere' is a channel here",
        "  'soon' is no moment; type one like 2030-05-17 09:30",
        "  a file_input cannot be filled in a terminal",
        "  what goes into 'static_select'? Type its number and the words",
        "  'static_select' is nothing to tick",
    ):
        assert line in printed.splitlines()


async def test_texts_and_boxes_are_cleared_and_unticked(
    plays: Plays, answers: Answers, api: Api, modal: Json, anna: Person
) -> None:
    async def opens(heard: Json) -> None:
        await api("views.open", trigger_id=heard["trigger_id"], view=modal)

    answers["/pmi"] = opens
    await plays("/pmi\ntick 2\ntick 2\nclear 1\nuntick 2\n2\n2\n")
    view = anna.view
    assert view is not None

    assert view.value("number") is None
    assert [] == view.value("use")


async def test_trouble_in_a_dialog_is_shown_in_it(plays: Plays, answers: Answers, api: Api, modal: Json) -> None:
    async def opens(heard: Json) -> None:
        await api("views.open", trigger_id=heard["trigger_id"], view=modal)

    answers |= {"/pmi": opens, "view_submission": 500}

    assert "  ! We had some trouble connecting. Try again?\n--- save" in await plays("/pmi\nsave\n")


async def test_a_button_holds_nothing_to_clear(plays: Plays, answers: Answers, card: Json) -> None:
    answers["/pmi"] = card

    assert "'Edit' holds nothing" in await plays("/pmi\nclear 1\n")


async def test_every_kind_of_block_is_shown(anna: Person, answers: Answers, api: Api) -> None:
    menu = {"type": "overflow", "action_id": "more", "options": [option("copy"), option("drop")]}
    picture = {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "a door"}
    pick = {"type": "static_select", "action_id": "pick", "options": [option("a")]}
    many = [{"type": "button", "action_id": f"b{n}", "text": words(f"A long button {n}")} for n in range(5)]
    blocks: list[Json] = [
        {"type": "header", "text": words("Rooms")},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*one*"}, words("two")], "accessory": picture},
        {"type": "section", "text": words("three"), "accessory": menu},
        {"type": "actions", "elements": [pick, *many]},
        {"type": "context", "elements": [picture, words("four")]},
        picture,
        {"type": "markdown", "text": "**five**"},
        {"type": "rich_text", "elements": []},
    ]
    answers["/pmi"] = {"text": "x", "blocks": blocks}
    exchange = await anna.types("/pmi")
    page = Page({})
    add_message(page, anna.private_messages[-1], "App")
    add_blocks(page, [{"type": "alert", "block_id": "z", "text": words("six")}], anna.private_messages[-1])

    assert exchange.ok
    assert [
        "App",
        "  Rooms",
        "  one",
        "  two",
        "  (picture: a door)",
        "  three",
        "  [1] Copy   [2] Drop",
        "  [3] Choose: (empty)",
        "      choices: A",
        "  [4] A long button 0   [5] A long button 1   [6] A long button 2",
        "  [7] A long button 3   [8] A long button 4",
        "    (a door)  four",
        "  (picture: a door)",
        "  **five**",
        "  (rich_text)",
        "  ! six",
    ] == [finished(line, colour=False) for line in page.lines]


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        ("*bold* _slanted_ ~gone~ `code`", "bold slanted gone code"),
        ("555 *111 222* 2", "555 111 222 2"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("```a < b\n*c*```", "a < b\n*c*"),
        ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
        ("<https://x.example/a_b_c>", "https://x.example/a_b_c"),
        ("<https://x.example|here>", "here (https://x.example)"),
        ("<mailto:a@x.example|a@x.example>", "a@x.example"),
        ("<@U1> <@U2|two> <@U3>", "@Una @two @U3"),
        ("<#C1|general> <#C2>", "#general #C2"),
        ("<!here> <!date^1^{date}|tomorrow>", "@here tomorrow"),
        (":white_check_mark: :warning: :wave:", "\N{HEAVY CHECK MARK} ! :wave:"),
        ("a\x1b[31mb\rc\x7f", "a␛[31mb␍c␡"),
        ("\u202e7316\u2066\u200b\ufeff\u2028", "⟨U+202E⟩7316⟨U+2066⟩⟨U+200B⟩⟨U+FEFF⟩⟨U+2028⟩"),
        ("\x03" + "0\x04 \x01", "␃0␄ ␁"),
    ],
)
def test_marked_up_text_is_read_as_words(marked: str, shown: str) -> None:
    assert shown == readable(marked, {"U1": "Una"}).replace(BOLD, "").replace(REGULAR, "")


def test_plain_text_is_not_marked_up() -> None:
    assert "*as* typed\nhere" == readable(words("*as* typed\nhere"), {})


def test_bold_is_bold_only_in_colour() -> None:
    line = readable("a *b*", {})

    assert "a \x1b[1mb\x1b[22m" == finished(line, colour=True)
    assert "a b" == finished(line, colour=False)


def test_lines_fit_and_addresses_stay_whole() -> None:
    address = "https://x.example/" + "a" * 90

    assert ["  one two", "    three", ""] == wrapped("one two three\n", 10, "  ", "    ")
    assert [address] == wrapped(address, 78)


def test_no_character_of_unicode_moves_the_cursor() -> None:
    for code in [*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x2069, 0xD800, 0xE0061]:
        assert visible(chr(code)).isprintable()


class Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_lines_are_typed_until_control_d(
    slack: StandIn, anna: Person, api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["people", "channels"])
    signs: list[str] = []

    def read(sign: str) -> str:
        signs.append(sign)
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(sys, "stdin", Keyboard())
    monkeypatch.setattr("builtins.input", read)
    code = await run_terminal(slack, {"anna": anna}, start="anna", patience=0.01)

    assert 0 == code
    assert ["anna #general> "] * 3 == signs
    assert "Anna Larsson, admin" in capsys.readouterr().out


async def test_a_pipe_is_played_like_a_script(
    slack: StandIn, anna: Person, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("people\n"))
    out = Keyboard()
    monkeypatch.setenv("NO_COLOR", "1")
    await run_terminal(slack, {"anna": anna}, start="anna", out=out)

    assert "anna #general> people" in out.getvalue()
    assert "\x1b" not in out.getvalue()
