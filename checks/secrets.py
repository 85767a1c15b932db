"""secrets: no private key and no credential is committed; the demo's key, which is public on purpose, says so.

Knows keys by their form: PEM blocks, private JWKs, the prefixes well-known issuers put on theirs, passwords in URLs.
"""

import re
from collections.abc import Iterator
from typing import Final

from checks.check import Check, Finding, Sample
from checks.house import House, sample

# (what a text must hold to be looked at closely, what is looked for, what it is)
_FAULTS: Final = (
    (("PRIVATE KEY",), re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"), "a private key"),
    (
        ("kty",),
        re.compile(r"""(?:["'][dk]["']\s*:|(?<![\w.])[dk]\s*=)\s*["'][\w-]{40,}["']"""),
        "the private part of a JWK",
    ),
    (("AKIA", "ASIA"), re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), "an access key"),
    (("k_", "whsec_"), re.compile(r"\b(?:[sr]k|whsec)_(?:live_|test_)?[A-Za-z0-9]{20,}"), "a payment provider's key"),
    (
        ("gh", "glpat-", "xox"),
        re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{20,})"),
        "a token",
    ),
    (("eyJ",), re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}"), "a signed token"),
    (
        ("://",),
        # what stands in braces is put there when it runs; the words are what documents write for a password
        re.compile(r"://[^\s/:@'\"{}<>$]+:(?!(?:password|secret|PASSWORD|SECRET)@)[^\s/@'\"{}<>$]{8,}@"),
        "a password in a URL",
    ),
)


def find(house: House) -> Iterator[Finding]:
    """Lines that hold what looks like a secret."""
    for file in house.files:
        for needles, pattern, what in _FAULTS:
            if any(needle in file.text for needle in needles):
                for found in pattern.finditer(file.text):
                    message = f"{what}: secrets come from the environment; what is public on purpose has an excuse"
                    yield Finding(file.path, file.line_at(found.start()), message)


def _in(says: str, text: str, *finds: str, path: str = "app/some.py") -> Sample:
    """A file of this text, in which a middle dot stands for nothing: samples may not hold secrets either."""
    return Sample(says, sample(path, text.replace("·", "")), finds)


_PART: Final = "0HKvd8oawhIGgAm5juyvBW5AKgFAfrGwuxqcewQabcd"

CHECK = Check(
    "secrets",
    "No private key and no credential is committed.",
    find,
    (
        _in(
            "public halves, names of variables, and places to put a password",
            """
            KEY = {"kty": "OKP", "x": "z0K7XX203mRjPaulJRPBpZatAlxKh2CgxxMSd03PkMabcd"}
            URL = "postgresql://billing:{password}@127.0.0.1/billing"
            SECRET = os.environ["BILLING_SECRET"]
            """,
        ),
        _in("a private JWK", f'KEY = {{"kty": "OKP", "d": "{_PART}"}}  # BAD\n', "the private part of a JWK"),
        _in("a PEM block", "-----BEGIN EC PRI·VATE KEY-----  # BAD\n", "a private key", path="keys/demo.pem"),
        _in("a payment provider's key", f"sk_li·ve_{_PART}  # BAD\n", "a payment provider's key", path=".env"),
        _in(
            "a password in a URL",
            "postgresql:/·/billing:correcthorse@db/billing  # BAD\n",
            "a password in a URL",
            path=".env",
        ),
        _in("a signed token", f"eyJ{_PART}.eyJ{_PART}.{_PART}  # BAD\n", "a signed token", path="README.md"),
    ),
)
