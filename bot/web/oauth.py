"""Slack's addresses for installing: where to send whoever installs, what their way back is worth, and new tokens.

Where Slack is follows from the base of its Web API. Nothing is tried twice, since each code and each refresh token
works once.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated, Any
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError

from bot.services.installations import Grant, NotRefreshed, Tokens
from bot.web.exchange import EXCHANGE_SECONDS, Client, NotExchanged, Why, read_answer, refused

_GONE = frozenset(("invalid_refresh_token", "token_revoked", "account_inactive", "invalid_auth", "token_expired"))
"""What Slack says of a refresh token that will not work again."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,32}$")]
Secret = Annotated[str, StringConstraints(pattern=r"^xox[!-~]{1,5000}$")]


class _Named(BaseModel):
    id: Id


class _Tokens(BaseModel):
    access_token: Secret = Field(repr=False)
    refresh_token: Secret | None = Field(default=None, repr=False)
    expires_in: Annotated[int, Field(ge=1, le=10**8)] | None = None


class _Answer(_Tokens):
    """What `oauth.v2.access` answers to a code, as far as it is used."""

    app_id: Id
    bot_user_id: Id
    authed_user: _Named
    team: _Named | None = None
    enterprise: _Named | None = None
    is_enterprise_install: bool | None = False
    scope: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.:,_-]{1,5000}$")]


_TOKENS = TypeAdapter(_Tokens)
_ANSWER = TypeAdapter(_Answer)


class OAuth:
    """Slack's addresses for installing, for one client."""

    def __init__(
        self, client: Client, api_url: str, session: aiohttp.ClientSession, now: Callable[[], datetime]
    ) -> None:
        parts = urlsplit(api_url)
        self._slack = f"{parts.scheme}://{parts.netloc.removeprefix('www.')}"
        self._access_url = urljoin(api_url, "oauth.v2.access")
        self._client = client
        self._session = session
        self._now = now

    def authorize_url(self, state: str, scopes: Sequence[str]) -> str:
        """Where somebody lets the app into their workspace. Which of the scopes they may decline Slack knows itself."""
        asked = {
            "client_id": self._client.client_id,
            "scope": ",".join(scopes),
            "redirect_uri": self._client.redirect_uri,
            "state": state,
        }
        return f"{self._slack}/oauth/v2/authorize?{urlencode(asked)}"

    async def exchange(self, code: str) -> Grant:
        """What was granted, for the code that a browser came back with.

        Raises:
            NotExchanged: nothing was.
        """
        form = {"code": code, "redirect_uri": self._client.redirect_uri}
        answer, at = await self._asked(form)
        failed = refused(answer)
        if failed is not None:
            raise failed
        try:
            return _grant_in(_ANSWER.validate_python(answer), at)
        except ValidationError:
            raise NotExchanged(Why.SILENT, "no_grant") from None

    async def refresh(self, refresh_token: str) -> Tokens:
        """The tokens in the place of those that this one came with.

        Raises:
            NotRefreshed: there are none.
        """
        try:
            answer, at = await self._asked({"grant_type": "refresh_token", "refresh_token": refresh_token})
        except NotExchanged as failed:
            raise NotRefreshed(failed.reason) from None
        if answer.get("ok") is not True:
            error = answer.get("error")
            for_good = isinstance(error, str) and error in _GONE
            raise NotRefreshed(str(error) if for_good else "not_ok", for_good=for_good)
        try:
            return _tokens_in(_TOKENS.validate_python(answer), at)
        except ValidationError:
            raise NotRefreshed("no_tokens") from None

    async def _asked(self, form: Mapping[str, str]) -> tuple[Mapping[str, Any], datetime]:
        """An answer that is an object in JSON, and when Slack gave it."""
        client = {"client_id": self._client.client_id, "client_secret": self._client.secret}
        try:
            async with (
                asyncio.timeout(EXCHANGE_SECONDS),
                self._session.post(self._access_url, data={**client, **form}, allow_redirects=False) as response,
            ):
                answer = await read_answer(response)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise NotExchanged(Why.SILENT, type(error).__name__) from None
        return answer, _date_in(response.headers.get("Date", "")) or self._now()


def _grant_in(answer: _Answer, at: datetime) -> Grant:
    of_organisation = answer.is_enterprise_install is True
    enterprise = "" if answer.enterprise is None else answer.enterprise.id
    team = "" if answer.team is None or of_organisation else answer.team.id
    if not (enterprise if of_organisation else team):
        raise NotExchanged(Why.SILENT, "no_place")
    return Grant(
        enterprise=enterprise,
        team=team,
        of_organisation=of_organisation,
        app_id=answer.app_id,
        bot_user=answer.bot_user_id,
        installer=answer.authed_user.id,
        scopes=tuple(answer.scope.split(",")),
        tokens=_tokens_in(answer, at),
        at=at,
    )


def _tokens_in(answer: _Tokens, at: datetime) -> Tokens:
    if answer.refresh_token is None or answer.expires_in is None:
        return Tokens(answer.access_token)
    return Tokens(answer.access_token, answer.refresh_token, at + timedelta(seconds=answer.expires_in))


def _date_in(header: str) -> datetime | None:
    """When an answer was given, by the clock of who gave it."""
    try:
        found = parsedate_to_datetime(header)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
