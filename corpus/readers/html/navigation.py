"""Elements of a page that are no text: signs and lists that lead to its headings, links to other pages, remarks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from corpus.structure.front_matter import is_contents_title

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ARROW = re.compile("[\u2190-\u21ff\u2b00-\u2bff\u23ce^\ufe0e\ufe0f]+")
"""The sign behind or before a note that leads back to its mark."""
_NO_LETTERS = re.compile(r"[\W\d_]+")
_RELATIONS = frozenset("next prev previous up start first last contents toc index".split())
_NAMES_OF_LINK = 15
"""Letters beside a link to another page that name it: "Next: "."""
_BLOCKS = ("p", "li", "div", "td", "tr", "table", "ul", "ol", "dl", "nav")
_MIN_ENTRIES, _ENTRY_SHARE = 2, 0.85
"""Links to headings, at least, of a table of contents, and their share of its letters."""
_REMARK = re.compile(r"cmnt(?P<mark>_ref)?\d+")
_REMARK_CLASSES = frozenset("msocomtxt msocomanchor msocomoff".split())


def navigation_elements(body: Any) -> Iterator[Any]:
    """Yield the elements; some may be inside others."""
    yield from _permalinks(body)
    yield from _names_of_site(body)
    yield from _contents(body)
    related = (link for link in body.xpath(".//a[@rel]") if _RELATIONS.intersection(link.get("rel").lower().split()))
    for block in dict.fromkeys(map(_block, related)):
        if block is not None and block is not body and _only_leads_elsewhere(block):
            yield block
    for link in body.xpath(".//a[starts-with(@id, 'cmnt')]"):
        if remark := _REMARK.fullmatch(link.get("id")):  # of Google Docs
            block = link if remark["mark"] else _block(link)
            yield link if block is None or block is body else block
    for element in body.xpath(".//*[contains(@class, 'msocom')]"):  # of Word
        if _REMARK_CLASSES.intersection(element.get("class").split()):
            yield element


def _block(element: Any) -> Any:
    return next(element.iterancestors(*_BLOCKS), None)


def _only_leads_elsewhere(block: Any) -> bool:
    links = list(block.iter("a"))
    linked = sum(len(_letters(link)) for link in links)
    return len(_letters(block)) - linked <= _NAMES_OF_LINK * len(links)


def _letters(element: Any) -> str:
    return _NO_LETTERS.sub("", element.text_content()).casefold()


def _contents(body: Any) -> Iterator[Any]:
    """Yield the parts of a table of contents, which are links to headings further down, and its title."""
    entries = _links_to_headings(body)
    if len(entries) < _MIN_ENTRIES:
        return
    sizes = {entry: len(_letters(entry)) for entry in entries}
    is_whole: dict[Any, bool] = {}
    parts: dict[Any, None] = {}
    for entry in entries:
        part = entry
        for around in entry.iterancestors():
            if around not in is_whole:
                linked = sum(sizes.get(link, 0) for link in around.iter("a"))
                is_whole[around] = around is not body and linked >= _ENTRY_SHARE * len(_letters(around))
            if not is_whole[around]:
                break
            part = around
        if part is not entry:
            parts[part] = None
    for part in parts:
        yield part
        title = part.getprevious()
        if title is not None and isinstance(title.tag, str) and is_contents_title(" ".join(title.itertext()).strip()):
            yield title


def _links_to_headings(body: Any) -> list[Any]:
    """Return the links within the page that have the letters of a heading further down."""
    later = Counter(_letters(heading) for heading in body.iter(*HEADINGS))
    links: list[Any] = []
    for element in body.xpath(".//a[starts-with(@href, '#')] | .//h1 | .//h2 | .//h3 | .//h4 | .//h5 | .//h6"):
        letters = _letters(element)
        if element.tag != "a":
            later[letters] -= 1
        elif letters and later[letters] > 0:
            links.append(element)
    return links


def _permalinks(body: Any) -> list[Any]:
    """Return the signs of headings, such as "¶", that link to the heading itself, and of notes that link back, as "↩".

    The target of the former is an element around them or, in a heading, one before them: that of a note mark is later.
    """
    seen: set[str | None] = set()
    links: list[tuple[Any, bool]] = []
    for element in body.iter():
        seen |= {element.get("id"), element.get("name")}
        target = (element.get("href") or "") if element.tag == "a" else ""
        if target.startswith("#") and not any(map(str.isalnum, element.text_content())):
            links.append((element, target[1:] in seen))
    return [
        element
        for element, comes_before in links
        if (comes_before and _ARROW.fullmatch(element.text_content().strip()))
        or any(
            around.get("id") == element.get("href")[1:] or (comes_before and around.tag in HEADINGS)
            for around in element.iterancestors()
        )
    ]


def _names_of_site(body: Any) -> list[Any]:
    """Return the main headings that only link to another page, where there are others: the name of the site."""
    titles = list(body.iter("h1"))
    links = [title for title in titles if (link := title.find("a[@href]")) is not None and _is_whole(link, title)]
    return links if len(links) < len(titles) else []


def _is_whole(link: Any, title: Any) -> bool:
    return not link.get("href").startswith("#") and link.text_content().strip() == title.text_content().strip()
