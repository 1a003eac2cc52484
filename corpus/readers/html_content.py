"""Which part of a page is its content: the element to read, with what belongs to the site taken out.

An element that says that it is the main content is believed. Without one the body is read, less the parts that say by
tag, role or class that they are navigation, and less lists that hold nothing but links.
"""

from __future__ import annotations

import re
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


def main_content(root: Any) -> Any:
    """The element to read. What belongs to the site has been removed from the tree below it."""
    body = root.find("body") if root.tag == "html" else root
    body = root if body is None else body
    _remove(body, _is_dead)
    whole = _length(body)
    for path in MAIN:
        found = body.xpath(f".{path}")
        if not found:
            continue
        best = max(found, key=_length)
        several = [one for one in found if one.getparent() is best.getparent()]
        # Several articles side by side are one page's content: what holds them is read.
        chosen = best.getparent() if len(several) > 1 and path == "//article" and best.getparent() is not None else best
        if _length(chosen) >= _LEAST_MAIN_SHARE * whole:
            _remove(chosen, _is_site_part, whole=_length(chosen))
            return chosen
    _remove(body, _is_site_part_of_body, whole=whole)
    return body


def _length(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _remove(top: Any, unwanted: Any, whole: int | None = None) -> None:
    """Take elements out of the tree, keeping the text behind them; one that holds most of the text is kept."""
    for element in [one for one in top.iter() if one is not top]:
        if element.getparent() is None or not isinstance(element.tag, str) or not unwanted(element):
            continue
        if whole is None or _length(element) <= _MOST_TEXT_DROPPED * whole:
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


def _is_site_part(element: Any) -> bool:
    """What says by its role, id or class, or as a list of other languages, that it belongs to the site."""
    if (element.get("role") or "").lower() in _SITE_ROLES and not _is_column(element):
        return True
    if element.tag in ("ul", "ol", "div") and _is_language_list(element):
        return True
    names = f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
    if not names or element.tag in ("html", "body", "main"):
        return False
    return any(name in _SITE or _SITE_PARTS.search(name) is not None for name in names)


def _is_language_list(element: Any) -> bool:
    links = element.findall(".//a[@hreflang]")
    return len(links) >= _LEAST_LINKS and sum(map(_length, links)) > _LINKS_SHARE * max(1, _length(element))


def _is_column(element: Any) -> bool:
    return element.tag == "aside" and element.find(".//p") is not None


def _is_site_part_of_body(element: Any) -> bool:
    if element.tag == "aside" and _stands_in_text(element):
        return False
    if _is_site_part(element) or element.tag in ("header", "footer", "aside"):
        return not (element.tag == "header" and any(True for _ in element.iter("h1")))
    return element.tag in ("ul", "ol", "div", "td", "p") and _is_link_list(element)


def _stands_in_text(aside: Any) -> bool:
    """Whether paragraphs and headings stand around an aside: then it is a column of the text, not of the site."""
    beside = [one for one in aside.getparent() if one.tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6")]
    return _is_column(aside) and len(beside) >= _LEAST_BESIDE and not _is_link_list(aside)


def _is_link_list(element: Any) -> bool:
    links = [link for link in element.iter("a") if link.get("href") and not link.get("href").startswith("#")]
    if len(links) < _LEAST_LINKS or any(True for _ in element.iter("h1", "h2")):
        return False
    return sum(map(_length, links)) > _LINKS_SHARE * max(1, _length(element))
