"""addresses: no file names a package registry, a mirror or a folder of somebody's machine.

Reads every line of every text file. What is installed comes from whatever index the reader's tools are set to; a lock
carries hashes and no URL.
"""

import re
from collections.abc import Iterator
from typing import Final

from checks.check import Check, Finding, Sample
from checks.house import House, sample

_MACHINE: Final = "names a folder of one machine: write it relative to the project"
_INDEX: Final = "names an index of packages: leave it to the reader's own settings"

# (what a text must hold to be looked at closely, what is looked for, what to do); letters stand in brackets so that
# this file does not name what it looks for
_FAULTS: Final = (
    (
        (".org", ".io", ".com", ".net", ".dev", ".sh", "registry.", "npm.", "factory"),
        re.compile(
            r"\b(?:py[p]i\.org|python[h]osted\.org|registry\.(?:npm[j]s|yarn[p]kg)\.\w+|npm\.pkg\.\w+"
            r"|(?:un[p]kg|js[d]elivr|cdn[j]s|sky[p]ack)\.(?:com|net|dev)|esm\.s[h]|ana[c]onda\.(?:org|com)"
            r"|crates\.i[o]|jsr\.i[o]|proxy\.go[l]ang\.org|(?:ruby[g]ems|pack[a]gist)\.org|art[i]factory)\b",
            re.IGNORECASE,
        ),
        "names a package registry: leave where packages come from to the reader's own settings",
    ),
    (
        ("index-url", "find-links", "trusted-host"),
        re.compile(r"(?:--|^\s*)(?:extra-)?(?:index-url|find-links|trusted-host)\b[ =]\S", re.MULTILINE),
        _INDEX,
    ),
    (("registry",), re.compile(r"^\s*(?:@\w+:)?registry\s*=\s*[\"']?\w+://", re.MULTILINE), _INDEX),
    (
        ("/home/", "/root/", "/Users/", "/work/", "/var/folders/", "/private/tmp/"),
        re.compile(r"(?<![\w.~$}\)-])/(?:home|root|Users|work|var/folders|private/tmp)/[\w.-]+"),
        _MACHINE,
    ),
    (("\\",), re.compile(r"\b[A-Z]:\\+(?:Users|work)\\"), _MACHINE),
    (("../sha",), re.compile(r"(?<!\.)\.\./sha[r]ed\b"), "names a folder that is not the project's"),
)
_IN_LOCKS: Final = (
    (("resol",), re.compile(r'"?re[s]olved"?\s*[:=]'), "a lock carries hashes and no address: omit the resolved ones"),
    (("://",), re.compile(r"\b[a-z][a-z+]*://"), "a lock carries hashes and no URL: compile it without"),
)
_LOCK: Final = re.compile(r"(?:\.lock|-lock\.(?:json|yaml)|requirements[\w-]*\.txt|shrinkwrap\.json)$")


def find(house: House) -> Iterator[Finding]:
    """Lines that name a registry or a machine's folder, and locks that name any address."""
    for file in house.files:
        for needles, pattern, message in (*_FAULTS, *(_IN_LOCKS if _LOCK.search(file.path) else ())):
            if any(needle in file.text for needle in needles):
                for found in pattern.finditer(file.text):
                    yield Finding(file.path, file.line_at(found.start()), message)


def _in(says: str, path: str, text: str, *finds: str) -> Sample:
    """A file of this text, in which a middle dot stands for nothing: samples may not name registries either."""
    return Sample(says, sample(path, text.replace("·", "")), finds)


CHECK = Check(
    "addresses",
    "No file names a package registry or a folder of somebody's machine; a lock names no address at all.",
    find,
    (
        _in(
            "names of packages, paths of the project and of the web",
            "README.md",
            "pip installs asyncpg.\nSee docs/map.md, https://example.com/home/page, /app/static and ../shared_rows.\n",
        ),
        _in("a lock with hashes", "requirements.lock", "asyncpg==0.32.0 \\\n    --hash=sha256:00\n"),
        _in("a registry", "Dockerfile", "RUN curl https://py·pi.org/simple/asyncpg  # BAD\n", "a package registry"),
        _in(
            "a script from elsewhere",
            "app/static/x.html",
            "<script src='//un·pkg.com/x'>  # BAD\n",
            "a package registry",
        ),
        _in(
            "an index",
            ".ci/install",
            "pip install --index·-url https://mirror.example  # BAD\n",
            "an index of packages",
        ),
        _in("a registry of npm", ".npmrc", "registry·=https://mirror.example\n", "an index of"),
        _in("somebody's home", "docs/map.md", "The clone in /ho·me/ann/billing.  # BAD\n", "a folder of one machine"),
        _in("a neighbour's folder", "docs/map.md", "Read ../sha·red/product.md.  # BAD\n", "not the project's"),
        _in("a lock with URLs", "uv.lock", "x = 'https://mirror.example/x.whl'  # BAD\n", "hashes and no URL"),
        _in("a lock of npm", "package-lock.json", '"resol·ved": "x"  # BAD\n', "hashes and no address"),
    ),
)
