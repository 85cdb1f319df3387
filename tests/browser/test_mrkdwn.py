"""Slack's mrkdwn as markup: what means something, and what stays as it was typed."""

import json
from typing import Any

import pytest

from tests.browser.gallery import CONTEXT, NOW
from tests.browser.surface import Surface, plain, section
from tests.corpus import lines

pytestmark = pytest.mark.asyncio(loop_scope="session")
A_LINK = 'class="b-link" target="_blank" rel="noopener noreferrer"'
TIME = '<time datetime="2024-03-31T01:00:00.000Z">'
SPRING = 1_711_846_800  # 31 March 2024, 01:00 in UTC: clocks in Amsterdam go from 01:59 to 03:00


async def marked_up(surface: Surface, *texts: str, verbatim: bool = False, **more: Any) -> dict[str, str]:
    return {text: await surface.mrkdwn(text, verbatim=verbatim, **{**CONTEXT, **more}) for text in texts}


async def is_typed(surface: Surface, *texts: str) -> None:
    """Each text stays letter for letter, in one text node."""
    found = {}
    for text in texts:
        await surface.mrkdwn(text, **CONTEXT)
        script = "[...node.childNodes].map((one) => one.nodeType === 3 && one.data).join('|')"
        found[text] = await surface.page.locator("#surface").evaluate(f"(node) => {script}")

    assert {text: text for text in texts} == found


async def test_styles_begin_and_end_with_words(surface: Surface) -> None:
    rows = {
        "*bold*": "<strong>bold</strong>",
        "a *bold* b": "a <strong>bold</strong> b",
        "_italic_, ~strike~.": "<em>italic</em>, <s>strike</s>.",
        "*two words*": "<strong>two words</strong>",
        "_*both*_": "<em><strong>both</strong></em>",
        "*a _b_ c*": "<strong>a <em>b</em> c</strong>",
        "(*in brackets*)": "(<strong>in brackets</strong>)",
        "*one* and *two*": "<strong>one</strong> and <strong>two</strong>",
        "*snake_case stays*": "<strong>snake_case stays</strong>",
        "`a *b* :tada:`": '<code class="b-code" dir="auto">a *b* :tada:</code>',
        "*`code`*": '<strong><code class="b-code" dir="auto">code</code></strong>',
        "*5 * 3*": "<strong>5 * 3</strong>",
    }

    assert rows == await marked_up(surface, *rows)


async def test_signs_within_words_alone_or_over_lines_stay_as_typed(surface: Surface) -> None:
    await is_typed(
        surface,
        "snake_case_name",
        "2*3*4",
        "a * b * c",
        "* not bold*",
        "*not bold *",
        "*not\nover lines*",
        "**",
        "***",
        "__init__",
        "~",
        "`",
        "``",
        "5 ~ 6",
        "*unclosed",
        "x*bold*",
        "*bold*x",
        "é*bold*",
    )


async def test_fences_keep_what_is_in_them(surface: Surface) -> None:
    rows = {
        "```a\n  b *c*```": '<pre class="b-pre" dir="auto">a\n  b *c*</pre>',
        "x\n```\na\n```\ny": 'x<pre class="b-pre" dir="auto">a</pre>y',
        "```&lt;b&gt;```": '<pre class="b-pre" dir="auto">&lt;b&gt;</pre>',
        "```>no quote```": '<pre class="b-pre" dir="auto">&gt;no quote</pre>',
    }

    assert rows == await marked_up(surface, *rows)
    await is_typed(surface, "```never closed")


async def test_lines_after_an_angle_are_quotations(surface: Surface) -> None:
    quote = '<blockquote class="b-quote" dir="auto">'
    rows = {
        ">a": f"{quote}a</blockquote>",
        "&gt; a\n&gt; *b*\nc": f"{quote}a\n<strong>b</strong></blockquote>c",
        "x\n>a": f"x{quote}a</blockquote>",
        "&gt;&gt;&gt;a\nb\nc": f"{quote}a\nb\nc</blockquote>",
        "5 > 3": "5 &gt; 3",
    }

    assert rows == await marked_up(surface, *rows)


async def test_links_are_followed_in_a_new_tab_and_only_where_that_is_safe(surface: Surface) -> None:
    rows = {
        "<https://x.example|a *word*>": f'<a href="https://x.example" {A_LINK}><bdi>a *word*</bdi></a>',
        "<https://x.example/?a=1&amp;b=2>": f'<a href="https://x.example/?a=1&amp;b=2" {A_LINK}>'
        "<bdi>https://x.example/?a=1&amp;b=2</bdi></a>",
        "*<https://x.example|x>*": f'<strong><a href="https://x.example" {A_LINK}><bdi>x</bdi></a></strong>',
        "<mailto:a@x.example|Anna>": f'<a href="mailto:a@x.example" {A_LINK}><bdi>Anna</bdi></a>',
        "<tel:+31201234567>": f'<a href="tel:+31201234567" {A_LINK}><bdi>+31201234567</bdi></a>',
    }

    assert rows == await marked_up(surface, *rows)
    await is_typed(
        surface,
        "<javascript:alert(1)|x>",
        "<JaVaScRiPt:alert(1)>",
        "<data:text/html,<b>x</b>",
        "<data:text/html,hello|x>",
        "< javascript:alert(1)|x>",
        "<vbscript:x|y>",
        "<file:///etc/passwd|x>",
        "<blob:https://x.example/1|x>",
        "<//x.example|x>",
        "<https:|x>",
    )


async def test_bare_addresses_are_links_unless_the_text_is_verbatim(surface: Surface) -> None:
    link = f'<a href="https://x.example/a_b" {A_LINK}><bdi>https://x.example/a_b</bdi></a>'
    rows = {
        "see https://x.example/a_b.": f"see {link}.",
        "(https://x.example/a_b)": f"({link})",
        "*https://x.example/a_b*": f"<strong>{link}</strong>",
        "anna@x.example": f'<a href="mailto:anna@x.example" {A_LINK}><bdi>anna@x.example</bdi></a>',
        "to #general now": 'to <span class="b-mention b-mention-channel"><bdi>#general</bdi></span> now',
        "#nowhere": "#nowhere",
        "xhttps://x.example": "xhttps://x.example",
    }

    assert rows == await marked_up(surface, *rows)
    as_typed = {"https://x.example": "https://x.example", "a@x.example": "a@x.example", "#general": "#general"}
    assert as_typed == await marked_up(surface, *as_typed, verbatim=True)
    assert {"<https://x.example>": f'<a href="https://x.example" {A_LINK}><bdi>https://x.example</bdi></a>'} == (
        await marked_up(surface, "<https://x.example>", verbatim=True)
    )


async def test_people_channels_and_broadcasts_are_named(surface: Surface) -> None:
    def mention(kind: str, words: str) -> str:
        return f'<span class="b-mention b-mention-{kind}"><bdi>{words}</bdi></span>'

    rows = {
        "<@U0BEN>": mention("user", "@ben"),
        "<@U0ANNA>": mention("user b-mention-me", "@anna"),
        "<@U0NOBODY|was>": mention("user", "@was"),
        "<@U0NOBODY>": mention("user", "@unknown"),
        "<#C0GENERAL|old-name>": mention("channel", "#general"),
        "<#C0ELSEWHERE|far>": mention("channel", "#far"),
        "<!here> <!channel|channel>": f"{mention('broadcast', '@here')} {mention('broadcast', '@channel')}",
        "<!everyone>": mention("broadcast", "@everyone"),
        "<!subteam^S1|@hosts>": mention("group", "@hosts"),
        "<!unheard-of|words>": "<bdi>words</bdi>",
    }

    assert rows == await marked_up(surface, *rows)
    await is_typed(surface, "<@nobody>", "<#general>", "<!unheard-of>", "<>", "<@>")


async def test_emoji_are_signs_where_the_name_is_known(surface: Surface) -> None:
    rows = {":tada:": "🎉", ":wave::skin-tone-4:": "👋🏽", "a:+1:b": "a👍b", ":warning:": "⚠️"}

    assert rows == await marked_up(surface, *rows)
    await is_typed(surface, ":nothing_of_this_name:", "10:30:45", ": tada :", "::")


async def test_entities_are_read_once(surface: Surface) -> None:
    await surface.mrkdwn("&amp;lt; &lt;!channel&gt; Q&amp;A Q&A &copy;", **CONTEXT)

    assert "&lt; <!channel> Q&A Q&A &copy;" == await surface.page.locator("#surface").text_content()


async def test_moments_are_told_in_the_readers_zone_and_language(surface: Surface) -> None:
    rows = [
        ("{date_num} {time}", "en-US", "Europe/Amsterdam", "2024-03-31 3:00 AM"),
        ("{date_num} {time}", "en-US", "America/New_York", "2024-03-30 9:00 PM"),
        ("{time_secs}", "en-GB", "UTC", "1:00:00"),
        ("{date}", "en-US", "UTC", "March 31st, 2024"),
        ("{date_long}", "en-US", "UTC", "Sunday, March 31st, 2024"),
        ("{date_long_full}", "en-US", "UTC", "March 31, 2024"),
        ("{date_short} and {date_slash}", "en-US", "UTC", "Mar 31, 2024 and 03/31/2024"),
        ("{date_long}", "de-DE", "UTC", "Sonntag, 31. März 2024"),
        ("on {date_short}", "en-US", "No/Where", "on Mar 31, 2024"),
        ("on {date_short}", "no language", "UTC", "on Mar 31, 2024"),
        ("{ago}", "en-US", "UTC", "2 years ago"),
    ]
    found = []
    for words, locale, zone, _ in rows:
        context = {**CONTEXT, "locale": locale, "timeZone": zone}
        markup = await surface.mrkdwn(f"<!date^{SPRING}^{words}|else>", **context)
        found.append((words, locale, zone, markup.removeprefix(TIME).removesuffix("</time>")))

    assert rows == found


async def test_near_days_have_names_of_their_own(surface: Surface) -> None:
    noon = NOW // 1000
    day = 86_400
    rows = {
        f"<!date^{noon}^{{date_pretty}}|x>": "Today",
        f"<!date^{noon - day}^{{date_short_pretty}} at {{time}}|x>": "Yesterday at 11:00 AM",
        f"<!date^{noon + day}^due {{date_long_pretty}}|x>": "due tomorrow",
        f"<!date^{noon + 2 * day}^{{date_pretty}}|x>": "November 26th",
        f"<!date^{noon - 300 * day}^{{date_pretty}}|x>": "January 28th, 2026",
        f"<!date^{noon - 90}^{{ago}}|x>": "1 minute ago",
        f"<!date^{noon + 7200}^{{ago}}|x>": "In 2 hours",
    }
    found = {text: markup.split(">")[1].split("<")[0] for text, markup in (await marked_up(surface, *rows)).items()}

    assert rows == found


async def test_a_moment_may_be_a_link_and_falls_back_where_it_cannot_be_told(surface: Surface) -> None:
    rows = {
        f"<!date^{SPRING}^{{date_num}}^https://x.example|x>": f'<a href="https://x.example" {A_LINK}>'
        "<bdi>2024-03-31</bdi></a>",
        f"<!date^{SPRING}^{{date_num}}^javascript:alert(1)|x>": f"{TIME}2024-03-31</time>",
        "<!date^99999999999999999^{date_num}|never>": "<time>never</time>",
        f"<!date^{SPRING}^no token|said so>": f"{TIME}said so</time>",
    }

    assert rows == await marked_up(surface, *rows)


async def test_what_people_wrote_never_becomes_markup(surface: Surface) -> None:
    """Every hostile text of the corpus, escaped as an app does it, plain, and raw."""
    hostile = [
        line for line in (*lines(category=11), *lines(category=12), *lines(category=7)) if isinstance(line.value, str)
    ]
    for line in hostile:
        escaped = line.value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks = [
            {**section(escaped), "block_id": "escaped"},
            {**section(line.value), "block_id": "raw"},
            {"type": "section", "block_id": "plain", "text": plain(line.value)},
            {"type": "header", "block_id": "header", "text": {**plain(line.value), "emoji": False}},
        ]
        await surface.show(*blocks, **CONTEXT)
        tags = await surface.page.evaluate(
            "[...document.querySelectorAll('#surface *')].map((node) => node.localName + [...node.attributes]"
            ".filter((one) => /^on|javascript:|data:/i.test(one.name + one.value)).map((one) => one.name).join())"
        )

        assert set(tags) <= {"div", "a", "bdi", "span", "strong", "em", "s", "code", "pre", "blockquote", "h3", "time"}
        assert line.value == await surface.of("[data-block-id=header] h3").text_content()
        assert line.value == await surface.of("[data-block-id=plain] .b-text").text_content()
        if not any(sign in line.value for sign in "`>*_~:"):
            assert line.value == await surface.of("[data-block-id=escaped] .b-text").text_content(), json.dumps(
                line.value
            )
        assert 0 == await surface.of("[data-block-id=escaped] .b-mention").count()
    assert len(hostile) > 20


async def test_hostile_names_are_kept_apart_from_the_words_around_them(surface: Surface) -> None:
    users = {"U0EVE": {"name": "\u202eevil<img src=x>", "real_name": "Eve"}}

    markup = await surface.mrkdwn("hello <@U0EVE> there", **{**CONTEXT, "users": users})

    assert 'hello <span class="b-mention b-mention-user"><bdi>@\u202eevil&lt;img src=x&gt;</bdi></span> there' == markup


async def test_long_and_tangled_texts_are_read_in_no_time(surface: Surface) -> None:
    tangled = [
        "*a _b ~c " * 330,
        "<" * 3000,
        "`" * 3000,
        "*" * 3000,
        "a@" * 1500,
        "&gt;" * 750,
        ":a" * 1500,
        "https://" * 370,
    ]

    for text in tangled:
        milliseconds = await surface.page.evaluate(
            "(text) => { const before = performance.now(); window.mrkdwn(text); return performance.now() - before; }",
            text,
        )

        assert milliseconds < 500, text[:20]
