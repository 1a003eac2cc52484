"""The catalogues of messages: bring them in step with the code.

python -m tests.translations          lists what is missing or stale
python -m tests.translations --write  adds new messages, untranslated, and removes those no longer used
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from corpus.translation import LANGUAGES, SOURCE_LANGUAGE
from tests.paths import ROOT

_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/static/**.js", "javascript")]
_OPTIONS = {"**/templates/**.html": {"extensions": "qa.templating.OneLine", "newstyle_gettext": "true"}}
_KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_noop": None, "english": None, "english_plural": (1, 2)}


def extracted() -> Catalog:
    """Return the messages of the code, each with the files that contain it."""
    template = Catalog(charset="utf-8")
    for package in ("corpus", "index", "qa"):
        messages = extract_from_dir(ROOT / package, _METHODS, _OPTIONS, _KEYWORDS)
        for name, _, message, comments, context in messages:
            template.add(message, None, [(f"{package}/{name}", 0)], auto_comments=comments, context=context)
    return template


def catalogue_path(language: str) -> Path:
    """Return the file of a language's catalogue."""
    return ROOT / "corpus" / "locale" / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language."""
    return read_po(io.StringIO(catalogue_path(language).read_text(encoding="utf-8")), locale=language)


def faults(catalog: Catalog, template: Catalog) -> Iterator[str]:
    """Yield what is missing, stale or wrong in a catalogue."""
    used, present = {_key(message): message for message in template}, {_key(message): message for message in catalog}
    yield from (f"missing: {key!r}" for key in used.keys() - present.keys())
    yield from (f"stale: {key!r}" for key in present.keys() - used.keys())
    for key, message in present.items():
        strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if (message.fuzzy and message.id) or not all(strings):
            yield f"not translated: {key!r}"
        yield from (f"{key!r}: {error}" for error in message.check(catalog))


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def main(arguments: Sequence[str]) -> int:
    """List the faults of each catalogue, or fix them; 1 where something is to be done."""
    template = extracted()
    found = []
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        catalog = read(language)
        if "--write" in arguments:
            catalog.update(template, no_fuzzy_matching=True)
            out = io.BytesIO()
            write_po(out, catalog, width=120, ignore_obsolete=True, include_lineno=False, omit_header=False)
            catalogue_path(language).write_bytes(out.getvalue())
        found += [f"{language}: {fault}" for fault in faults(read(language), template)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
