"""Read the cover of a publication: title, series, publisher, part and edition.

The cover is the first lines of the text, up to the first line of prose or the first heading such as "Preface".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from corpus.clauses import AND
from corpus.imprint import is_imprint
from corpus.metadata.edition import (
    COPYRIGHT,
    ISSUE,
    PUBLICATION_KIND,
    Rank,
    best_edition_line,
    infer_edition,
    rank_edition_line,
    without_publication_date,
)
from corpus.metadata.language import detect_language, is_frequent, primary_language
from corpus.metadata.publishers import SUBMITTED, find_publisher, find_registrant
from corpus.metadata.series import (
    SMALL_TITLE_WORDS,
    ends_with_owner,
    infer_series,
    is_generic,
    is_organisation,
    name_words,
    needs_owner,
    with_full_fiscal_years,
)
from corpus.metadata.years import SINGLE_YEAR, normalize_years
from corpus.scripts import BULLETS, HAN, LATIN_CAPITALS, NAME_PARTICLES
from corpus.vocabulary import DAY_OF_MONTH, MONTH, YEAR

_MAX_LINES = 14
_COMMON_DIGITS = 5
"""Digits of the count of a common word in the list of English; the other lists count fewer texts."""

_MAX_LINE_LENGTH = 140
_COVER_LENGTH = 6000
"""Characters at the beginning of a text that are searched for the cover."""


_END_OF_COVER = re.compile(
    rf"(?:[1-9]\.|1\s)\s*(?!{MONTH})\S|(?:abstract|front cover)\s*$"
    r"|(?:contents|table of contents|foreword|preface|introduction|overview|highlights"
    r"|(?:executive )?summary|abbreviations|vorwort|inhalt|einleitung|avant-propos|préface|sommaire|introducción"
    r"|presentación|índice|prefacio"
    r"|(?:apresentação|sumário|presentazione|indice|prefazione|introduzione|inhoud|voorwoord|woord vooraf|inleiding"
    r"|innehåll|förord|indhold|forord|spis treści|wstęp|目录|前言)\W*\d*\W*$"
    r"|chair\S* (?:message|statement)|letter to shareholders|item 1\b"
    r"|目次|はじめに|序|概[観説要]|第[1一]章)",
    re.IGNORECASE,
)
_PART = re.compile(r"(?:chapter|part|volume|book|section)\s+[0-9IVXLC]+\b|第.{1,4}[章節部編巻]", re.IGNORECASE)
_NUMBERING = re.compile(
    r"^\s*(?:(?:chapter|part|section|annex|appendix)\s+[0-9A-Z]+\b[.:]?"
    r"|[(（](?:[0-9]{1,3}|[A-Za-z]|[IVXLC]{1,5})[)）]|[0-9]{1,3}[)）.](?=\s|\D)"
    r"|(?:[A-Za-z]|[IVXLC]{2,5})[)）.](?=\s+(?![A-Z]\.))"
    r"|第.{1,4}[章節部編]|[|#<]+)\s*",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(
    r"\s(?:(?:[A-Z]\.\s?){2,}|e\.\s?[VGK]\.|m\.\s?b\.\s?H\.|S\.p\.A\.|S\.r\.l\.|s\.r\.o\.|a\.s\.|Inc\.|Ltd\.|Co\.|Corp\.)$"
)
"""An abbreviation at the end of the name of a company, whose full stop ends no sentence."""

_IN_PROSE = re.compile(
    rf"\b(?:this|the\s+present)\s+({YEAR})\s+(?:edition|issue|report|yearbook|review|volume)\b", re.IGNORECASE
)
_SPACED = re.compile(r"^[12](?: [0-9]){3}$")

_ADDRESSED = re.compile(r".*[:：,]|[\[(].*[\])]")
"""A salutation or an aside ("To the Congress:", "[Read by a clerk]"), which is not a title."""

_ITEM_OR_ROW = re.compile(rf"[–—{BULLETS}]\s|.*\s\|\s")
"""An item of a list or a row of a table."""


_MONTH = re.compile(rf"\b{MONTH}", re.IGNORECASE)
_DAY = re.compile(DAY_OF_MONTH, re.IGNORECASE)
"""A day, on which a speech or a letter is dated rather than a publication."""


_NAME_WORD = rf"[{LATIN_CAPITALS}][\w'’.-]*"
_NAME_PARTS = rf"{_NAME_WORD}\s+(?:(?:{NAME_PARTICLES})\s+){{0,2}}{_NAME_WORD}(?:\s+{_NAME_WORD})?"
_NAME = re.compile(
    rf"{_NAME_WORD}(?:,\s+{_NAME_WORD}(?:\s+{_NAME_WORD})?)?"
    rf"|(?P<words>{_NAME_PARTS})(?:(?:,\s+|,?\s+(?:{AND}|&)\s+){_NAME_PARTS})*"
)
"""One capitalised word, or two or three: a title, but rather the name of a place ("Oslo, Norland") or of persons."""

_PLACE_AND_YEAR = re.compile(
    rf"{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,2}}(?:,\s+{_NAME_WORD})?,\s*{YEAR}\.?|[{HAN}]{{2,6}}[、，]\s?{YEAR}年?"
)
"""The place and the year of an imprint: "Oslo, 2018", "New Haven, 2018"."""


_OF_YEAR = re.compile(
    rf"\b(?:of|in|on|since|after|before|during|de|del|di|du|von|vom|im|am|van)\s+{YEAR}", re.IGNORECASE
)
"""The year of what a line is about: "The Flood of 2012"."""


_PLACEHOLDER = re.compile(
    r"\(?(?:untitled.*|anonymous|unspecified|title|(?:document|book|workbook|presentation|sheet|slide|page) ?\d*"
    r"|microsoft (?:office )?(?:word|excel|powerpoint|publisher|visio|works)\b.*"
    r"|(?:word|excel|powerpoint) (?:document|worksheet|presentation)"
    r"|.*\.(?:docx?|xlsx?|pptx?|od[tsp]|indd|qxd|tex|pdf|rtf|txt|html?))\)?|[\W\d_]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cover:
    """The facts on a cover; None where it does not state them. `lines` are normalised by `normalize_years`.

    `edition_from` and `title_from` say where these were read: in the known "title", on the "cover", in a "date line", a
    "running head" or the "text".
    `names_kind` says whether the title names a kind of publication, or is between the line of its publisher and its
    year, `states_edition` whether the year is stated as that of the edition, and `is_generic` whether the title is used
    by many publishers and no owner is known.
    """

    lines: tuple[str, ...]
    title: str | None
    series: str | None
    publisher: str | None
    part: str | None
    edition: int | None
    names_kind: bool = False
    states_edition: bool = False
    is_generic: bool = False
    edition_from: str = "cover"
    title_from: str = "cover"


def read_cover(
    text: str,
    title: str | None = None,
    page_headers: Sequence[str] = (),
    repeated: Collection[str] = (),
    publisher: str | None = None,
    file_name: Sequence[str] = (),
    furniture: Sequence[str] = (),
    *,
    is_named: bool = False,
) -> Cover:
    """Read the cover of a text.

    Args:
        text: The canonical text.
        title: A known title, which is used unchanged.
        page_headers: Running heads without their page numbers, for facts that are missing on the cover.
        repeated: Lines that repeat in the text: no titles, unless they name a kind of publication.
        publisher: A known publisher.
        file_name: The file's name in words, or parts of it: a line with the same words, or whose initials are one of
            these words, names the publisher.
        furniture: Running heads and feet as they are, which may name the publisher.
        is_named: Whether the file's name says the kind of publication: then a line without one is no title only
            because of its place below the publisher.
    """
    written = cover_lines(text)
    lines = [
        normalize_years(with_full_fiscal_years(_SPACED.sub(lambda line: line.group().replace(" ", ""), line)))
        for line in written
    ]
    known = normalize_years(with_full_fiscal_years(title)) if title else None
    chosen = None
    if known is None:
        chosen = _title_line(
            [
                line if written[i] not in repeated or PUBLICATION_KIND.search(line) else ""
                for i, line in enumerate(lines)
            ],
            None if is_named else text,
            _first_heading(text, written),
        )
        title = written[chosen] if chosen is not None else _named_page_header(page_headers)
    titled = [(line, position == chosen) for position, line in enumerate(lines)]
    edition, states_edition, edition_from = _find_edition(text, known, titled, page_headers)
    position = chosen
    if known is not None:
        position = next((n for n, line in enumerate(lines) if line.casefold().startswith(known.casefold())), None)
    publisher = publisher or find_publisher(
        text, written, lines, position, infer_series(title or ""), file_name, furniture
    )
    is_below_publisher = chosen is not None and not is_named and _is_below_publisher(lines, chosen, text)
    states_edition = states_edition or is_below_publisher
    series = owner = None
    if title is not None:
        name = infer_series(title) or ""
        is_short = is_below_publisher and len(name.split()) == 1
        owner = _owner(written, lines, position, publisher) if is_short or needs_owner(name) else None
        if owner is not None and name_words(owner) <= name_words(name):
            owner = None  # "Annual Report of the Elm Council"
        publisher = publisher or owner
        title_year = edition if chosen is not None else infer_edition([(known or normalize_years(title), True)])
        series = _qualified(owner, infer_series(title)) if title_year is not None else None
        if chosen is not None:
            year_line = _year_line(written, lines, chosen)
            is_title = states_edition or PUBLICATION_KIND.search(title) or SINGLE_YEAR.search(lines[chosen])
            is_dated = edition_from == "date line" and any(map(_DAY.search, lines))
            if not is_title and (is_dated or _MONTH.search(year_line)):
                series = None  # above the date of a text without a kind of publication is its author or its subject
            title = _without_numbering(title) + year_line
        title = title if known is not None else _qualified(owner, title)
    return Cover(
        lines=tuple(lines),
        title=title,
        series=series,
        publisher=publisher,
        part=_part(text, written, lines, title),
        edition=edition,
        names_kind=title is not None and (is_below_publisher or PUBLICATION_KIND.search(title) is not None),
        states_edition=states_edition,
        is_generic=owner is None and series is not None and is_generic(series),
        edition_from=edition_from,
        title_from="title" if known else "running head" if chosen is None else "cover",
    )


def _named_page_header(page_headers: Sequence[str]) -> str | None:
    """Return a running head with the name and the year of the publication: the best title of a text without a title."""
    named = (line for line in page_headers if PUBLICATION_KIND.search(line))
    return next((line for line in named if rank_edition_line(normalize_years(line), True)), None)


def _qualified(owner: str | None, name: str | None) -> str | None:
    """Return a title or series with its owner, where it is known, in front."""
    return f"{owner}: {name}" if owner and name is not None else name


def _part(text: str, written: Sequence[str], lines: Sequence[str], title: str | None) -> str | None:
    """Return the line that names a part of a publication, unless the text has several: then it is the whole book."""
    pairs = zip(written, lines, strict=True)
    part = next((line for line, n in pairs if line != title and _PART.match(n) and not ISSUE.fullmatch(n)), None)
    if part is not None and sum(_PART.match(line.strip()) is not None for line in text.split("\n")) > 1:
        return None
    return part


def _find_edition(
    text: str, known: str | None, lines: Sequence[tuple[str, bool]], page_headers: Sequence[str]
) -> tuple[int | None, bool, str]:
    """Return the edition, whether it is stated as that, and where: in the known title, lines, page headers or prose."""
    known_lines = [(known, True)] if known else []
    if (best := best_edition_line([*known_lines, *lines])) is not None:
        in_title = best.position < len(known_lines)
        return best.year, best.is_stated, "title" if in_title else "cover" if best.is_stated else "date line"
    if (best := best_edition_line([(normalize_years(line), False) for line in page_headers])) is not None:
        return best.year, best.is_stated, "running head"
    stated = _IN_PROSE.search(normalize_years(text[:_COVER_LENGTH]))
    return (None, False, "text") if stated is None else (int(stated[1]), True, "text")


def cover_lines(text: str) -> list[str]:
    """Return the lines of the cover without surrounding white space and heading marks."""
    source = text[:_COVER_LENGTH]
    if source.startswith("---\n") and (closing := source.find("\n---", 4)) >= 0:
        source = source[closing + 4 :]
    cover: list[str] = []
    for written in source.split("\n"):
        line = written.strip().strip("#*| >").strip()
        if not line or line.startswith("!["):  # an image
            continue
        if (
            len(line) > _MAX_LINE_LENGTH
            or _is_sentence(line)
            or len(cover) == _MAX_LINES
            or (cover and _END_OF_COVER.match(line))
        ):
            break
        cover.append(line)
    return cover


def _is_sentence(line: str) -> bool:
    """Return whether a line is prose, unlike "North Bay Orchards, Inc.", whose words are all capitalised."""
    if line.endswith(("。", ",", ";")):
        return True
    words = line.split()
    are_capitalised = all(word[0].isupper() or word in SMALL_TITLE_WORDS for word in words)
    return line.endswith(".") and len(words) > 3 and not are_capitalised and _LEGAL_FORM.search(line) is None


def _first_heading(text: str, written: Sequence[str]) -> int | None:
    """Return the position of the first heading in Markdown among the lines of the cover."""
    headings = (line.strip("# ") for line in text[:_COVER_LENGTH].split("\n") if line.startswith("# "))
    first = next(headings, None)
    return written.index(first) if first in written else None


def _title_line(lines: Sequence[str], text: str | None, heading: int | None) -> int | None:
    """Return the position of the title: the first line that names a kind of publication, else the first with words.

    A heading with a year precedes, if it is the first of these. The name of a publisher is none if a name with a year
    is below it, unless `text`, which tells the language, is None.
    """
    worded = [
        position
        for position, line in enumerate(lines)
        if _count_letters(_without_numbering(line)) >= 3
        and not _PART.fullmatch(line)
        and not _ADDRESSED.fullmatch(line)
        and not is_imprint(line)
        and (not _ITEM_OR_ROW.match(line) or ends_with_owner(line))
        and not _END_OF_COVER.fullmatch(line)
    ]
    if worded and worded[0] == heading and SINGLE_YEAR.search(lines[worded[0]]):
        return worded[0]  # "# Elm Council: Our Year 2016" above "*Annual report to the Council*"
    kinds = [p for p in worded if PUBLICATION_KIND.search(lines[p]) and not COPYRIGHT.search(lines[p])]
    is_second = not kinds and len(worded) > 1 and worded[1] == worded[0] + 1
    if is_second and text is not None and _is_below_publisher(lines, worded[1], text):
        return worded[1]
    return kinds[0] if kinds else worded[0] if worded else None


def _is_below_publisher(lines: Sequence[str], position: int, text: str) -> bool:
    """Return whether a line is a name with a year, or above that of the edition, right below that of an organisation.

    A line with the year of an event, a day or a month is none, nor is that of a place or a person.
    """
    above, line = lines[position - 1] if position else "", lines[position]
    if not is_organisation(above) or is_organisation(line) or SINGLE_YEAR.search(above):
        return False
    if PUBLICATION_KIND.search(above) or PUBLICATION_KIND.search(line) or _MONTH.search(line):
        return False
    if SINGLE_YEAR.search(line) and not _OF_YEAR.search(line):
        ranked, name = rank_edition_line(line, True), infer_series(line)
        if ranked is None or name is None or _PLACE_AND_YEAR.fullmatch(line):
            return False
        is_edition = ranked[0] == Rank.EDITION
    else:
        ranked, name = rank_edition_line(lines[position + 1], False) if position + 1 < len(lines) else None, line
        if ranked is None or ranked[0] not in {Rank.EDITION, Rank.ISSUE_OR_FISCAL_YEAR, Rank.YEAR_ALONE}:
            return False
        is_edition = ranked[0] == Rank.EDITION
    return is_edition or not _is_person_or_place(name, text)


def _is_person_or_place(name: str, text: str) -> bool:
    """Return whether a name is one capitalised word, or several without a common word of the language of a text."""
    match = _NAME.fullmatch(name)
    if match is None or match["words"] is None:
        return match is not None
    language = primary_language(detect_language(text))
    digits = _COMMON_DIGITS if language == "en" else _COMMON_DIGITS - 1
    nouns = [word for word in re.findall(_NAME_WORD, match["words"]) if word.lower() not in SMALL_TITLE_WORDS]
    return not any(is_frequent(word, language, digits) for word in nouns)


def _count_letters(text: str) -> int:
    return sum(map(str.isalpha, re.sub(rf"\b{YEAR}\b", "", text)))


def _without_numbering(line: str) -> str:
    """Remove the numbering of a section, with which an extract may begin."""
    return _NUMBERING.sub("", line).strip(" >#*|")


def _owner(written: Sequence[str], lines: Sequence[str], title: int | None, publisher: str | None) -> str | None:
    """Return the owner of a generic title such as "Annual Report": an organisation above it, else the publisher.

    Without a publisher any line above it is one; with one it may be a motto, or a short form of his name.
    """
    if (registrant := find_registrant(written)) is not None:
        return registrant
    if not title:
        return publisher
    above = lines[title - 1]
    is_name = (
        not SINGLE_YEAR.search(above)
        and _count_letters(above) >= 3
        and not is_imprint(above)
        and _MOTTO.search(above) is None
        and SUBMITTED.match(above) is None
    )
    if publisher is not None and (not is_organisation(above) or name_words(above) <= name_words(publisher)):
        return publisher
    return written[title - 1] if is_name else publisher


_MOTTO = re.compile(r"[!?]$|,\s(?!(?:Inc|Ltd|LLC|Corp|Co)\b)")
"""A line above a title that is no owner: "Fight the Bite!", "Figures, cases, advice"."""


def _year_line(written: Sequence[str], lines: Sequence[str], title: int) -> str:
    """Return the line below a title without a year if it states the edition, with a separator."""
    if SINGLE_YEAR.search(lines[title]) or title + 1 >= len(lines):
        return ""
    below, shown = (without_publication_date(line) for line in (lines[title + 1], written[title + 1]))
    if not SINGLE_YEAR.search(below) or COPYRIGHT.search(below) or rank_edition_line(below, False) is None:
        return ""
    goes_on = re.match(rf"{YEAR}|for\b", below, re.IGNORECASE) and _count_letters(below) < 40
    return f"{'' if goes_on else ','} {shown}"


def is_placeholder_title(title: str) -> bool:
    """Return whether a title is a file name or a program's default: "report.docx", "Microsoft Word - x", "Untitled"."""
    return _PLACEHOLDER.fullmatch(title) is not None
