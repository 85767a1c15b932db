"""Who the personas are needs no database: slugs, people and their ids are the same every day."""

import pytest

from demo.histories import HISTORIES
from demo.personas import BY_SLUG, DEMO_NOW, PERSONAS, persona_of, user_of
from domain.actor import Role
from domain.errors import InvalidInput
from domain.ids import parse_public_id
from domain.money import exponent
from domain.periods import time_zone

SLUGS = [
    "smb-monthly", "annual-midterm", "near-limit", "past-due", "enterprise", "yen", "dinar", "old-customer",
    "trial", "trial-ending", "blocked", "metered", "corrections", "cancelling", "scheduled-downgrade",
    "approval-pending", "awaiting-payment", "agreed-terms", "ramp", "empty",
]  # fmt: skip


def test_there_is_a_persona_and_a_story_for_each_state() -> None:
    assert [persona.slug for persona in PERSONAS] == SLUGS
    assert list(HISTORIES) == SLUGS


@pytest.mark.parametrize("slug", SLUGS)
def test_a_persona_has_one_person_for_each_role(slug: str) -> None:
    persona = persona_of(slug)
    assert [person.role for person in persona.people] == list(Role)
    assert parse_public_id(persona.users[Role.OWNER]) == ("User", user_of(slug, Role.OWNER))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_persona_lives_somewhere_in_a_sentence(slug: str) -> None:
    persona = persona_of(slug)
    time_zone(persona.zone)
    exponent(persona.currency)
    assert persona.state.endswith(".")
    assert persona.state[:-1].count(".") == 0
    assert persona.opened_at < DEMO_NOW
    assert persona.domain.endswith(".example")


def test_nobody_shares_an_id_or_a_mailbox() -> None:
    people = [(persona, person) for persona in PERSONAS for person in persona.people]
    assert len({persona.user_id(person.role) for persona, person in people}) == len(people) == 60
    assert len({f"{person.mailbox}@{persona.domain}" for persona, person in people}) == 60
    assert len({persona.account_id for persona in PERSONAS}) == len(PERSONAS)


def test_the_first_persona_has_the_ids_it_had_yesterday() -> None:
    assert BY_SLUG["smb-monthly"].account_id.hex == "01958585e6e071cab458b8265f774586"
    assert BY_SLUG["smb-monthly"].users[Role.OWNER] == "user_01958585e6e07a4496809711dfc7453d"


def test_an_unknown_persona_is_told_which_there_are() -> None:
    with pytest.raises(InvalidInput, match="no persona “smb”; there are: smb-monthly, annual-midterm"):
        persona_of("smb")
