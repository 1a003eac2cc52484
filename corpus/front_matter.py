"""What stands before a document's text: title lines, a table of contents, the place of an extract in its book.

Lines and candidates in, line positions out. None of them is a heading over text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from corpus.headings import Candidate
from corpus.lines import Line, ends_sentence


def first_prose(lines: Sequence[Line], taken: Collection[int], found: Sequence[Candidate]) -> int:
    """The first line that reads as text: a sentence, or longer than a title (the number of lines where none does)."""
    known = {candidate.line for candidate in found if candidate.penalty < 5}
    for position, line in enumerate(lines):
        if line.blank or position in taken or position in known:
            continue
        if len(line.text) > 250 or (ends_sentence(line.text) and len(line.text.split()) > 3):
            return position
    return len(lines)


def contents(found: Sequence[Candidate], lines: Sequence[Line]) -> set[int]:
    """Lines of a table of contents without leaders: three or more on end whose words all come again as lines below."""
    names = [" ".join(lines[candidate.line].text.rstrip("0123456789ivx").casefold().split()) for candidate in found]
    later = Counter(names)
    rejected: set[int] = set()
    group: list[int] = []
    for position, candidate in enumerate([*found, None]):
        joined = group and candidate is not None and candidate.body_before == found[group[-1]].body_before
        if not joined:
            last = {names[p] for p in group}
            repeated = [p for p in group if later[names[p]] > sum(names[p] == names[q] for q in group[:50])]
            if (
                len(group) >= 3
                and len(repeated) >= 0.8 * len(group)
                and len(last) > 1
                and _comes_again(found, group, names)
            ):
                rejected |= {found[p].line for p in group}
            group = []
        if candidate is not None:
            group.append(position)
    return rejected


def _comes_again(found: Sequence[Candidate], group: Sequence[int], names: Sequence[str]) -> bool:
    """Whether a group of lines comes before the headings it names, not after them."""
    wanted = {names[p] for p in group}
    return any(names[p] in wanted for p in range(group[-1] + 1, len(found)))


def place_in_book(found: Sequence[Candidate], first_prose: int) -> set[int]:
    """Lines such as "Chapter 3" above an extract: a label without a title and without a series names its source."""
    styles = Counter(candidate.markers[0].style for candidate in found)
    return {
        candidate.line
        for candidate in found
        if candidate.line < first_prose and not candidate.title and styles[candidate.markers[0].style] == 1
    }


def title_lines(lines: Sequence[Line], heads: Collection[int], taken: Collection[int], first_prose: int) -> list[int]:
    """Title lines before the first heading and the first prose."""
    stop = min([first_prose, *heads])
    if stop == len(lines):
        return []
    return [position for position in range(stop) if not lines[position].blank and position not in taken]
