"""What join pages show: the one first page, and pages of a few words. No address is read here, let alone shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp_jinja2
from aiohttp import web

from bot.texts import Translator
from bot.web.headers import policy

NAME, PASSCODE = "name", "passcode"
FIELDS = (NAME, PASSCODE)
_MINUTE = 60
_LONG = 90
"""Seconds from which on minutes are said."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps somebody from going on, and in which field."""

    text: str
    field: str = ""


class JoinPages:
    """Writes the pages. `forms_lead_to` are the origins that a form may lead on to, beside our own."""

    def __init__(self, t: Translator, forms_lead_to: Sequence[str] = ()) -> None:
        self._t = t
        self._form_policy = {"Content-Security-Policy": policy("'self'", *forms_lead_to)}
        self._first: bytes | None = None
        self._again = t("page.join.title.again")
        self._words = {
            "title": t("page.join.title"),
            "text": t("page.join.text"),
            "name": t("page.join.name"),
            "passcode": t("page.join.passcode"),
            "hint": t("page.join.hint"),
            "join": t("page.join.button"),
            "problems": t("page.join.problems"),
        }

    def first(self, request: web.Request) -> web.Response:
        """The first page, the same for every address: the very same bytes."""
        if self._first is None:
            page = aiohttp_jinja2.render_string("first.html", request, self._context("", ()))
            self._first = page.encode()
        return web.Response(body=self._first, content_type="text/html", charset="utf-8", headers=self._form_policy)

    def form(self, request: web.Request, status: int, name: str, problems: Sequence[Problem]) -> web.Response:
        """The first page once more, with what was typed but for the passcode, and what is wrong."""
        context = self._context(name, problems)
        answer = aiohttp_jinja2.render_template("first.html", request, context, status=status)
        answer.headers.update(self._form_policy)
        return answer

    def _context(self, name: str, problems: Sequence[Problem]) -> dict[str, object]:
        told = {field: next((each.text for each in problems if each.field == field), "") for field in FIELDS}
        return {
            "title": self._again if problems else self._words["title"],
            "words": self._words,
            "name": name,
            "problems": problems,
            "told": told,
            "focus": next((field for field in FIELDS if told[field]), ""),
        }

    def words(self, request: web.Request, status: int, title: str, text: str, **more: str) -> web.Response:
        """A page of a few words; `more` are an address to show, and where a button leads and what it says."""
        context: Mapping[str, str] = {"title": title, "text": text, "address": "", "onward": "", "button": "", **more}
        return aiohttp_jinja2.render_template("words.html", request, context, status=status)

    def slow(self, request: web.Request, seconds: int) -> web.Response:
        """Nobody listens for so long."""
        title, text = self._t("page.slow.title"), self.wait(seconds)
        answer = self.words(request, HTTPStatus.TOO_MANY_REQUESTS, title, text)
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def wait(self, seconds: int) -> str:
        """For how long to wait, in words."""
        if seconds <= _LONG:
            return self._t.many("page.slow.seconds", seconds)
        return self._t.many("page.slow.minutes", -(-seconds // _MINUTE))

    def unavailable(self, request: web.Request, title: str, text: str, seconds: int) -> web.Response:
        """Something that we need does not answer."""
        answer = self.words(request, HTTPStatus.SERVICE_UNAVAILABLE, title, text)
        answer.headers["Retry-After"] = str(seconds)
        return answer
