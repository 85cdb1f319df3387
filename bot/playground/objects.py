"""The shapes of what blocks and elements are made of: texts, options, confirmations, filters, rich text."""

import re

from bot.playground.schema import (
    URL,
    Rule,
    array,
    boolean,
    both,
    exactly_one,
    integer,
    one_of,
    shape,
    string,
    typed,
    whole,
    written,
)

ACTION_ID = 255
OPTION = 75
OPTION_VALUE = 150
ADDRESS = 3000
STYLES = ("primary", "danger")
COLOR = re.compile(r"#[0-9A-Fa-f]{6}")

address = written(URL, "uri", ADDRESS)


def plain(most: int) -> Rule:
    """A `plain_text` object of so many characters."""
    return whole(typed({"plain_text": _plain(most)}))


def words(most: int) -> Rule:
    """A text object, `plain_text` or `mrkdwn`, of so many characters."""
    return whole(typed({"plain_text": _plain(most), "mrkdwn": _mrkdwn(most)}))


def option(text: Rule, *, with_url: bool = False) -> Rule:
    """An option; its text and description are `text`."""
    more = {"url": address} if with_url else {}
    return shape({"text": text, "value": string(OPTION_VALUE, 1)}, {"description": text, **more})


def option_groups(most: int) -> Rule:
    """Groups of options under a label."""
    return array(shape({"label": plain(OPTION), "options": array(option(plain(OPTION)), most)}), most)


def _plain(most: int) -> Rule:
    return shape({"type": string(), "text": string(most, 1)}, {"emoji": boolean})


def _mrkdwn(most: int) -> Rule:
    return shape({"type": string(), "text": string(most, 1)}, {"verbatim": boolean})


confirmation = shape(
    {"title": plain(100), "text": words(300), "confirm": plain(30), "deny": plain(30)}, {"style": one_of(*STYLES)}
)
slack_file = both(shape({}, {"id": string(), "url": address}), exactly_one("id", "url"))
dispatch = shape({}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)})
conversation_filter = shape(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public")),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
workflow = shape(
    {
        "trigger": shape(
            {"url": address},
            {"customizable_input_parameters": array(shape({"name": string(), "value": string()}))},
        )
    }
)

_look = shape({}, {"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean})
_mention_look = shape(
    {},
    dict.fromkeys(("bold", "italic", "strike", "highlight", "client_highlight", "unlink", "underline"), boolean),
)
_words_in_line = typed(
    {
        "text": shape({"type": string(), "text": string(least=1)}, {"style": _look}),
        "link": shape({"type": string(), "url": address}, {"text": string(), "unsafe": boolean, "style": _look}),
        "emoji": shape({"type": string(), "name": string(least=1)}, {"unicode": string(), "style": _look}),
        "user": shape({"type": string(), "user_id": string(least=1)}, {"style": _mention_look}),
        "channel": shape({"type": string(), "channel_id": string(least=1)}, {"style": _mention_look}),
        "usergroup": shape({"type": string(), "usergroup_id": string(least=1)}, {"style": _mention_look}),
        "broadcast": shape({"type": string(), "range": one_of("here", "channel", "everyone")}, {"style": _look}),
        "color": shape({"type": string(), "value": written(COLOR, "color")}, {"style": _look}),
        "date": shape(
            {"type": string(), "timestamp": integer(), "format": string(least=1)},
            {"url": address, "fallback": string(), "style": _look},
        ),
    }
)
_line = array(_words_in_line, least=0)
_section = shape({"type": string(), "elements": _line})
_border = integer(0, 1)
rich_text_parts = array(
    typed(
        {
            "rich_text_section": _section,
            "rich_text_list": shape(
                {
                    "type": string(),
                    "style": one_of("bullet", "ordered"),
                    "elements": array(typed({"rich_text_section": _section})),
                },
                {"indent": integer(0), "offset": integer(0), "border": _border},
            ),
            "rich_text_preformatted": shape({"type": string(), "elements": _line}, {"border": _border}),
            "rich_text_quote": shape({"type": string(), "elements": _line}, {"border": _border}),
        }
    ),
    least=0,
)
rich_text = shape({"type": one_of("rich_text"), "elements": rich_text_parts}, {"block_id": string(ACTION_ID)})
