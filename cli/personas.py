"""Hands the demo company to the gateway's page and the terminal; neither of the two rooms knows the other."""

import json
import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from app.demo_tokens import mint
from app.personas import DemoPages, Persona, nobody
from cli.samples import HOME, SAMPLES
from db import fill
from db.engine import Database
from demo import personas
from domain.actor import Role, StaffRole
from domain.ids import PREFIXES, AccountId, PlanId, SubscriptionId, public_id

FIRST_PERSONA = "smb-monthly"


NextSteps = Mapping[AccountId, tuple[SubscriptionId, PlanId | None]]


def demo_pages(next_steps: NextSteps = MappingProxyType({})) -> DemoPages:
    """What the page at `/` shows; `next_steps` are what samples call {subscription} and {plan}."""
    return DemoPages(
        personas=lambda: _personas(next_steps), samples=lambda: SAMPLES, stands_at=personas.DEMO_NOW, staff=_staff()
    )


async def next_steps(database: Database) -> NextSteps:
    """Each persona's subscription and the plan above it."""
    async with database.write() as session:
        return await fill.next_steps_of(session, [persona.account_id for persona in personas.PERSONAS])


def token_of(slug: str, role: Role, *, demo_mode: bool) -> str:
    """A token of a persona's person. Raises InvalidInput that lists the personas, DemoOnly outside demo mode."""
    subject = public_id(PREFIXES["User"], personas.user_of(slug, role))
    return mint(subject, demo_mode=demo_mode, now=datetime.now(UTC))


def staff_token(role: StaffRole, *, demo_mode: bool) -> str:
    """A token of one of the vendor's own people. Raises DemoOnly outside demo mode."""
    return mint(_staff().get(role, nobody(role)), demo_mode=demo_mode, staff_role=role, now=datetime.now(UTC))


def _staff() -> dict[StaffRole, str]:
    """The public user id of each of them who is a person."""
    known = {role: personas.staff_user_of(role) for role in StaffRole}
    return {role: public_id(PREFIXES["User"], user_id) for role, user_id in known.items() if user_id is not None}


def first_request(url: str) -> str:
    """A curl to paste."""
    persona = personas.persona_of(FIRST_PERSONA)
    token = token_of(persona.slug, Role.OWNER, demo_mode=True)
    account = public_id(PREFIXES["Account"], persona.account_id)
    query = " ".join(HOME.split())
    body = shlex.quote(json.dumps({"query": query, "variables": {"id": account}}))
    headers = "-H 'content-type: application/json'"
    return f"curl -s {url}/graphql {headers} \\\n  -H 'authorization: Bearer {token}' \\\n  -d {body}"


def _personas(next_steps: NextSteps) -> Sequence[Persona]:
    return [
        Persona(
            slug=persona.slug,
            name=persona.name,
            state=persona.state,
            users=persona.users,
            ids=_ids(persona.account_id, next_steps),
        )
        for persona in personas.PERSONAS
    ]


def _ids(account_id: AccountId, next_steps: NextSteps) -> dict[str, str]:
    ids = {"account": public_id(PREFIXES["Account"], account_id)}
    if account_id in next_steps:
        subscription_id, plan_id = next_steps[account_id]
        ids["subscription"] = public_id(PREFIXES["BillingSubscription"], subscription_id)
        if plan_id is not None:
            ids["plan"] = public_id(PREFIXES["Plan"], plan_id)
    return ids
