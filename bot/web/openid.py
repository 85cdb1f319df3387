"""Sign in with Slack as OpenID Connect has it: where to send somebody, and what their way back is worth.

Where Slack is follows from the base of its Web API, as its own discovery document has it. Nothing is tried twice but
for keys, of which there may be new ones.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp
import jwt

from bot.services.sign_in import Begun, Finished
from bot.web.exchange import EXCHANGE_SECONDS, Client, NotExchanged, Why, read_answer, refused
from bot.web.id_token import Expected, Untrusted, Vouched, key_id_of, read_id_token

KEYS_SECONDS = 3600.0
"""For how long Slack's keys, and what it says that it can do, count without asking again."""
SCOPES = "openid profile"
DISCOVERY_SECONDS = 1.0
"""For Slack to say what it can do. Without an answer, nothing is taken for granted, and it is asked again later."""
AGAIN_SECONDS = 60.0


class OpenID:
    """Slack's addresses for signing in, for one client."""

    def __init__(
        self,
        client: Client,
        api_url: str,
        session: aiohttp.ClientSession,
        *,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        parts = urlsplit(api_url)
        self._issuer = f"{parts.scheme}://{parts.netloc.removeprefix('www.')}"
        self._token_url = urljoin(api_url, "openid.connect.token")
        self._client = client
        self._session = session
        self._clock = clock
        self._monotonic = monotonic
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._keys_until = float("-inf")
        self._verifies = False
        self._verifies_until = float("-inf")

    async def verifies(self) -> bool:
        """Whether Slack says that it compares verifiers (PKCE with S256).

        It does for the installing of apps; for signing in it says nothing of it, and refuses some apps that send both
        a verifier and their secret. Without a verifier it is the nonce that binds a code to the browser that began.
        """
        now = self._monotonic()
        if now >= self._verifies_until:
            try:
                async with asyncio.timeout(DISCOVERY_SECONDS):
                    said = await self._asked("GET", f"{self._issuer}/.well-known/openid-configuration")
            except (NotExchanged, TimeoutError, aiohttp.ClientError, OSError):
                self._verifies, self._verifies_until = False, now + AGAIN_SECONDS
            else:
                methods = said.get("code_challenge_methods_supported")
                self._verifies = isinstance(methods, list) and "S256" in methods
                self._verifies_until = now + KEYS_SECONDS
        return self._verifies

    def authorize_url(self, begun: Begun, team: str) -> str:
        """Where somebody says to Slack that it may vouch for them; in this workspace, unless it is empty."""
        asked = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "scope": SCOPES,
            "redirect_uri": self._client.redirect_uri,
            "state": begun.state,
            "nonce": begun.nonce,
        }
        if begun.challenge:
            asked |= {"code_challenge": begun.challenge, "code_challenge_method": "S256"}
        if team:
            asked["team"] = team
        return f"{self._issuer}/openid/connect/authorize?{urlencode(asked)}"

    async def vouch(self, code: str, finished: Finished) -> Vouched:
        """Whom Slack vouches for, with the code that a browser came back with.

        Raises:
            NotExchanged: nobody.
        """
        try:
            async with asyncio.timeout(EXCHANGE_SECONDS):
                token = await self._exchanged(code, finished)
                key = await self._key(key_id_of(token))
            return read_id_token(
                token, key, Expected(self._issuer, self._client.client_id, finished.nonce), self._clock()
            )
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise NotExchanged(Why.SILENT, type(error).__name__) from None
        except Untrusted as error:
            raise NotExchanged(Why.UNTRUSTED, str(error)) from None

    async def _exchanged(self, code: str, finished: Finished) -> str:
        form = {
            "grant_type": "authorization_code",
            "client_id": self._client.client_id,
            "client_secret": self._client.secret,
            "code": code,
            "redirect_uri": self._client.redirect_uri,
        }
        if finished.verifier:
            form["code_verifier"] = finished.verifier
        answer = await self._asked("POST", self._token_url, form)
        failed = refused(answer)
        if failed is not None:
            raise failed
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotExchanged(Why.SILENT, "no_id_token")
        return token

    async def _key(self, key_id: str) -> jwt.PyJWK:
        now = self._monotonic()
        if key_id not in self._keys or now >= self._keys_until:
            self._keys = _keys_in(await self._asked("GET", f"{self._issuer}/openid/connect/keys"))
            self._keys_until = now + KEYS_SECONDS
        if key_id not in self._keys:
            raise Untrusted("key")
        return self._keys[key_id]

    async def _asked(self, method: str, url: str, form: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """An answer that is an object in JSON."""
        async with self._session.request(method, url, data=form, allow_redirects=False) as response:
            return await read_answer(response)


def _keys_in(answer: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    """The keys for RS256 among those in an answer, by their ids. What is no such key is left out."""
    listed = answer.get("keys")
    if not isinstance(listed, list):
        raise NotExchanged(Why.SILENT, "no_keys")
    keys: dict[str, jwt.PyJWK] = {}
    for each in listed:
        if not isinstance(each, dict) or each.get("kty") != "RSA" or each.get("use", "sig") != "sig":
            continue
        try:
            keys[str(each["kid"])] = jwt.PyJWK.from_dict(each, algorithm="RS256")
        except (KeyError, ValueError, TypeError, jwt.PyJWTError):
            continue
    return keys
