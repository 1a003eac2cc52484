"""Renders a publication as a saved web page with navigation, side bar and cookie notice."""

from __future__ import annotations

from html import escape

from tests.factories.outlined_texts import Publication

NAVIGATION = "Home News Archive Imprint"
COOKIES = "We use cookies to make this site work and to count visits."
SIDE = "Most read this week on our site"


def render(publication: Publication, *, main: str = "main") -> bytes:
    """Render a publication; `main` is the tag around the content, "div" for a page that does not declare it."""
    parts: list[str] = []
    inset = False
    for position, block in enumerate(publication.blocks):
        if inset and block.inset is None:
            parts.append("</aside>")
            inset = False
        text = escape(block.text)
        if block.kind == "section":
            parts.append(f"<h{block.level + 1}>{text}</h{block.level + 1}>")
        elif block.kind == "inset":
            parts.append(f'<aside class="column"><h3>{text}</h3>')
            inset = True
        elif block.kind == "notes":
            parts.append(f'<div class="footnote" id="fn{position}">{text}</div>')
        elif block.kind == "caption":
            parts.append(f'<figure><img src="p.jpg" alt=""><figcaption>{text}</figcaption></figure>')
        else:
            broken = text.replace(" the ", "\n      the ", 1)
            parts.append(f"<p>{broken}</p>")
    if inset:
        parts.append("</aside>")
    links = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in NAVIGATION.split())
    return f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{escape(publication.title)} | The Ministry</title>
<meta property="og:site_name" content="The Ministry">
<meta property="article:published_time" content="2016-04-15T09:00Z">
<link rel="canonical" href="https://example.org/report/{escape(publication.title)}.html">
<style>p {{ color: black }}</style><script>var tracked = "yes";</script></head>
<body><header><nav><ul>{links}</ul></nav></header>
<div id="cookie-consent" role="dialog"><p>{COOKIES}</p><button>Accept</button></div>
<div class="sidebar"><h2>{SIDE}</h2><ul>{links}</ul></div>
<{main}>{"".join(parts)}</{main}>
<footer><p>Copyright The Ministry. All rights reserved.</p></footer></body></html>""".encode()
