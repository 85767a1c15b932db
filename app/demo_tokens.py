"""Tokens for the demo company, signed with a key that everybody knows.

Owns that key, what it signs, and the two refusals that keep it out of production: nothing is minted outside demo
mode, and a production start whose key set holds the demo key fails.

Not owned here: who the personas are (the demo room; whoever lists them hands them in).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import OKPKey

from app.auth import Expectation
from app.claims import SCHEMA_SCOPE
from domain.actor import StaffRole

DEMO_KEY_ID: Final = "demo"
DEMO_ISSUER: Final = "billing-demo"
DEMO_AUDIENCE: Final = "billing"
DEMO_TTL_S: Final = 30 * 24 * 3600
_ALGORITHM: Final = "Ed25519"

# Public on purpose: it guards nothing but a demo, and a demo must start without a secret. It is the SHA-256 of the
# sentence "billing demo: a public key, no secret".
_DEMO_JWK: Final[dict[str, Any]] = {
    "kty": "OKP",
    "crv": "Ed25519",
    "kid": DEMO_KEY_ID,
    "use": "sig",
    "x": "z0K7XX-203mRjPaulJRPBpZatAlxKh2CgxxMSd03PkM",
    # check: allow secrets because the demo's key is public on purpose, see above
    "d": "0HKvd8-oawhIG-gAm5_juyvBW-5AKgFAfrGwuxqcewQ",
}
DEMO_EXPECTATION: Final = Expectation(issuer=DEMO_ISSUER, audience=DEMO_AUDIENCE, algorithms=(_ALGORITHM,))
SCHEMA_SUBJECT: Final = "playground"


class DemoOnly(Exception):
    """Something of the demo was asked of, or found in, a gateway that is not a demo."""


def demo_key_set() -> dict[str, Any]:
    """The key set a gateway in demo mode checks tokens with; it holds the public half only."""
    return {"keys": [{name: value for name, value in _DEMO_JWK.items() if name != "d"}]}


def mint(
    subject: str,
    *,
    demo_mode: bool,
    now: datetime,
    staff_role: StaffRole | None = None,
    schema: bool = False,
    ttl_s: int = DEMO_TTL_S,
) -> str:
    """A signed token for `subject`: a public user id, any word for staff, SCHEMA_SUBJECT for the schema credential.

    `now` is aware; the token holds from then for `ttl_s` seconds. `schema` makes it a credential that reads the
    schema and sees no account. Raises DemoOnly outside demo mode.
    """
    if not demo_mode:
        raise DemoOnly("Tokens are minted in demo mode only.")
    at_s = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": DEMO_ISSUER,
        "aud": DEMO_AUDIENCE,
        "sub": subject,
        "iat": at_s,
        "nbf": at_s,
        "exp": at_s + ttl_s,
    }
    if staff_role is not None:
        claims["staff_role"] = staff_role.value
    if schema:
        claims["scope"] = SCHEMA_SCOPE
    header = {"alg": _ALGORITHM, "kid": DEMO_KEY_ID}
    return jwt.encode(header, claims, OKPKey.import_key(_DEMO_JWK), algorithms=[_ALGORITHM])


def refuse_demo_key(jwks: object, *, demo_mode: bool) -> None:
    """Raise DemoOnly when a gateway outside demo mode would trust the demo key, under whatever id it hides."""
    if demo_mode or not isinstance(jwks, dict):
        return
    keys: Collection[object] = jwks.get("keys") or ()
    for key in keys:
        if isinstance(key, dict) and (key.get("kid") == DEMO_KEY_ID or key.get("x") == _DEMO_JWK["x"]):
            raise DemoOnly("The key set holds the demo's public signing key: anybody could sign a token.")
