"""Hands the demo company to the gateway's page and the terminal; neither of the two rooms knows the other."""

import json
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime

from app.demo_tokens import mint
from app.personas import DemoPages, Persona
from cli.samples import HOME, SAMPLES
from demo import personas
from domain.actor import Role, StaffRole
from domain.ids import PREFIXES, public_id

FIRST_PERSONA = "smb-monthly"


def demo_pages() -> DemoPages:
    """What the page at `/` shows."""
    return DemoPages(personas=_personas, samples=lambda: SAMPLES, stands_at=personas.DEMO_NOW)


def token_of(slug: str, role: Role, *, demo_mode: bool) -> str:
    """A token of a persona's person. Raises InvalidInput that lists the personas, DemoOnly outside demo mode."""
    subject = public_id(PREFIXES["User"], personas.user_of(slug, role))
    return mint(subject, demo_mode=demo_mode, now=datetime.now(UTC))


def staff_token(role: StaffRole, *, demo_mode: bool) -> str:
    """A token of one of the vendor's own people. Raises DemoOnly outside demo mode."""
    return mint(f"staff-{role.value.lower()}", demo_mode=demo_mode, staff_role=role, now=datetime.now(UTC))


def first_request(url: str) -> str:
    """A curl to paste."""
    persona = personas.persona_of(FIRST_PERSONA)
    token = token_of(persona.slug, Role.OWNER, demo_mode=True)
    account = public_id(PREFIXES["Account"], persona.account_id)
    query = " ".join(HOME.split())
    body = shlex.quote(json.dumps({"query": query, "variables": {"id": account}}))
    headers = "-H 'content-type: application/json'"
    return f"curl -s {url}/graphql {headers} \\\n  -H 'authorization: Bearer {token}' \\\n  -d {body}"


def _personas() -> Sequence[Persona]:
    return [
        Persona(
            slug=persona.slug,
            name=persona.name,
            state=persona.state,
            users=persona.users,
            ids={"account": public_id(PREFIXES["Account"], persona.account_id)},
        )
        for persona in personas.PERSONAS
    ]
