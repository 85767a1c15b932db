"""The `billing` command: finds the subcommand, runs it, and turns what went wrong into one line.

A subcommand is a module of its name with `arguments(parser)` and `run(given)`, imported when it is asked for, so that
`billing --help` answers at once and an image without the demo's database works.
"""

import argparse
import gc
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import NoReturn

COMMANDS = {
    "serve": "serve the gateway",
    "work": "run the worker",
    "migrate": "bring the database to the newest tables",
    "demo": "serve the demo company, with everything it needs",
    "seed": "fill a database with the demo company, or with bulk",
    "token": "print a token of the demo",
    "audit": "derive every final invoice again from the facts, and report what disagrees",
    "explain": "show why a plan-change rule fires, or does not",
    "simulate": "ask an edition of the policy what was asked of late, and show where it differs",
    "usage": "bring in usage from a file",
    "approver": "set how much one of us may approve",
    "sdl": "print the schema in GraphQL's language",
    "rules": "print the plan-change rules as a document",
    "trees": "print the decision trees of the demo's plans as a document",
    "clean": "delete the embedded database",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; 0 when it did what was asked, 1 when it found something, 2 when it could not."""
    asked = sys.argv[1:] if arguments is None else arguments
    try:
        given = _parsed(asked)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _leave)
        return int(given.run(given))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `billing sdl | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as problem:  # noqa: BLE001 - the last door: nobody at a terminal is helped by a traceback
        return _tell(problem)


def _parsed(asked: Sequence[str]) -> argparse.Namespace:
    """The arguments, with the subcommand's module loaded; nothing dies meanwhile, so the collector need not look."""
    gc.disable()
    try:
        return _parser(asked).parse_args(asked)
    finally:
        gc.freeze()
        gc.enable()


def _parser(asked: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="billing", description="The billing gateway.")
    subparsers = parser.add_subparsers(required=True, metavar="command")
    for name, about in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=about)
        if name in asked[:1]:
            module = import_module(f"cli.{name}")
            subparser.description = module.__doc__
            module.arguments(subparser)
            subparser.set_defaults(run=module.run)
    return parser


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """End as if the program had come to its end, so that everything started is stopped."""
    raise SystemExit(128 + number)


def _tell(problem: Exception) -> int:
    from app.demo_tokens import DemoOnly
    from app.settings import SettingsError
    from cli.terminal import CommandError
    from db.address import DatabaseUnavailable
    from db.binaries import EmbeddedDatabaseError
    from db.graph.check import UnsoundGraph
    from domain.errors import DomainError

    unavailable = (DatabaseUnavailable, EmbeddedDatabaseError)
    expected = (CommandError, SettingsError, *unavailable, DemoOnly, DomainError, UnsoundGraph)
    if isinstance(problem, expected):
        print(f"billing: {problem}", file=sys.stderr)
    elif os.environ.get("LOG_LEVEL") == "DEBUG":
        traceback.print_exception(problem)
    else:
        first_line = str(problem).partition("\n")[0]
        print(f"billing: {type(problem).__name__}: {first_line} (LOG_LEVEL=DEBUG tells more)", file=sys.stderr)
    return 2
