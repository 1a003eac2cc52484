"""Complete a follow-up from the question before it: "And in 2019?", "What about Djibouti?", "Who wrote it?".

What the follow-up names takes the place of what the previous question names of the same kind: a year, an edition, a
series, a name, or the thing that is counted or asked about. Where the previous question names none, it is added.
A pronoun is replaced by what it refers to: the series, the name or the thing that the previous question is about.
A question in another language than the previous one, or with a subject of its own, is independent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.metadata.language import detect_language
from corpus.metadata.years import parse_years
from corpus.records import Span
from corpus.scripts import LATIN_CAPITALS, NAME_PARTICLES, UNSPACED, UNSPACED_LETTER
from corpus.vocabulary import QUESTION_WORDS
from qa.question.analysis import has_words, interpret
from qa.question.corpus_facts import CorpusFacts
from qa.question.relative_editions import EDITION_WORD

_INTRODUCTION = re.compile(
    r"(?:(?:and|or|but|und|et|or\s+else|same\s+for|also)\b[\s,…]*)?"
    r"(?:(?:what|how)\s+(?:is\s+it\s+)?about\b|how\s+is\s+it\s+(?:with|for)\b|same\s+(?:question\s+)?(?:for|with)\b"
    r"|was\s+ist\s+mit\b|wie\s+(?:ist|war)\s+(?:es|das)\s+(?:mit|bei)\b|qu['’]en\s+est-il\s+(?:de|du|des|pour)\b)?\s*",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    r"(?:それでは|では|じゃあ|そして|また)?[、\s]*(?P<fragment>[^、。?？]{1,40}?)"
    r"(?:の場合|に関して|について)?は?(?:どう(?:です|でした)?か?|いかがですか)?[?？。\s]*"
)
_JAPANESE_END = re.compile(r"(?:は|どう(?:です|でした)?か?|いかがですか)[?？。\s]*$")
_KATAKANA_NAME = re.compile(r"[\u30a1-\u30fa\u30fc]{2,}(?:[・＝][\u30a1-\u30fa\u30fc]+)*")

_AUXILIARY = "(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should)"
_OWN_QUESTION = re.compile(
    rf"\b(?:{QUESTION_WORDS['en']}|{QUESTION_WORDS['de']}|{QUESTION_WORDS['fr']}|{_AUXILIARY}|ist|sind|war|waren|hat|haben|est|sont)\b",
    re.IGNORECASE,
)
"""A fragment with one of these words is an independent question."""

_PREPOSITIONS = (
    r"(?:in|for|during|since|until|before|after|from|between|at|of|by|to|with|off|near|on|about|against|under|im|für|seit|von"
    r"|bei|mit|en|pour|depuis|à|au|aux)"
)
_PREPOSITION = re.compile(rf"{_PREPOSITIONS}\s+", re.IGNORECASE)
_OF_A_YEAR = frozenset("in of for on about at im von für bei en pour".split())
"""Prepositions that only join a year to what it is the year of; others, such as "since", tell how it is meant."""

_LAST_PREPOSITION = re.compile(rf"(?:^|\s)({_PREPOSITION.pattern}(?:the\s+)?)$", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|a|an|der|die|das|le|la|les)\s+|l['’]", re.IGNORECASE)
_FILLER = re.compile(rf"\b(?:the|one|ones|only|then|instead|years?|and|or|to|{EDITION_WORD})\b", re.IGNORECASE)
_NAME = re.compile(
    rf"[{LATIN_CAPITALS}][\w’'.-]*\w(?:\s+(?:(?:of|and|the|{NAME_PARTICLES})\s+){{0,2}}[{LATIN_CAPITALS}][\w’'-]*\w)*"
)
_COUNTED = re.compile(
    r"(?P<start>^\W*(?:how\s+many|how\s+much|which|what|wie\s+viele?|combien\s+de|quels?|quelles?)\s+)(?P<thing>\S.*?)"
    r"(?=\s+(?:was|were|is|are|did|do|does|has|have|had|will|would|can|could|took|came|went|wurden?|sind|waren|hat|ont|sont)\b)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|on|über|sur)\s+(?:the\s+)?(?P<thing>[^?.,;]+?)"
    r"(?=\s+(?:in|of|between|from|since|during|for)\b|\s*[?.,;]|\s*$)",
    re.IGNORECASE,
)
_PRONOUN_SUBJECT = re.compile(
    rf"^\W*(?:and\s+|but\s+)?(?:(?:{QUESTION_WORDS['en']})\b(?:\s+[\w’'-]+){{0,4}}?\s+)?{_AUXILIARY}\s+(?P<pronoun>it|they|he|she|its|their)\b",
    re.IGNORECASE,
)
_PRONOUN_OBJECT = re.compile(
    rf"^\W*(?:and\s+|but\s+)?(?:{QUESTION_WORDS['en']})\b(?:\s+[\w’'-]+){{1,5}}?\s+(?P<pronoun>it|them|him)(?=\s*[?.!]*$|\s+{_PREPOSITION.pattern})",
    re.IGNORECASE,
)
_IMPERSONAL = re.compile(r"\bit\b.*\s(?:to|that|whether|if|likely|rain\w*|snow\w*)\b", re.IGNORECASE)
"""A question whose "it" refers to nothing before: "How long did it take to build the pier?"."""

_SUBJECT = re.compile(rf"\b{_AUXILIARY}\s+(?P<thing>(?:the\s+)?)(?=\S)", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:the|this|that)\s+(?P<words>[\w’'-]+(?:\s+[\w’'-]+)*)", re.IGNORECASE)
_END_OF_THING = re.compile(
    rf"{_PREPOSITIONS}|{_AUXILIARY}|and|or|that|which|who|than|as|say|says|\w+ed",
    re.IGNORECASE,
)
"""A word after which the name of a thing has ended."""

_LANGUAGE_WORDS = re.compile(
    rf"\b(?:(?P<de>und|{QUESTION_WORDS['de']}|was\s+ist\s+mit)|(?P<fr>et|{QUESTION_WORDS['fr']}|qu['’]en)"
    rf"|(?P<en>and|or|but|also|same|{QUESTION_WORDS['en']}))\b",
    re.IGNORECASE,
)
"""Words that questions begin with, by language: too few words follow in a short question for `detect_language`."""

_JOINED = re.compile(rf"[{UNSPACED}]の[{UNSPACED}]")

_AROUND_YEARS = " ,のをにでへとが年版度"
"""Characters that surround a year and are removed with it."""

_LONGEST = 60
"""Maximum characters of a fragment; a longer text is an independent question."""


@dataclass(frozen=True, slots=True)
class _Named:
    """What a text names: spans of event years, of editions' years and of series."""

    years: tuple[Span, ...]
    editions: tuple[Span, ...]
    series: tuple[Span, ...]

    @classmethod
    def of(cls, text: str, corpus_facts: CorpusFacts) -> _Named:
        """Find what a text names."""
        editions = interpret(text, corpus_facts).editions
        mentions = [(mention.start, mention.end, mention.first) for mention in parse_years(text)]
        return cls(
            tuple((start, end) for start, end, year in mentions if year not in editions),
            tuple((start, end) for start, end, year in mentions if year in editions),
            tuple(sorted(span for spans in corpus_facts.series_names.find(text).values() for span in spans)),
        )


def complete_follow_up(question: str, previous: str, corpus_facts: CorpusFacts) -> str | None:
    """Return the question that a follow-up means, or None if it is an independent question.

    Args:
        question: What the user typed.
        previous: The question before it, itself complete.
        corpus_facts: Knows the series of the library.
    """
    if not has_words(previous) or _differ_in_language(question, previous):
        return None
    if (replaced := _replace_pronoun(question, previous, corpus_facts)) is not None:
        return replaced
    fragment = _fragment(question)
    if fragment is None:
        return None
    new_names, old_names = _Named.of(fragment, corpus_facts), _Named.of(previous, corpus_facts)
    rest = _without(fragment, [*new_names.years, *new_names.editions, *new_names.series])
    if rest and _JOINED.search(fragment):
        return None  # "the catch of Minamihama?" in Japanese is complete
    swaps: list[tuple[Span, str]] = []
    added: list[str] = []
    for new, old in _pair_spans(new_names, old_names, corpus_facts, fragment):
        if old is not None:
            new, old = _with_prepositions(new, fragment, old, previous)
        if old is None or _is_swapped(old, swaps):
            added.append(fragment[new[0] : new[1]])
        else:
            swaps.append((old, fragment[new[0] : new[1]]))
    if rest:
        place = _place_of(rest, fragment, previous, [*old_names.years, *old_names.editions, *old_names.series])
        if place is None or _is_swapped(place, swaps):
            added.append(rest)
        else:
            swaps.append((place, rest))
    if added and not swaps:
        return _append_fragment(previous, fragment)
    for (start, end), text in sorted(swaps, reverse=True):
        is_first = not any(map(str.isalnum, previous[:start])) and previous[start].isupper()
        previous = previous[:start] + (text[:1].upper() + text[1:] if is_first else text) + previous[end:]
    return previous if not added else _append_fragment(previous, " ".join(added))


def _fragment(question: str) -> str | None:
    """Return the fragment of a follow-up without its introduction ("What about"); None for an independent question."""
    text = " ".join(question.split())
    if UNSPACED_LETTER.search(text):
        match = _JAPANESE.fullmatch(text)
        return match["fragment"] if match and _JAPANESE_END.search(text) and len(text) <= _LONGEST else None
    introduction = _INTRODUCTION.match(text)
    rest = text[introduction.end() if introduction else 0 :].rstrip(" ?!.").strip()
    if not rest or len(rest) > _LONGEST or _OWN_QUESTION.search(rest):
        return None
    if introduction is not None and introduction.group().strip():
        return rest
    is_asked = text.endswith("?") and len(rest.split()) <= 5
    begins = _PREPOSITION.match(rest) is not None or rest[0].isdigit() or _is_name(rest)
    return rest if is_asked and begins else None


def _is_name(text: str) -> bool:
    """Return whether a text is a name, perhaps with a year: "Fish landings in Eastholm" has its own subject."""
    name = _NAME.match(text)
    if name is None:
        return False
    rest = _without(text, [name.span(), *((mention.start, mention.end) for mention in parse_years(text))])
    return not rest


def _differ_in_language(question: str, previous: str) -> bool:
    """Return whether a question is in another script or language than the one before it; digits are in none."""
    if not any(map(str.isalpha, question)):
        return False
    if bool(UNSPACED_LETTER.search(question)) != bool(UNSPACED_LETTER.search(previous)):
        return True
    own, other = map(_language, (question, previous))
    return own is not None and other is not None and own != other


def _language(text: str) -> str | None:
    """Return the language of a question, None if nothing tells it."""
    word = _LANGUAGE_WORDS.search(text)
    return word.lastgroup if word is not None else detect_language(text)


def _replace_pronoun(question: str, previous: str, corpus_facts: CorpusFacts) -> str | None:
    """Return a question with what its pronoun refers to in the previous question; None without such a pronoun."""
    text = " ".join(question.split())
    match = _PRONOUN_SUBJECT.match(text) or _PRONOUN_OBJECT.match(text)
    if match is None or len(text) > _LONGEST or _IMPERSONAL.search(text):
        return None
    thing = _referent(previous, corpus_facts, match["pronoun"].casefold())
    if thing is None:
        return None
    if match["pronoun"].casefold() in ("its", "their"):
        thing += "’" if thing.endswith("s") else "’s"
    return text[: match.start("pronoun")] + thing + text[match.end("pronoun") :]


def _referent(previous: str, corpus_facts: CorpusFacts, pronoun: str) -> str | None:
    """Return what a pronoun after a question refers to: its series, its subject, its last name, or a thing in it."""
    named = _Named.of(previous, corpus_facts)
    if named.series:
        start, end = named.series[0]
        before = re.search(r"(?:the\s+)?(?:[0-9]{4}\s+)?$", previous[:start], re.IGNORECASE)
        after = re.match(r"\s+[0-9]{4}\b", previous[end:])
        return previous[before.start() if before else start : end + (after.end() if after else 0)]
    counted = _COUNTED.search(previous)
    if pronoun in ("they", "them", "their") and counted is not None:
        return f"the {counted['thing']}"
    names = [
        match
        for match in _NAME.finditer(previous)
        if match.start() > 0 and _LAST_PREPOSITION.search(previous[: match.start()]) is None
    ]
    spans = [match.span() for match in names]
    things = [
        match.start()
        for match in _DEFINITE.finditer(previous)
        if not any(start <= match.end() and match.start() <= end for start, end in spans)
    ]
    if len(things) > 1 or (names and things):
        return None  # either may be meant
    if names:
        subjects = {match.end() for match in _SUBJECT.finditer(previous)}
        name = next((match for match in names if match.start() in subjects), names[-1])
        article = re.search(r"\bthe\s+$", previous[: name.start()], re.IGNORECASE)
        return previous[article.start() if article else name.start() : name.end()]
    if (definite := _DEFINITE.search(previous)) is not None:
        words: list[str] = []
        for word in definite["words"].split():
            if _END_OF_THING.fullmatch(word):
                break
            words.append(word)
        is_verb_last = len(words) > 1 and re.search(
            r"\b(?:do|does|did)\s+$", previous[: definite.start()], re.IGNORECASE
        )
        return f"the {' '.join(words[:-1] if is_verb_last else words)}" if words else None
    return f"the {counted['thing']}" if counted is not None else None


def _pair_spans(
    new_names: _Named, old_names: _Named, facts: CorpusFacts, fragment: str
) -> list[tuple[Span, Span | None]]:
    """Pair each span of a follow-up with the span of its kind in the previous question, None where there is none."""
    pairs: list[tuple[Span, Span | None]] = []
    if new_names.series:
        pairs.append((_around(new_names.series), old_names.series[0] if old_names.series else None))
    if new_names.editions:
        old = old_names.editions or old_names.years
        pairs.append((_around(new_names.editions), _around(old) if old else None))
    if new_names.years:
        # "And 2020?" after a question about the 2016 edition
        may_be_edition = all(mention.first in facts.editions for mention in parse_years(fragment))
        old = old_names.years or (old_names.editions if may_be_edition else ())
        pairs.append((_around(new_names.years), _around(old) if old else None))
    return pairs


def _with_prepositions(new: Span, fragment: str, old: Span, previous: str) -> tuple[Span, Span]:
    """Return the spans with the prepositions before them, if both have one: "since 2017" for "in 2018".

    "In 2019" asks for "the budget of 2019" after "the budget of 2018": "of" belongs to the budget.
    """
    after, before = (_LAST_PREPOSITION.search(text, 0, span[0]) for text, span in ((fragment, new), (previous, old)))
    if after is None or before is None:
        return new, old
    words = {match[1].split()[0].casefold() for match in (after, before)}
    if len(words) == 1 or words <= _OF_A_YEAR:
        return new, old
    return (after.start(1), new[1]), (before.start(1), old[1])


def _is_swapped(span: Span, swaps: Sequence[tuple[Span, str]]) -> bool:
    return any(span[0] < end and start < span[1] for (start, end), _ in swaps)


def _around(spans: Sequence[Span]) -> Span:
    return spans[0][0], spans[-1][1]


def _without(fragment: str, spans: Sequence[Span]) -> str:
    """Return the words of a fragment that name something else than years and series."""
    kept = "".join(
        character for position, character in enumerate(fragment) if not any(a <= position < b for a, b in spans)
    )
    words = [word for word in kept.strip(_AROUND_YEARS).split() if any(map(str.isalnum, word))]
    if not any(word for word in words if not _FILLER.fullmatch(word) and not _PREPOSITION.fullmatch(f"{word} ")):
        return ""
    while words and (_PREPOSITION.fullmatch(f"{words[0]} ") or _ARTICLE.fullmatch(f"{words[0]} ")):
        del words[0]
    while words and _PREPOSITION.fullmatch(f"{words[-1]} "):
        del words[-1]
    return " ".join(words)


def _place_of(rest: str, fragment: str, previous: str, taken: Sequence[Span]) -> Span | None:
    """Return the span in the previous question that names the same kind of thing as the rest of a follow-up."""
    if UNSPACED_LETTER.search(rest):
        names = [match.span() for match in _KATAKANA_NAME.finditer(previous)] if _KATAKANA_NAME.search(rest) else []
        free = [span for span in names if not any(span[0] < b and a < span[1] for a, b in taken)]
        return free[-1] if free else None
    if rest[0].isupper():
        names = [
            match.span()
            for match in _NAME.finditer(previous)
            if match.start() > 0 and not any(match.start() < b and a < match.end() for a, b in taken)
        ]
        preposition = _PREPOSITION.match(fragment)
        word = preposition.group().strip().casefold() if preposition else ""
        before = [_word_before(previous, start) for start, _ in names]
        same = [name for name, preceding in zip(names, before, strict=True) if word and preceding == word]
        placed = [
            name for name, preceding in zip(names, before, strict=True) if _PREPOSITION.fullmatch(f"{preceding} ")
        ]
        best = same or placed or names
        return best[-1] if best else None
    match = _COUNTED.search(previous) or _ABOUT.search(previous)
    return match.span("thing") if match is not None else None


def _word_before(text: str, position: int) -> str:
    words = re.findall(r"\w+", text[:position])
    words = [word.casefold() for word in words if word.casefold() not in {"the", "der", "die", "das", "le", "la"}]
    return words[-1] if words else ""


def _append_fragment(previous: str, fragment: str) -> str:
    """Return the previous question with a fragment at its end."""
    if UNSPACED_LETTER.search(previous):
        return f"{fragment}について、{previous}"
    stem = previous.rstrip(" ?!.")
    joined = " " if _PREPOSITION.match(fragment) else ", "
    return f"{stem}{joined}{fragment}{previous[len(stem) :].strip() or '?'}"
