"""`serve`, `mcp` and `hash-password`: the web form, the tools for language models, and who may use them."""

from __future__ import annotations

import importlib.util
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.cli.commands.shared import Fault, index_option, notify, open_library, searching_options

if TYPE_CHECKING:
    from qa.cli.index_location import Place


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port (default: 7860, or the next that is free).")
@click.option("--auth-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Lines name:hash.")
@click.option("--no-auth", is_flag=True, help="Allow a host beyond this machine without authentication.")
@click.option("--mcp", is_flag=True, help="Offer tools to language models at /mcp, too.")
@click.option("--allow-changes", is_flag=True, help="Let those who use the form add and remove documents.")
@index_option
@searching_options
def serve(
    host: str,
    port: int | None,
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
    from qa.cli.commands.engines import searching
    from qa.cli.ports import choose_port, is_loopback

    if not is_loopback(host) and auth_file is None and not no_auth:
        raise click.UsageError(
            f"--host {host} is open to other machines: give --auth-file FILE, or --no-auth to allow all"
        )
    if mcp:
        _demand_mcp()
    place = index_location.to_read(index_folder)
    _check_index(place)
    chosen = choose_port(host, port)
    if port is None and chosen != 7860:
        notify(f"port 7860 is taken: using {chosen}")
    notify("starting, a few seconds ...")
    with searching(engine, address, shards, replicas) as open_index:  # first: it may refuse the options
        from qa.web.app import serve as run

        run(
            lambda: open_library(index_folder, open_index=open_index),
            use_processes=open_index is None,
            examples=index_location.sample_questions() if place.samples else (),
            host=host,
            port=chosen,
            auth_file=auth_file,
            mcp=mcp,
            allow_changes=allow_changes,
            changed_index=index_location.to_write(index_folder),
            announce=lambda url: click.echo(
                f"Yearbook QA is at {url} (stop it with Ctrl-C)"
                + (f"\nTools for language models: {url}/mcp" if mcp else "")
            ),
        )


@click.command()
@index_option
def mcp(index_folder: Path | None) -> None:
    """Offer tools to a language model over standard input and output (Model Context Protocol)."""
    from qa.cli import index_location

    _demand_mcp()
    _check_index(index_location.to_read(index_folder))
    import anyio

    from qa.api.library_loader import LibraryLoader
    from qa.api.mcp_server import mcp_server
    from qa.api.service import LibraryService

    opening = LibraryLoader(lambda: open_library(index_folder))  # by the first call: the tools are listed at once
    server = mcp_server(LibraryService(opening.library))
    # Nothing is left to tidy up, and Python's own handler would wait for the next line of input.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    anyio.run(server.run_stdio_async)


def _demand_mcp() -> None:
    if importlib.util.find_spec("mcp") is None:
        raise Fault('the package mcp is not installed: run `pip install "yearbook-qa[mcp]"`')


def _check_index(place: Place) -> None:
    """Say a fault of the index before anything is served; the samples are made when they are opened."""
    if not place.samples:
        from index.manifest import read as read_manifest

        read_manifest(place.folder)


@click.command("hash-password")
@click.argument("name")
def hash_password(name: str) -> None:
    """Print a line `NAME:hash` for the file of `serve --auth-file`.

    The password is asked for, or read from standard input, a line: other users of this machine see what stands on a
    command line.
    """
    from qa.web.security.passwords import hash_password as hashed

    if not name or ":" in name or not name.isprintable():
        raise click.UsageError(f"{name!r}: a name has no colon and no control character")
    if sys.stdin.isatty():
        # to standard error: standard output is the line, and goes to a file
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        try:
            password = sys.stdin.buffer.readline().decode().removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError as error:
            raise Fault("the password on standard input is not UTF-8 text") from error
    if not password:
        raise Fault("no password: type it where it is asked for, or send it as a line of standard input")
    click.echo(f"{name}:{hashed(password)}")
