"""The `billing` command: finds the subcommand, runs it, and turns what went wrong into one line."""


def main() -> int:
    """Placeholder until the subcommands are in place."""
    return 0
