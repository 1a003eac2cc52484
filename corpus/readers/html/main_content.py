"""Which part of a page is its content: the element to read, with what belongs to the site taken out.

An element that says that it is the main content is believed. Without one the body is read, less the parts that say by
tag, role or class that they are navigation, and less lists that hold nothing but links.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

MAIN = ("//main", "//*[@role='main']", "//article", "//*[@id='content']", "//*[@id='main-content']", "//*[@id='main']")
_LEAST_MAIN_SHARE = 0.2
"""An element called main that holds less of the page's text than this holds not the content (an empty shell)."""

DROPPED = frozenset(
    "script style noscript template nav iframe object embed applet audio video canvas svg map form button input select"
    " textarea datalist dialog menu head title link meta base".split()
)
_SITE = frozenset(
    "nav navbar navbox navigation nav-menu nav-links site-nav main-nav menu menubar breadcrumb breadcrumbs sidebar"
    " side-bar side-nav sidenav side skip-link skiplink skip share sharing share-buttons social social-links"
    " social-media related related-links related-posts recommended advert advertisement advertising ads ad"
    " ad-container promo newsletter subscribe subscription pagination pager pagenav toc toctree table-of-contents"
    " mw-editsection noprint navigation-not-searchable vector-menu mw-jump-link catlinks printfooter mw-footer"
    " site-footer site-header page-footer global-header global-footer masthead comments comment-list comment-form"
    " disqus authorlinks sistersitebox metadata ambox hatnote sr-only visually-hidden screen-reader-text print-only"
    " pagetop page-top topicpath topic-path".split()
)
_SITE_PARTS = re.compile(r"cookie|consent|gdpr|onetrust|adsbygoogle")
_SITE_ROLES = frozenset(
    "navigation banner contentinfo search complementary menu menubar alertdialog dialog toolbar".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST_TEXT_DROPPED = 0.6
_LINKS_SHARE = 0.85
_LEAST_LINKS = 4
_LEAST_BESIDE = 3


class _Measure:
    """What stands in an element, added up from the leaves once: pages can nest their elements thousands deep."""

    __slots__ = ("foreign", "foreign_links", "headings", "length", "linked", "links", "paragraphs", "titles")

    def __init__(self) -> None:
        self.length = self.linked = self.links = self.foreign = self.foreign_links = 0
        self.paragraphs = self.headings = self.titles = 0

    def add(self, other: _Measure) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


_Measures = dict[Any, _Measure]


def _measured(top: Any) -> _Measures:
    """Letters, those linked, those linked to other languages; links, paragraphs, headings (h1, h2), titles (h1)."""
    measures: _Measures = {element: _Measure() for element in top.iter()}
    for element in reversed(list(measures)):  # what stands in an element comes after it
        own = measures[element]
        own.length += len((element.text or "").strip()) if isinstance(element.tag, str) else 0
        if element.tag == "a" and element.get("href") and not element.get("href").startswith("#"):
            own.linked, own.links = own.length, own.links + 1
            if element.get("hreflang"):
                own.foreign, own.foreign_links = own.length, own.foreign_links + 1
        own.paragraphs += element.tag == "p"
        own.headings += element.tag in ("h1", "h2")
        own.titles += element.tag == "h1"
        above = element.getparent()
        if element is not top and above is not None:
            measures[above].add(own)
            measures[above].length += len((element.tail or "").strip())
    return measures


def main_content(root: Any) -> Any:
    """The element to read. What belongs to the site has been removed from the tree below it."""
    body = root.find("body") if root.tag == "html" else root
    body = root if body is None else body
    for element in [one for one in body.iter() if one is not body]:
        if element.getparent() is not None and isinstance(element.tag, str) and _is_dead(element):
            element.drop_tree()
    sizes = _measured(body)
    whole = sizes[body].length
    for path in MAIN:
        found = body.xpath(f".{path}")
        if not found:
            continue
        best = max(found, key=lambda one: sizes[one].length)
        several = [one for one in found if one.getparent() is best.getparent()]
        # Several articles side by side are one page's content: what holds them is read.
        chosen = best.getparent() if len(several) > 1 and path == "//article" and best is not body else best
        if sizes[chosen].length >= _LEAST_MAIN_SHARE * whole:
            _remove(chosen, _is_site_part, sizes)
            return chosen
    _remove(body, _is_site_part_of_body, sizes)
    return body


def _remove(top: Any, unwanted: Callable[[Any, _Measures], bool], sizes: _Measures) -> None:
    """Take elements out of the tree, keeping the text behind them; one that holds most of the text is kept."""
    most = _MOST_TEXT_DROPPED * sizes[top].length
    gone: set[Any] = set()
    for element in [one for one in top.iter() if one is not top]:
        above = element.getparent()
        small = isinstance(element.tag, str) and sizes[element].length <= most
        if above in gone or (small and unwanted(element, sizes)):
            gone.add(element)
    for element in gone:
        above = element.getparent()
        if above is not None and above not in gone:
            element.drop_tree()


def _is_dead(element: Any) -> bool:
    """What no reader of the page sees as its text."""
    if element.tag in ("form", "object"):  # whole pages of older sites stand in one form
        return not any(True for _ in element.iter("p", "h1", "h2", "h3", "table"))
    return (
        element.tag in DROPPED
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDDEN.search(element.get("style") or "") is not None
    )


def _is_site_part(element: Any, sizes: _Measures) -> bool:
    """What says by its role, id or class, or as a list of other languages, that it belongs to the site."""
    size = sizes[element]
    if (element.get("role") or "").lower() in _SITE_ROLES and not (element.tag == "aside" and size.paragraphs):
        return True
    if element.tag in ("ul", "ol", "div") and size.foreign_links >= _LEAST_LINKS:
        return size.foreign > _LINKS_SHARE * max(1, size.length)
    names = f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
    if not names or element.tag in ("html", "body", "main"):
        return False
    return any(name in _SITE or _SITE_PARTS.search(name) is not None for name in names)


def _is_site_part_of_body(element: Any, sizes: _Measures) -> bool:
    if element.tag == "aside" and _stands_in_text(element, sizes):
        return False
    if _is_site_part(element, sizes) or element.tag in ("header", "footer", "aside"):
        return not (element.tag == "header" and sizes[element].titles)
    return element.tag in ("ul", "ol", "div", "td", "p") and _is_link_list(sizes[element])


def _stands_in_text(aside: Any, sizes: _Measures) -> bool:
    """Whether paragraphs and headings stand around an aside: then it is a column of the text, not of the site."""
    beside = [one for one in aside.getparent() if one.tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6")]
    return bool(sizes[aside].paragraphs) and len(beside) >= _LEAST_BESIDE and not _is_link_list(sizes[aside])


def _is_link_list(size: _Measure) -> bool:
    return size.links >= _LEAST_LINKS and not size.headings and size.linked > _LINKS_SHARE * max(1, size.length)
