"""`serve`, `mcp` and `hash-password`: the web form and the tools for language models."""

from __future__ import annotations

import importlib.util
import ipaddress
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.commands.shared import CommandError, index_option, notify, open_library, searching, searching_options

if TYPE_CHECKING:
    from qa.cli.index_location import IndexLocation

FIRST_PORT = 7860
_TRIED = 100


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port (default: 7860 or the next free one).")
@click.option(
    "--public-url",
    metavar="URL",
    help="Address of the form behind a reverse proxy, such as https://docs.example.org/yearbooks.",
)
@click.option(
    "--auth-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with lines NAME:HASH of users, see hash-password.",
)
@click.option("--no-auth", is_flag=True, help="Allow other machines without authentication.")
@click.option("--mcp", is_flag=True, help="Also offer tools to language models at /mcp.")
@click.option("--allow-changes", is_flag=True, help="Let users of the form add and remove documents.")
@index_option
@searching_options
def serve(
    host: str,
    port: int | None,
    public_url: str | None,
    auth_file: Path | None,
    no_auth: bool,
    mcp: bool,
    allow_changes: bool,
    index_folder: Path | None,
    engine: str,
    address: str | None,
    shards: int | None,
    replicas: int | None,
) -> None:
    """Serve the web form."""
    from qa.cli import index_location

    if not is_loopback(host) and auth_file is None and not no_auth:
        raise click.UsageError(
            f"--host {host} is open to other machines: give --auth-file FILE, or --no-auth to allow everybody"
        )
    public = None
    if public_url is not None:
        from qa.web.urls import parse_public_url

        try:
            public = parse_public_url(public_url)
        except ValueError as error:
            raise click.UsageError(f"--public-url: {error}") from error
    if mcp:
        _require_mcp()
    place = index_location.location_to_read(index_folder)
    _check_index(place)
    chosen = choose_port(host, port)
    if port is None and chosen != FIRST_PORT:
        notify(f"port {FIRST_PORT} is in use: using {chosen}")
    notify("starting, a few seconds ...")
    with searching(engine, address, shards, replicas) as open_index:  # first: it may reject the options
        from qa.web.app import FormOptions
        from qa.web.app import serve as run

        run(
            lambda: open_library(index_folder, open_index=open_index),
            FormOptions(
                host=host,
                public=public,
                examples=index_location.sample_questions() if place.samples else (),
                auth_file=auth_file,
                desk_folder=index_location.own_folder().parent / "desks",
                mcp=mcp,
                allow_changes=allow_changes,
                changed_index=index_location.folder_to_write(index_folder),
                use_processes=open_index is None,
            ),
            port=chosen,
            announce=lambda url: click.echo(
                f"Yearbook QA is at {public or url} (stop it with Ctrl-C)"
                + (f"\nThe proxy passes requests on to {url}" if public else "")
                + (f"\nTools for language models: {public or url}/mcp" if mcp else "")
            ),
        )


@click.command()
@index_option
def mcp(index_folder: Path | None) -> None:
    """Offer tools to a language model over standard input and output (Model Context Protocol)."""
    from qa.cli import index_location

    _require_mcp()
    _check_index(index_location.location_to_read(index_folder))
    import anyio

    from qa.api.concurrency import LibraryLoader
    from qa.api.mcp_server import mcp_server
    from qa.api.service import LibraryService

    opening = LibraryLoader(
        lambda: open_library(index_folder)
    )  # opened by the first call, so that tools are listed at once
    server = mcp_server(LibraryService(opening.library))
    # nothing to clean up, and Python's own handler would wait for the next line of input
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    anyio.run(server.run_stdio_async)


def _require_mcp() -> None:
    if importlib.util.find_spec("mcp") is None:
        raise CommandError('the package mcp is not installed: run `pip install "yearbook-qa[mcp]"`')


def _check_index(place: IndexLocation) -> None:
    """Fail before serving if the index cannot be read; the samples are indexed when opened."""
    if not place.samples:
        from index.manifest import read as read_manifest

        read_manifest(place.folder)


@click.command("hash-password")
@click.argument("name")
def hash_password(name: str) -> None:
    """Print a line NAME:HASH for the file of `serve --auth-file`.

    The password is prompted for, or read as a line from standard input; it is never an argument, which other users of
    the machine could see.
    """
    from qa.web.security.access import hash_password as hashed

    if not name or ":" in name or not name.isprintable():
        raise click.UsageError(f"name is {name!r}: it must not be empty or contain colons or control characters")
    if sys.stdin.isatty():
        # on standard error, since standard output is often a file
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        try:
            password = sys.stdin.buffer.readline().decode().removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError as error:
            raise CommandError("the password on standard input is not UTF-8: please encode it as UTF-8") from error
    if not password:
        raise CommandError("the password is empty: type it at the prompt, or send it as a line on standard input")
    click.echo(f"{name}:{hashed(password)}")


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def choose_port(host: str, port: int | None) -> int:
    """Return the port if given, else the first free one from `FIRST_PORT` on. Raises OSError if none is free."""
    if port is not None:
        if not _is_free(host, port):
            raise OSError(None, f"port {port} on {host} is in use: choose another with --port, or omit it")
        return port
    for candidate in range(FIRST_PORT, FIRST_PORT + _TRIED):
        if _is_free(host, candidate):
            return candidate
    raise OSError(
        None, f"no free port on {host} from {FIRST_PORT} to {FIRST_PORT + _TRIED - 1}: choose one with --port"
    )


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
