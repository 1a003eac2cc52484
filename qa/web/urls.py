"""Questions and comparisons as URL queries, so that a result can be bookmarked, sent and opened again.

`?q=…&series=Diplomatic+Bluebook&edition=2014..2020&covers=2015&document=bluebook-2016&ignore=covers:2015` asks a
question. `?topic=whaling&series=…&from=2016&to=2020` compares a topic; `?series=…&edition=2016&with=2020&section=Asia`
compares whole editions. `?words=whale*,sea&topics=fishing&series=…` counts words. `?questions=…&since=2016` watches
questions. The public address of a form behind a reverse proxy precedes them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import URL
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.translation import gettext as _
from qa import limits
from qa.citation import format_years, year_spans
from qa.errors import CompareError, EmptyQuestion, FilterError
from qa.question.analysis import Interpretation
from qa.question.filters import Filters, YearSpan, format_span, parse_filters

FIRST_YEAR, LAST_YEAR = 0, 9999
"""Bounds of an open range, as in `qa.question.filters`."""

MAX_SECTION = 200
"""Maximum characters of the heading words in a comparison of editions."""

_COMPARE = "compare"


@dataclass(frozen=True, slots=True)
class QuestionRequest:
    """A question, its filters, and the keys of the preferences that the user switched off."""

    question: str = ""
    filters: Filters = field(default_factory=Filters)
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonRequest:
    """The fields of the comparison forms as typed. `topic` is None when whole editions are compared."""

    topic: str | None = None
    series: str = ""
    first: str = ""
    last: str = ""
    edition: str = ""
    other: str = ""
    section: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether the request names something to compare."""
        return self.topic is not None or bool(self.edition or self.other)

    def filters(self) -> Filters:
        """Return the filters of the form. Raises FilterError."""
        series = (self.series,) if self.series else ()
        if self.topic is None:
            return Filters(series=series)
        return Filters(series=series, edition=year_range("editions", _year(self.first), _year(self.last)))

    def years(self) -> tuple[int, int]:
        """Return the two editions to compare, the earlier first. Raises CompareError, FilterError."""
        one, other = _year(self.edition), _year(self.other)
        if one is None or other is None or one == other:
            raise CompareError(_("Please choose two different editions of one series."))
        return min(one, other), max(one, other)

    def subject(self) -> str:
        """Return the topic. Raises EmptyQuestion."""
        if not self.topic:
            raise EmptyQuestion(_("Please type a topic to compare."))
        return self.topic


@dataclass(frozen=True, slots=True)
class WordsRequest:
    """The fields of the form that counts words, as typed. `edition` limits the list of occurrences to one edition."""

    words: str = ""
    topics: str = ""
    series: str = ""
    edition: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether the request names something to count."""
        return bool(self.words or self.topics)

    def year(self) -> int | None:
        """Return the edition. Raises FilterError."""
        return _year(self.edition)


@dataclass(frozen=True, slots=True)
class Chip:
    """A preference read from the question, as a removable chip: key `covers:2015`, label "covers 2015"."""

    key: str
    label: str


def shorten_question(question: str) -> str:
    """Collapse white space and truncate to just over the limit.

    Two extra characters remain, at most one of them a blank, so that the length check still sees an overlong question.
    """
    encodable = question.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate cannot be encoded
    return " ".join(encodable.split())[: limits.QUESTION.value + 2]


def question_url(request: QuestionRequest) -> str:
    """Return the query string of a question, with its question mark; the question is cut at its limit."""
    pairs = [("q", request.question[: limits.QUESTION.value])]
    pairs += [(name, value) for name, values in request.filters.as_json().items() for value in values]
    pairs += [("ignore", key) for key in request.ignored]
    return f"?{urlencode(pairs, errors='replace')}"


def parse_question_url(query: str) -> QuestionRequest:
    """Parse a query string; unknown parameters are ignored. Raises FilterError."""
    return parse_question_pairs(parse_qsl(query.removeprefix("?")))


def parse_question_pairs(pairs: Iterable[tuple[str, str]]) -> QuestionRequest:
    """Parse decoded (name, value) parameters; unknown ones are ignored. Raises FilterError."""
    values: dict[str, list[str]] = {"q": [], "series": [], "edition": [], "covers": [], "document": [], "ignore": []}
    for name, value in pairs:
        if name in values and value:
            values[name].append(value)
    filters = parse_filters(
        series=values["series"], edition=values["edition"], covers=values["covers"], document=values["document"]
    )
    return QuestionRequest(shorten_question(" ".join(values["q"])), filters, tuple(values["ignore"]))


def parse_comparison_url(values: Mapping[str, str]) -> ComparisonRequest:
    """Parse the parameters of a comparison; unknown ones are ignored."""
    topic = values.get("topic")
    whole = values if topic is None else {}
    return ComparisonRequest(
        topic=shorten_question(topic) if topic is not None else None,
        series=shorten_question(values.get("series", "")),
        first=values.get("from", ""),
        last=values.get("to", ""),
        edition=whole.get("edition", ""),
        other=whole.get("with", ""),
        section=shorten_question(whole.get("section", ""))[:MAX_SECTION],
    )


def comparison_url(request: ComparisonRequest) -> str:
    """Return the query string of a comparison, with its question mark."""
    if request.topic is not None:
        pairs = [("topic", request.topic[: limits.QUESTION.value]), ("series", request.series)]
        pairs += [("from", request.first), ("to", request.last)]
    else:
        pairs = [("series", request.series), ("edition", request.edition), ("with", request.other)]
        pairs += [("section", request.section)]
    return f"?{urlencode([pair for pair in pairs if pair[1]], errors='replace')}"


def parse_words_url(values: Mapping[str, str]) -> WordsRequest:
    """Parse the parameters of a count of words; unknown ones are ignored."""
    names = ("words", "topics", "series", "edition")
    return WordsRequest(**{name: shorten_question(values.get(name, "").replace("\n", ",")) for name in names})


def words_url(request: WordsRequest) -> str:
    """Return the query string of a count of words, with its question mark."""
    return f"?{urlencode({name: value for name, value in asdict(request).items() if value}, errors='replace')}"


def watch_url(questions: str, since: str) -> str:
    """Return the query string of watched questions, with its question mark."""
    pairs = {"questions": questions.strip(), "since": since}
    return f"?{urlencode({name: value for name, value in pairs.items() if value}, errors='replace')}"


def year_range(
    name: str, first: int | None, last: int | None, previous: tuple[YearSpan, ...] = ()
) -> tuple[YearSpan, ...]:
    """Return a year filter from its bounds; None leaves a bound open. Raises FilterError if last < first.

    A link can ask for several ranges; the form shows only their outer bounds. While these are unchanged, `previous` is
    returned.
    """
    if first is None and last is None:
        return ()
    if len(previous) > 1 and year_bounds(previous) == (first, last):
        return previous
    bounds = (FIRST_YEAR if first is None else first, LAST_YEAR if last is None else last)
    if bounds[0] > bounds[1]:
        raise FilterError(
            _("%(name)s from %(first)s to %(last)s: the range ends before it begins", name=name, first=first, last=last)
        )
    return (bounds,)


def year_bounds(ranges: tuple[YearSpan, ...]) -> tuple[int | None, int | None]:
    """Return the outer bounds of a year filter, None for an open one; the inverse of `year_range`."""
    if not ranges:
        return None, None
    first, last = min(start for start, _ in ranges), max(end for _, end in ranges)
    return (None if first <= FIRST_YEAR else first), (None if last >= LAST_YEAR else last)


def preference_chips(understood: Interpretation) -> list[Chip]:
    """Return the preferences found in a question as chips; three or more consecutive years form one chip."""
    return [
        *(
            Chip(f"covers:{format_span(span)}", _("covers %(span)s", span=format_years(span)))
            for span in _chip_spans(understood.years)
        ),
        *(Chip(f"edition:{year}", _("edition %(year)s", year=year)) for year in understood.editions),
        *(Chip(f"series:{name}", _("series %(name)s", name=name)) for name in understood.series),
        *(Chip(f"name:{name}", _("documents of %(name)s", name=name)) for name in understood.named),
        *([Chip(_COMPARE, _("compares editions"))] if understood.compare else []),
    ]


def drop_preferences(keys: Collection[str]) -> Callable[[Interpretation], Interpretation]:
    """Return a function that removes the preferences with these keys; unknown keys have no effect."""

    def drop(understood: Interpretation) -> Interpretation:
        return replace(
            understood,
            years=tuple(
                year
                for span in _chip_spans(understood.years)
                if f"covers:{format_span(span)}" not in keys
                for year in range(span[0], span[1] + 1)
            ),
            editions=tuple(year for year in understood.editions if f"edition:{year}" not in keys),
            series=tuple(name for name in understood.series if f"series:{name}" not in keys),
            named={name: ids for name, ids in understood.named.items() if f"name:{name}" not in keys},
            compare=understood.compare and _COMPARE not in keys,
        )

    return drop


def _chip_spans(years: Sequence[int]) -> list[YearSpan]:
    """Return the spans of years that have one chip each: three or more consecutive years, or a single year."""
    return [
        span
        for first, last in year_spans(years)
        for span in ([(first, last)] if last - first > 1 else [(year, year) for year in range(first, last + 1)])
    ]


def _year(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise FilterError(_('edition "%(text)s" is not a year: please write it like 2016', text=text[:20]))
    return int(text)


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """`https://host/path`: `origin` is `https://host`, `netloc` is `host` with its port, `path` is `/path` or empty."""

    origin: str
    netloc: str
    path: str

    def __str__(self) -> str:
        return f"{self.origin}{self.path}"

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by HTTPS."""
        return self.origin.startswith("https:")


def parse_public_url(text: str) -> PublicUrl:
    """Parse a public address.

    Raises:
        ValueError: It is not an http or https address, or has a user, a query or unusual characters.
    """
    parts = urlsplit(text.strip())
    path = parts.path.rstrip("/")
    if (
        parts.scheme not in {"http", "https"}
        or not re.fullmatch(r"([\w.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?", parts.netloc, re.ASCII)
        or not re.fullmatch(r"(/[\w.~-]+)*", path, re.ASCII)
        or parts.query
        or parts.fragment
    ):
        raise ValueError(f"{text[:200]!r} is not a public address: write it like https://docs.example.org/yearbooks")
    netloc = parts.netloc.lower()
    default_port = ":443" if parts.scheme == "https" else ":80"
    netloc = netloc.removesuffix(default_port)  # as browsers write it
    return PublicUrl(f"{parts.scheme}://{netloc}", netloc, path)


class StripPath:
    """ASGI middleware for proxies that pass the whole path on: removes the public path from the front of it."""

    def __init__(self, app: ASGIApp, public: PublicUrl) -> None:
        self._app = app
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; without its last slash the public address redirects to itself with one."""
        prefix = self._public.path
        if prefix and scope["type"] == "http":
            path, raw_path = str(scope["path"]), scope.get("raw_path") or str(scope["path"]).encode()
            if path == prefix:
                query = URL(scope=scope).query
                await _redirect(send, f"{self._public}/{f'?{query}' if query else ''}")
                return
            if path.startswith(f"{prefix}/") and raw_path.startswith(f"{prefix}/".encode()):
                scope = {**scope, "path": path[len(prefix) :], "raw_path": raw_path[len(prefix) :]}
        await self._app(scope, receive, send)


async def _redirect(send: Send, url: str) -> None:
    headers = [(b"location", url.encode("latin-1")), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
