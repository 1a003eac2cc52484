"""Random publications with a known outline: a tree of headings, printed in a random but consistent numbering scheme.

Each level has one style; with some probability a level repeats the style of a level above. A heading is followed by
text or by another heading, and some sentences begin like a marker. `ambiguous` are the headings for which another tree
prints the same markers in the same scheme, so that no reader can distinguish them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from corpus.structure.numbering import to_roman

WORDS = (
    "regional security cooperation budget maritime capacity partners development energy health education trade climate "
    "transport research innovation finance tourism agriculture fisheries forestry housing labour justice culture sport "
    "ministry assistance promotion framework response recovery outlook strategy governance water mining digital supply "
    "infrastructure investment protection prevention reform measures initiatives training exports standards oversight"
).split()
KANJI = "一二三四五六七八九十"
KATAKANA = "アイウエオカキクケコサシスセソタチツテト"

Style = Callable[[int], str]


def _wide(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


def _kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else KANJI[tens - 1] + "十") + (KANJI[ones - 1] if ones else "")


def _upper(number: int) -> str:
    return chr(ord("A") + number - 1)


STYLES: dict[str, tuple[Style, int]] = {
    # how the n-th heading of a series begins, and the highest n
    "1.": (lambda n: f"{n}. ", 99),
    "1": (lambda n: f"{n} ", 99),
    "(1)": (lambda n: f"({n}) ", 99),
    "1)": (lambda n: f"{n}) ", 99),
    "A.": (lambda n: f"{_upper(n)}. ", 26),
    "A": (lambda n: f"{_upper(n)} ", 26),
    "(A)": (lambda n: f"({_upper(n)}) ", 26),
    "a.": (lambda n: f"{_upper(n).lower()}. ", 26),
    "(a)": (lambda n: f"({_upper(n).lower()}) ", 26),
    "a)": (lambda n: f"{_upper(n).lower()}) ", 26),
    "I.": (lambda n: f"{to_roman(n).upper()}. ", 40),
    "(i)": (lambda n: f"({to_roman(n)}) ", 40),
    "i.": (lambda n: f"{to_roman(n)}. ", 40),
    "Chapter": (lambda n: f"Chapter {n} ", 99),
    "Section": (lambda n: f"Section {n}: ", 99),
    "Part": (lambda n: f"Part {to_roman(n).upper()} ", 40),
    "§": (lambda n: f"§ {n} ", 99),
    "第章": (lambda n: f"第{n}章 ", 99),
    "第節": (lambda n: f"第{_kanji(n)}節 ", 99),
    "（１）": (lambda n: f"（{_wide(n)}）", 99),
    "１．": (lambda n: f"{_wide(n)}．", 99),
    "①": (lambda n: chr(ord("①") + n - 1), 20),
    "ア": (lambda n: f"{KATAKANA[n - 1]} ", 20),
    # not counted: the same before each heading
    "|": (lambda _: "| ", 99),
    "■": (lambda _: "■ ", 99),
    "<>": (lambda _: "<", 99),
    "()": (lambda _: "(", 99),
}
CLOSING = {"<>": ">", "()": ")"}
UNCOUNTED = ("|", "■", "<>", "()")
TOP_ONLY = ("Chapter", "Part", "第章")
DECIMAL = "1.1.1"


@dataclass(slots=True)
class Heading:
    """A printed heading: its line in the text from 0, the line of its parent, and its number in its series."""

    line: int
    text: str
    level: int
    number: int
    parent: int | None


@dataclass(slots=True)
class Publication:
    """A text, its true headings in order, and the lines of headings whose parent the markers do not determine."""

    text: str
    scheme: list[str]
    headings: list[Heading]
    ambiguous: set[int] = field(default_factory=set)


def publication(
    random: Random, *, reuse: float = 0.3, stacked: float = 0.2, decoys: float = 0.0, bare_leaves: bool = False
) -> Publication:
    """Return a random publication with 5 to 60 headings on 2 to 5 levels."""
    depth = random.randint(2, 5)
    scheme = _scheme(random, depth, reuse)
    limit = min(STYLES[style][1] for style in scheme) if scheme[0] != DECIMAL else 99
    nodes = _tree(random, depth, random.randint(5, 60), limit)
    lines: list[str] = []
    headings: list[Heading] = []
    trail: list[Heading] = []
    blank = random.random() < 0.7
    capitals = random.random() < 0.6
    for place, (level, number) in enumerate(nodes):
        del trail[level:]
        title = _title(random, capitals)
        marker = _marker(scheme, level, [*(heading.number for heading in trail), number])
        printed = marker + title + ("" if scheme[0] == DECIMAL else CLOSING.get(scheme[level], ""))
        heading = Heading(len(lines), printed, level, number, trail[-1].line if trail else None)
        headings.append(heading)
        trail.append(heading)
        lines.append(printed)
        has_child = place + 1 < len(nodes) and nodes[place + 1][0] > level
        if random.random() < stacked and (has_child or bare_leaves):
            continue
        if blank:
            lines.append("")
        for _ in range(random.randint(1, 3)):
            lines.append(_decoy(random, scheme) if random.random() < decoys else _paragraph(random))
            if blank:
                lines.append("")
    ambiguous = set() if scheme[0] == DECIMAL else _ambiguous(scheme, headings)
    return Publication("\n".join(lines), scheme, headings, ambiguous)


def _scheme(random: Random, depth: int, reuse: float) -> list[str]:
    if random.random() < 0.1:
        return [DECIMAL] * depth
    scheme: list[str] = []
    for level in range(depth):
        free = [style for style in STYLES if style not in scheme and (level == 0 or style not in TOP_ONLY)]
        again = [style for style in scheme if style not in TOP_ONLY + UNCOUNTED]
        scheme.append(random.choice(again) if again and random.random() < reuse else random.choice(free))
    return scheme


def _tree(random: Random, depth: int, size: int, limit: int) -> list[tuple[int, int]]:
    """Return levels and numbers of the headings in order; a level is at most one deeper than the level before."""
    nodes = [(0, 1)]
    counts = [1]
    while len(nodes) < size:
        level = nodes[-1][0]
        down = level + 1 < depth and random.random() < 0.45
        if down:
            level += 1
        elif level and random.random() < 0.35:
            level = random.randint(0, level - 1)
        del counts[level + 1 :]
        if level == len(counts):
            counts.append(0)
        if counts[level] == limit:
            break
        counts[level] += 1
        nodes.append((level, counts[level]))
    return nodes


def _marker(scheme: Sequence[str], level: int, numbers: Sequence[int]) -> str:
    if scheme[0] == DECIMAL:
        return ".".join(map(str, numbers)) + " "
    return STYLES[scheme[level]][0](numbers[-1])


def _title(random: Random, capitals: bool) -> str:
    words = random.choices(WORDS, k=random.randint(1, 7))
    return " ".join(word.capitalize() if capitals or place == 0 else word for place, word in enumerate(words))


def _paragraph(random: Random) -> str:
    sentences = []
    for _ in range(random.randint(1, 3)):
        words = random.choices(WORDS, k=random.randint(6, 20))
        sentences.append(f"The {' '.join(words)} was continued.")
    return " ".join(sentences)


def _decoy(random: Random, scheme: Sequence[str]) -> str:
    """Return a sentence that begins like a marker of this scheme, or like a marker in English."""
    rest = " ".join(random.choices(WORDS, k=random.randint(3, 12)))
    style = random.choice([style for style in scheme if style != DECIMAL] or ["1."])
    return random.choice(
        (
            f"A recent survey shows that {rest} has grown.",
            f"I will return to {rest} in this report.",
            f"{random.randint(1, 9)} of the members asked for {rest}.",
            f"A further {rest} was announced in the spring, and it will go on",
            f"I am grateful for {rest}",
            f"{STYLES[style][0](random.randint(1, 6))}the {rest} was extended.",
            f"{STYLES[style][0](random.randint(1, 6))}We have agreed on {rest}, which is under way.",
        )
    )


def _ambiguous(scheme: Sequence[str], headings: Sequence[Heading]) -> set[int]:
    """Return the lines of headings whose parent differs between the trees that print these markers in this scheme.

    A state is the stack of open headings, as numbers. All states that read the markers so far are followed forward,
    and those that cannot read the rest are dropped backward.
    """
    printed = [heading.text[: len(STYLES[scheme[heading.level]][0](heading.number))] for heading in headings]
    layers: list[dict[tuple[tuple[int, int], ...], list[tuple[tuple[int, int], ...]]]] = [{(): []}]
    for position, marker in enumerate(printed):
        reached: dict[tuple[tuple[int, int], ...], list[tuple[tuple[int, int], ...]]] = {}
        for stack in layers[-1]:
            for level in range(min(len(stack) + 1, len(scheme))):
                number = stack[level][0] + 1 if level < len(stack) else 1
                if number <= STYLES[scheme[level]][1] and STYLES[scheme[level]][0](number) == marker:
                    reached.setdefault((*stack[:level], (number, position)), []).append(stack)
        if len(reached) > 2000:
            return {heading.line for heading in headings}
        layers.append(reached)
    alive = set(layers[-1])
    ambiguous: set[int] = set()
    for position in range(len(headings), 0, -1):
        above = {stack[-2][1] if len(stack) > 1 else None for stack in alive}
        if len(above) > 1:
            ambiguous.add(headings[position - 1].line)
        alive = {before for stack in alive for before in layers[position][stack]}
    return ambiguous
