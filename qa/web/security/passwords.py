"""Names and passwords for a form that others may open: lines `name:hash`, hashed by scrypt (RFC 7914)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from qa.errors import PasswordFileError

_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_MEMORY = 64 * 1024 * 1024
_BASE64 = r"((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)"
_HASH = re.compile(rf"scrypt\$(\d{{1,7}})\$([1-9]\d?)\$([1-9]\d?)\${_BASE64}\${_BASE64}", re.ASCII)


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
        if not name or not _is_hash(hashed):
            raise PasswordFileError(f"{file}, line {number}: must be name:hash, as yearbook-qa hash-password prints it")
        found[name] = hashed
    if not found:
        raise PasswordFileError(f"{file}: no name in it; add a line made by yearbook-qa hash-password")
    return found


def _is_hash(hashed: str) -> bool:
    """Whether a line has what `verify` needs, at a cost that this machine can bear."""
    match = _HASH.fullmatch(hashed)
    if match is None:
        return False
    cost, block, parallel = int(match[1]), int(match[2]), int(match[3])
    return cost > 1 and cost & (cost - 1) == 0 and 128 * block * (cost + parallel) < _MEMORY


def checker(users: Mapping[str, str]) -> Callable[[str], bool]:
    """A function that says whether the value of an `Authorization` header names one of the users with its password.

    It takes as long as the hash does, by design.
    """
    nobody = hash_password(secrets.token_hex(16))

    def accepts(header: str) -> bool:
        scheme, _, value = header.partition(" ")
        try:
            name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
        except ValueError:
            return False
        # an unknown name takes as long as a wrong password
        right = verify(password, users.get(name, nobody)) and name in users
        return scheme.lower() == "basic" and bool(colon) and right

    return accepts


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=_MEMORY, dklen=32)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
