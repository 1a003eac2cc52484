"""Two editions of an invented yearbook, the second made from the first by rules, with the true pairs of sections.

Every section has a vocabulary of its own beside one that all share; the second edition renumbers everything in another
style; it renames, moves, splits, merges, drops and adds sections. In what stays, figures change, sentences go and come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

_SYLLABLES = "ba co di fu ga he jo ki lu ma ne po ri sa te vo wa ze bri cla dro fle gra plu ste tra".split()
_SHARED = (
    "government ministry report measures support efforts region countries cooperation development programme budget "
    "project assistance partners meeting policy continued expanded reviewed"
).split()
_FRAMES = (
    "In {year} the {a} of the {b} reached {n} {c} under the {s} {t}.",
    "The {s} of the {a} was extended to {n} {b}, and the {t} with {c} went on.",
    "With a view to the {a}, the {s} provided {m} million dollars for the {b} and its {c}.",
    "More than {n} {a} took part in the {b} {s}, which the {t} had opened.",
    "A {a} on {b} was held in {year}, where the {s} of the {c} and its {t} were discussed.",
    "Since {year} the {c} has been in charge of the {a}, while the {b} remains a {s} of the {t}.",
)


@dataclass(frozen=True, slots=True)
class Part:
    """A section of an invented edition; `origins` are ids of the sections of the first edition that went into it."""

    id: int
    title: str
    sentences: tuple[str, ...]
    children: tuple[Part, ...] = ()
    origins: tuple[int, ...] = ()


@dataclass(slots=True)
class Editions:
    """Both editions as Markdown, and the true pairs by titles as in the headings (with numbers)."""

    first: str
    second: str
    pairs: set[tuple[str, str]] = field(default_factory=set)
    kinds: dict[tuple[str, str], str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)

    def write(self, folder: Path) -> Path:
        """The two files with their catalogue."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "yearbook-2018.md").write_text(self.first, encoding="utf-8")
        (folder / "yearbook-2019.md").write_text(self.second, encoding="utf-8")
        (folder / "corpus.toml").write_text(
            '[defaults]\nseries = "Invented Yearbook"\nlanguage = "en"\nedition_from = "-(\\\\d{4})"\n'
            '[[document]]\nfile = "*.md"\n',
            encoding="utf-8",
        )
        return folder


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - seeds name the publications
        self.count = 0
        self.used: set[str] = set()
        self.kinds: dict[tuple[int, int], str] = {}

    def word(self) -> str:
        while True:
            word = "".join(self.random.choices(_SYLLABLES, k=3))
            if word not in self.used:
                self.used.add(word)
                return word

    def sentences(self, words: Sequence[str], number: int) -> tuple[str, ...]:
        return tuple(self.sentence(words) for _ in range(number))

    def sentence(self, words: Sequence[str]) -> str:
        a, b, c = self.random.sample(list(words), 3)
        s, t = self.random.sample(_SHARED, 2)
        frame = self.random.choice(_FRAMES)
        year, n, m = self.random.randint(2009, 2018), self.random.randint(2, 900), self.random.randint(11, 999) / 10
        return frame.format(a=a, b=b, c=c, s=s, t=t, year=year, n=n, m=m)

    def part(self, depth: int) -> Part:
        self.count += 1
        mine = self.count
        words = [self.word() for _ in range(9)]
        title = self.title(words)
        children = tuple(self.part(depth + 1) for _ in range(self.random.randint(2, 4))) if depth < 2 else ()
        number = self.random.choice((0, 2, 4)) if children else self.random.randint(4, 10)
        return Part(mine, title, self.sentences(words, number), children, (mine,))

    def title(self, words: Sequence[str]) -> str:
        a, b = self.random.sample(list(words), 2)
        s = self.random.choice(_SHARED)
        return self.random.choice((f"{a} and {b}", f"{s} for {a}", f"the {a} of {b}", f"{a} {s}, {b}")).capitalize()

    # what happens between two editions

    def reworked(self, part: Part) -> Part:
        """The same section a year later: new figures, some sentences gone, some new."""
        sentences = [sentence for sentence in part.sentences if self.random.random() > 0.15]
        changed = [self.refigured(item) if self.random.random() < 0.4 else item for item in sentences]
        words = [
            word
            for sentence in part.sentences
            for word in sentence.replace(",", " ").replace(".", " ").split()
            if word in self.used
        ]
        if changed and len(set(words)) > 3 and self.random.random() < 0.6:
            changed.insert(self.random.randrange(len(changed) + 1), self.sentence(sorted(set(words))))
        return replace(
            part, sentences=tuple(changed or part.sentences), children=tuple(map(self.reworked, part.children))
        )

    def refigured(self, sentence: str) -> str:
        return " ".join(
            str(self.random.randint(2, 900)) if word.isdecimal() and len(word) < 4 else word
            for word in sentence.split()
        )

    def renamed(self, part: Part) -> Part:
        words = [word for word in part.title.lower().replace(",", "").split() if word in self.used]
        self.kinds[part.id, part.id] = "renamed"
        keeps = self.random.random() < 0.5 and words
        title = (
            f"{words[0]} {self.word()} {self.random.choice(_SHARED)}" if keeps else f"{self.word()} and {self.word()}"
        )
        return replace(part, title=title.capitalize())

    def split(self, part: Part) -> tuple[Part, Part]:
        middle = len(part.sentences) // 2
        self.count += 1
        second = Part(self.count, f"Further {self.word()}", part.sentences[middle:], (), part.origins)
        self.kinds[part.id, second.id] = "split"
        return replace(part, sentences=part.sentences[:middle]), second

    def merged(self, first: Part, second: Part) -> Part:
        self.kinds[second.id, first.id] = "merged"
        return replace(
            first, sentences=(*first.sentences, *second.sentences), origins=(*first.origins, *second.origins)
        )


def edited(seed: int) -> Editions:
    """Two editions; each rule applied at least once."""
    maker = _Maker(seed)
    first = [maker.part(0) for _ in range(4)]
    second = [maker.reworked(part) for part in first]
    leaves = [
        (a, b, c)
        for a, item in enumerate(first)
        for b, two in enumerate(item.children)
        for c in range(len(two.children))
    ]
    maker.random.shuffle(leaves)
    changed: dict[tuple[int, int, int], tuple[Part, ...]] = {}
    taken: set[tuple[int, int, int]] = set()

    def leaf(place: tuple[int, int, int]) -> Part:
        return second[place[0]].children[place[1]].children[place[2]]

    moved: list[Part] = []
    rules = [
        "rename",
        "rename",
        "rename",
        "split",
        "split",
        "merge",
        "merge",
        "drop",
        "drop",
        "add",
        "add",
        "move",
        "move",
    ]
    for place in leaves:
        if not rules or place in taken:
            continue
        beside = (place[0], place[1], place[2] + 1)
        rule = rules.pop(0)
        if rule == "merge" and (beside not in leaves or beside in taken):
            rules.append(rule)
            continue
        if rule == "split" and len(leaf(place).sentences) < 6:
            rules.append(rule)
            continue
        taken.add(place)
        if rule == "rename":
            changed[place] = (maker.renamed(leaf(place)),)
        elif rule == "split":
            changed[place] = maker.split(leaf(place))
        elif rule == "merge":
            taken.add(beside)
            changed[place], changed[beside] = (maker.merged(leaf(place), leaf(beside)),), ()
        elif rule == "drop":
            changed[place] = ()
        elif rule == "add":
            changed[place] = (leaf(place), replace(maker.part(2), origins=()))
        else:
            changed[place] = ()
            maker.kinds[leaf(place).id, leaf(place).id] = "moved"
            moved.append(leaf(place))
    return _written(maker, first, _rebuilt(first, second, changed, moved))


def _rebuilt(
    first: Sequence[Part],
    second: Sequence[Part],
    changed: Mapping[tuple[int, int, int], tuple[Part, ...]],
    moved: Sequence[Part],
) -> list[Part]:
    """Return the second edition with its changed leaves, and the sections that moved to another chapter."""
    rebuilt: list[Part] = []
    for a, one in enumerate(second):
        middle = [
            replace(
                two,
                children=tuple(
                    part for c in range(len(two.children)) for part in changed.get((a, b, c), (two.children[c],))
                ),
            )
            for b, two in enumerate(one.children)
        ]
        rebuilt.append(replace(one, children=tuple(middle)))
    for part in moved:  # to another chapter
        home = next(
            a for a, item in enumerate(first) if part.id not in {p.id for two in item.children for p in two.children}
        )
        goal = rebuilt[home].children[0]
        rebuilt[home] = replace(
            rebuilt[home], children=(replace(goal, children=(*goal.children, part)), *rebuilt[home].children[1:])
        )
    return rebuilt


def _written(maker: _Maker, first: Sequence[Part], second: Sequence[Part]) -> Editions:
    item, names = _markdown(first, "Invented Yearbook 2018", _decimal)
    other, later = _markdown(second, "Invented Yearbook 2019", _lettered)
    result = Editions(item, other)
    seen: set[int] = set()
    for part, name in later:
        for origin in part.origins:
            source = next(title for candidate, title in names if candidate.id == origin)
            result.pairs.add((source, name))
            result.kinds[source, name] = maker.kinds.get((origin, part.id), "kept")
            seen.add(origin)
        if not part.origins:
            result.new.add(name)
    result.dropped = {name for part, name in names if part.id not in seen}
    return result


def _decimal(path: tuple[int, ...]) -> str:
    return ".".join(map(str, path))


def _lettered(path: tuple[int, ...]) -> str:
    last = path[-1]
    return (f"{last}.", f"({last})", f"{chr(96 + last)})")[len(path) - 1]


def _markdown(parts: Sequence[Part], title: str, number: object) -> tuple[str, list[tuple[Part, str]]]:
    lines = [f"# {title}", ""]
    names: list[tuple[Part, str]] = []

    def put(part: Part, path: tuple[int, ...]) -> None:
        heading = f"{number(path)} {part.title}"  # type: ignore[operator]
        names.append((part, heading))
        lines.extend([f"{'#' * (len(path) + 1)} {heading}", ""])
        if part.sentences:
            lines.extend([" ".join(part.sentences), ""])
        for at, child in enumerate(part.children, 1):
            put(child, (*path, at))

    for at, part in enumerate(parts, 1):
        put(part, (at,))
    return "\n".join(lines), names
