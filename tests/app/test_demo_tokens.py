"""The demo's key stays in the demo."""

import pytest

from app.demo_tokens import DemoOnly, demo_key_set, mint, refuse_demo_key
from app.door import authenticator
from app.settings import Mode, Settings, SettingsError
from tests.app.conftest import NOW, USER

_PRODUCTION = {
    "mode": Mode.PRODUCTION,
    "jwt_issuer": "https://issuer.example",
    "jwt_audience": "billing",
    "database_url": "postgresql://db/billing",
}


def test_nothing_is_minted_outside_the_demo() -> None:
    with pytest.raises(DemoOnly):
        mint(USER, demo_mode=False, now=NOW)


def test_the_key_set_holds_no_private_half() -> None:
    assert all("d" not in key for key in demo_key_set()["keys"])


def test_a_production_start_with_the_demo_key_is_refused() -> None:
    with pytest.raises(SettingsError, match="demo"):
        Settings.model_validate({**_PRODUCTION, "jwt_keys": demo_key_set()}).check_gateway()


def test_the_demo_key_is_known_under_any_name() -> None:
    renamed = {"keys": [{**demo_key_set()["keys"][0], "kid": "main"}]}
    with pytest.raises(DemoOnly):
        refuse_demo_key(renamed, demo_mode=False)
    refuse_demo_key(renamed, demo_mode=True)


def test_production_fetches_its_keys_over_https() -> None:
    with pytest.raises(SettingsError, match="https"):
        authenticator(Settings.model_validate({**_PRODUCTION, "jwt_jwks_url": "http://issuer.example/jwks"}))
