"""A page that shows blocks and notes down what they tell: what the tests of the blocks hold in hand."""

from typing import Any

from playwright.async_api import Locator, Page

Json = dict[str, Any]


class Surface:
    """Blocks on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def show(self, *blocks: Json, **context: Any) -> None:
        """Render these blocks from nothing."""
        await self.page.evaluate("([blocks, more]) => window.show(blocks, more)", [list(blocks), context])

    async def update(self, *blocks: Json, **context: Any) -> None:
        """Bring what is shown up to date; what the context does not say stays as it was."""
        await self.page.evaluate("([blocks, more]) => window.update(blocks, more)", [list(blocks), context])

    async def mrkdwn(self, text: str, *, verbatim: bool = False, **context: Any) -> str:
        """The markup that a mrkdwn text comes to."""
        script = "([text, more, options]) => window.mrkdwn(text, more, options)"
        markup: str = await self.page.evaluate(script, [text, context, {"verbatim": verbatim}])
        return markup

    async def answer(self, what: str, script: str) -> None:
        """From now on what the blocks ask (`act`, `suggest`, `confirm`) is answered by this script."""
        # A script that comes to a function would be called: this one comes to nothing.
        await self.page.evaluate(f"void (window.answers.{what} = {script})")

    async def told(self) -> list[Json]:
        """What the blocks have told so far."""
        found: list[Json] = await self.page.evaluate("window.told")
        return found

    async def forget(self) -> None:
        """Forget what was told."""
        await self.page.evaluate("window.told.length = 0")

    def of(self, selector: str) -> Locator:
        """What a selector finds among the blocks."""
        return self.page.locator(f"#surface {selector}")


def plain(text: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str, *, verbatim: bool = False) -> Json:
    """A mrkdwn text object."""
    return {"type": "mrkdwn", "text": text, "verbatim": verbatim}


def section(text: str, **more: Any) -> Json:
    """A section of mrkdwn."""
    return {"type": "section", "block_id": "s1", "text": mrkdwn(text), **more}


def actions(*elements: Json, **more: Any) -> Json:
    """A row of elements."""
    return {"type": "actions", "block_id": "a1", "elements": list(elements), **more}


def button(text: str, action_id: str = "press", **more: Any) -> Json:
    """A button."""
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def field(kind: str = "plain_text_input", *, label: str = "Name", block: Json | None = None, **element: Any) -> Json:
    """An input block with one element; `block` holds what else the block says."""
    inner = {"type": kind, "action_id": "typed", **element}
    return {"type": "input", "block_id": "i1", "label": plain(label), "element": inner, **(block or {})}


def options(*words: str) -> list[Json]:
    """Options whose value is their first letter in lower case."""
    return [{"text": plain(word), "value": word[0].lower()} for word in words]
