"""What happens when a question is asked in the form: from what the user set to what the page shows. No Gradio here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from qa.answering.library import Library
from qa.api.library_loader import USER_ERRORS, LibraryLoader
from qa.citation import format_years
from qa.errors import EmptyQuestion
from qa.question.filters import Filters
from qa.web.render.markup import escape, with_code
from qa.web.tabs.chips import Chip
from qa.web.urls import Asked, write
from qa.web.workers.pool import Answerer
from qa.web.workers.tasks import show_request

REMEMBERED = 20
"""How many questions of a session are kept."""


@dataclass(frozen=True, slots=True)
class Session:
    """What one open page has asked: the latest question, its preferences, and the questions before it, newest first."""

    asked: Asked | None = None
    chips: tuple[Chip, ...] = ()
    history: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows next; `answer` is None while what stands there stays."""

    session: Session
    answer: str | None
    message: str = ""


async def ask(opening: LibraryLoader, answers: Answerer, session: Session, asked: Asked) -> AsyncIterator[Shown]:
    """Answer a question; while the library is still being opened, say so first."""
    if not opening.is_open:
        yield Shown(
            session, None, message("Opening the library. The first time on a machine takes about half a minute …")
        )
    try:
        found = await answers(show_request(asked))
    except EmptyQuestion:
        yield Shown(
            replace(session, asked=None, chips=()), "", message("Ask in words: there is none in this question.")
        )
        return
    except USER_ERRORS as error:
        yield Shown(session, "", message(str(error)))
        return
    understood = tuple(Chip(key, label) for key, label in found["chips"])
    yield Shown(Session(asked, understood, _remember(session.history, asked)), found["html"])


def _remember(history: Sequence[Asked], asked: Asked) -> tuple[Asked, ...]:
    """The history with this question in front; a question asked again with other filters counts anew."""
    return (asked, *(one for one in history if one != asked))[:REMEMBERED]


def message(text: str) -> str:
    """A line for the user."""
    return f'<p class="yq-message">{with_code(text)}</p>'


def history_html(session: Session) -> str:
    """The questions of the session as links that ask them again."""
    items = "".join(
        f'<li><a class="yq-ask" href="{escape(write(one))}">{escape(one.question)}</a>'
        f'<span class="yq-source">{escape(filters_in_words(one.filters))}</span></li>'
        for one in session.history
    )
    return f'<ol class="yq-history">{items}</ol>' if items else "<p>None yet.</p>"


def filters_in_words(filters: Filters) -> str:
    """The filters that are set, shortly."""
    return "; ".join(f"{name} {', '.join(values)}" for name, values in filters.as_json().items())


def examples_html(examples: Sequence[str]) -> str:
    """Example questions as links that ask them."""
    items = "".join(
        f'<li><a class="yq-ask" href="{escape(write(Asked(one)))}">{escape(one)}</a></li>' for one in examples
    )
    return f'<h2 class="yq-small">For example</h2><ul class="yq-examples">{items}</ul>' if items else ""


def library_html(library: Library) -> str:
    """What the library holds, in a line, and what is to be said about it."""
    corpus_facts = library.corpus_facts
    editions, covered = sorted(corpus_facts.editions), corpus_facts.covered_years
    facts = [_count(len(corpus_facts.documents), "document")]
    if corpus_facts.series:
        facts.append(_count(len(corpus_facts.series), "series", "series"))
    if editions:
        several = len(editions) > 1
        facts.append(f"editions {format_years((editions[0], editions[-1]))}" if several else f"edition {editions[0]}")
    if covered:
        facts.append(f"covering {format_years((covered[0], covered[-1]))}")
    notices = "".join(f'<p class="yq-banner">{with_code(one[:1].upper() + one[1:])}</p>' for one in library.notices)
    return f'<div><p class="yq-facts">{escape(" · ".join(facts))}</p>{notices}</div>'


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
