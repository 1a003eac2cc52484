"""The page of collections and judgements, which the form includes in its tab, and what its script asks for.

By default the browser keeps them, and sends what is to be exported, located or measured. Where users have accounts, the
server stores the desk of each user, the collections and judgements: one JSON file a user, replaced atomically. A desk
has a revision. Who writes names the revision that was read, so that two open windows never overwrite each other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from filelock import FileLock
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from corpus.filesystem import replace_file
from corpus.processes import Json
from corpus.translation import gettext as _
from qa import limits
from qa.api.concurrency import LibraryLoader
from qa.collections.citation_styles import STYLES
from qa.collections.collection import kept_passage_json, parse_collection
from qa.collections.exports import EXPORTS, export_collection
from qa.collections.relocation import keep, locate
from qa.errors import USER_ERRORS, CollectionError
from qa.evaluation.question_formats import replace_surrogates
from qa.evaluation.questions import questions_from_objects
from qa.templating import render
from qa.web.render.page import page
from qa.web.routes.responses import LimitedTasks, attachment, error_status, file_name
from qa.web.workers.tasks import error_without_path, service_request

NO_STORE = {"cache-control": "no-store"}
"""Headers of what belongs to one user."""

Endpoint = Callable[[Request], Awaitable[Response]]


class DeskConflict(ValueError):
    """The desk was changed after it was read."""


class Desks:
    """Reads and writes the desks of users; safe between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, user: str) -> tuple[int, Json | None]:
        """Return the revision and the desk of a user, 0 and None for a new one. Raises CollectionError if damaged."""
        path = self._path(user)
        try:
            stored = json.loads(path.read_bytes())
            return int(stored["revision"]), dict(stored["desk"])
        except FileNotFoundError:
            return 0, None
        except (ValueError, KeyError, TypeError) as error:
            raise CollectionError(
                _(
                    "%(file)s: the stored collections cannot be read (%(error)s): restore the file",
                    file=path.name,
                    error=error,
                )
            ) from error

    def write(self, user: str, revision: int, desk: Json) -> int:
        """Replace a user's desk and return its new revision.

        Raises:
            DeskConflict: `revision` is not that of the stored desk.
            CollectionError: The desk is too large.
        """
        path = self._path(user)
        content = json.dumps({"user": user, "revision": revision + 1, "desk": desk}).encode()
        if len(content) > limits.DESK.value:
            raise CollectionError(
                _(
                    "%(size)s bytes of collections: at most %(limit)s (%(variable)s)",
                    size=f"{len(content):,}",
                    limit=f"{limits.DESK.value:,}",
                    variable=limits.DESK.variable,
                )
            )
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(self._folder / "lock"):
            if self.read(user)[0] != revision:
                raise DeskConflict(f"revision {revision} was replaced")
            replace_file(path, content)
        return revision + 1

    def _path(self, user: str) -> Path:
        """Return a file whose name no user can choose."""
        return self._folder / f"{hashlib.sha256(user.encode('utf-8', 'surrogatepass')).hexdigest()}.json"


def check_desk(desk: object) -> Json:
    """Return a desk that a client sent.

    It has `collections`, `current` (the position of the open one) and `judgements` (lines of a file of questions).

    Raises:
        QuestionError: It has another form.
    """
    if not isinstance(desk, dict) or not all(isinstance(desk.get(key), list) for key in ("collections", "judgements")):
        raise CollectionError(_("no desk: it must have the lists `collections` and `judgements`"))
    for collection in desk["collections"]:
        parse_collection(collection)
    questions_from_objects(desk["judgements"])
    current = desk.get("current")
    return {
        "collections": desk["collections"],
        "current": current if isinstance(current, int) else 0,
        "judgements": desk["judgements"],
    }


def add_desk_pages(app: FastAPI, desks: Desks | None) -> None:
    """Add the tab's page and what is stored to the application; `desks` is None where the browser stores it."""

    @app.get("/collections")
    def collections() -> Response:
        body = render("collections.html", part="page", exports=EXPORTS, styles=STYLES, on_server=desks is not None)
        return HTMLResponse(page(_("Collections"), body))

    @app.get("/desk")
    @_json_errors
    async def read_desk(request: Request) -> Response:
        user = _user(request)
        if desks is None or user is None:
            return JSONResponse({"server": False}, headers=NO_STORE)
        revision, desk = await run_in_threadpool(desks.read, user)
        return JSONResponse({"server": True, "revision": revision, "desk": desk}, headers=NO_STORE)

    @app.put("/desk")
    @_json_errors
    async def write_desk(request: Request) -> Response:
        user = _user(request)
        if desks is None or user is None:
            raise HTTPException(404)
        sent = await _json_body(request)
        revision = sent.get("revision") if isinstance(sent, dict) else None
        if not isinstance(sent, dict) or not isinstance(revision, int):
            raise HTTPException(400)
        try:
            revision = await run_in_threadpool(desks.write, user, revision, check_desk(sent.get("desk")))
        except DeskConflict:
            return JSONResponse({"error": "changed"}, 409, NO_STORE)
        return JSONResponse({"revision": revision}, headers=NO_STORE)


def add_collection_pages(app: FastAPI, loader: LibraryLoader, tasks: LimitedTasks) -> None:
    """Add what is made of passages, collections and judgements that are sent."""

    @app.get("/kept")
    @_json_errors
    async def kept(request: Request) -> Response:
        passage = request.query_params.get("passage", "")
        kept = await tasks.call(lambda: keep(loader.library().index, passage))
        return JSONResponse(kept_passage_json(kept))

    @app.post("/collection-states")
    @_json_errors
    async def states(request: Request) -> Response:
        collection = parse_collection(await _json_body(request))
        located = await tasks.call(lambda: list(locate(loader.library().index, collection.passages)))
        return JSONResponse(
            [
                {"state": place.state, "passage": kept_passage_json(place.passage) if place.passage else None}
                for place in located
            ]
        )

    @app.post("/collection-export")
    @_json_errors
    async def export(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=3, max_part_size=limits.BODY.value) as form:
            name, style, text = (str(form.get(field, "")) for field in ("format", "style", "collection"))
        if name not in EXPORTS or style not in STYLES:
            raise HTTPException(400)
        collection = parse_collection(_parse(text))
        data = await tasks.call(lambda: export_collection(collection, name, style))
        headers = attachment(f"{file_name(collection.name, 'collection')}.{EXPORTS[name].suffix}")
        return Response(data, media_type=EXPORTS[name].media_type, headers=headers)

    @app.post("/judged-measures")
    @_json_errors
    async def measures(request: Request) -> Response:
        """Answer the judged questions and show the measures over them."""
        questions = await _json_body(request)
        result = await tasks.perform(
            service_request("evaluate", questions=questions if isinstance(questions, list) else [])
        )
        return HTMLResponse(page(_("Measures"), render("collections.html", part="measures", metrics=result["metrics"])))


def _user(request: Request) -> str | None:
    """Return the name that `AccessControl` verified, None where no password is asked for."""
    user = request.scope.get("user")
    return user if isinstance(user, str) else None


async def _json_body(request: Request) -> Any:
    return _parse((await request.body()).decode("utf-8", "replace"))


def _parse(text: str) -> Any:
    try:
        return replace_surrogates(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error


def _json_errors(endpoint: Endpoint) -> Endpoint:
    """Answer errors with their message as JSON; what the user can fix is no error of HTTP, which a console reports."""

    @wraps(endpoint)
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except USER_ERRORS as error:
            status, headers = error_status(error)
            return JSONResponse({"error": str(error)}, 200 if status == 400 else status, headers)
        except OSError as error:
            return JSONResponse({"error": error_without_path(error)}, 507)

    return answered
