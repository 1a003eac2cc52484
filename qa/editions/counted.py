"""What a number counts: the noun behind it ("147 merchant ships"), or the one it is the number of. Pure.

Without a tagger: words up to one that no name of a thing goes beyond; the first plural among them is the head.
"""

from __future__ import annotations

import re

from qa.editions.numerals import PLURALS, STOPPERS

_LONGEST = 7
_WORD = re.compile(r"[\s\u00a0]*(?P<comma>,\s*)?(?P<word>[“\"‘']?[^\W\d_][\w’'./-]*)")
_SUBJECT = re.compile(
    r"\bnumber\s+of\s+(?P<what>(?:[^\W\d_][\w’'-]*\s+){0,6}?[^\W\d_][\w’'-]*s)\b(?!.*\bnumber\s+of\b)",
    re.IGNORECASE | re.DOTALL,
)
_WIDE_UNIT = re.compile(r"[\u30a0-\u30ff\u3400-\u9fff]{1,3}|[\uac00-\ud7af]{1,2}")
_REACH = 300


def counted(text: str, end: int, value: float, *, ordinal: bool = False) -> tuple[str, str]:
    """Head noun and whole name, as written, of what the number that ends here counts; "" where it is not said."""
    wide = _WIDE_UNIT.match(text, end)
    if wide is not None:
        return wide.group(), wide.group()
    words = _following(text, end)
    if words:
        plural = next((n for n, (word, _) in enumerate(words) if is_plural(word)), None)
        if plural is not None and not (value == 1 or ordinal):
            return words[plural][0], " ".join(text[end : words[plural][1]].split()).strip("-“\"‘' ")
        kept: list[tuple[str, int]] = []
        for word, stop in words[:3]:
            if kept and text[kept[-1][1] : stop].lstrip().startswith(","):
                break
            kept.append((word, stop))
            if word[0].isupper() and not (value == 1 or ordinal):
                break  # a noun of German: "zwölf Schiffe gezahlt"
        return kept[-1][0], " ".join(text[end : kept[-1][1]].split()).strip("-“\"‘' ")
    before = text[max(0, end - _REACH) : end]
    sentence = re.split(r"(?<=[.!?])\s", before)[-1]
    subject = _SUBJECT.search(sentence)
    if subject is not None:
        what = " ".join(subject["what"].split())
        return what.split()[-1], what
    return "", ""


def is_plural(word: str) -> bool:
    """Whether a word of English looks like a plural."""
    lower = word.casefold().rstrip(".")
    return lower in PLURALS or (
        len(lower) > 3 and lower.endswith("s") and not lower.endswith(("ss", "us", "is", "’s", "'s"))
    )


def _following(text: str, end: int) -> list[tuple[str, int]]:
    """The words behind a place, each with its end; a comma or "and" is passed only on the way to a plural."""
    found: list[tuple[str, int]] = []
    cursor = end
    if text[end : end + 1] == "-":
        cursor += 1
    waiting: list[tuple[str, int]] = []
    while len(found) + len(waiting) < _LONGEST:
        match = _WORD.match(text, cursor)
        if match is None:
            break
        word = match["word"].strip("“\"‘'.")
        cursor = match.end() - (len(match["word"]) - len(match["word"].rstrip(".,")))
        joined = bool(match["comma"]) or word.casefold() in ("and", "or")
        if not found and (joined or word.casefold() in STOPPERS):
            break
        if joined or waiting:
            if word.casefold() in STOPPERS and not joined:
                break
            if word.casefold() not in ("and", "or"):
                waiting.append((word, cursor))
                if is_plural(word) and not any(is_plural(one) for one, _ in found):
                    return [*found, *waiting]
            else:
                waiting.append((word, cursor))
            continue
        if word.casefold() in STOPPERS:
            break
        found.append((word, cursor))
        if match["word"].endswith("."):
            break
    return found
