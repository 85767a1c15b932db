"""What cannot be done is said in one line, with status 2 and no traceback."""

import json
import socket
from pathlib import Path

import pytest

from app.demo_tokens import demo_key_set
from cli.main import COMMANDS, main
from tests.cli.terminal import billing, environment
from tests.cli.terminal import refused as refused_process

KEYS = {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "ours", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
PRODUCTION = {
    "DATABASE_URL": "postgresql://billing:secret@127.0.0.1:1/billing",
    "JWT_ISSUER": "https://login.example",
    "JWT_AUDIENCE": "billing",
    "JWT_KEYS": json.dumps(KEYS),
    "DOWNLOAD_KEY": "only for this test, and long enough",
}

CASES: list[tuple[str, tuple[str, ...], dict[str, str], str]] = [
    ("no keys in production", ("serve",), {"JWT_KEYS": ""}, "JWT_JWKS_URL or JWT_KEYS must be set in production"),
    ("both kinds of keys", ("serve",), {"JWT_JWKS_URL": "https://login.example/keys"}, "JWT_JWKS_URL and JWT_KEYS"),
    ("no key for links", ("serve",), {"DOWNLOAD_KEY": ""}, "DOWNLOAD_KEY must be set in production"),
    ("a short key for links", ("serve",), {"DOWNLOAD_KEY": "secret"}, "DOWNLOAD_KEY: String should have at least 32"),
    ("no issuer", ("serve",), {"JWT_ISSUER": ""}, "JWT_ISSUER must be set"),
    ("no audience", ("serve",), {"JWT_AUDIENCE": ""}, "JWT_AUDIENCE must be set"),
    ("no database", ("serve",), {"DATABASE_URL": ""}, "DATABASE_URL must be set in production"),
    ("the demo's key", ("serve",), {"JWT_KEYS": json.dumps(demo_key_set())}, "the demo's public signing key"),
    ("symmetric", ("serve",), {"JWT_ALGORITHMS": "RS256,HS256"}, "JWT_ALGORITHMS: HS256 would let anybody"),
    ("unreachable", ("serve",), {}, "cannot use the database at 127.0.0.1:1/billing: nothing listens there"),
    ("unreachable, migrate", ("migrate",), {}, "cannot use the database at 127.0.0.1:1/billing"),
    ("unreachable, work", ("work",), {}, "cannot use the database at 127.0.0.1:1/billing"),
    ("not a URL", ("migrate",), {"DATABASE_URL": "localhost"}, "DATABASE_URL is not the address of a Postgres"),
    ("a bad port", ("serve",), {"PORT": "http"}, "PORT: "),
    ("a bad address", ("serve",), {"HOST": "203.0.113.7"}, "HOST 203.0.113.7: "),
    ("a typo", ("serve",), {"BILLING_HOEM": "x"}, "BILLING_HOEM is no setting; did you mean BILLING_HOME?"),
    ("a mode there is not", ("serve",), {"BILLING_MODE": "staging"}, "BILLING_MODE: Input should be 'demo' or"),
    ("demo in production", ("demo",), {"BILLING_MODE": "production"}, "the demo company is not for production"),
    ("seed in production", ("seed",), {"BILLING_MODE": "production"}, "made-up customers are not for production"),
    ("token in production", ("token", "yen"), {"BILLING_MODE": "production"}, "Tokens are minted in demo mode only"),
    ("no such persona", ("token", "nobody"), {}, "There is no persona “nobody”; there are: "),
    ("no such role of theirs", ("token", "yen", "--role", "finance"), {}, "yen has no role finance"),
    ("no such role of staff", ("token", "staff", "--role", "owner"), {}, "staff has no role owner"),
    ("no such rule", ("explain", "PC-99", "--account", "yen"), {}, "there is no rule PC-99; there are PC-01"),
    ("no account id", ("explain", "PC-01", "--account", "acct_1"), {}, ""),
]


class Billing:
    """`billing` called in this process, which is quicker than a process for each of so many."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def refused(self, *arguments: str, **settings: str) -> str:
        """The one line it says when it could not."""
        with self._monkeypatch.context() as patch:
            patch.setattr("os.environ", environment(**settings))
            # what a process may set for itself and a test may not
            patch.setattr("signal.signal", lambda number, handler: None)
            patch.setattr("cli.gateway.configure_logging", lambda level: None)
            patch.setattr("cli.work.configure_logging", lambda level: None)
            status = main(arguments)
        lines = self._capsys.readouterr().err.strip().splitlines()
        assert status == 2
        assert len(lines) == 1, lines
        assert lines[0].startswith("billing: ")
        return lines[0].removeprefix("billing: ")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Billing:
    """The command to call."""
    return Billing(monkeypatch, capsys)


@pytest.mark.parametrize(("says", "arguments", "settings", "line"), CASES, ids=[case[0] for case in CASES])
def test_it_is_refused_in_one_line(
    command: Billing, says: str, arguments: tuple[str, ...], settings: dict[str, str], line: str
) -> None:
    said = command.refused(*arguments, **(PRODUCTION | {"PORT": "0"} | settings))
    assert line in said
    assert "secret" not in said


def test_the_process_says_the_same_and_no_traceback() -> None:
    assert "nothing listens there" in refused_process(billing("serve", **PRODUCTION, PORT="0"))


def test_a_taken_port_is_said_before_anything_starts(command: Billing, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = command.refused("demo", PORT=port, BILLING_HOME=str(tmp_path / "home"))
    assert said == f"port {port} is in use: choose another with PORT="
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_used_is_named(command: Billing, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    home = str(tmp_path / "file" / "home")
    assert "set BILLING_HOME to a folder of your own" in command.refused("migrate", BILLING_HOME=home)


def test_a_surprise_is_one_line_too(command: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **named: object) -> None:
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr("cli.token.token_of", fail)
    assert command.refused("token", "yen") == "RuntimeError: first line (LOG_LEVEL=DEBUG tells more)"


def test_help_names_every_subcommand(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    shown = capsys.readouterr().out
    assert all(f"\n    {name} " in shown for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_subcommand_says_what_it_does(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([name, "--help"])
    assert len(capsys.readouterr().out.split("\n\n")[1]) > 20
