"""Print a bearer token of the demo: a persona's person, or one of the vendor's staff. Refused in production."""

import argparse
import os

from app.settings import Mode, Settings
from cli.personas import staff_token, token_of
from cli.terminal import CommandError
from domain.actor import Role, StaffRole


def arguments(parser: argparse.ArgumentParser) -> None:
    """Who, and in which role."""
    parser.add_argument("persona", metavar="PERSONA", help="a persona's slug, or staff")
    parser.add_argument(
        "--role",
        choices=("viewer", "billing-admin", "owner", "support", "finance", "system"),
        help="viewer, billing-admin, owner (the default); or of staff: support (the default), finance, system",
    )


def run(given: argparse.Namespace) -> int:
    """Print the token and nothing else, so that a script can use it."""
    demo_mode = Settings.from_environment(os.environ, default_mode=Mode.DEMO).mode is Mode.DEMO
    kind, default = (StaffRole, StaffRole.SUPPORT) if given.persona == "staff" else (Role, Role.OWNER)
    name = given.role.upper().replace("-", "_") if given.role else default.value
    if name not in set(kind):
        raise CommandError(f"{given.persona} has no role {given.role}; see `billing token --help`")
    if given.persona == "staff":
        print(staff_token(StaffRole(name), demo_mode=demo_mode))
    else:
        print(token_of(given.persona, Role(name), demo_mode=demo_mode))
    return 0
