"""Tokens: each way to fail has one clear 401, and each way to pass has one actor."""

import base64
import hmac
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from structlog.typing import EventDict

from app.auth import BearerTokens, Expectation
from app.demo_tokens import DEMO_EXPECTATION, demo_key_set, mint
from app.keys import StaticKeys
from app.refusal import Refused
from domain.actor import Actor, ActorKind, StaffRole
from tests.app.conftest import CUSTOMER, NOW, READER, STAFF, USER, Gateway

ED = OKPKey.generate_key("Ed25519", {"kid": "ed", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig", "alg": "RS256"})
FOREIGN = ECKey.generate_key("P-256", {"kid": "foreign"})
EXPECTED = Expectation("https://issuer.example", "billing", ("RS256", "ES256", "Ed25519"))
KEYS = StaticKeys({"keys": [key.as_dict(private=False) for key in (ED, EC, RSA)]})
AT_S = int(NOW.timestamp())
GOOD: dict[str, Any] = {"iss": EXPECTED.issuer, "aud": "billing", "sub": USER, "exp": AT_S + 600}


def signed(claims: dict[str, Any], key: OKPKey | ECKey | RSAKey = EC, alg: str = "ES256", **header: Any) -> str:
    named = {"kid": key.kid} if key.kid else {}
    return jwt.encode({"alg": alg, **named, **header}, claims, key, algorithms=[alg])


async def authenticate(token: str | None, at_s: int = AT_S) -> Actor:
    tokens = BearerTokens(KEYS, EXPECTED)
    return await tokens(token if token is None else f"Bearer {token}", NOW + timedelta(seconds=at_s - AT_S))


@pytest.mark.parametrize(("key", "alg"), [(ED, "Ed25519"), (EC, "ES256"), (RSA, "RS256")])
async def test_each_allowed_algorithm_is_verified(key: OKPKey | ECKey | RSAKey, alg: str) -> None:
    actor = await authenticate(signed(GOOD, key, alg))
    assert (actor.kind, f"user_{actor.user_id.hex if actor.user_id else ''}") == (ActorKind.CUSTOMER, USER)


@pytest.mark.parametrize(
    ("claims", "actor"),
    [
        ({"staff_role": "FINANCE"}, Actor(ActorKind.STAFF, staff_role=StaffRole.FINANCE, can_read_schema=True)),
        ({"scope": "openid schema:read"}, Actor(ActorKind.SCHEMA_READER, can_read_schema=True)),
        ({"scope": "gateway"}, Actor(ActorKind.GATEWAY, can_read_schema=True)),
    ],
)
async def test_who_is_no_customer(claims: dict[str, Any], actor: Actor) -> None:
    found = await authenticate(signed({**GOOD, "sub": "a-machine", **claims}))
    assert (found.kind, found.staff_role, found.can_read_schema, found.user_id) == (
        actor.kind,
        actor.staff_role,
        actor.can_read_schema,
        None,
    )


@pytest.mark.parametrize(
    ("claims", "message", "says"),
    [
        ({"iss": "https://other.example"}, "another issuer", "issuer"),
        ({"aud": "other"}, "another audience", "audience"),
        ({"aud": ["other", "more"]}, "another audience", "audiences"),
        ({"exp": AT_S - 31}, "has expired", "past the leeway"),
        ({"nbf": AT_S + 31}, "not valid yet", "before the leeway"),
        ({"exp": None}, "can read", "no end"),
        ({"exp": "soon"}, "can read", "an end that is no number"),
        ({"exp": True}, "can read", "nor a truth"),
        ({"sub": ""}, "can read", "nobody"),
        ({"sub": "acct_" + "1" * 32}, "who asks", "an account is nobody"),
        ({"sub": "user_1"}, "who asks", "half an id"),
        ({"staff_role": "KING"}, "can read", "no such role"),
        ({"scope": "schema:read"}, "who asks", "a customer never reads the schema"),
        ({"sub": "m", "scope": "schema:read", "staff_role": "SUPPORT"}, "who asks", "two at once"),
    ],
)
async def test_claims_that_do_not_hold(claims: dict[str, Any], message: str, says: str) -> None:
    with pytest.raises(Refused, match=message) as refused:
        await authenticate(signed({**GOOD, **claims}))
    assert refused.value.status == 401, says


@pytest.mark.parametrize(
    "claims", [{"exp": AT_S - 29}, {"nbf": AT_S + 29}, {"aud": ["other", "billing"]}, {"exp": AT_S + 0.5}]
)
async def test_clocks_may_differ_a_little(claims: dict[str, Any]) -> None:
    assert (await authenticate(signed({**GOOD, **claims}))).kind is ActorKind.CUSTOMER


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def tampered() -> str:
    head, _, signature = signed(GOOD).split(".")
    other = signed({**GOOD, "sub": "user_" + "2" * 32}).split(".")[1]
    return f"{head}.{other}.{signature}"


def unsigned() -> str:
    head = base64url(b'{"alg":"none"}')
    return f"{head}.{signed(GOOD).split('.')[1]}."


def confused() -> str:
    """Signed with our public key as if it were a shared secret."""
    head = base64url(b'{"alg":"HS256","kid":"rsa"}')
    content = f"{head}.{signed(GOOD).split('.')[1]}"
    return f"{content}.{base64url(hmac.digest(RSA.as_pem(private=False), content.encode(), 'sha256'))}"


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("a.b.c", "can read"),
        ("abc", "can read"),
        ("x" * 9000, "can read"),
        ("é.é.é", "can read"),
        (signed(GOOD)[:-6] + "AAAAAA", "signature"),
        (tampered(), "signature"),
        (unsigned(), "algorithm"),
        (confused(), "algorithm"),
        (signed(GOOD, FOREIGN), "a key this gateway does not know"),
        (signed(GOOD, FOREIGN, kid="ec"), "signature"),
        (signed(GOOD, EC, kid="rsa"), "a key this gateway does not know"),
    ],
)
async def test_tokens_that_are_not_ours(token: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        await authenticate(token)


@pytest.mark.parametrize("algorithms", [(), ("none",), ("HS256",), ("ES256", "none")])
def test_only_named_asymmetric_algorithms_are_configured(algorithms: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="asymmetric"):
        Expectation("i", "a", algorithms)


async def test_a_remembered_token_ends_in_time() -> None:
    tokens = BearerTokens(KEYS, EXPECTED)
    header = "Bearer " + signed({**GOOD, "exp": AT_S + 10})
    for later_s in (0, 5, 39):  # 10 s of life and 30 of leeway
        await tokens(header, NOW + timedelta(seconds=later_s))
    with pytest.raises(Refused, match="expired"):
        await tokens(header, NOW + timedelta(seconds=40))


async def test_a_withdrawn_key_is_out_within_a_minute() -> None:
    keys = StaticKeys(demo_key_set())
    tokens = BearerTokens(keys, DEMO_EXPECTATION)
    header = f"Bearer {mint(USER, demo_mode=True, now=NOW)}"
    await tokens(header, NOW)
    keys._keys.clear()
    await tokens(header, NOW + timedelta(seconds=59))
    with pytest.raises(Refused, match="does not know"):
        await tokens(header, NOW + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        (None, 'Bearer realm="billing"'),
        ("Basic dXNlcjpwYXNz", 'Bearer realm="billing", error="invalid_request", error_description='),
        ("Bearer", 'Bearer realm="billing", error="invalid_request", error_description='),
        ("Bearer a.b.c", 'Bearer realm="billing", error="invalid_token", error_description='),
    ],
)
async def test_the_answer_is_a_401_with_a_challenge(
    gateway: Gateway, authorization: str | None, challenge: str
) -> None:
    headers = {"authorization": authorization} if authorization else {}
    async with gateway.client(None) as client:
        for answer in (
            await client.post("/graphql", json={"query": "{ hello }"}, headers=headers),
            await client.get("/graphql", params={"query": "{ hello }"}, headers=headers),
        ):
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith(challenge)
            (error,) = answer.json()["errors"]
            assert error["extensions"] == {"code": "UNAUTHENTICATED", "requestId": answer.headers["x-request-id"]}
            assert "data" not in answer.json()
    assert gateway.contexts.made == []


@pytest.mark.parametrize(("token", "kind"), [(CUSTOMER, "CUSTOMER"), (STAFF, "STAFF"), (READER, "SCHEMA_READER")])
async def test_demo_tokens_pass_in_demo_mode(gateway: Gateway, token: str, kind: str) -> None:
    async with gateway.client(token) as client:
        assert (await client.post("/graphql", json={"query": "{ hello }"})).status_code == 200
    assert gateway.contexts.made[0].actor.kind == kind


async def test_tokens_are_not_logged(gateway: Gateway, logged: list[EventDict]) -> None:
    broken = CUSTOMER[:-4] + "AAAA"
    async with gateway.client(CUSTOMER) as client:
        await client.post("/graphql", json={"query": "{ broken }"})
        await client.post("/graphql", json={"query": "{ hello }"}, headers={"authorization": f"Bearer {broken}"})
    assert logged
    assert all(part not in str(logged) for part in (*CUSTOMER.split("."), USER))


async def test_the_door_answers_unauthenticated_before_it_reads(gateway: Gateway) -> None:
    async with gateway.client(None) as client:
        answer = await client.post("/graphql", content=b"x" * 100_000, headers={"content-type": "text/plain"})
    assert answer.status_code == 401
    assert isinstance(answer, httpx.Response)
