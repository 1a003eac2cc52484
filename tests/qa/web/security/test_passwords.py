"""Passwords are read from standard input or a prompt, never from the command line, which other users can see."""

from __future__ import annotations

import base64
import hmac
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa.cli.cli import main
from qa.web.security import passwords


@pytest.mark.parametrize("written", ["the harbour's\n", "the harbour's\r\n", "the harbour's", "the harbour's\nmore\n"])
def test_a_password_is_read_from_standard_input(written: str) -> None:
    given = CliRunner().invoke(main, ["hash-password", "ann"], input=written.encode())
    assert given.exit_code == 0
    assert given.stderr == ""
    name, _, hashed = given.stdout.rstrip("\n").partition(":")
    assert name == "ann"
    assert passwords.verify("the harbour's", hashed)


@pytest.mark.parametrize(
    ("written", "says"), [(b"", "the password is empty"), (b"\n", "the password is empty"), (b"\xff\n", "the password")]
)
def test_an_empty_or_undecodable_password_is_refused(written: bytes, says: str) -> None:
    refused = CliRunner().invoke(main, ["hash-password", "ann"], input=written)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"yearbook-qa: {says}")


def test_no_option_accepts_a_password() -> None:
    refused = CliRunner().invoke(main, ["hash-password", "ann", "--password", "right"])
    assert (refused.exit_code, refused.stdout) == (2, "")


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
def test_a_prompted_password_leaves_one_line_in_the_file(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "qa.cli", "hash-password", "ann"]
    with (
        (tmp_path / "users").open("wb") as users,
        # in a session of its own there is no /dev/tty: what is asked is asked by standard error
        subprocess.Popen(command, stdin=theirs, stdout=users, stderr=theirs, start_new_session=True) as process,
    ):
        os.close(theirs)
        said = b""
        for asked in (b"Password:", b"Repeat for confirmation:"):
            while asked not in said:
                said += os.read(ours, 1000)
            os.write(ours, b"right\n")
        assert process.wait(30) == 0
    os.close(ours)
    assert b"right" not in said
    assert passwords.verify("right", passwords.read(tmp_path / "users")["ann"])


def test_an_unknown_name_costs_one_hash_like_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    accepts = passwords.checker({"ann": passwords.hash_password("right")})
    asked: list[str] = []
    compared: list[tuple[bytes, bytes]] = []
    hashed, compare = passwords._scrypt, hmac.compare_digest

    def counted(password: str, *rest: object) -> bytes:
        asked.append(password)
        return hashed(password, *rest)  # type: ignore[arg-type]

    def in_constant_time(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return compare(one, other)

    monkeypatch.setattr(passwords, "_scrypt", counted)
    monkeypatch.setattr(hmac, "compare_digest", in_constant_time)
    for pair, right in ((b"ann:right", True), (b"ann:wrong", False), (b"eve:any", False), (b":", False)):
        assert accepts("Basic " + base64.b64encode(pair).decode()) is right
    assert asked == ["right", "wrong", "any", ""]
    assert [one == other for one, other in compared] == [True, False, False, False]


def test_few_wrong_passwords_are_verified_for_a_name_and_an_address() -> None:
    now = 0.0
    guesses = passwords.Guesses(lambda: now)
    ann, ann_elsewhere, bob = ("192.0.2.1", "ann"), ("192.0.2.2", "ann"), ("192.0.2.1", "bob")

    def wait(who: tuple[str, str], number: int) -> int:
        return guesses.seconds_to_wait(who, b"%d" % number)

    assert [wait(ann, number) for number in range(passwords.MAX_GUESSES)] == [0] * passwords.MAX_GUESSES
    now = 10.0
    assert wait(ann, 99) == passwords.GUESS_SECONDS - 10
    assert wait(ann, 3) == 0  # tried before: each file of a page comes with the same password
    assert (wait(ann_elsewhere, 99), wait(bob, 99)) == (0, 0)
    now = passwords.GUESS_SECONDS
    assert wait(ann, 99) == 0
    guesses.forget(bob)
    assert [wait(bob, number) for number in range(passwords.MAX_GUESSES)] == [0] * passwords.MAX_GUESSES
