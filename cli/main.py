"""The `billing` command: finds the subcommand, runs it, and turns what went wrong into one line.

A subcommand is a module with `HELP`, `arguments(parser)` and `run(given)`; what it needs it imports when it runs, so
that `billing --help` answers at once and an image without the demo's packages works.
"""

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType, ModuleType
from typing import NoReturn

from cli import clean, demo, explain, migrate, rules, sdl, seed, serve, token, work

COMMANDS: dict[str, ModuleType] = {
    "serve": serve,
    "work": work,
    "migrate": migrate,
    "demo": demo,
    "seed": seed,
    "token": token,
    "sdl": sdl,
    "rules": rules,
    "explain": explain,
    "clean": clean,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; 0 when it did what was asked, 1 when it found something, 2 when it could not."""
    parser = argparse.ArgumentParser(prog="billing", description="The billing gateway.")
    subparsers = parser.add_subparsers(required=True, metavar="command")
    for name, module in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=module.HELP, description=module.__doc__)
        module.arguments(subparser)
        subparser.set_defaults(run=module.run)
    given = parser.parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        return int(given.run(given))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `billing sdl | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as problem:  # noqa: BLE001 - the last door: nobody at a terminal is helped by a traceback
        return _tell(problem)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """End as if the program had come to its end, so that everything started is stopped."""
    raise SystemExit(128 + number)


def _tell(problem: Exception) -> int:
    from app.demo_tokens import DemoOnly
    from app.settings import SettingsError
    from cli.terminal import CommandError
    from db.address import DatabaseUnavailable
    from db.binaries import EmbeddedDatabaseError
    from domain.errors import DomainError

    expected = (CommandError, SettingsError, DatabaseUnavailable, EmbeddedDatabaseError, DemoOnly, DomainError)
    if isinstance(problem, expected):
        print(f"billing: {problem}", file=sys.stderr)
    elif os.environ.get("LOG_LEVEL") == "DEBUG":
        traceback.print_exception(problem)
    else:
        first_line = str(problem).partition("\n")[0]
        print(f"billing: {type(problem).__name__}: {first_line} (LOG_LEVEL=DEBUG tells more)", file=sys.stderr)
    return 2
