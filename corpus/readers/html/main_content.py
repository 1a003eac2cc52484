"""Selects the main content of a page and removes navigation, banners and other parts of the site around it.

A declared main element is trusted. Without one, the body is read except for the parts whose tag, role or class marks
them as navigation, and for lists that consist of links.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from corpus.readers.html.linked_notes import mark_linked_notes
from corpus.readers.html.navigation import HEADINGS, navigation_elements
from corpus.readers.html.styles import Styles

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
    for element in list(navigation_elements(body)):
        if element.getparent() is not None:
            element.drop_tree()
    notes = mark_linked_notes(body)
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
            _remove(main, _is_site_part, statistics)
            return main
    _remove(body, _is_site_part_of_body, statistics)
    return body


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
        siblings = sum(child.tag == "p" or child.tag in HEADINGS for child in element.getparent())
        if siblings >= _MIN_SIBLINGS:  # an inset of the text, not a side bar of the site
            return False
    if element.tag in ("header", "footer") and next(element.iterancestors(*_SECTIONS), None) is not None:
        return own.is_link_list  # of a section or a quotation, not of the page
    if _is_site_part(element, own) or element.tag in ("header", "footer", "aside"):
        return not (element.tag == "header" and own.titles)
    return element.tag in ("ul", "ol", "div", "td", "p") and own.is_link_list
