"""Verify names and passwords against a file of lines `name:hash`, hashed with scrypt (RFC 7914)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path

from qa.errors import PasswordFileError

_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_MEMORY = 64 * 1024 * 1024
_BASE64 = r"((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)"
_HASH = re.compile(rf"scrypt\$(\d{{1,7}})\$([1-9]\d?)\$([1-9]\d?)\${_BASE64}\${_BASE64}", re.ASCII)


MAX_GUESSES = 10
"""Wrong passwords for a name from an address before further ones are refused without being verified."""

GUESS_SECONDS = 300.0
"""Seconds after which they are forgotten: an attacker has 2,880 guesses a day, who mistypes waits for minutes."""

_MAX_GUESSING = 10_000
"""Names and addresses that are remembered; the oldest are dropped."""


class Guesses:
    """The wrong passwords that were tried for each name from each address, as hashes, in a bounded table."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tried: OrderedDict[tuple[str, str], tuple[float, set[bytes]]] = OrderedDict()
        """When the first was tried, and all of them."""

    def seconds_to_wait(self, who: tuple[str, str], guess: bytes) -> int:
        """Note a password as wrong, unless `forget` follows; return after how many seconds it may be tried, 0 for now.

        The same password again is no further guess: a browser sends it with each file of a page.
        """
        now = self._clock()
        since, guesses = self._tried.get(who, (now, set()))
        if now >= since + GUESS_SECONDS:
            since, guesses = now, set()
        if guess not in guesses and len(guesses) >= MAX_GUESSES:
            return math.ceil(since + GUESS_SECONDS - now)
        self._tried[who] = since, guesses | {guess}
        while len(self._tried) > _MAX_GUESSING:
            self._tried.popitem(last=False)
        return 0

    def forget(self, who: tuple[str, str]) -> None:
        """Forget what was tried: a password was right."""
        self._tried.pop(who, None)


def hash_password(password: str) -> str:
    """Return the hash for the file: `scrypt$cost$block$parallel$salt$hash`, with a new salt."""
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, _COST, _BLOCK, _PARALLEL)
    return f"scrypt${_COST}${_BLOCK}${_PARALLEL}${_text(salt)}${_text(digest)}"


def verify(password: str, hashed: str) -> bool:
    """Return whether a hash was made of this password."""
    _, cost, block, parallel, salt, digest = hashed.split("$")
    computed = _scrypt(password, base64.b64decode(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(computed, base64.b64decode(digest))


def read(file: Path) -> dict[str, str]:
    """Return the hashes by name. Raises PasswordFileError, also for a file without names."""
    hashes: dict[str, str] = {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PasswordFileError(f"{file}: cannot be read ({error})") from error
    for number, line in enumerate(lines, 1):
        name, colon, hashed = line.strip().partition(":")
        if not name and not colon:
            continue
        if not name or not _is_hash(hashed):
            raise PasswordFileError(f"{file}, line {number}: must be name:hash, as yearbook-qa hash-password prints it")
        hashes[name] = hashed
    if not hashes:
        raise PasswordFileError(f"{file}: no name in it; add a line made by yearbook-qa hash-password")
    return hashes


def _is_hash(hashed: str) -> bool:
    """Return whether `verify` can use a hash, with the memory that it allows."""
    match = _HASH.fullmatch(hashed)
    if match is None:
        return False
    cost, block, parallel = int(match[1]), int(match[2]), int(match[3])
    return cost > 1 and cost & (cost - 1) == 0 and 128 * block * (cost + parallel) < _MEMORY


def checker(users: Mapping[str, str]) -> Callable[[str], bool]:
    """Return a function that verifies an `Authorization` header; it takes as long as the hash does, by design."""
    unknown_user = hash_password(secrets.token_hex(16))

    def accepts(header: str) -> bool:
        credentials = parse_credentials(header)
        if credentials is None:
            return False
        name, password = credentials
        # verified for an unknown name, too, so that it takes as long as a wrong password
        return verify(password, users.get(name, unknown_user)) and name in users

    return accepts


def parse_credentials(header: str) -> tuple[str, str] | None:
    """Return name and password of an `Authorization` header, None for another scheme or a malformed one."""
    scheme, _, value = header.partition(" ")
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (name, password) if scheme.lower() == "basic" and colon else None


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=_MEMORY, dklen=32)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
