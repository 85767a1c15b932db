"""What the page at `/` shows of the demo company, and the tokens it lends out.

Owns the values the demo room hands to the gateway (who the personas are, what one may ask as them) and the JSON the
page reads. Not owned here: the demo company itself; the door never imports it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.demo_tokens import SCHEMA_SUBJECT, mint
from domain.actor import Role, StaffRole

_TTL_S: Final = 12 * 3600


@dataclass(frozen=True, slots=True)
class Persona:
    """One company of the demo. `users` gives the public user id of each role; `ids` what samples may refer to by name:
    {"account": "acct_…", "subscription": "sub_…"}."""

    slug: str
    name: str
    state: str
    users: Mapping[Role, str]
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """A query to try. A variable whose value is "{name}" becomes the persona's id of that name when it is sent.

    `audience` says who can see something with it: "customer", "staff" or "schema".
    """

    title: str
    about: str
    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    audience: str = "customer"


@dataclass(frozen=True, slots=True)
class DemoPages:
    """What the demo room knows, as functions, so that it is asked when the page is opened and not before.

    `stands_at` is the one instant the personas' clocks stand at; `staff` the public user ids of the vendor's own
    people: a request for approval is answered by a person, not by a token of nobody.
    """

    personas: Callable[[], Sequence[Persona]]
    samples: Callable[[], Sequence[Sample]]
    stands_at: datetime | None = None
    staff: Mapping[StaffRole, str] = field(default_factory=dict)


_SCHEMA_SAMPLE: Final = Sample(
    "Types",
    "What the graph holds, in its own words. Only the playground's credential and staff may ask.",
    "{\n  __schema {\n    types { name description }\n  }\n}",
    audience="schema",
)


def nobody(role: StaffRole) -> str:
    """The subject of a token of staff that names no person."""
    return f"staff-{role.value.lower()}"


def personas_json(pages: DemoPages, now: datetime) -> dict[str, Any]:
    """Everything the page needs, a token for each persona and role among it. Raises DemoOnly never: who calls this has
    checked the mode, and says so to `mint`."""

    def token(subject: str, staff_role: StaffRole | None = None, *, schema: bool = False) -> str:
        return mint(subject, demo_mode=True, staff_role=staff_role, schema=schema, now=now, ttl_s=_TTL_S)

    return {
        "standsAt": pages.stands_at.isoformat() if pages.stands_at else None,
        "personas": [
            {
                "slug": persona.slug,
                "name": persona.name,
                "state": persona.state,
                "ids": dict(persona.ids),
                "tokens": {role.value: token(user_id) for role, user_id in persona.users.items()},
            }
            for persona in pages.personas()
        ],
        "staff": {role.value: token(pages.staff.get(role, nobody(role)), role) for role in StaffRole},
        "schema": token(SCHEMA_SUBJECT, schema=True),
        "samples": [
            {
                "title": sample.title,
                "about": sample.about,
                "query": sample.query,
                "variables": dict(sample.variables),
                "audience": sample.audience,
            }
            for sample in (*pages.samples(), _SCHEMA_SAMPLE)
        ],
    }
