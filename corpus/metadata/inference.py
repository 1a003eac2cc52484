"""Merge the metadata of a document: from the catalogue, else from the file, else inferred from its text and name.

Contradictions between these sources are reported.

The edition is inferred from the cover or the file's name, the years covered from the body or from a statement of the
period. They are different facts: neither is derived from the other. The catalogue, which people write, takes precedence
over the file's own metadata; a field without evidence stays unknown.

The year that a cover states as that of the edition precedes the year in the file's name, which precedes a date.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

from corpus.catalogue import NAME, Entry, field_problem, printable_line
from corpus.metadata.cover import Cover, is_placeholder_title, read_cover
from corpus.metadata.covered_years import find_stated_covers, infer_covers
from corpus.metadata.edition import PUBLICATION_KIND, infer_edition, is_annual_report, is_plan
from corpus.metadata.file_names import NO_FACTS, NameFacts, is_abbreviation
from corpus.metadata.language import detect_language, detectable_language
from corpus.metadata.series import MIN_INITIALS, are_initials, infer_series, is_generic, without_generic_end
from corpus.metadata.years import SINGLE_YEAR, YearMention, normalize_years, parse_years
from corpus.records import METADATA_FIELDS, Document, Origin
from corpus.scripts import without_accents
from corpus.translation import english
from corpus.vocabulary import YEAR

INFERENCE_LENGTH = 500_000
"""Characters of a text from which metadata is inferred, about two hundred pages."""

_YEARS_READ_FROM = 20_000
"""Characters at the beginning of a text whose years decide whether a short number in a file's name is a year."""

_MAX_RUNNING_HEADS = 5
_MIN_REPEATED = 3
"""Occurrences of a line in the text, with or without a page number, that make it a running head."""

_LINES_ABOVE = 3
"""Lines at the beginning of a cover among which the name of its publisher is."""

_MAX_RUNNING_HEAD = 100
"""Characters of a running head."""

_NUMBER_AT_EDGE = re.compile(rf"^\W*(?!{YEAR}\b)[0-9ivxl]{{1,4}}\b\W*|\W*\b[0-9ivxl]{{1,3}}\W*$")
_OTHER_NAMES = {"date": "published", "lang": "language"}
_WEB_ADDRESS = re.compile(r"(?:https?:|(?![a-z][a-z0-9+.-]*:))", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?(?=$|[T ])")

NO_ENTRY = Entry()

_APOSTROPHE = re.compile("['’‘ʼ`´]")
_MIN_PLURAL = 4
"""Letters of a word whose plural "s" makes no difference, which that of "as" is not."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
NAMES = "names of file and folders"


@dataclass(frozen=True, slots=True)
class InferredMetadata:
    """Metadata inferred from a text; None where it is unknown."""

    title: str | None
    series: str | None
    publisher: str | None
    edition: int | None
    covers: tuple[int, int] | None
    part: str | None
    evidence: Mapping[str, str]
    """The source that each value was inferred from."""


def infer_metadata(
    text: str,
    title: str | None = None,
    names: NameFacts = NO_FACTS,
    furniture: Sequence[str] = (),
    entry: Entry = NO_ENTRY,
    cover_text: str | None = None,
    publisher: str | None = None,
    shown_title: str | None = None,
) -> InferredMetadata:
    """Infer the metadata of a text.

    Args:
        text: The canonical text.
        title: A title that the catalogue or the file declares, which is used unchanged.
        names: Facts from the names of the file and of the files beside it.
        furniture: Running heads and feet, which are not in the text.
        entry: The catalogue entry; its series and edition make a title where the cover has none.
        cover_text: The text of the cover, if the format declares it; None to look for it at the beginning of the text.
        publisher: A known publisher.
        shown_title: The title that the reader found on the cover; used if no title is declared.
    """
    text = text[:INFERENCE_LENGTH]
    plain = normalize_years(text)
    paged, repeated = _repeated_lines(text)
    heads = [*_running_heads(furniture), *paged]
    known = title or (None if shown_title is not None and _is_motto(shown_title, text) else shown_title)
    file_name = [name for name in (names.owner, names.series) if name]
    is_named = names.series is not None and PUBLICATION_KIND.search(names.series) is not None
    cover = read_cover(
        text if cover_text is None else cover_text,
        known,
        heads,
        repeated,
        publisher,
        file_name,
        furniture,
        is_named=is_named,
    )
    edition = _choose_edition(cover, names, plain)
    names = _without_year_as_part(names, edition)
    series = _choose_series(cover, names)
    titles = [] if known is None else [normalize_years(known)]  # the title of a web page is not in its text
    covers = infer_covers(plain, [*titles, *cover.lines], edition, is_dated=edition == cover.edition)
    inferred_title = known or _choose_title(cover, names, entry.series or series, entry.edition or edition)
    title_from, edition_from = (
        "cover" if place == "title" and title is None else place for place in (cover.title_from, cover.edition_from)
    )
    return InferredMetadata(
        title=inferred_title,
        series=series,
        publisher=cover.publisher,
        edition=edition,
        covers=None if covers is None else (covers.first, covers.last),
        part=cover.part or names.part,
        evidence={
            "title": title_from if inferred_title in (known, cover.title) else "series and edition",
            "series": title_from
            if series == cover.series
            else NAMES
            if series == names.series
            else f"{title_from}, {NAMES}",
            "publisher": "cover",
            "edition": edition_from if edition == cover.edition else NAMES,
            "covers": "text",
            "part": "cover" if cover.part else NAMES,
            "language": "text",
        },
    )


def _running_heads(furniture: Sequence[str]) -> list[str]:
    """Return the lines that repeat apart from their page number, most frequent first."""
    counts = Counter(_NUMBER_AT_EDGE.sub("", line).strip() for line in furniture)
    return [line for line, count in counts.most_common(_MAX_RUNNING_HEADS) if line and count > 1]


def _repeated_lines(text: str) -> tuple[list[str], frozenset[str]]:
    """Return the lines of a text that repeat with other page numbers, without these, and all lines that repeat."""
    numbered: dict[str, set[str]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for raw in text.split("\n"):
        line = raw.strip()
        if 0 < len(line) <= _MAX_RUNNING_HEAD and (core := _NUMBER_AT_EDGE.sub("", line).strip()):
            counts[core] += 1
            numbered[core].add(line)
    repeated = [core for core, count in counts.most_common() if count >= _MIN_REPEATED]
    paged = [core for core in repeated if len(numbered[core]) >= _MIN_REPEATED]
    lines = {line for core in repeated for line in (core, *numbered[core])}
    return paged[:_MAX_RUNNING_HEADS], frozenset(lines)


def _choose_edition(cover: Cover, names: NameFacts, plain: str) -> int | None:
    """Return the edition that the cover states, else that of the file's name, else a date on the cover."""
    if cover.edition is not None and (cover.states_edition or names.edition is None):
        return cover.edition
    if names.edition is not None:
        return names.edition
    possible = names.possible_edition
    years = Counter(map(int, SINGLE_YEAR.findall(plain[:_YEARS_READ_FROM])))
    if possible is not None and possible in years and years.most_common(1)[0][0] in (possible, possible - 1):
        return possible
    return None


def _without_year_as_part(names: NameFacts, edition: int | None) -> NameFacts:
    """Remove the part of a name if its number is the edition in two digits: "Budget book 21" of 2021 has no part."""
    if names.part is None or names.edition is not None or edition is None or edition != names.possible_edition:
        return names
    return replace(names, part=None) if re.search(rf"\b{edition % 100}$", names.part) else names


def _choose_series(cover: Cover, names: NameFacts) -> str | None:
    """Return the series of the cover, without words that vary in the names of the files; else that of the names."""
    is_cover = names.part is None or (cover.states_edition and cover.names_kind)  # unlike the beginning of a chapter
    on_cover = cover.series if is_cover else None
    if on_cover is not None and _is_labelled(on_cover.rpartition(": ")[2], names.labels):
        # "Grid Report" beside "Ferry Report" is another series, "Ames Lecture" beside "Holt Lecture" another speaker
        kind = names.series if names.series is not None and is_generic(names.series) else None
        on_cover = on_cover if kind is not None and on_cover.casefold().endswith(kind.casefold()) else None
    series = on_cover if cover.states_edition else None
    if series is None and on_cover is not None and names.series is not None and names.series.isupper():
        series = on_cover if is_abbreviation(names.series, on_cover) else None
    if series is None:
        return names.series or (on_cover if names.edition is None or _is_confirmed(cover, names) else None)
    if cover.is_generic and names.series is not None and names.series.casefold().endswith(series.casefold()):
        return names.series  # with the name of its folder
    if names.owner is None or _is_named(names.owner, series) or is_abbreviation(names.owner, series):
        return series
    if names.series is not None and series.casefold() in names.series.casefold():
        return names.series
    # parallel publications: of several issuers under one title, or of several topics in one work
    if cover.is_generic:
        owner = without_generic_end(names.owner)  # "Elm Council Annual Report" of a file beside others
        return f"{owner}: {series}" if owner and not is_abbreviation(owner, series) else series
    names_publisher = cover.publisher is not None and cover.publisher.casefold() in series.casefold()
    if names.series is None or names.has_exclusive_years or names_publisher:
        return series  # no other publisher has "Nordbank plc Annual Report"
    return f"{series}: {names.series}"


def _is_named(owner: str, series: str) -> bool:
    """Return whether the words of a file's name are in a series, or abbreviate names in it.

    Spelling makes no difference ("Qualitaetsbericht" and "Qualitätsbericht", "Keepers Report" and "Keeper's Report"),
    and initials are those of the publisher in front: "OSV Report" in "Orchestra of Saint Vitus: Report".
    """
    if owner.casefold() in series.casefold():
        return True
    named = {form for spelling in _spellings(series) for form in _word_forms(spelling)}
    named |= {first + second for spelling in _spellings(series) for first, second in pairwise(spelling.split())}
    publisher = series.rpartition(": ")[0]
    return all(
        are_initials(word.upper() if len(word) >= MIN_INITIALS else word, publisher)
        or any(named.issuperset(_word_forms(spelling)) for spelling in _spellings(word))
        for word in owner.split()
    )


def _word_forms(name: str) -> set[str]:
    """Return the words of a name without their plural "s", those with an apostrophe joined: "keeper" of "Keeper's"."""
    return {word if len(word) < _MIN_PLURAL else word.removesuffix("s") for word in re.findall(r"\w+", name)}


def _spellings(name: str) -> Iterator[str]:
    """Yield a name in small letters without accents, with umlauts as two letters; apostrophes join or part words."""
    folded = name.casefold()
    for plain in (without_accents(folded), folded.translate(_UMLAUTS)):
        yield _APOSTROPHE.sub("", plain)
        yield _APOSTROPHE.sub(" ", plain)


def _is_confirmed(cover: Cover, names: NameFacts) -> bool:
    """Return whether a date on the cover of a kind of publication is of the year in the name of its file."""
    return cover.names_kind and cover.edition is not None and cover.edition == names.edition


def _is_labelled(series: str, labels: Sequence[str]) -> bool:
    """Return whether a series contains all words that vary in the names of its files, such as the name of a speaker."""
    specific = [label for label in labels if not is_generic(label) and not PUBLICATION_KIND.search(label)]
    return bool(specific) and all(re.search(rf"\b{re.escape(label)}\b", series, re.IGNORECASE) for label in specific)


def _choose_title(cover: Cover, names: NameFacts, series: str | None, edition: int | None) -> str | None:
    """Return the title on the cover if it names a kind of publication, else series, edition and labels of the file.

    An example is "Budget Speech 1960, John Smith".
    """
    on_cover = cover.series is not None and series is not None and len(series) <= len(cover.series)
    if series is None or edition is None or (cover.names_kind and cover.states_edition and on_cover):
        return cover.title
    if cover.series == series and (not names or (names.series is None and _is_confirmed(cover, names))):
        return cover.title
    if cover.title is not None and cover.series == series and not names.labels:
        mentions = parse_years(cover.title)
        if any(mention.first == edition - 1 and mention.last == edition for mention in mentions):
            return cover.title  # "Prospectus 2021/22" of the edition 2022
    return f"{series} {edition}, {' '.join(names.labels)}" if names.labels else f"{series} {edition}"


def is_supported_title(title: str, text: str) -> bool:
    """Return whether a declared title fits the text: the text contains it, or the cover has no better one.

    It does not if it is only the line above a better one: "Port Trust" above "Annual Report 2016"; nor if a line has
    all its words and more: "Port Trust: Annual Report and Accounts 2016" those of "Annual Report 2016 | Port Trust";
    nor if it is that of another edition, whose file was the template.
    """
    cover = read_cover(text)
    has_better = cover.names_kind and cover.states_edition
    if has_better and (_is_shorter(title, cover.lines) or _is_of_other_edition(title, cover)):
        return False
    is_short = is_generic(title) and len(title.split()) == 1
    if is_short and any(line.casefold().startswith(f"{title.casefold()} ") for line in cover.lines):
        return False  # "Rapport" above "Rapport d'activité"
    named = title.casefold().strip()
    if has_better and any(line.casefold().strip() == named for line in cover.lines[:_LINES_ABOVE]):
        is_name = cover.series is not None and cover.series.rpartition(": ")[2].casefold() == named
        return (
            is_name
            or PUBLICATION_KIND.search(title) is not None
            or SINGLE_YEAR.search(normalize_years(title)) is not None
        )
    top = text[:_YEARS_READ_FROM].casefold()
    words = re.findall(r"\w{3,}", title.casefold())
    return 2 * sum(word in top for word in words) >= len(words) > 0 or not has_better


def _is_motto(title: str, text: str) -> bool:
    """Return whether the title in the largest type says less than a line of the cover: "Lighting the Way"."""
    if PUBLICATION_KIND.search(title) or SINGLE_YEAR.search(normalize_years(title)):
        return False
    cover = read_cover(text)
    return cover.names_kind and cover.states_edition and cover.edition is not None


def _is_of_other_edition(title: str, cover: Cover) -> bool:
    """Return whether a title names another year than the cover, which is like it: that of the file's template."""
    named = infer_edition([(normalize_years(title), True)])
    kinds = {match[0].casefold() for match in PUBLICATION_KIND.finditer(title)}
    is_alike = any(match[0].casefold() in kinds for match in PUBLICATION_KIND.finditer(cover.title or ""))
    return named is not None and is_alike and not any(str(named) in line for line in cover.lines)


def _is_shorter(title: str, lines: Sequence[str]) -> bool:
    """Return whether a title that many publishers use, perhaps with one of them, lacks words of a line with a year."""
    plain = normalize_years(title)
    parts = re.split(r":\s|\s[|–—-]\s", infer_series(title) or "") if SINGLE_YEAR.search(plain) else []
    if not any(map(is_generic, parts)):
        return False
    words = set(re.findall(r"\w+", plain.casefold()))
    return any(
        words < set(re.findall(r"\w+", line.casefold())) and PUBLICATION_KIND.search(line) and SINGLE_YEAR.search(line)
        for line in lines
    )


def merge_metadata(
    entry: Entry, declared: Mapping[str, Any], inferred: InferredMetadata | None, language: str | None, identifier: str
) -> tuple[dict[str, Any], dict[str, Origin], dict[str, str]]:
    """Return the values, the origin of each field, and the evidence of inferred values.

    A field without a value has only the origin "unknown". The title defaults to the identifier.
    """
    from_text = {} if inferred is None else asdict(inferred)
    layers: tuple[tuple[Origin, Mapping[str, Any]], ...] = (
        ("catalogue", asdict(entry)),
        ("file", declared),
        ("inferred", {**from_text, "language": language}),
    )
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    evidence: dict[str, str] = {}
    unreviewed = dict(entry.unreviewed)
    for key in METADATA_FIELDS:
        origins[key] = "unknown"
        for origin, layer in layers:
            if layer.get(key) is not None:
                values[key] = layer[key]
                origins[key] = unreviewed.get(key, origin) if origin == "catalogue" else origin
                if origins[key] == "inferred":
                    is_listed = origin == "catalogue"
                    evidence[key] = (
                        f"{NAME}, not reviewed" if is_listed else from_text.get("evidence", {}).get(key, "text")
                    )
                break
    if "title" not in values:
        values["title"], origins["title"], evidence["title"] = identifier, "inferred", NAMES
    return values, origins, evidence


def declared_metadata(metadata: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields that the file itself declares, with the types of the catalogue; invalid values are dropped."""
    declared: dict[str, Any] = {}
    subtitle = printable_line(str(metadata.get("subtitle", "")))
    for name, raw in metadata.items():
        key = _OTHER_NAMES.get(name, name)
        text = printable_line(str(raw))
        is_of_year = bool(parse_years(subtitle)) and PUBLICATION_KIND.search(subtitle) is not None
        if key == "title" and raw and text and is_of_year and not parse_years(text):
            text = f"{text}: {subtitle}"  # "Port of Elm", "Annual Report 2015"
        value: Any = text
        if key == "covers":
            years = [int(year) for year in re.findall(r"[0-9]+", text)]
            if (named := _whole_mention(text)) is not None:  # also "2015/16"
                years = [named.first, named.last]
            value = [years[0], years[-1]] if len(years) in {1, 2} else None
        elif key == "edition":  # "2015/16" is the edition 2016
            is_year = re.fullmatch(r"[0-9]{4}(?:[-/–][0-9]{2}(?:[0-9]{2})?)?", text) is not None
            value = named.last if is_year and (named := _whole_mention(text)) is not None else None
        elif key == "published":
            value = date[0] if (date := _DATE.match(text)) else None
        elif key == "url":  # a file of a stranger must not link to a file of the reader
            value = text if _WEB_ADDRESS.match(text) else None
        if key not in METADATA_FIELDS or value is None or field_problem(key, value) is not None:
            continue
        if key == "title" and is_placeholder_title(text):
            continue
        declared[key] = tuple(value) if key == "covers" else value
    return declared


def _whole_mention(text: str) -> YearMention | None:
    """Return the year or span that is the whole text, unlike in "2016/15" and "2015-04-01"."""
    mentions = parse_years(text)
    return mentions[0] if len(mentions) == 1 and (mentions[0].start, mentions[0].end) == (0, len(text)) else None


_LATEST_PUBLICATION = 4
"""Maximum plausible delay in years between the year of an edition and its publication."""


def find_contradictions(document: Document) -> list[str]:
    """Return one sentence for each contradiction; most documents have none."""
    checks = (_check_edition, _check_covers, _check_published, _check_language)
    return [contradiction for check in checks for contradiction in check(document)]


def _check_edition(document: Document) -> Iterator[str]:
    edition = document.edition
    if edition is None:
        return
    in_title = infer_edition([(normalize_years(document.title), True)])
    if in_title is not None and in_title != edition:
        yield english(
            "%(claim)s, but the title “%(title)s” names %(year)s",
            claim=_claim(document, "edition", edition),
            title=document.title,
            year=in_title,
        )
    elif _is_declared(document, "edition"):
        on_cover = read_cover(document.text[:INFERENCE_LENGTH]).edition
        if on_cover is not None and on_cover != edition:
            claim = _claim(document, "edition", edition)
            yield english("%(claim)s, but the text's first lines name %(year)s", claim=claim, year=on_cover)


def _check_covers(document: Document) -> Iterator[str]:
    if document.covers is None:
        return
    first, last = document.covers
    claim = _claim(document, "covers", _years(first, last))
    edition = document.edition
    if edition is not None and (edition < first or (edition < last and not is_plan(document.title))):
        own = _claim(document, "edition", edition)
        yield english("%(edition)s, but %(covers)s: an edition cannot precede its years", edition=own, covers=claim)
    if _is_declared(document, "covers"):
        text = document.text[:INFERENCE_LENGTH]
        cover, plain = read_cover(text), normalize_years(text)
        is_titled = cover.edition is not None and first <= cover.edition <= last and is_annual_report(cover.lines)
        # the years that an annual report mentions are weaker evidence than the year of its title
        described = (find_stated_covers if is_titled else infer_covers)(plain, cover.lines, cover.edition)
        if described is not None and (described.last < first or described.first > last):
            yield english("%(claim)s, but the text describes %(years)s", claim=claim, years=_years(*described))


def _check_published(document: Document) -> Iterator[str]:
    if document.published is None or not document.published[:4].isdecimal():
        return
    published = int(document.published[:4])
    claim = _claim(document, "published", document.published)
    if document.covers is not None and published < document.covers[0]:
        first = _with_origin(document, "covers", document.covers[0])
        yield english("%(claim)s, before the first year it covers, %(first)s", claim=claim, first=first)
    elif document.edition is not None and (
        published < document.edition - 1
        # The date of a web page is often that of its upload.
        or (published > document.edition + _LATEST_PUBLICATION and document.origins.get("published") == "catalogue")
    ):
        yield english("%(claim)s, but %(edition)s", claim=claim, edition=_claim(document, "edition", document.edition))


def _check_language(document: Document) -> Iterator[str]:
    if document.language is None or not _is_declared(document, "language"):
        return
    detected = detect_language(document.text)
    if detected is not None and detected != detectable_language(document.language):
        claim = _claim(document, "language", f'"{document.language}"')
        yield english('%(claim)s, but the text reads as "%(detected)s"', claim=claim, detected=detected)


def _is_declared(document: Document, key: str) -> bool:
    return document.origins.get(key) in {"catalogue", "file"}


def _claim(document: Document, key: str, value: object) -> str:
    stated = _with_origin(document, key, value)
    match key:
        case "edition":
            return english("edition %(value)s", value=stated)
        case "covers":
            return english("covers %(value)s", value=stated)
        case "published":
            return english("published %(value)s", value=stated)
        case _:
            return english("language %(value)s", value=stated)


def _with_origin(document: Document, key: str, value: object) -> str:
    match document.origins.get(key):
        case "catalogue":
            return english("%(value)s (in corpus.toml)", value=value)
        case "file":
            return english("%(value)s (in the file)", value=value)
        case "inferred":
            return english("%(value)s (inferred)", value=value)
        case _:
            return str(value)


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"
