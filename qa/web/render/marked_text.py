"""Texts beside each other as HTML in which the words that differ are marked. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from qa.editions import words
from qa.editions.sentence_alignment import Change
from qa.web.render.markup import Span, context_link, escape

Spans = dict[str, list[Span]]
"""Spans of each document, by its id."""


def moved(changes: Iterable[Change]) -> tuple[Spans, Spans]:
    """What the next edition lacks, and what the edition before lacked; identical text is in neither."""
    gone: Spans = defaultdict(list)
    come: Spans = defaultdict(list)
    for change in changes:
        one, other = change.earlier, change.later
        if one is not None and other is not None:
            found = words.difference(one.text, other.text)
            gone[one.document] += [(one.start + first, one.start + last) for first, last in found.deleted]
            come[other.document] += [(other.start + first, other.start + last) for first, last in found.inserted]
        elif one is not None:
            gone[one.document].append((one.start, one.end))
        elif other is not None:
            come[other.document].append((other.start, other.end))
    return dict(gone), dict(come)


def marked(text: str, start: int, gone: Sequence[Span], come: Sequence[Span] = ()) -> str:
    """A stretch that begins at offset `start`, its words in `<del>` where they are gone, in `<ins>` where they came.

    Spans may overlap and reach beyond the stretch.
    """
    edges = {0, len(text)}
    for first, last in (*gone, *come):
        edges |= {min(max(first - start, 0), len(text)), min(max(last - start, 0), len(text))}
    places = sorted(edges)
    pieces: list[list[str]] = []
    for first, last in pairwise(places):
        tags = [
            tag
            for tag, spans in (("del", gone), ("ins", come))
            if any(begin <= start + first and start + last <= end for begin, end in spans)
        ]
        key = " ".join(tags)
        if pieces and pieces[-1][0] == key:
            pieces[-1][1] += text[first:last]
        else:
            pieces.append([key, text[first:last]])
    return "".join(_tagged(escape(piece), key.split()) for key, piece in pieces)


def _tagged(piece: str, tags: Sequence[str]) -> str:
    for tag in tags:
        piece = f"<{tag}>{piece}</{tag}>"
    return piece


def became(one: str, other: str) -> str:
    """A text as it became another: what is gone struck out where it stood, what came underlined."""
    pieces: list[str] = []
    for kind, piece in words.segments(one, other):
        if kind == "same":
            pieces.append(escape(piece))
        elif kind == "come":
            pieces.append(f"<ins>{escape(piece)}</ins>")
        else:
            before, gone, after = words.split_blanks(piece)
            pieces.append(f"{escape(before)}<del>{escape(gone)}</del>{escape(after)}")
    return "".join(pieces)


def source_link(document: str, span: Span, label: str, *, said: str = "") -> str:
    """A link to where something stands; `said` is read out behind its label, so that no two links sound the same."""
    address = escape(context_link(f"{document}@{span[0]}-{span[1]}"))
    unseen = f'<span class="yq-unseen"> {escape(said)}</span>' if said else ""
    return f'<a class="yq-context" href="{address}">{escape(label)}{unseen}</a>'
