"""From settings to the parts of the door.

Owns which keys and claims a mode trusts, and putting the gate on a schema. Raises before anything is served.
"""

from strawberry.schema import BaseSchema, Schema

from app.auth import BearerTokens, Expectation
from app.demo_tokens import DEMO_EXPECTATION, demo_key_set, refuse_demo_key
from app.documents import Documents
from app.keys import Keys, RemoteKeys, StaticKeys, check_jwks_url, fetch_jwks
from app.operation import GateMaker
from app.settings import Mode, Settings, SettingsError


def authenticator(settings: Settings) -> BearerTokens:
    """What tells actors apart. Demo mode trusts the demo's key and nothing else; production never trusts it."""
    if settings.mode is Mode.DEMO:
        return BearerTokens(StaticKeys(demo_key_set()), DEMO_EXPECTATION)
    try:
        keys: Keys
        if settings.jwt_jwks_url is not None:
            check_jwks_url(settings.jwt_jwks_url)
            keys = RemoteKeys(settings.jwt_jwks_url, fetch=_fetch_without_demo_key)
        else:
            keys = StaticKeys(settings.jwt_keys)
            if not keys.key_ids:
                raise ValueError("JWT_KEYS holds no key that could sign a token")
        expectation = Expectation(
            issuer=settings.jwt_issuer or "", audience=settings.jwt_audience or "", algorithms=settings.jwt_algorithms
        )
    except ValueError as problem:
        raise SettingsError(f"JWT_*: {problem}") from None
    return BearerTokens(keys, expectation)


def _fetch_without_demo_key(url: str) -> object:
    """A fetched key set, refused whole when it holds the demo's key."""
    jwks = fetch_jwks(url)
    refuse_demo_key(jwks, demo_mode=False)
    return jwks


def put_door_on(schema: BaseSchema, documents: Documents, *, suggest: bool) -> None:
    """Make every operation of `schema` pass the gate.

    The schema is built below the door and knows nothing of it, so the gate is added here; a second application over
    the same schema replaces the first one's. Raises TypeError for a schema that would log clients' queries at ERROR.
    """
    if not isinstance(schema, Schema) or type(schema).process_errors is BaseSchema.process_errors:
        raise TypeError("The schema class must override process_errors: Strawberry's logs every client's mistake.")
    others = tuple(extension for extension in schema.extensions if not isinstance(extension, GateMaker))
    schema.extensions = (GateMaker(documents, suggest), *others)
