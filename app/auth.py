"""From a bearer token to an actor.

Owns what a token must be (RFC 7519, RFC 6750): signed by a known key with an algorithm on our list, from our issuer,
for us, in time; and the one sentence each failure gets. A token is never logged and never quoted.

Not owned here: keys (keys.py), what an actor may see (db.scope), roles on an account (memberships, read per query).
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.jws import CompactSignature, JWSRegistry, extract_compact, validate_compact
from pydantic import ValidationError

from app.claims import Claims, actor_of
from app.errors import Code
from app.keys import Keys, KeysUnavailable
from app.refusal import Refused
from domain.actor import Actor
from domain.errors import DomainError

_LONGEST_TOKEN_CHARACTERS: Final = 8_192
_MOST_REMEMBERED: Final = 2_048


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a token must say. `algorithms` is explicit and asymmetric; `leeway_s` forgives clocks that differ."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...] = ("RS256", "ES256", "Ed25519")
    leeway_s: int = 30
    remember_s: int = 60

    def __post_init__(self) -> None:
        if not self.algorithms or any(name == "none" or name.startswith("HS") for name in self.algorithms):
            raise ValueError("Tokens are checked with asymmetric algorithms, each named.")


@dataclass(frozen=True, slots=True)
class _Remembered:
    actor: Actor
    until: datetime


class BearerTokens:
    """Authenticates. A token that passed is remembered for a minute by its hash, so that a busy client does not pay
    for a signature a request; a withdrawn key is therefore out of use after that minute at the latest."""

    def __init__(self, keys: Keys, expectation: Expectation) -> None:
        self._keys = keys
        self._expected = expectation
        self._registry = JWSRegistry(algorithms=expectation.algorithms, strict_check_header=False)
        self._remembered: OrderedDict[bytes, _Remembered] = OrderedDict()

    async def __call__(self, authorization: str | None, now: datetime) -> Actor:
        """The actor of an `Authorization` header. Raises Refused (UNAUTHENTICATED, UNAVAILABLE)."""
        token = _bearer(authorization)
        digest = sha256(token.encode()).digest()
        known = self._remembered.get(digest)
        if known is not None and now < known.until:
            self._remembered.move_to_end(digest)
            return known.actor
        claims = await self._verified(token)
        self._check_claims(claims, now)
        try:
            actor = actor_of(claims)
        except (DomainError, ValueError):
            raise _unauthenticated("The token does not say who asks in a form this gateway knows.") from None
        self._remember(digest, actor, claims, now)
        return actor

    async def _verified(self, token: str) -> Claims:
        try:
            signed = extract_compact(token.encode())
            headers = signed.headers()
        except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
            raise _malformed() from None
        algorithm, key_id = headers.get("alg"), headers.get("kid")
        if algorithm not in self._expected.algorithms:
            raise _unauthenticated("The token is signed with an algorithm this gateway does not accept.")
        if key_id is not None and not isinstance(key_id, str):
            raise _malformed()
        try:
            key = await self._keys.find(key_id)
        except KeysUnavailable:
            raise Refused(
                Code.UNAVAILABLE, "Tokens cannot be checked at the moment.", headers={"retry-after": "30"}
            ) from None
        if key is None or (key.alg is not None and key.alg != algorithm):
            raise _unauthenticated("The token is signed with a key this gateway does not know.")
        if not self._is_signed(signed, key):
            raise _unauthenticated("The token's signature does not match its content.")
        try:
            return Claims.model_validate_json(signed.payload)
        except ValidationError:
            raise _malformed() from None

    def _is_signed(self, signed: CompactSignature, key: Key) -> bool:
        try:
            return validate_compact(signed, key, registry=self._registry)
        except (JoseError, ValueError, TypeError):
            return False

    def _check_claims(self, claims: Claims, now: datetime) -> None:
        at_s, leeway_s = now.timestamp(), self._expected.leeway_s
        if claims.iss != self._expected.issuer:
            raise _unauthenticated("The token comes from another issuer.")
        if self._expected.audience not in claims.audiences:
            raise _unauthenticated("The token is meant for another audience.")
        if at_s >= claims.exp + leeway_s:
            raise _unauthenticated("The token has expired.")
        if claims.nbf is not None and at_s < claims.nbf - leeway_s:
            raise _unauthenticated("The token is not valid yet.")

    def _remember(self, digest: bytes, actor: Actor, claims: Claims, now: datetime) -> None:
        seconds = min(self._expected.remember_s, claims.exp + self._expected.leeway_s - now.timestamp())
        self._remembered[digest] = _Remembered(actor, now + timedelta(seconds=seconds))
        while len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.popitem(last=False)


def _bearer(authorization: str | None) -> str:
    if authorization is None or not authorization.strip():
        raise _unauthenticated("Send a bearer token in the Authorization header.", reason=None)
    scheme, _, token = authorization.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise _unauthenticated("The Authorization header must hold a bearer token.", reason="invalid_request")
    if len(token) > _LONGEST_TOKEN_CHARACTERS or not token.isascii() or token.count(".") != 2:
        raise _malformed()
    return token


def _malformed() -> Refused:
    return _unauthenticated("The bearer token is not a JSON Web Token this gateway can read.")


def _unauthenticated(message: str, reason: str | None = "invalid_token") -> Refused:
    challenge = 'Bearer realm="billing"'
    if reason is not None:
        challenge += f', error="{reason}", error_description="{message}"'
    return Refused(Code.UNAUTHENTICATED, message, headers={"www-authenticate": challenge})
