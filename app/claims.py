"""What a token says, as one checked value, and the actor it makes.

Owns the claims we read: `sub` is a public user id, `staff_role` marks one of us, `scope` may hold `schema:read` (the
playground's own credential) or `gateway` (a federation gateway). A token with a scope is never a user's.
"""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from domain.actor import Actor, ActorKind, StaffRole, customer, staff
from domain.ids import UserId, parse_id_of

SCHEMA_SCOPE: Final = "schema:read"
GATEWAY_SCOPE: Final = "gateway"
_Instant = Annotated[float, Field(allow_inf_nan=False)]  # seconds since 1970 (RFC 7519 NumericDate)


class Claims(BaseModel):
    """The claims of a token whose signature holds; others are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    iss: str
    aud: str | list[str]
    sub: Annotated[str, Field(min_length=1, max_length=200)]
    exp: _Instant
    nbf: _Instant | None = None
    staff_role: StaffRole | None = None
    scope: str = ""

    @property
    def audiences(self) -> tuple[str, ...]:
        """Whom the token is meant for."""
        return (self.aud,) if isinstance(self.aud, str) else tuple(self.aud)


def actor_of(claims: Claims) -> Actor:
    """Who asks. Raises DomainError (MalformedId, InvalidActor) and ValueError for claims that contradict each other."""
    scopes = claims.scope.split()
    if SCHEMA_SCOPE in scopes or GATEWAY_SCOPE in scopes:
        if claims.staff_role is not None or claims.sub.startswith("user_"):
            raise ValueError("A machine's credential is no person's.")
        kind = ActorKind.GATEWAY if GATEWAY_SCOPE in scopes else ActorKind.SCHEMA_READER
        return Actor(kind, can_read_schema=True)
    if claims.staff_role is None:
        return customer(UserId(parse_id_of("User", claims.sub)))
    user_id = UserId(parse_id_of("User", claims.sub)) if claims.sub.startswith("user_") else None
    return staff(claims.staff_role, user_id)
