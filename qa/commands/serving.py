"""`serve` and `hash-password`: the web form and who may use it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa.commands.shared import (
    Fault,
    index_option,
    notify,
    open_library,
)

if TYPE_CHECKING:
    from qa.places import Place


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port (default: 7860, or the next that is free).")
@click.option("--auth-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Lines name:hash.")
@click.option("--no-auth", is_flag=True, help="Allow a host beyond this machine without authentication.")
@click.option("--mcp", is_flag=True, help="Offer tools to language models at /mcp, too.")
@click.option("--allow-changes", is_flag=True, help="Let those who use the form add and remove documents.")
@index_option
def serve(
    host: str,
    port: int | None,
    auth_file: Path | None,
    no_auth: bool,
    mcp: bool,
    allow_changes: bool,
    index_folder: Path | None,
) -> None:
    """Serve the web form."""
    from qa import places
    from qa.ports import choose_port, is_loopback

    if not is_loopback(host) and auth_file is None and not no_auth:
        raise click.UsageError(
            f"--host {host} is open to other machines: give --auth-file FILE, or --no-auth to allow all"
        )
    if mcp:
        _demand_mcp()
    chosen = choose_port(host, port)
    if port is None and chosen != 7860:
        notify(f"port 7860 is taken: using {chosen}")
    notify("starting, a few seconds ...")
    place = places.to_read(index_folder)
    _check_index(place)
    from qa.web.app import serve as run

    run(
        lambda: open_library(index_folder),
        examples=places.sample_questions() if place.samples else (),
        host=host,
        port=chosen,
        auth_file=auth_file,
        mcp=mcp,
        allow_changes=allow_changes,
        changed=places.to_write(index_folder),
        announce=lambda url: click.echo(
            f"Yearbook QA is at {url} (stop it with Ctrl-C)"
            + (f"\nTools for language models: {url}/mcp" if mcp else "")
        ),
    )


def _demand_mcp() -> None:
    if importlib.util.find_spec("mcp") is None:
        raise Fault('the package mcp is not installed: run `pip install "mcp>=2,<3"`')


def _check_index(place: Place) -> None:
    """Say a fault of the index before anything is served; the samples are made when they are opened."""
    if not place.samples:
        from index.manifest import read as read_manifest

        read_manifest(place.folder)


@click.command("hash-password")
@click.argument("name")
@click.password_option(help="Asked for where it is not given.")
def hash_password(name: str, password: str) -> None:
    """Print a line `NAME:hash` for the file of `serve --auth-file`."""
    from qa.web.passwords import hash_password as hashed

    if not name or ":" in name or not name.isprintable():
        raise click.UsageError(f"{name!r}: a name has no colon and no control character")
    click.echo(f"{name}:{hashed(password)}")
