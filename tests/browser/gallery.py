"""Every block and element that the page knows, as messages, a dialog and Home might hold them."""

from typing import Any

from tests.browser.surface import Json, actions, button, field, mrkdwn, options, plain, section

# A picture of 40 by 40 points, so that nothing is loaded from elsewhere.
PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 40' width='400' height='240'%3E"
    "%3Crect width='40' height='40' fill='%237aa'/%3E%3Ccircle cx='20' cy='20' r='9' fill='%23fff'/%3E%3C/svg%3E"
)
NOW = 1_795_514_400_000  # 24 November 2026, 10:00 in UTC
USERS: Json = {
    "U0ANNA": {"name": "anna", "real_name": "Anna Berg", "is_bot": False, "deleted": False, "outside": False},
    "U0BEN": {"name": "ben", "real_name": "Ben Okafor", "is_bot": False, "deleted": False, "outside": False},
    "U0CLEO": {"name": "cleo", "real_name": "Cleo Marsh", "is_bot": False, "deleted": False, "outside": True},
    "U0GONE": {"name": "gone", "real_name": "Gus Gone", "is_bot": False, "deleted": True, "outside": False},
    "U0APP": {"name": "standing-room", "real_name": "Standing Room", "is_bot": True, "deleted": False},
}
CHANNELS: list[Json] = [
    {"id": "C0GENERAL", "name": "general", "kind": "channel", "shared": False, "archived": False, "member": True},
    {"id": "C0PARTNER", "name": "partners", "kind": "channel", "shared": True, "archived": False, "member": True},
    {"id": "C0OLD", "name": "old", "kind": "channel", "shared": False, "archived": True, "member": True},
    {"id": "G0SECRET", "name": "board", "kind": "private", "shared": False, "archived": False, "member": True},
    {"id": "D0ANNA", "name": "Standing Room", "kind": "im", "shared": False, "archived": False, "member": True},
]
CONTEXT: Json = {
    "users": USERS,
    "channels": CHANNELS,
    "me": {"id": "U0ANNA"},
    "now": NOW,
    "timeZone": "Europe/Amsterdam",
}
GROUPS: list[Json] = [
    {"label": plain("Fruit"), "options": options("Apple", "Banana")},
    {"label": plain("Grain"), "options": options("Oats", "Rye")},
]

MESSAGE: list[Json] = [
    {"type": "header", "block_id": "g1", "text": plain("Your room :wave:")},
    section(
        "Your Personal Meeting ID is *582 904 7316*.\n<https://meet.example/j/5829047316>",
        block_id="g2",
        accessory=button("Edit", "edit"),
    ),
    section(
        "*Bold*, _italic_, ~strike~, `code` and _*both*_ for <@U0BEN> in <#C0GENERAL>, <!here> and <@U0ANNA>.\n"
        ">A quotation of\n>two lines\n```a fence\n  keeps its spaces```\n"
        "Until <!date^1795600800^{date_long_pretty} at {time}|tomorrow>, <mailto:anna@example.com|mail Anna> :tada:",
        block_id="g3",
    ),
    {
        "type": "section",
        "block_id": "g4",
        "fields": [
            mrkdwn("*Plan*\nBusiness"),
            mrkdwn("*Licence*\nLicensed"),
            mrkdwn("*Held since*\n<!date^1795428000^{date_pretty}|yesterday>"),
            plain("Plain text"),
        ],
    },
    {"type": "divider", "block_id": "g5"},
    section(
        "With a picture beside it",
        block_id="g6",
        accessory={"type": "image", "image_url": PICTURE, "alt_text": "A room"},
    ),
    section(
        "With a menu beside it",
        block_id="g7",
        accessory={
            "type": "static_select",
            "action_id": "m",
            "placeholder": plain("Select one"),
            "options": options("Ay"),
        },
    ),
    section(
        "With more to do",
        block_id="g8",
        accessory={"type": "overflow", "action_id": "more", "options": options("History", "Remove")},
    ),
    {"type": "image", "block_id": "g9", "title": plain("A picture"), "image_url": PICTURE, "alt_text": "A round table"},
    {
        "type": "context",
        "block_id": "g10",
        "elements": [
            {"type": "image", "image_url": PICTURE, "alt_text": "A table"},
            mrkdwn("Business plan · Licensed · `/pmi help`"),
        ],
    },
    actions(
        button("Start", "start", style="primary"),
        button("Share", "share"),
        button("Remove", "remove", style="danger"),
        button("Open", "open", url="https://meet.example/"),
        {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-24", "placeholder": plain("A day")},
        block_id="g11",
    ),
    {
        "type": "call",
        "block_id": "g12",
        "call_id": "R1",
        "call": {"v1": {"name": "Weekly", "display_id": "582 904 7316", "join_url": "https://meet.example/j/1"}},
    },
    {
        "type": "rich_text",
        "block_id": "g13",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "Rich "},
                    {"type": "text", "text": "bold", "style": {"bold": True}},
                    {"type": "text", "text": ", code ", "style": {"code": True}},
                    {"type": "user", "user_id": "U0CLEO"},
                    {"type": "text", "text": " "},
                    {"type": "channel", "channel_id": "C0GENERAL"},
                    {"type": "text", "text": " "},
                    {"type": "broadcast", "range": "channel"},
                    {"type": "text", "text": " "},
                    {"type": "emoji", "name": "rocket", "unicode": "1f680"},
                    {"type": "text", "text": " "},
                    {"type": "link", "url": "https://meet.example/", "text": "a link"},
                    {"type": "text", "text": " "},
                    {"type": "color", "value": "#4a154b"},
                    {"type": "text", "text": " "},
                    {"type": "date", "timestamp": 1795514400, "format": "{date_short} at {time}", "fallback": "now"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "One"}]},
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "Two"}]},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 1,
                "offset": 2,
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Third"}]}],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Quoted"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "def f():\n    return 1"}]},
        ],
    },
    {
        "type": "markdown",
        "block_id": "g14",
        "text": "## A heading\n**Bold**, *italic*, ~~strike~~, `code`, [a link](https://meet.example/)\n\n"
        "- one\n- two\n\n> Quoted",
    },
    {"type": "hologram", "block_id": "g15"},
]


def placed(block_id: str, kind: str, label: str, /, block: Json | None = None, **element: Any) -> Json:
    """An input block of its own id."""
    return field(kind, label=label, block={"block_id": block_id, **(block or {})}, action_id="a", **element)


DIALOG: list[Json] = [
    *(
        {"type": "alert", "block_id": f"alert-{level}", "level": level, "text": mrkdwn(f"An alert of level *{level}*.")}
        for level in ("default", "info", "warning", "error", "success")
    ),
    placed(
        "name",
        "plain_text_input",
        "Personal Meeting ID",
        {"hint": plain("Ten digits, or eleven."), "dispatch_action": True},
        initial_value="582 904 7316",
        max_length=40,
        dispatch_action_config={"trigger_actions_on": ["on_character_entered"]},
    ),
    placed("wrong", "plain_text_input", "Personal link", {"hint": plain("5 to 40 letters.")}, initial_value="ab"),
    placed("enter", "plain_text_input", "Sent by Enter", {"dispatch_action": True, "optional": True}),
    placed("lines", "plain_text_input", "Agenda", {"optional": True}, multiline=True, placeholder=plain("Ex. budget")),
    placed("number", "number_input", "Minutes", is_decimal_allowed=False, min_value="5", max_value="90"),
    placed("email", "email_text_input", "Email", placeholder=plain("Ex. anna@example.com")),
    placed("web", "url_text_input", "Address"),
    placed(
        "boxes",
        "checkboxes",
        "Meetings",
        options=[
            {
                "text": mrkdwn("Use my PMI for *instant* meetings"),
                "value": "i",
                "description": plain("Else a number for once"),
            },
            {"text": plain("Use it for scheduled ones"), "value": "s"},
        ],
        initial_options=[{"text": plain("Use it for scheduled ones"), "value": "s"}],
    ),
    placed(
        "radio",
        "radio_buttons",
        "Waiting room",
        options=options("Nobody", "Everybody"),
        initial_option=options("Nobody")[0],
    ),
    placed(
        "one", "static_select", "Plan", {"optional": True}, option_groups=GROUPS, initial_option=options("Banana")[0]
    ),
    placed(
        "many",
        "multi_static_select",
        "Several",
        options=options("Ay", "Bee", "Cee"),
        initial_options=options("Ay", "Bee"),
    ),
    placed("user", "users_select", "Who", initial_user="U0BEN"),
    placed("users", "multi_users_select", "Alternative hosts", initial_users=["U0BEN", "U0CLEO"]),
    placed("place", "conversations_select", "Where", initial_conversation="G0SECRET"),
    placed("channels", "multi_channels_select", "Channels", {"optional": True}),
    placed("outside", "external_select", "From the app", min_query_length=2),
    placed("day", "datepicker", "Day", initial_date="2026-11-24"),
    placed("time", "timepicker", "Time", initial_time="10:30", timezone="Europe/Amsterdam"),
    placed("at", "datetimepicker", "Starts", initial_date_time=1795514400),
]
ERRORS = {"wrong": "A personal link has at least 5 characters.", "boxes": "Choose at least one."}
