"""Select the main content of a page and remove navigation, banners and other parts of the site around it.

A declared main element is trusted. Without one, the body is read except for the parts whose tag, role or class marks
them as navigation, and for lists that consist of links. A page header outside of the main element is read too if it has
the title of the publication. Links that lead around in the page, and remarks of an editor, are removed in both. Notes
are detected by the links from their marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from corpus.metadata.edition import PUBLICATION_KIND
from corpus.metadata.years import parse_years
from corpus.readers.html.blocks import HEADINGS, Styles
from corpus.structure.front_matter import is_contents_title

_MAIN = ("//main", "//*[@role='main']", "//article", "//*[@id='content']", "//*[@id='main-content']", "//*[@id='main']")
_MIN_MAIN_SHARE = 0.2
"""A declared main element with a smaller share of the page's text is an empty shell and is ignored."""

_DROPPED = frozenset(
    "script style noscript template nav iframe object embed applet audio video canvas svg map form button input select"
    " textarea datalist dialog menu head title link meta base del s strike rt rp rtc annotation".split()
)
_SITE = frozenset(
    "nav navbar navbox navigation nav-menu nav-links site-nav main-nav menu menubar breadcrumb breadcrumbs sidebar"
    " side-bar side-nav sidenav side skip-link skiplink skip share sharing share-buttons social social-links"
    " social-media related related-links related-posts recommended advert advertisement advertising ads ad"
    " ad-container promo newsletter subscribe subscription pagination pager pagenav toc toctree table-of-contents"
    " mw-editsection noprint navigation-not-searchable vector-menu mw-jump-link catlinks printfooter mw-footer"
    " site-footer site-header page-footer global-header global-footer masthead comments comment-list comment-form"
    " disqus authorlinks sistersitebox metadata ambox hatnote sr-only visually-hidden screen-reader-text print-only"
    " pagetop page-top topicpath topic-path navheader navfooter docnav".split()
)
_SITE_PARTS = re.compile(
    r"cookie|consent|gdpr|onetrust|adsbygoogle|sharedaddy|addtoany|addthis|share-(?:bar|icons|links|this|widget)"
)
_SECTIONS = ("section", "article", "blockquote", "figure", "details")
_SITE_ROLES = frozenset(
    "navigation banner contentinfo search complementary menu menubar alertdialog dialog toolbar".split()
)
_MAX_REMOVED_SHARE = 0.6
"""An element with a larger share of the text is kept even if it looks like part of the site."""
_LINK_SHARE, _MIN_LINKS = 0.85, 4
"""A list with this many links that make up this share of its text is navigation."""
_MIN_SIBLINGS = 3
"""Paragraphs and headings beside an aside that make it part of the text."""
_NOTE_REFERENCE = re.compile(r"(?P<open>[\[(]?)(?P<mark>\d{1,3}|[a-z]|[*†‡§]{1,3})(?P<close>[\])]?)")
_MAX_START = 100
"""Characters of a note in which its mark is searched."""
_NOTE_BLOCKS = ("p", "li", "div", "dd", "aside")
_HEADINGS = frozenset(HEADINGS)
_ARROW = re.compile("[\u2190-\u21ff\u2b00-\u2bff\u23ce^\ufe0e\ufe0f]+")
"""The sign after or before a note that links back to its reference."""
_NO_LETTERS = re.compile(r"[\W\d_]+")
_RELATIONS = frozenset("next prev previous up start first last contents toc index".split())
_NAMES_OF_LINK = 15
"""Letters beside a link to another page that name it: "Next: "."""
_LINK_BLOCKS = ("p", "li", "div", "td", "tr", "table", "ul", "ol", "dl", "nav")
_MIN_ENTRIES, _ENTRY_SHARE = 2, 0.85
"""Minimum number of links to headings in a table of contents, and minimum share of its letters that are in them."""
_REMARK = re.compile(r"cmnt(?P<mark>_ref)?\d+")
_REMARK_CLASSES = frozenset("msocomtxt msocomanchor msocomoff".split())


class _Statistics:
    """Counts of an element and everything in it: characters, paragraphs, headings (h1, h2), titles (h1) and links.

    `linked` are the characters in links; `foreign_*` count links to other languages (`hreflang`).
    """

    __slots__ = ("foreign", "foreign_links", "headings", "length", "linked", "links", "paragraphs", "titles")

    def __init__(self) -> None:
        self.length = self.linked = self.links = self.foreign = self.foreign_links = 0
        self.paragraphs = self.headings = self.titles = 0

    def add(self, other: _Statistics) -> None:
        self.length += other.length
        self.linked += other.linked
        self.links += other.links
        self.foreign += other.foreign
        self.foreign_links += other.foreign_links
        self.paragraphs += other.paragraphs
        self.headings += other.headings
        self.titles += other.titles

    @property
    def is_link_list(self) -> bool:
        return self.links >= _MIN_LINKS and not self.headings and self.linked > _LINK_SHARE * max(1, self.length)


_StatisticsByElement = dict[Any, _Statistics]


def _measure(top: Any) -> _StatisticsByElement:
    """Sum up the statistics from the leaves to the root in one pass: pages can nest elements thousands deep."""
    statistics: _StatisticsByElement = {element: _Statistics() for element in top.iter()}
    for element in reversed(list(statistics)):  # reversed document order: children before their parent
        own = statistics[element]
        own.length += len((element.text or "").strip()) if isinstance(element.tag, str) else 0
        if element.tag == "a" and element.get("href") and not element.get("href").startswith("#"):
            own.linked, own.links = own.length, own.links + 1
            if element.get("hreflang"):
                own.foreign, own.foreign_links = own.length, own.foreign_links + 1
        own.paragraphs += element.tag == "p"
        own.headings += element.tag in ("h1", "h2")
        own.titles += element.tag == "h1"
        parent = element.getparent()
        if element is not top and parent is not None:
            statistics[parent].add(own)
            statistics[parent].length += len((element.tail or "").strip())
    return statistics


def extract_main_content(root: Any, styles: Styles) -> Any:
    """Remove invisible elements and the parts of the site from the tree, and return the element to read."""
    body = root.find("body") if root.tag == "html" else root
    body = root if body is None else body
    remove_invisible(body, styles)
    for element in list(_navigation_elements(body)):
        if element.getparent() is not None:
            element.drop_tree()
    notes = _mark_linked_notes(body)
    statistics = _measure(body)
    for path in _MAIN:
        candidates = body.xpath(f".{path}")
        if not candidates:
            continue
        main = max(candidates, key=lambda element: statistics[element].length)
        siblings = [element for element in candidates if element.getparent() is main.getparent()]
        if len(siblings) > 1 and path == "//article" and main is not body:
            main = main.getparent()  # several articles side by side are the content of one page
        if statistics[main].length >= _MIN_MAIN_SHARE * statistics[body].length:
            for note in notes:
                if main is not body and main not in note.iterancestors() and note not in main.iterancestors():
                    main.append(note)
                    statistics[main].add(statistics[note])
            title_page = _title_page(body, main, statistics)
            _remove(main, _is_site_part, statistics)
            if title_page is not None:
                _remove(title_page, _is_site_part_of_body, statistics)
                title_page.tail, main.text = main.text, None
                main.insert(0, title_page)
            return main
    _remove(body, _is_site_part_of_body, statistics)
    return body


def _title_page(body: Any, main: Any, statistics: _StatisticsByElement) -> Any | None:
    """Return the header of the page that has the only main heading, if that is the title of a publication.

    Many reports have their title, publisher and period in a `header` before the `main` element. The main heading of a
    site's banner is the name of the site, which names neither a year nor a kind of publication.
    """
    if main is body or statistics[main].titles or statistics[body].titles != 1:
        return None
    header = next((element for element in body.iter("header") if statistics[element].titles), None)
    if header is None or header in main.iterancestors() or header.getparent() not in main.iterancestors():
        return None
    title = header.find(".//h1").text_content()
    return header if parse_years(title) or PUBLICATION_KIND.search(title) else None


def remove_invisible(body: Any, styles: Styles) -> None:
    """Remove the elements that a visitor of the page does not see as text; raised elements become `sup`."""
    for element in list(body.iter())[1:]:
        if element.getparent() is None or not isinstance(element.tag, str):
            continue
        if _is_invisible(element, styles):
            element.drop_tree()
        elif element.tag in ("span", "font", "small") and styles.is_raised(element):
            element.tag = "sup"


def _remove(top: Any, unwanted: Callable[[Any, _Statistics], bool], statistics: _StatisticsByElement) -> None:
    """Remove unwanted elements from the tree, but keep the text after them and elements with most of the text."""
    limit = _MAX_REMOVED_SHARE * statistics[top].length
    removed: set[Any] = set()
    for element in list(top.iter())[1:]:
        own = statistics[element]
        small = isinstance(element.tag, str) and own.length <= limit
        if element.getparent() in removed or (small and unwanted(element, own)):
            removed.add(element)
    for element in removed:
        parent = element.getparent()
        if parent is not None and parent not in removed:
            element.drop_tree()


def _is_invisible(element: Any, styles: Styles) -> bool:
    """Return whether a visitor of the page does not see the element as text."""
    if element.tag in ("form", "object"):  # older sites put the whole page into one form
        return not any(True for _ in element.iter("p", "h1", "h2", "h3", "table"))
    return (
        element.tag in _DROPPED
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or styles.is_hidden(element)
    )


def _is_site_part(element: Any, own: _Statistics) -> bool:
    """Return whether the role, id or class says so, or the element is a list of other languages."""
    if (element.get("role") or "").lower() in _SITE_ROLES and not (element.tag == "aside" and own.paragraphs):
        return True
    if element.tag in ("ul", "ol", "div") and own.foreign_links >= _MIN_LINKS:
        return own.foreign > _LINK_SHARE * max(1, own.length)
    if element.tag == "div" and element.get("title") in ("header", "footer"):
        return True  # of the pages of a text document, written by LibreOffice
    names = f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
    if not names or element.tag in ("html", "body", "main"):
        return False
    if "sidebar" in names and own.paragraphs and not own.links:
        return False  # a box of the text, as in DocBook
    return any(name in _SITE or _SITE_PARTS.search(name) is not None for name in names)


def _is_site_part_of_body(element: Any, own: _Statistics) -> bool:
    if element.tag == "aside" and own.paragraphs and not own.is_link_list:
        siblings = sum(child.tag == "p" or child.tag in _HEADINGS for child in element.getparent())
        if siblings >= _MIN_SIBLINGS:  # an inset of the text, not a side bar of the site
            return False
    if element.tag in ("header", "footer") and next(element.iterancestors(*_SECTIONS), None) is not None:
        return own.is_link_list  # of a section or a quotation, not of the page
    if _is_site_part(element, own) or element.tag in ("header", "footer", "aside"):
        return not (element.tag == "header" and own.titles)
    return element.tag in ("ul", "ol", "div", "td", "p") and own.is_link_list


def _mark_linked_notes(body: Any) -> list[Any]:
    """Give the role of a note to the blocks to which marks link, and which begin with the same mark. Return them.

    A mark is raised, in brackets, or linked from the note; a bare number may also refer to a numbered paragraph.
    """
    positions: dict[Any, int] = {}
    targets: dict[str, Any] = {}
    links = body.xpath(".//a[starts-with(@href, '#')]")
    for position, element in enumerate(body.xpath(".//*[@id or @name or @href]") if links else ()):
        positions[element] = position
        for name in (element.get("id"), element.get("name")):
            if name:
                targets.setdefault(name, element)
    notes: dict[Any, None] = {}
    texts: dict[Any, str] = {}
    for link in links:
        target = targets.get(link.get("href")[1:])
        mark = _NOTE_REFERENCE.fullmatch("".join(link.text_content().split())) if target is not None else None
        if target is None or mark is None or positions[target] <= positions[link]:
            continue
        block = target if target.tag in _NOTE_BLOCKS else next(target.iterancestors(*_NOTE_BLOCKS), None)
        if block is None:
            continue
        if block not in texts:
            texts[block] = block.text_content()[:_MAX_START].lstrip().lstrip("[(")
        begins = block.tag == "li" or _begins_with(texts[block], target, mark["mark"])
        if begins and (_is_raised(link) or mark["close"] or _leads_back(block, link)):
            block.set("role", "doc-footnote")
            notes[block] = None
    return list(notes)


def _is_raised(link: Any) -> bool:
    return link.find(".//sup") is not None or next(link.iterancestors("sup"), None) is not None


def _leads_back(block: Any, link: Any) -> bool:
    names = {element.get(key) for element in (link, *link.iterancestors()) for key in ("id", "name")} - {None}
    return any((back.get("href") or "").removeprefix("#") in names for back in block.iter("a"))


def _begins_with(start: str, target: Any, mark: str) -> bool:
    is_marked = "".join(target.text_content()[:_MAX_START].split()).strip("[]().") == mark
    return start.startswith(mark) and (is_marked or not start[len(mark) : len(mark) + 1].isalnum())


def _navigation_elements(body: Any) -> Iterator[Any]:
    """Yield the signs, lists and links that lead elsewhere, and remarks; some may be inside others."""
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
    return next(element.iterancestors(*_LINK_BLOCKS), None)


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
    later = Counter(_letters(heading) for heading in body.iter(*_HEADINGS))
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
            around.get("id") == element.get("href")[1:] or (comes_before and around.tag in _HEADINGS)
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
