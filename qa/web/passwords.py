"""Names and passwords for a form that others may open: lines `name:hash`, hashed by scrypt (RFC 7914)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_MEMORY = 64 * 1024 * 1024


class PasswordFileError(ValueError):
    """A file of passwords that cannot be used; the message names file and line."""


def hash_password(password: str) -> str:
    """What stands after `name:` in the file: scrypt$cost$block$parallel$salt$hash."""
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, _COST, _BLOCK, _PARALLEL)
    return f"scrypt${_COST}${_BLOCK}${_PARALLEL}${_text(salt)}${_text(digest)}"


def verify(password: str, hashed: str) -> bool:
    """Whether this is the password that was hashed."""
    _, cost, block, parallel, salt, digest = hashed.split("$")
    found = _scrypt(password, base64.b64decode(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(found, base64.b64decode(digest))


def read(file: Path) -> dict[str, str]:
    """Hashes by name. Raises PasswordFileError, also for a file without a single name."""
    found: dict[str, str] = {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PasswordFileError(f"{file}: cannot be read ({error})") from error
    for number, line in enumerate(lines, 1):
        name, colon, hashed = line.strip().partition(":")
        if not name and not colon:
            continue
        if not name or hashed.count("$") != 5 or not hashed.startswith("scrypt$"):
            raise PasswordFileError(f"{file}, line {number}: must be name:hash, as yearbook-qa hash-password prints it")
        found[name] = hashed
    if not found:
        raise PasswordFileError(f"{file}: no name in it; add a line made by yearbook-qa hash-password")
    return found


def checker(users: Mapping[str, str]) -> Callable[[str], bool]:
    """A function that says whether the value of an `Authorization` header names one of the users with its password.

    A value found right is remembered by its hash: scrypt is slow by design, and a page asks for a hundred files.
    """
    accepted: set[bytes] = set()
    nobody = hash_password(secrets.token_hex(16))

    def accepts(header: str) -> bool:
        key = hashlib.sha256(header.encode()).digest()
        if key in accepted:
            return True
        scheme, _, value = header.partition(" ")
        try:
            name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
        except ValueError:
            return False
        # an unknown name takes as long as a wrong password
        right = verify(password, users.get(name, nobody)) and name in users
        if scheme.lower() == "basic" and colon and right:
            accepted.add(key)
            return True
        return False

    return accepts


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=_MEMORY, dklen=32)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
