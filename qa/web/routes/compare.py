"""The page of comparisons, which the form includes in its tab: the forms, and the result below them.

Comparing takes seconds for large editions, so its concurrency is limited separately from questions.
"""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from corpus.translation import gettext as _
from qa.api.library_loader import LibraryLoader
from qa.question.corpus_facts import CorpusFacts
from qa.web.render.comparison import forms_html
from qa.web.routes.results import LimitedTasks, result_response
from qa.web.urls import parse_comparison_url
from qa.web.workers.tasks import compare_request


def add_compare_pages(app: FastAPI, loader: LibraryLoader, tasks: LimitedTasks) -> None:
    """Add the routes to the application."""

    @app.get("/compare")
    async def compare(request: Request) -> Response:
        wanted, facts = parse_comparison_url(request.query_params), CorpusFacts(())

        async def result() -> str:
            nonlocal facts
            facts = await tasks.call(lambda: loader.library().corpus_facts)
            return str((await tasks.perform(compare_request(wanted)))["html"]) if wanted.is_asked else ""

        return await result_response(_("Compare"), lambda: forms_html(facts, wanted), result)
