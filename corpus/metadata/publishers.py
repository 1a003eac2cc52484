"""Find the publisher of a text: on its cover, in its imprint, its title, a letterhead or a signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from corpus.imprint import OFFICE_TITLE, is_imprint
from corpus.metadata.edition import PUBLICATION_KIND
from corpus.metadata.series import (
    MIN_INITIALS,
    SMALL_TITLE_WORDS,
    are_initials,
    is_generic,
    is_organisation,
    name_beside_kind,
    name_words,
    publisher_in_title,
    spelling_in_text,
    without_generic_end,
)
from corpus.metadata.years import SINGLE_YEAR
from corpus.scripts import LATIN_CAPITALS
from corpus.vocabulary import YEAR

_TOP, _END = 6000, 2500
"""Characters at the beginning and at the end of a text in which an imprint is searched."""

_MAX_NAME = 10
"""Words of the name of a publisher."""

_NAME_OF_PERSON = 2
"""Words of the name of a person, which an imprint may have too."""

_MIN_WRAPPED = 50
"""Minimum length of a line in which a name may be wrapped, in characters."""

_ADDRESSED = re.compile(r".*[:：,]|[\[(].*[\])]")
"""A salutation or an aside ("To the Congress:", "[Read by a clerk]"), which is not the name of a publisher."""

_LAW = re.compile(
    r"\b(?:Acts?|Bill|Ordinance|Measure|Regulations|Statute)\b\W*\d|\b(?:loi|ley|legge|lei)\b|gesetz\b", re.IGNORECASE
)
"""A law, whose name may contain that of an organisation: "Central Bank Act 1968"."""

SUBMITTED = re.compile(
    r"(?:submitted|presented|laid|approved|adopted|prepared|vorgelegt|présenté|approuvé|presentad|aprobad)\w*\s",
    re.IGNORECASE,
)
"""A line with the body that a report is for: "Submitted to the Board of Commissioners"."""

_LARGE = rf"[{LATIN_CAPITALS}]"
_ORGANISATION_NAME = (
    rf"(?-i:(?P<name>{_LARGE}(?:[^,;:|·\n.()©0-9]|\.(?=\w)|\.(?=\s(?:[VAprl]\.))|(?<=\s[VKG])\."
    r"|,\s(?:Inc|Ltd|LLC|PLC|plc|Corp|Co|Limited|S\.A)\b\.?)*))"
)
"""A name up to a mark, a number or the end of its line or sentence."""

_ARTICLE = r"(?:(?:the|der|dem|den|des|die|das|la|le|les|l['’]|el|los|las|il|lo|gli|o|a|os|het|de)(?:\s+|(?<=['’])))?"
_STATED = re.compile(
    rf"(?:\b(?:published|issued)\s+(?:jointly\s+)?by\b|\bpublisher\b\s*:|\bherausgegeben\s+vo[nm]\b|\bHerausgeber(?:in)?\b\s*:"
    r"|\b(?:édité|publié)e?\s+par\b|\b[ÉE]diteur\b\s*:|\b(?:edita|publica)\b\s*:|\b(?:editad|publicad)[oa]\s+por\b|\b(?:edito|pubblicato)\s+d[ae]l{0,2}[ao]?\b"
    r"|\bEditore\b\s*:|\buitgegeven\s+door\b|\bUitgever\b\s*:)"
    rf"\s*:?\s*(?i:{_ARTICLE}){_ORGANISATION_NAME}",
    re.IGNORECASE,
)
"""A statement of the publisher: "Published by the Elm Council", "Herausgeber: Stadtwerke Olmen"."""

_COPYRIGHT = re.compile(
    rf"(?:©|\(c\)|\bcopyright\b)\s*(?:by\s+)?(?:{YEAR}(?:\s?[-–,]\s?{YEAR})?,?\s*)?(?i:{_ARTICLE}){_ORGANISATION_NAME}",
    re.IGNORECASE,
)
"""A note of the copyright with the name of its owner."""

_ADDRESS = re.compile(
    rf"(?-i:(?={_LARGE}|[0-9]|(?:rue|place|avenue|boulevard|calle|avenida|plaza|via|piazza|rua)\b))"
    r"[^.\n]{0,60}?(?:\b(?:street|road|avenue|close|lane|square|house|building|level|floor|p\.?\s?o\.?\s?box|postfach|\w*stra(?:ß|ss)e|\w*platz|\w*weg"
    r"|rue|place|boulevard|calle|plaza|avenida|via|piazza|rua|praça|colony|nagar|marg|drive|quay|way|court)\b|\bStr\.|(?<!\w)(?!(?:1[5-9]|20)\d\d\b)\d{4,6}\b|^\W*\d{1,4},?\s"
    r"|^(?-i:(?:(?:Am|An|Auf|Im|In|Zum|Zur|De|Het)\s)?[A-ZÄÖÜÉ][\w.'’-]*\s(?:[A-ZÄÖÜÉ][\w.'’-]*\s){0,2}\d{1,3}[a-z]?\b))",
    re.IGNORECASE,
)
"""What follows the name of an organisation in a letterhead, unlike in a sentence: a street, or a postal code."""

_LETTERHEAD = re.compile(
    rf"(?m)(?:^|[.:]\s)\W{{0,6}}{_ORGANISATION_NAME}(?:\([A-Z]+\))?\W{{0,3}}\s*[,|·]\s(?P<address>[^\n]{{3,90}})"
)
"""A name with an address after it."""

_SIGNED = re.compile(
    rf"^[^,\n]{{3,50}},\s(?P<office>[^\n]{{3,70}}?),\s(?:the\s+)?{_ORGANISATION_NAME}\.?(?:,\s[^,\n]+)?$", re.MULTILINE
)
"""A signature: a person, an office and an organisation."""

_SIGNED_FOR = re.compile(
    rf"^(?i:pour|für|for|por|per|namens|on\s+behalf\s+of)\s+(?i:{_ARTICLE}){_ORGANISATION_NAME},?$", re.MULTILINE
)
"""Above a signature: "Pour le Syndicat des écluses,"."""

_MAYOR = re.compile(
    rf"^[^,\n]{{3,50}},\s(?i:(?:the\s+)?mayor\s+of|(?:la\s+|le\s+)?maire\s+d[eu]|(?:Ober)?bürgermeister(?:in)?\s+der\s+(?:Stadt|Gemeinde)"
    rf"|alcalde(?:sa)?\s+de|sindac[oa]\s+di|prefeit[oa]\s+de|burgemeester\s+van)\s+{_ORGANISATION_NAME}$",
    re.MULTILINE,
)
"""The signature of a mayor, whose town is the publisher."""

_DESCRIBED = re.compile(
    rf"\W*(?P<name>(?-i:{_LARGE}[\w'’.-]*(?:\s{_LARGE}[\w'’.-]*){{0,4}}))(?:,|\s[-–—])\s"
    r"(?:(?:the|an?|der|die|das|eine?|le|la|une?|el|un[ao]?|il)\s|l['’])(?:\w+\s){0,2}?"
    r"(?:network|charity|union|regulator|operator|service|league|netzwerk|dachverband|réseau|association|organisme|red|asociación|rete"
    r"|associazione|(?:national\s|umbrella\s)?(?:body|organisation|organization))\b",
    re.IGNORECASE,
)
"""A line that says what kind of body its name is: "Larderlink, the network of community pantries"."""

_DESCRIBED_LINES = 6
"""Lines at the beginning of a cover among which such a description is searched."""


def find_publisher(
    text: str,
    written: Sequence[str],
    lines: Sequence[str],
    title: int | None,
    series: str | None,
    file_name: Sequence[str] = (),
    furniture: Sequence[str] = (),
) -> str | None:
    """Return the name of the publisher of a text; None if nothing tells it.

    Args:
        text: The canonical text.
        written: The lines of its cover.
        lines: The same, normalised.
        title: The position of the title among them; None for a title that is not on the cover.
        series: The title without its year.
        file_name: The file's name in words, or parts of it.
        furniture: Running heads and feet.
    """
    if (registrant := find_registrant(written)) is not None:
        return registrant  # and not the authority that it files with
    unwrapped = _unwrapped(f"{text[:_TOP]}\n\n{text[max(_TOP, len(text) - _END) :]}")
    found = (
        next(_names(_STATED, unwrapped), None)
        or _longer(publisher_in_title(series), _on_cover(written, lines, title, file_name))
        or next(_with_address(unwrapped), None)
        or next(_segments([*furniture[:_MAX_FURNITURE], *text.rstrip().split("\n")[-_LAST_LINES:]]), None)
        or _described(text)
        or next(_names(_COPYRIGHT, unwrapped), None)
        or _repeated(text, written, lines, title, series)
        or next(_signed(text[:_TOP]), None)
    )
    return None if found is None else _full_name(found, written)


def publisher_in_imprint(text: str) -> str | None:
    """Return the organisation that an imprint names, such as the foot of a web page; None if it names none."""
    unwrapped = _unwrapped(text)
    names = (
        _names(_STATED, unwrapped),
        _with_address(unwrapped),
        _names(_COPYRIGHT, unwrapped),
        _segments([unwrapped]),
    )
    return next(filter(None, (next(each, None) for each in names)), None)


def _segments(lines: Iterable[str]) -> Iterator[str]:
    """Yield the organisations among the segments of running heads and imprints: "Elm Trust | P.O. Box 88 | Elm"."""
    for line in lines:
        segments = _SEGMENT_END.split(line)
        for segment in segments if len(segments) > 1 else ():
            name = _trimmed(_IN_PARENTHESES.sub("", segment))
            if (
                " " in name
                and "," not in name
                and is_organisation(name)
                and _is_name(name)
                and PUBLICATION_KIND.search(name) is None
            ):
                yield name


_SEGMENT_END = re.compile(r"\s[|·•–—-]\s|\s?:\s|\s{3,}")
_IN_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_MAX_FURNITURE, _LAST_LINES = 50, 3
"""Running heads, and lines at the end of a text, that are read."""


def is_named_organisation(author: str, text: str) -> bool:
    """Return whether the author that a file declares is an organisation, by its words or as the text names it.

    The name of a person has two words.
    """
    if not _is_name(author):
        return False
    return (is_organisation(author) and " " in author) or (len(author.split()) > _NAME_OF_PERSON and author in text)


def find_registrant(written: Sequence[str]) -> str | None:
    """Return the company of a filing: the line above "(exact name of registrant"."""
    named = (above for above, line in pairwise(written) if re.match(r"\(exact name of registrant", line, re.IGNORECASE))
    return next(named, None)


def _unwrapped(text: str) -> str:
    """Return a text with a space for each line break in which a name may be wrapped."""
    joined: list[str] = []
    for line in text.split("\n"):
        before = joined[-1] if joined else ""
        last = before.rpartition(" ")[2].casefold()
        if (
            before
            and line.strip()
            and (len(before) >= _MIN_WRAPPED or last in SMALL_TITLE_WORDS)
            and not before.endswith(".")
        ):
            joined[-1] = f"{before} {line.strip()}"
        else:
            joined.append(line.strip(" *_#>|"))
    return "\n".join(joined)


def _names(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the names of organisations that a pattern finds in a text."""
    for match in pattern.finditer(text):
        name = _trimmed(match["name"])
        is_long = is_organisation(name) or len(name.split()) > _NAME_OF_PERSON
        if _is_name(name) and " " in name and is_long:
            yield name


def _trimmed(name: str) -> str:
    """Return a name without white space, marks and small words at its end."""
    words = name.strip(" *_–—-\"'“”«»").split()
    while words and (words[-1].casefold() in SMALL_TITLE_WORDS or not any(map(str.isalnum, words[-1]))):
        words.pop()
    return " ".join(words)


def _is_name(name: str) -> bool:
    """Return whether a text may be the name of an organisation, unlike the beginning of a sentence.

    All words are capitalised, except small ones; in French or Spanish it may begin with a word for an organisation.
    """
    words = [
        word for word in re.findall(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*", name) if word.casefold() not in SMALL_TITLE_WORDS
    ]
    are_capitalised = all(word[0].isupper() or "’" in word or "'" in word for word in words)
    return 0 < len(words) <= _MAX_NAME and (are_capitalised or is_organisation(words[0]))


def _on_cover(written: Sequence[str], lines: Sequence[str], title: int | None, file_name: Sequence[str]) -> str | None:
    """Return the first line that names an organisation: by a word for one, or by words or initials of the file's name.

    "Land Registry of Elm" has the words of "elm-land-registry-annual-report.pdf".
    """
    initials = [word for name in file_name for word in name.split() if word.isupper() and len(word) >= MIN_INITIALS]
    names = [words for name in file_name if len(words := name_words(without_generic_end(name))) > 1]
    for position, line in enumerate(lines):
        if (
            position == title
            or SINGLE_YEAR.search(line)
            or (PUBLICATION_KIND.search(line) and not is_organisation(line.split()[0]))
            or _ADDRESSED.fullmatch(line)
            or _LAW.search(written[position])
            or SUBMITTED.match(line)
            or ("," in line and OFFICE_TITLE.search(line))
            or re.search(r"\bby\b", line)
        ):
            continue
        if is_organisation(line) or name_words(line) in names or any(are_initials(word, line) for word in initials):
            return written[position]
    return None


def _with_address(text: str) -> Iterator[str]:
    """Yield the names of organisations with an address behind them."""
    for match in _LETTERHEAD.finditer(text):
        name = _trimmed(match["name"])
        is_name = _is_name(name) and is_organisation(name) and PUBLICATION_KIND.search(name) is None
        if is_name and " " in name and _ADDRESS.match(match["address"]):
            yield name


def _described(text: str) -> str | None:
    """Return the name of a body that one of the first lines of a text describes."""
    lines = filter(None, map(str.strip, text[:_TOP].split("\n")))
    for match in map(_DESCRIBED.match, islice(lines, _DESCRIBED_LINES)):
        if match is not None and match["name"].split()[0].casefold() not in SMALL_TITLE_WORDS:
            return match["name"]
    return None


def _longer(in_title: str | None, on_cover: str | None) -> str | None:
    """Return the publisher in a title, or the line of the cover that has the same words and more, or any line."""
    if in_title is None or on_cover is None:
        return in_title or on_cover
    return on_cover if name_words(in_title) <= name_words(on_cover) else in_title


def _repeated(
    text: str, written: Sequence[str], lines: Sequence[str], title: int | None, series: str | None
) -> str | None:
    """Return a name beside a generic title, in it or in the line below or above, that the text has again and again."""
    if series is None or not is_generic(series):
        name, _ = name_beside_kind(series)
        names = [] if name is None else [name]
    else:
        beside = [] if title is None else [title + 1, title - 1]
        names = [
            written[at].strip(" *_#")
            for at in beside
            if 0 <= at < len(lines)
            and not SINGLE_YEAR.search(lines[at])
            and not PUBLICATION_KIND.search(lines[at])
            and not is_imprint(lines[at])
        ]
    on_cover = set(written)
    body = [line for line in text[:_TOP].split("\n") if line.strip() not in on_cover]
    spellings = (spelling_in_text(name, body) for name in names if len(name.split()) <= _MAX_NAME)
    return next(filter(None, spellings), None)


def _signed(text: str) -> Iterator[str]:
    """Yield the organisations for which a person with an office signs."""
    yield from (match["name"].strip() for match in _MAYOR.finditer(text))
    yield from _names(_SIGNED_FOR, text)
    for match in _SIGNED.finditer(text):
        name = _trimmed(match["name"])
        if OFFICE_TITLE.search(match["office"]) and _is_name(name) and is_organisation(name):
            yield name


def _full_name(name: str, written: Sequence[str]) -> str:
    """Return the line of a cover that initials stand for, and a name without its initials before a dash.

    "PERC — Pelham Energy Commission" names the same body as "Pelham Energy Commission (PERC)".
    """
    if name.isupper() and name.isalpha() and len(name) >= MIN_INITIALS:
        lines = (line for line in written if are_initials(name, line) or f"({name})" in line)
        return next((line for line in lines if not PUBLICATION_KIND.search(line)), name)
    first, dash, rest = name.partition(" — ")
    if not dash:
        first, dash, rest = name.partition(" – ")
    return rest.strip() if dash and are_initials(first.strip(), rest) else name
