"""House checks: rules of this project that no linter knows, each proven by samples of its own.

`python -m checks` runs them all, as `make check` does. One file a check: the rule in a sentence, how it is seen, the
samples it passes and the samples it finds. A check cannot be switched off, but a line may be excused where it stands:

    # check: allow NAME because the reason, in words

on the line or in the comment above it; about a whole file, anywhere in it. An excuse without a reason, or one that
excuses nothing any more, is a finding itself.

Owns the rules. Does not own what ruff, mypy and import-linter see already, nor what only a running program shows.
"""
