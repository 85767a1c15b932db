"""What an operator may set, read once from the environment and checked before anything starts.

Owns: names, defaults, what is allowed, one clear line for each mistake.
Does not own: what the parts do with it; nothing below `app` and `cli` reads the environment.
"""

import difflib
import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    ValidationError,
)

from db.address import Pooler

if TYPE_CHECKING:
    from app.limits import Limits


class SettingsError(Exception):
    """A setting is wrong; the text is one line that names the variable."""


class Mode(StrEnum):
    """`demo` signs its own tokens with a key everybody knows; `production` refuses to."""

    DEMO = "demo"
    PRODUCTION = "production"


_ALGORITHMS = (*(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)), "EdDSA", "Ed25519")


def _words(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _asymmetric(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name.lower() == "none" or name.upper().startswith("HS"):
            raise ValueError(f"{name} would let anybody who can check a token sign one")
        if name not in _ALGORITHMS:
            raise ValueError(f"{name} is none of {' '.join(_ALGORITHMS)}")
    return names


def _key_set(value: object) -> object:
    """A JWKS document itself, or the path of a file that holds one."""
    if not isinstance(value, str):
        return value
    try:
        text = value if value.lstrip().startswith("{") else Path(value).read_text(encoding="utf-8")
        return json.loads(text)
    except (OSError, ValueError) as problem:
        raise ValueError("is neither a JWKS document nor a file that holds one") from problem


Port = Annotated[int, Field(ge=0, le=65535)]

_SECRETS = frozenset({"DATABASE_URL", "DATABASE_DIRECT_URL", "DOWNLOAD_KEY", "JWT_KEYS"})


class Settings(BaseModel):
    """The settings of one process. Each field's alias is the variable's name; README and docs list them from here."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    mode: Mode = Field(Mode.PRODUCTION, alias="BILLING_MODE")
    home: Path = Field(Path(".billing"), alias="BILLING_HOME", description="folder of the embedded database")

    host: str = Field("127.0.0.1", alias="HOST")
    port: Port = Field(8000, alias="PORT", description="0 takes any free one")
    metrics_host: str = Field("127.0.0.1", alias="METRICS_HOST")
    given_metrics_port: Port | None = Field(None, alias="METRICS_PORT", description="PORT + 1000 if not set")
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = Field("INFO", alias="LOG_LEVEL")

    database_url: str | None = Field(None, alias="DATABASE_URL", description="without it an embedded Postgres is used")
    database_pooler: Pooler = Field(Pooler.NONE, alias="DATABASE_POOLER")
    given_direct_url: str | None = Field(
        None, alias="DATABASE_DIRECT_URL", description="past the pooler: migrations, and the worker's LISTEN"
    )
    read_connections: PositiveInt = Field(10, alias="READ_CONNECTIONS", description="operations that read at once")
    write_connections: PositiveInt = Field(5, alias="WRITE_CONNECTIONS")
    statement_timeout_s: PositiveInt = Field(30, alias="STATEMENT_TIMEOUT_S")

    jwt_issuer: str | None = Field(None, alias="JWT_ISSUER")
    jwt_audience: str | None = Field(None, alias="JWT_AUDIENCE")
    jwt_algorithms: Annotated[tuple[str, ...], BeforeValidator(_words), AfterValidator(_asymmetric)] = Field(
        ("RS256", "ES256", "Ed25519"), alias="JWT_ALGORITHMS", min_length=1
    )
    jwt_jwks_url: str | None = Field(None, alias="JWT_JWKS_URL")
    jwt_keys: Annotated[dict[str, Any] | None, BeforeValidator(_key_set)] = Field(
        None, alias="JWT_KEYS", description="a JWKS document, or a file that holds one"
    )

    max_body_bytes: PositiveInt = Field(256 * 1024, alias="MAX_BODY_BYTES")
    max_events_bytes: PositiveInt = Field(
        1024 * 1024, alias="MAX_EVENTS_BYTES", description="a request of usage events"
    )
    limit_tokens: PositiveInt = Field(2000, alias="LIMIT_TOKENS")
    limit_depth: PositiveInt = Field(12, alias="LIMIT_DEPTH")
    limit_fields: PositiveInt = Field(1000, alias="LIMIT_FIELDS")
    limit_aliases: NonNegativeInt = Field(30, alias="LIMIT_ALIASES")
    limit_directives: NonNegativeInt = Field(50, alias="LIMIT_DIRECTIVES")
    limit_operations: PositiveInt = Field(10, alias="LIMIT_OPERATIONS")
    limit_rows: PositiveInt = Field(10_000, alias="LIMIT_ROWS")

    download_key: Annotated[str | None, Field(min_length=32)] = Field(
        None, alias="DOWNLOAD_KEY", description="signs links to documents; the same for every process"
    )
    download_ttl_s: PositiveInt = Field(300, alias="DOWNLOAD_TTL_S", description="how long such a link works")
    public_url: Annotated[str, Field(pattern="^(https?://[^?#]+[^/?#])?$")] = Field(
        "", alias="PUBLIC_URL", description="what goes before the path of a link"
    )
    quote_ttl_s: PositiveInt = Field(1800, alias="QUOTE_TTL_S", description="how long a previewed price holds")

    work_look_s: PositiveInt = Field(5, alias="WORK_LOOK_S", description="between two looks for what is due")
    work_batch_accounts: PositiveInt = Field(200, alias="WORK_BATCH_ACCOUNTS", description="accounts in one job")
    work_heartbeat_s: PositiveInt = Field(30, alias="WORK_HEARTBEAT_S", description="after which a job is another's")

    decision_facts_days: PositiveInt = Field(
        90, alias="DECISION_FACTS_DAYS", description="how long what a decision looked at is kept"
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, default_mode: Mode = Mode.PRODUCTION) -> Self:
        """Read the variables that are ours; one that is empty counts as not set. Raises `SettingsError`."""
        known = {field.alias for field in cls.model_fields.values() if field.alias}
        for name in environment:
            if name.startswith("BILLING_") and name not in known:
                raise SettingsError(f"{name} is no setting{_meant(name, known)}")
        given: dict[str, object] = {name: environment[name] for name in known if environment.get(name)}
        try:
            return cls.model_validate({"BILLING_MODE": default_mode} | given)
        except ValidationError as problem:
            raise SettingsError(_one_line(problem, given)) from None

    @property
    def metrics_port(self) -> int:
        """Where /metrics is served; 0 takes any free port."""
        if self.given_metrics_port is not None:
            return self.given_metrics_port
        return self.port and self.port + (1000 if self.port <= 64535 else -1000)

    @property
    def direct_url(self) -> str | None:
        """The database past any pooler."""
        return self.given_direct_url or self.database_url

    @property
    def limits(self) -> "Limits":
        """The most one document may ask for."""
        from app.limits import Limits

        return Limits(
            tokens=self.limit_tokens,
            depth=self.limit_depth,
            fields=self.limit_fields,
            aliases=self.limit_aliases,
            directives=self.limit_directives,
            operations=self.limit_operations,
        )

    def check_gateway(self) -> None:
        """Refuse a production start that could not tell whose a token is, or would trust everybody's."""
        if self.mode is Mode.DEMO:
            return
        from app.demo_tokens import DemoOnly, refuse_demo_key

        if self.jwt_jwks_url is None and self.jwt_keys is None:
            raise SettingsError("JWT_JWKS_URL or JWT_KEYS must be set in production: nobody could be told apart")
        if self.jwt_jwks_url is not None and self.jwt_keys is not None:
            raise SettingsError("JWT_JWKS_URL and JWT_KEYS are both set: one of them says which keys are trusted")
        for name, value in (("JWT_ISSUER", self.jwt_issuer), ("JWT_AUDIENCE", self.jwt_audience)):
            if value is None:
                raise SettingsError(f"{name} must be set in production")
        if self.database_url is None:
            raise SettingsError("DATABASE_URL must be set in production")
        try:
            refuse_demo_key(self.jwt_keys, demo_mode=False)
        except DemoOnly as problem:
            raise SettingsError(f"JWT_KEYS: {problem}") from None
        if self.download_key is None:
            raise SettingsError("DOWNLOAD_KEY must be set in production: 32 characters or more that nobody can guess")


def _meant(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _one_line(problem: ValidationError, given: Mapping[str, object]) -> str:
    first = problem.errors(include_url=False)[0]
    name = str(first["loc"][0])
    shown = "" if name in _SECRETS else f" (it is {given.get(name)!r})"
    return f"{name}: {first['msg'].removeprefix('Value error, ')}{shown}"
