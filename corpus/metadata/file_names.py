"""Infer editions, series and parts from file names: one pattern explains all names of a folder.

Each name is split into words, numbers and years. Files whose year is at the same place are a group, and only the group
shows what the other words mean:

    1789_Washington, 1793_Washington, 1797_Adams    the words say who spoke; the folder names the series
    nbo-2019, nbo-2020, shq-2019, shq-2020          each word returns every year: two series
    white-paper-2016/ch3, white-paper-2016/ch4      the words beside the year name the series; the file is a part

A year is accepted if another file has another year at that place, or if a kind of publication is named beside it. Where
two places qualify, or words could be topics as well as issuers, the value stays unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from corpus.metadata.edition import PUBLICATION_KIND
from corpus.metadata.language import LISTED_LANGUAGES, is_frequent, is_listed
from corpus.metadata.series import SMALL_TITLE_WORDS, is_generic
from corpus.metadata.years import expand_two_digits, parse_years
from corpus.scripts import KANJI_DIGITS, UNSPACED_LETTER
from corpus.vocabulary import ERA_LETTERS, ERA_NAMES, MONTHS, ROMANISED_ERAS, YEAR

_MIN_COMMON_SHARE = 0.9
"""Share of the files of a group that have a word which is part of the name of their series."""

_MAX_CROSSED_SHARE = 0.25
"""Share of the years with several names, above which the names are parallel publications and not authors."""

_MIN_YEARS = 4
"""Years below which names that vary may be those of different publications as well as of different authors."""

_MAX_CHARACTERS = 255
_MAX_ABBREVIATION = 3
_ALSO_INITIALS = frozenset("who its our his her him she you they and not but was has had are bis mit sec".split())
"""Short words that no title consists of: in a file name they are rather initials, like all words of two letters."""

_FREQUENT_DIGITS = 4
"""Digits of the count of an English word that is no rare one, such as "mod" and "bis"."""

_YEAR_PLACEHOLDER = "\0"
"""Stands for a year among the words of a name."""

_NOISE = frozenset(
    "final web print full online download copy draft text txt pdf html doc docx v1 v2 ocr en eng".split()
)
_GENERIC_FOLDERS = frozenset(
    """
    doc docs document documents file files data dataset text texts txt pdf pdfs html corpus input inputs library
    archive archives download downloads src source sources raw new old folder home users user root var mnt opt work
    desktop public shared media content contents all misc en english samples sample seeds
    """.split()
)
"""Folder names that do not describe their contents."""

_PERIOD_WORDS = frozenset(
    "session season year edition jahr jahrgang année exercice saison año ejercicio ano anno".split()
)
"""Words beside a year that do not name a series, as in "Session 2015-16"."""

_TEMPORARY = re.compile(r"tmp|(?:temp|test|pytest)(?![a-z])|.*[0-9]", re.IGNORECASE)
"""Folder names chosen by programs, and names with numbers, such as a decade."""
_PART = re.compile(
    r"(?<![^\W\d_])(chapter|chap|ch|part|pt|section|sect|sec|volume|vol|annex|appendix|app|book|kapitel|kap|teil|band|chapitre|tome"
    r"|partie|annexe|capitulo|capítulo|issue|no|nr)\s?([0-9]{1,3}(?![0-9])|[ivx]{1,5}(?![^\W_]))",
    re.IGNORECASE,
)
"""The name of a part, which is a word of its own: not the end of "March 22" or "Transcript 12"."""

_PART_NAMES = {
    **dict.fromkeys(("chap", "ch"), "Chapter"),
    **dict.fromkeys(("sect", "sec"), "Section"),
    **dict.fromkeys(("pt",), "Part"),
    **dict.fromkeys(("vol",), "Volume"),
    **dict.fromkeys(("app",), "Appendix"),
    **dict.fromkeys(("kap",), "Kapitel"),
    **dict.fromkeys(("no", "nr"), "No."),
}
_PERIOD_PART = re.compile(r"(?<![^\W_])(?:([QH])[\s-]?([1-4])|([1-4])[\s-]?([QH]))(?![^\W_])", re.IGNORECASE)
"""A quarter or a half of a year: "Q2", "1H"."""

_JAPANESE_PART = re.compile(f"第[0-9{KANJI_DIGITS}十]{{1,3}}[章節部編巻]")
_MM, _DD = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_DATE = re.compile(
    rf"(?<![0-9])(?:(?P<first>{YEAR})(?P<join>[-._ ]?){_MM}(?P=join){_DD}"
    rf"|(?:{_DD}(?P<join1>[-._ ]){_MM}(?P=join1)|{_MM}(?P<join2>[-._ ]){_DD}(?P=join2))"
    rf"(?P<last>{YEAR}))(?![0-9])"
)
"""A date in digits: "20160331", "2016-03-31", "31.03.2016", "03-31-2016"."""

_JOINED = re.compile(rf"(?<=[^\W\d_])(?={YEAR}(?![0-9]))|(?<=[0-9]{{4}})(?=[^\W\d_年])(?!s\b)|(?<=[a-z])(?=[A-Z])")
_YEAR_LIKE = re.compile(f"{YEAR}|FY|年|{ERA_NAMES}|{'|'.join(ROMANISED_ERAS)}", re.IGNORECASE)
_EDITION_WORD = re.compile(r"^\s*(?:年度?版?|版)")
_SHORT_YEAR = re.compile(r"(?<![0-9])(?P<first>[0-9]{2})(?:\s?[-/]\s?(?P<last>[0-9]{2}))?(?![0-9])")
_ERA_LETTER = re.compile(r"(?<![^\W_])([HRS])([0-9]{2}|(?<=R)[0-9])(?![0-9])")
_EVENT = re.compile(rf"\b(?:the|of|in|since|after|before|during)\s{YEAR}", re.IGNORECASE)
"""A year that a name tells of, and is not published in: "the 2011 flood"."""

_TOKEN = re.compile(r"\0|[^\W_]+(?:['’.&-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class NameFacts:
    """Facts inferred from the name of a file and the names beside it; None where they are uncertain.

    Attributes:
        edition: The year of the edition.
        possible_edition: A year in two digits, or an era by its letter: right if the text names that year.
        series: The name of the series.
        owner: Distinguishes this series from parallel ones with the same title, for instance a company.
        labels: Words that vary within the series, such as the speaker: in the title, but not in the series.
        part: The part of the edition.
        has_exclusive_years: Whether no file of another owner has the year of a file of this owner, so that both may
            be one series.
    """

    edition: int | None = None
    possible_edition: int | None = None
    series: str | None = None
    owner: str | None = None
    labels: tuple[str, ...] = ()
    part: str | None = None
    has_exclusive_years: bool = False

    def __bool__(self) -> bool:
        return self != NO_FACTS


NO_FACTS = NameFacts()


class _YearPosition(NamedTuple):
    """The position of a year: the component of the path, counted from the file's name, and the position in it."""

    depth: int
    position: int


@dataclass(frozen=True, slots=True)
class _Name:
    """A path in words: the words of each component without years, the file's name first, and the years by position."""

    path: PurePosixPath
    words: tuple[tuple[str, ...], ...]
    years: Mapping[_YearPosition, int]
    parts: tuple[str | None, ...]
    possible: int | None


def infer_from_names(paths: Iterable[PurePosixPath], folder: Sequence[str] = ()) -> dict[PurePosixPath, NameFacts]:
    """Infer facts from the names of the files of a folder.

    Args:
        paths: Paths relative to the folder.
        folder: The names of the folder and of the folder around it, innermost first.

    Returns:
        The facts of each file that has any.
    """
    paths = list(paths)
    is_japanese = any(map(UNSPACED_LETTER.search, (*folder, *map(str, paths))))
    names = _with_months_as_parts([_parse(path, is_japanese) for path in paths])
    years = _choose_years(names)
    groups: dict[tuple[tuple[str, ...], int], list[_Name]] = defaultdict(list)
    for name in names:
        if name.path in years:
            depth = years[name.path].depth
            groups[name.path.parts[: len(name.path.parts) - 1 - depth], depth].append(name)
    results: list[tuple[str | None, dict[PurePosixPath, NameFacts]]] = []
    for (outer, depth), group in groups.items():
        name_of_folder = _folder_name([*reversed(outer), *folder])
        results.append((name_of_folder, _group_facts(group, years, depth, name_of_folder)))
    undated = [name for name in names if name.path not in years]
    results.append(
        (None, {name.path: NameFacts(possible_edition=name.possible, part=name.parts[0]) for name in undated})
    )
    return {path: facts for path, facts in _with_owners(results).items() if facts}


def _parse(path: PurePosixPath, is_japanese: bool) -> _Name:
    folders = (_parse_folder(folder, is_japanese) for folder in reversed(path.parts[:-1]))
    parsed = [_parse_component(path.stem, is_japanese), *folders]
    return _Name(
        path,
        words=tuple(component.words for component in parsed),
        years={
            _YearPosition(depth, position): year
            for depth, component in enumerate(parsed)
            for position, year in enumerate(component.years)
        },
        parts=tuple(component.part for component in parsed),
        possible=parsed[0].possible,
    )


def _with_months_as_parts(names: Sequence[_Name]) -> Sequence[_Name]:
    """Take months as the parts of an edition if there are several: one alone may be a name ("2016_May", "march")."""
    if len({_month(word) for name in names for words in name.words for word in words} - {None}) < 2:
        return names
    return [
        replace(
            name,
            words=tuple(tuple(word for word in words if _month(word) is None) for words in name.words),
            parts=tuple(
                part or next((word.capitalize() for word in words if _month(word) is not None), None)
                for words, part in zip(name.words, name.parts, strict=True)
            ),
        )
        for name in names
    ]


def _month(word: str) -> int | None:
    return MONTHS.get(word.lower())


class _Component(NamedTuple):
    """A file or folder name in words, with a placeholder for each year."""

    words: tuple[str, ...]
    years: tuple[int, ...]
    part: str | None
    possible: int | None


def _parse_component(name: str, is_japanese: bool) -> _Component:
    spaced = _space_words(name[:_MAX_CHARACTERS])
    if is_japanese:  # among Japanese names, "H28" is a year
        spaced = _ERA_LETTER.sub(lambda era: str(ERA_LETTERS[era[1]] + int(era[2])), spaced)
    text, years = _mark_years(spaced) if _YEAR_LIKE.search(spaced) else (spaced, [])
    text, part = _take_part(text)
    words = tuple(word for word in _TOKEN.findall(text) if not _is_noise(word))
    return _Component(words, tuple(years), part, _possible_year(spaced, years))


_parse_folder = lru_cache(maxsize=1024)(_parse_component)  # many files share their folders


def _space_words(component: str) -> str:
    """Return a file name with spaces between its words; a hyphen stays between digits, as in 2015-16."""
    text = unicodedata.normalize("NFKC", component)
    text = _DATE.sub(lambda date: date["first"] or date["last"], text)
    text = re.sub(r"(?<=[0-9]{4})_(?=(?:[0-9]{2}){1,2}(?![0-9]))", "-", text)
    text = re.sub(r"[_+,;()\[\]]|\.(?![0-9])|(?<![0-9])[-–—]|[-–—](?![0-9]+(?![^\W_]))", " ", text)
    text = re.sub(r"(?i)(?<![a-z])fy(?=\s?-?[0-9])", "FY", text)
    return re.sub(r"\s+", " ", _JOINED.sub(" ", text)).strip()


def _mark_years(text: str) -> tuple[str, list[int]]:
    """Return the text with a mark in place of each year, and the years: of a span of two years the last."""
    years: list[int] = []
    pieces: list[str] = []
    position = 0
    for mention in parse_years(text):
        if mention.role == "name" or mention.kind == "decade" or mention.last - mention.first > 1:
            continue
        years.append(mention.last)
        pieces += [text[position : mention.start], f" {_YEAR_PLACEHOLDER} "]
        position = mention.end
    return "".join([*pieces, _EDITION_WORD.sub(" ", text[position:])]), years


def _take_part(text: str) -> tuple[str, str | None]:
    """Return the text without the name of a part, and that name: "Chapter 3" of "ch3"."""
    if (match := _JAPANESE_PART.search(text)) is not None:
        return text[: match.start()] + " " + text[match.end() :], match[0]
    if (period := _PERIOD_PART.search(text)) is not None:
        name = f"{period[1] or period[4]}{period[2] or period[3]}".upper()
        return text[: period.start()] + " " + text[period.end() :], name
    match = _PART.search(text)
    if match is None:
        return text, None
    name = _PART_NAMES.get(match[1].lower(), match[1].capitalize())
    return text[: match.start()] + " " + text[match.end() :], f"{name} {match[2].lstrip('0').upper() or '0'}"


def _is_noise(word: str) -> bool:
    return word.lower() in _NOISE or (word != _YEAR_PLACEHOLDER and not any(map(str.isalpha, word)))


def _possible_year(text: str, years: Sequence[int]) -> int | None:
    """Return the year of two digits or of an era's letter ("ar16", "H28") if the name has a single such number.

    A year that is the only number of a name is possible, too, unless it is that of an event ("the 2011 flood").
    """
    if (era := _ERA_LETTER.search(text)) is not None:
        return ERA_LETTERS[era[1]] + int(era[2])
    numbers = list(_SHORT_YEAR.finditer(text))
    if len(numbers) != 1:
        return years[0] if len(years) == 1 and not numbers and not _EVENT.search(text) else None
    short = int(numbers[0]["last"] or numbers[0]["first"])
    return expand_two_digits(short)


def _choose_years(names: Sequence[_Name]) -> dict[PurePosixPath, _YearPosition]:
    """Return the position of the year of the edition in each name for which it is clear."""
    similar: dict[tuple[tuple[str, ...], ...], list[_Name]] = defaultdict(list)
    for name in names:
        similar[name.words[1:]].append(name)
    chosen: dict[PurePosixPath, _YearPosition] = {}
    for group in similar.values():
        values: dict[_YearPosition, set[int]] = defaultdict(set)
        for name in group:
            for position, year in name.years.items():
                values[position].add(year)
        for name in group:
            varying = [position for position in name.years if len(values[position]) > 1]
            positions = varying or [
                position for position in name.years if PUBLICATION_KIND.search(" ".join(name.words[position.depth]))
            ]
            if len({name.years[position] for position in positions}) == 1:
                chosen[name.path] = max(
                    positions,
                    key=lambda position: (_has_words(name.words[position.depth]), position.depth),
                )
    return chosen


def _has_words(words: Sequence[str]) -> bool:
    return any(word != _YEAR_PLACEHOLDER and word.lower() not in _PERIOD_WORDS for word in words)


def _group_facts(
    group: Sequence[_Name], year_positions: Mapping[PurePosixPath, _YearPosition], depth: int, folder: str | None
) -> dict[PurePosixPath, NameFacts]:
    """Return the facts of names with a year in the same component, below the same folder."""
    years = [name.years[year_positions[name.path]] for name in group]
    inner = [tuple(word for part in name.words[:depth] for word in part if word != _YEAR_PLACEHOLDER) for name in group]
    part = [next((part for part in name.parts[: depth + 1] if part), None) for name in group]
    keys = [name.words[depth] for name in group]
    if depth and not any(map(_has_words, keys)):  # a folder for each year
        if len(set(inner)) == 1 and inner[0]:
            keys, inner = [(_YEAR_PLACEHOLDER, *words) for words in inner], [()] * len(group)
        elif not all(part) and not _is_one_series(inner, years):
            return {
                name.path: NameFacts(edition=year, labels=words, part=named)
                for name, year, words, named in zip(group, years, inner, part, strict=True)
            }
    facts = {}
    for name, year, key, words, named in zip(group, years, _name_series(keys, years, folder), inner, part, strict=True):
        facts[name.path] = replace(key, edition=year, labels=(*key.labels, *words), part=named)
    return facts


def _is_one_series(keys: Sequence[tuple[str, ...]], years: Sequence[int]) -> bool:
    """Return whether names vary like those of authors: hardly ever two in a year, and none is that of a publication."""
    if len(set(keys)) > 1 and any(PUBLICATION_KIND.search(" ".join(key)) for key in keys):
        return False
    by_year: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for key, year in zip(keys, years, strict=True):
        by_year[year].add(key)
    crossed = sum(len(names) > 1 for names in by_year.values())
    return len(set(keys)) == 1 or (len(by_year) >= _MIN_YEARS and crossed <= _MAX_CROSSED_SHARE * len(by_year))


def _name_series(keys: Sequence[tuple[str, ...]], years: Sequence[int], folder: str | None) -> list[NameFacts]:
    """Return series, owner and labels of each name, from its words and the mark of its year."""
    counts = Counter(word.lower() for key in keys for word in dict.fromkeys(key) if word != _YEAR_PLACEHOLDER)
    common = {word for word, count in counts.items() if count >= _MIN_COMMON_SHARE * len(keys)}
    varying = [tuple(word for word in key if word != _YEAR_PLACEHOLDER and word.lower() not in common) for key in keys]
    shared = _in_words([word for word in keys[0] if word.lower() in common])
    editions = Counter(name for name, _ in set(zip(varying, years, strict=True)))
    are_first = all(
        set(labels) <= set(key[: key.index(_YEAR_PLACEHOLDER)]) for key, labels in zip(keys, varying, strict=True)
    )
    is_kind = shared is not None and is_generic(shared)
    are_parallel = is_kind and are_first and len(editions) > 1 and min(editions.values()) > 1
    if _is_one_series(varying, years) and not are_parallel:  # "grid-report" and "ferry-report" have several years each
        name = shared or folder
        if shared and folder and (is_generic(shared) or len(shared) <= _MAX_ABBREVIATION):
            is_part = shared.casefold() in folder.casefold() or is_abbreviation(shared, folder)
            name = folder if is_part else f"{folder}: {shared}"
        return [NameFacts(series=name, labels=labels) for labels in varying]
    # Parallel names before the year are issuers ("nbo-2019"); after it they can as well be topics ("2019-trade").
    owners_of: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for labels, year in zip(varying, years, strict=True):
        owners_of[year].add(labels)
    shared_years = {labels for owners in owners_of.values() if len(owners) > 1 for labels in owners}
    facts = []
    for key, labels in zip(keys, varying, strict=True):
        year = key.index(_YEAR_PLACEHOLDER)
        full = _in_words([word for word in key if word != _YEAR_PLACEHOLDER])
        if labels and set(labels) <= set(key[:year]):
            series = full if editions[labels] > 1 else None
            is_alone = labels not in shared_years
            facts.append(NameFacts(series=series, owner=_in_words(labels), has_exclusive_years=is_alone))
        elif labels and PUBLICATION_KIND.search(" ".join(key[year + 1 :])):
            facts.append(NameFacts(series=full))
        else:
            facts.append(NameFacts(series=None if labels or not shared else shared, labels=labels))
    return facts


def is_abbreviation(short: str, name: str) -> bool:
    """Return whether a word is short for a name: letters of it, or initials, which may leave out words.

    "LTR" consists of letters of "Letters to Shareholders", and "NBF QR" of initials of "National Bank of Ferra:
    Quarterly Review".
    """
    if not any(map(str.isalpha, short)):
        return False
    letters = iter(name.casefold())
    if len(short) <= _MAX_ABBREVIATION and all(letter in letters for letter in short.casefold()):
        return True
    initials = iter([word[0] for word in re.findall(r"[^\W\d_]+", name.casefold())])
    return len(short) > 1 and all(letter in initials for letter in short.casefold() if letter.isalpha())


def _with_owners(groups: Sequence[tuple[str | None, dict[PurePosixPath, NameFacts]]]) -> dict[PurePosixPath, NameFacts]:
    """Distinguish series of the same name in several folders by the names of the folders."""
    places: dict[str, set[str | None]] = defaultdict(set)
    for folder, facts in groups:
        for fact in facts.values():
            if fact.series is not None:
                places[fact.series].add(folder)
    merged: dict[PurePosixPath, NameFacts] = {}
    for folder, facts in groups:
        for path, fact in facts.items():
            if fact.series is not None and len(places[fact.series]) > 1 and folder and not fact.owner:
                fact = replace(fact, owner=folder, series=f"{folder}: {fact.series}")
            merged[path] = fact
    return merged


def _folder_name(candidates: Iterable[str]) -> str | None:
    """Return the name of the nearest folder that describes its contents."""
    for folder in candidates:
        words = [word for word in _TOKEN.findall(_space_words(folder)) if not _is_noise(word)]
        if words and not _TEMPORARY.match(folder) and folder.lower().lstrip(".") not in _GENERIC_FOLDERS:
            return _in_words(words)
    return None


def _in_words(words: Iterable[str]) -> str | None:
    """Return words as a title: "White Paper" of "white", "paper"; short lower-case words are abbreviations.

    Ordinary words of the language are none: "Art Report" of "art", "report", but "NBO Report" of "nbo", "report".
    """
    words = list(words)
    titled = []
    for word in words:
        if word.islower() and word not in SMALL_TITLE_WORDS:
            is_short = len(word) <= _MAX_ABBREVIATION
            is_name = is_short and word.isascii() and not _is_ordinary(word, words)
            word = word.upper() if is_name else word if is_short and not word.isascii() else word.capitalize()
        titled.append(word)
    return " ".join(titled) or None


def _is_ordinary(word: str, words: Sequence[str]) -> bool:
    """Return whether a short word of a name is in use in the language of its longer words, English if unclear."""
    if len(word) < _MAX_ABBREVIATION or word in _ALSO_INITIALS:
        return False
    longer = [other for other in words if len(other) > _MAX_ABBREVIATION]
    spoken = [language for language in LISTED_LANGUAGES if all(is_listed(other, language) for other in longer)]
    if not spoken or any(is_listed(other, "en") for other in longer) or not longer:
        return is_frequent(word, "en", _FREQUENT_DIGITS)
    return any(is_listed(word, language) for language in spoken)
