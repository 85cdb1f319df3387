"""Sign in with Slack as the stand-in plays it: codes that work once, tokens that say who somebody is. No HTTP here."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from bot.playground.codes import Client, Codes, people_of
from bot.playground.state import Json, Member
from bot.playground.world import Refused, World

TOKEN_SECONDS = 300
KEY_BITS = 2048
TOKEN = "openid.connect.token"  # noqa: S105 - the name of a method
KEYS = "openid.connect.keys"
CONFIGURATION = "openid.configuration"
"""What the addresses of keys and of discovery are called among methods, for faults and in the log."""

_CLAIM = "https://slack.com/"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the app asked for, when it sent somebody to the page where they say yes."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    """The S256 hash of a verifier (PKCE); empty without."""
    team: str
    """The only workspace to choose from; empty for any."""


@dataclass(frozen=True, slots=True)
class _Yes:
    """That a member has said yes to what was asked."""

    asked: Asked
    member: Member


@dataclass(frozen=True, slots=True)
class _Key:
    id: str
    private: rsa.RSAPrivateKey = field(repr=False)

    @classmethod
    def new(cls) -> "_Key":
        return cls(secrets.token_hex(8), rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS))

    @property
    def shown(self) -> Json:
        """Its public half as a JSON Web Key."""
        public: Json = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**public, "kid": self.id, "use": "sig", "alg": "RS256"}


class SignInWithSlack:
    """Vouches for members, to one app."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.client = Client(f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}", secrets.token_hex(16))
        self.offers_pkce = False
        """Whether the discovery document says that verifiers are compared. Slack's own does not, though they are."""
        self._codes: Codes[_Yes] = Codes(world, self.client)
        self._key: _Key | None = None

    def asked(self, query: Mapping[str, str]) -> Asked:
        """What an address of the page asks for.

        Raises:
            Refused: Slack would say so on its page, and send nobody back.
        """
        redirect_uri = self._codes.way_back(query)
        if query.get("response_type") != "code":
            raise Refused("invalid_response_type")
        if "openid" not in query.get("scope", "").replace(",", " ").split():
            raise Refused("invalid_scope")
        challenge = query.get("code_challenge", "")
        if challenge and query.get("code_challenge_method") != "S256":
            raise Refused("invalid_code_challenge_method")
        state, nonce, team = (query.get(name, "") for name in ("state", "nonce", "team"))
        return Asked(redirect_uri, state, nonce, challenge, team)

    def people(self, asked: Asked) -> list[Member]:
        """Who can say yes: the people of the workspaces that have the app."""
        return people_of(one for one in self._world.workspaces.values() if asked.team in ("", one.id))

    def code_for(self, asked: Asked, member: Member) -> str:
        """What shows the app that this member has said yes."""
        return self._codes.give(_Yes(asked, member), asked.redirect_uri)

    def exchange(self, arguments: Mapping[str, Any]) -> Json:
        """`openid.connect.token`: who said yes, for a code that was not used before.

        Raises:
            Refused: with Slack's word for what is wrong.
        """
        self._codes.know(arguments)
        if arguments.get("grant_type", "authorization_code") != "authorization_code":
            raise Refused("invalid_grant_type")
        yes = self._codes.take(arguments)
        if not _proves(str(arguments.get("code_verifier", "")), yes.asked.challenge):
            raise Refused("invalid_grant")
        return {
            "access_token": f"xoxp-{secrets.token_hex(16)}",
            "token_type": "Bearer",
            "id_token": self.token(self._claims(yes)),
        }

    def configuration(self) -> Json:
        """The discovery document, as Slack has it."""
        slack = self._world.base_url
        document: Json = {
            "issuer": slack,
            "authorization_endpoint": f"{slack}/openid/connect/authorize",
            "token_endpoint": f"{slack}/api/{TOKEN}",
            "jwks_uri": f"{slack}/openid/connect/keys",
            "scopes_supported": ["openid", "profile", "email"],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        return document | ({"code_challenge_methods_supported": ["S256"]} if self.offers_pkce else {})

    def keys(self) -> Json:
        """The keys that tokens are signed with, as their address shows them."""
        return {"keys": [self._own_key().shown]}

    def change_key(self) -> None:
        """Sign with another key from now on, as Slack does now and then."""
        self._key = _Key.new()

    def token(self, claims: Mapping[str, Any]) -> str:
        """These claims, signed."""
        key = self._own_key()
        return jwt.encode(dict(claims), key.private, algorithm="RS256", headers={"kid": key.id})

    def _own_key(self) -> _Key:
        """Made when it is first needed, since most stand-ins never vouch for anybody."""
        if self._key is None:
            self._key = _Key.new()
        return self._key

    def _claims(self, yes: _Yes) -> Json:
        member, now = yes.member, int(self._world.clock())
        workspace = member.workspace
        first, _, last = member.real_name.partition(" ")
        enterprise = {f"{_CLAIM}enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {}
        return {
            "iss": self._world.base_url,
            "sub": member.id,
            "aud": self.client.id,
            "exp": now + TOKEN_SECONDS,
            "iat": now,
            "auth_time": now,
            "nonce": yes.asked.nonce,
            f"{_CLAIM}team_id": workspace.id,
            f"{_CLAIM}user_id": member.id,
            **enterprise,
            "locale": member.locale,
            "name": member.real_name,
            "given_name": first,
            "family_name": last,
            f"{_CLAIM}team_name": workspace.name,
            f"{_CLAIM}team_domain": workspace.domain,
        }


def _proves(verifier: str, challenge: str) -> bool:
    """Whether the verifier is the one that this was hashed from; without a challenge there must be none."""
    if not challenge:
        return not verifier
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(hashed, challenge)
