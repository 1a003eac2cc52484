"""The page of collections and judgements, which the form includes in its tab, and what its script asks for.

By default the browser keeps them, and sends what is to be exported, located or measured. Where users have accounts, the
server keeps them for each user.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from corpus.translation import gettext as _
from qa import limits
from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.collections.citation_styles import STYLES
from qa.collections.collection import kept_passage_json, parse_collection
from qa.collections.exports import EXPORTS, export_collection
from qa.collections.relocation import keep, locate
from qa.evaluation.question_formats import replace_surrogates
from qa.templating import render
from qa.web.collection_store import DeskConflict, Desks, check_desk
from qa.web.render.page import page
from qa.web.routes.responses import LimitedTasks, attachment, error_status
from qa.web.workers.tasks import error_without_path, service_request

NO_STORE = {"cache-control": "no-store"}
"""Headers of what belongs to one user."""

Endpoint = Callable[[Request], Awaitable[Response]]


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
        headers = attachment(f"collection.{EXPORTS[name].suffix}")
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
