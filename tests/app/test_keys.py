"""Keys of a JWKS URL: fetched once, again for an unknown id, never in a storm."""

import asyncio
from typing import Any

import pytest
from joserfc.jwk import ECKey

from app.keys import KeysUnavailable, RemoteKeys, StaticKeys, check_jwks_url, read_keys

FIRST, SECOND = (ECKey.generate_key("P-256", {"kid": kid}) for kid in ("first", "second"))


def jwks(*keys: ECKey) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


class Issuer:
    """Stands for the other side of the URL; counts how often it is asked."""

    def __init__(self) -> None:
        self.answer: Any = jwks(FIRST)
        self.asked = 0
        self.at_s = 1000.0
        self.keys = RemoteKeys("https://issuer.example/jwks", fetch=self.fetch, monotonic_s=lambda: self.at_s)

    def fetch(self, _url: str) -> object:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def test_a_known_key_asks_once() -> None:
    issuer = Issuer()
    found = await asyncio.gather(*(issuer.keys.find("first") for _ in range(50)))
    assert all(key is not None for key in found)
    assert issuer.asked == 1


async def test_a_rotated_key_works_at_once() -> None:
    issuer = Issuer()
    await issuer.keys.find("first")
    issuer.answer = jwks(FIRST, SECOND)
    issuer.at_s += 31
    assert await issuer.keys.find("second") is not None
    assert issuer.asked == 2


async def test_made_up_ids_do_not_storm_the_issuer() -> None:
    issuer = Issuer()
    for number in range(1000):
        issuer.at_s += 0.1  # 100 seconds in all, a floor of 30 between two fetches
        assert await issuer.keys.find(f"made-up-{number}") is None
    assert issuer.asked == 4


async def test_an_old_set_is_asked_for_again_and_a_withdrawn_key_is_gone() -> None:
    issuer = Issuer()
    await issuer.keys.find("first")
    issuer.answer = jwks(SECOND)
    issuer.at_s += 601
    assert await issuer.keys.find("first") is None


@pytest.mark.parametrize("answer", [OSError("no route"), ValueError("no JSON"), {"keys": "none"}, []])
async def test_the_last_set_serves_on_when_the_issuer_is_away(answer: Any) -> None:
    issuer = Issuer()
    await issuer.keys.find("first")
    issuer.answer = answer
    issuer.at_s += 10_000
    assert await issuer.keys.find("first") is not None


async def test_without_any_set_nothing_can_be_said() -> None:
    issuer = Issuer()
    issuer.answer = OSError("no route")
    with pytest.raises(KeysUnavailable):
        await issuer.keys.find("first")
    issuer.answer = jwks(FIRST)
    issuer.at_s += 31
    assert await issuer.keys.find("first") is not None


async def test_without_an_id_only_a_single_key_is_meant() -> None:
    assert await StaticKeys(jwks(FIRST)).find(None) is not None
    assert await StaticKeys(jwks(FIRST, SECOND)).find(None) is None


def test_keys_of_other_kinds_and_uses_are_left_out() -> None:
    document = jwks(FIRST)
    document["keys"] += [
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"},
        {**SECOND.as_dict(private=False), "use": "enc"},
        {"kty": "EC", "kid": "broken", "crv": "P-256", "x": "?", "y": "?"},
        {"kty": "NEW", "kid": "unknown"},
        "no key",
    ]
    assert set(read_keys(document)) == {"first"}


@pytest.mark.parametrize("url", ["http://issuer.example/jwks", "file:///etc/passwd", "ftp://x/y", "jwks.json", ""])
def test_keys_come_over_https(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        check_jwks_url(url)


@pytest.mark.parametrize("url", ["https://issuer.example/jwks", "http://127.0.0.1:9/jwks", "http://localhost/jwks"])
def test_or_from_this_very_machine(url: str) -> None:
    check_jwks_url(url)
