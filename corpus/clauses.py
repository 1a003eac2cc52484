"""Where clauses end: at punctuation, and at the words that join them."""

from __future__ import annotations

import re

_AFTER_MARK = r"(?=[\s\"'”’»]|$)"
"""After a mark that ends a clause, unlike those of "1,200", "12:30" and "3.5"."""

COMMA = rf"(?:[,;:]{_AFTER_MARK}|[、，；：])"
"""A mark between clauses of a sentence."""

MARK = rf"(?:{COMMA}|[.!?]{_AFTER_MARK}|。)"
"""A mark at the end of a clause or of its sentence."""

SENTENCE_PART_END = re.compile(r"[;:.!?](?=[\s\"'”’»])|[。；：]")
"""The end of a part of a sentence that is complete in itself."""

BREAK = re.compile(r"(?<!\d)[,:](?=\s)|(?<=\d)[,:](?=\s(?!\d{4}\b))|[;()\[\]|•。、；：（）「」]|[–—]|--|[.!?](?=\s|$)")
"""A mark where a reader would pause, also a bracket or a dash, but not the comma of "June 30, 1878"."""

CONJUNCTION = "(?:and|but|while|whereas|und|aber|während|sowie|et|mais|y|pero|e|ma|en|maar|og|och)"
"""Words that join clauses. Without the Danish and Swedish "men", which follows a comma, and is a noun in English."""
