"""Settings: what is read, what is assumed, and one line for each mistake."""

import json
from pathlib import Path

import pytest

from app.settings import Mode, Settings, SettingsError

READ: list[tuple[str, dict[str, str], str, object]] = [
    ("nothing set", {}, "port", 8000),
    ("an empty variable counts as not set", {"PORT": ""}, "port", 8000),
    ("a number", {"PORT": "8001"}, "port", 8001),
    ("metrics beside it", {"PORT": "8001"}, "metrics_port", 9001),
    ("metrics where no higher port is left", {"PORT": "65000"}, "metrics_port", 64000),
    ("metrics on any port, as the gateway", {"PORT": "0"}, "metrics_port", 0),
    ("metrics named", {"PORT": "8001", "METRICS_PORT": "9"}, "metrics_port", 9),
    ("words", {"JWT_ALGORITHMS": "RS256, ES384"}, "jwt_algorithms", ("RS256", "ES384")),
    ("words as the docs write them", {"JWT_ALGORITHMS": "RS256 ES256"}, "jwt_algorithms", ("RS256", "ES256")),
    ("keys in the variable", {"JWT_KEYS": '{"keys": []}'}, "jwt_keys", {"keys": []}),
    ("migrations past the pooler", {"DATABASE_DIRECT_URL": "a", "DATABASE_URL": "b"}, "direct_url", "a"),
    ("migrations without a pooler", {"DATABASE_URL": "b"}, "direct_url", "b"),
    ("a variable that is not ours", {"HOSTNAME": "x", "SHELL": "y"}, "host", "127.0.0.1"),
]


@pytest.mark.parametrize(("says", "environment", "name", "value"), READ, ids=[row[0] for row in READ])
def test_it_is_read(says: str, environment: dict[str, str], name: str, value: object) -> None:
    assert getattr(Settings.from_environment(environment), name) == value


def test_keys_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text(json.dumps({"keys": []}))
    assert Settings.from_environment({"JWT_KEYS": str(tmp_path / "keys.json")}).jwt_keys == {"keys": []}


def test_the_mode_is_the_commands_unless_it_is_set() -> None:
    assert Settings.from_environment({}).mode is Mode.PRODUCTION
    assert Settings.from_environment({}, default_mode=Mode.DEMO).mode is Mode.DEMO
    assert Settings.from_environment({"BILLING_MODE": "production"}, default_mode=Mode.DEMO).mode is Mode.PRODUCTION


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("no number", {"PORT": "http"}, "PORT: Input should be a valid integer"),
    ("out of range", {"PORT": "65536"}, "PORT: Input should be less than or equal to 65535 (it is '65536')"),
    ("zero where one is the least", {"LIMIT_DEPTH": "0"}, "LIMIT_DEPTH: "),
    ("a word there is not", {"DATABASE_POOLER": "pgpool"}, "DATABASE_POOLER: Input should be 'none' or 'pgbouncer-tra"),
    ("no keys", {"JWT_KEYS": "/nowhere"}, "JWT_KEYS: is neither a JWKS document nor a file that holds one"),
    ("broken keys are not shown", {"JWT_KEYS": '{"keys": "secret'}, "JWT_KEYS: is neither a JWKS document nor"),
    ("no algorithm", {"JWT_ALGORITHMS": ","}, "JWT_ALGORITHMS: "),
    ("no signature", {"JWT_ALGORITHMS": "none"}, "JWT_ALGORITHMS: none would let anybody"),
    ("an algorithm there is not", {"JWT_ALGORITHMS": "RSA256"}, "JWT_ALGORITHMS: RSA256 is none of RS256 RS384"),
    ("a typo in our own", {"BILLING_MOD": "demo"}, "BILLING_MOD is no setting; did you mean BILLING_MODE?"),
    ("no such setting", {"BILLING_XYZZY": "1"}, "BILLING_XYZZY is no setting"),
]


@pytest.mark.parametrize(("says", "environment", "line"), WRONG, ids=[row[0] for row in WRONG])
def test_a_mistake_is_one_line_that_names_the_variable(says: str, environment: dict[str, str], line: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment(environment)
    said = str(raised.value)
    assert said.startswith(line)
    assert "\n" not in said
    assert "secret" not in said


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.from_environment({}).port = 1  # type: ignore[misc]
