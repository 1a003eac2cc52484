"""Prints how well scanned pages are recognised, and how well questions are answered from them.

    python -m tests.benchmarks.reading.scans [--languages en ja] [--pages 1]     characters, seconds and memory per page
    python -m tests.benchmarks.reading.scans --questions                         questions on scans and on the text, S@1

Pages of the shared texts are drawn in two fonts (Debian: fonts-liberation, fonts-ipafont) at 200 and 300 pixels per
inch, clean, and noisy: turned by a degree, blurred, grey, with noise and specks. A page takes some ten seconds of a
processor. White space counts in English only, where it separates words.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import resource
import sys
import tempfile
import time
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from rich.console import Console
from rich.table import Table

from corpus.catalogue import NAME
from corpus.ingest import plan
from corpus.readers.ocr import engine
from corpus.readers.pdf import page_images, reader
from corpus.records import HEADED_KINDS
from corpus.structure.outline import infer_outline
from index.building.build import build
from index.models.encoder import load
from index.models.model_store import DEFAULT_MODEL
from qa.answering.library import Library
from qa.evaluation.evaluate import evaluate
from qa.evaluation.questions import read_questions
from tests.paths import DATA

FONTS = {
    "en": ("truetype/liberation/LiberationSerif-Regular.ttf", "truetype/liberation/LiberationSans-Regular.ttf"),
    "ja": ("opentype/ipafont-mincho/ipamp.ttf", "opentype/ipafont-gothic/ipagp.ttf"),
}
BOLD = "truetype/liberation/LiberationSans-Bold.ttf"
TEXTS = {
    "en": DATA / "seeds" / "001_27ddad81c77243d9.txt",
    "ja": DATA / "datasets" / "ict_whitepaper_ja" / "docs" / "ict-2021.txt",
}
MEASURES = ("Success@1", "Success@5", "RR@10")
POINTS, LEADING, WIDTH, HEIGHT, MARGIN = 10.5, 1.35, 595, 842, 72

Style = tuple[str, float]


def font(name: str, points: float, dpi: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path("/usr/share/fonts") / name, round(points * dpi / 72))


def wrap(text: str, measure: ImageFont.FreeTypeFont, width: float) -> Iterator[str]:
    """Yield the lines of a paragraph; a line breaks at a space or between two letters of a script without spaces."""
    line = ""
    for piece in re.findall(r"[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s?|\s", text):
        if line and measure.getlength((line + piece).rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece
    yield line.rstrip()


def draw(paragraphs: Sequence[tuple[str, Style]], dpi: int) -> Iterator[tuple[Image.Image, list[str]]]:
    """Yield pages with their lines."""
    scale = dpi / 72
    image, lines, y = Image.new("L", (round(WIDTH * scale), round(HEIGHT * scale)), 255), list[str](), MARGIN * scale
    for text, (name, points) in paragraphs:
        measure = font(name, points, dpi)
        for line in wrap(text, measure, (WIDTH - 2 * MARGIN) * scale):
            if y + points * LEADING * scale > (HEIGHT - MARGIN) * scale:
                yield image, lines
                image, lines, y = Image.new("L", image.size, 255), [], MARGIN * scale
            ImageDraw.Draw(image).text((MARGIN * scale, y), line, font=measure, fill=20)
            lines.append(line)
            y += points * LEADING * scale
        y += points * 0.6 * scale
    yield image, lines


def degrade(image: Image.Image, dpi: int) -> Image.Image:
    """Return the image as a bad copy and a bad scanner give it."""
    turned = image.rotate(1.0, Image.Resampling.BICUBIC, fillcolor=255)
    blurred = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.6 * dpi / 200)), dtype=np.float32)
    random = np.random.default_rng(0)
    pixels = 0.85 * blurred + 25 + random.normal(0, 22, blurred.shape)
    specks = random.random(blurred.shape)
    pixels[specks < 0.0015] = 30
    pixels[specks > 0.9985] = 250
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def as_pdf(images: Sequence[Image.Image], dpi: int) -> bytes:
    """Return a file of these pages: the same bytes each time, so that pages in the cache are not recognised again."""
    buffer, epoch = io.BytesIO(), time.gmtime(0)
    options = {"resolution": dpi, "quality": 80, "creationDate": epoch, "modDate": epoch}
    images[0].save(buffer, "PDF", save_all=True, append_images=images[1:], **options)
    return buffer.getvalue()


def distance(text: str, other: str) -> int:
    """Return the number of characters to insert, delete or replace (Levenshtein), a row of the matrix at a time."""
    theirs, steps = np.array([ord(letter) for letter in other]), np.arange(len(other) + 1)
    row = steps
    for number, letter in enumerate(text, 1):
        replaced = np.minimum(row[1:] + 1, row[:-1] + (theirs != ord(letter)))
        row = np.minimum.accumulate(np.concatenate(([number], replaced)) - steps) + steps
    return int(row[-1])


def plain(text: str, language: str) -> str:
    spaced = " ".join(unicodedata.normalize("NFKC", text).split())
    return spaced if language == "en" else spaced.replace(" ", "")


def accuracy(languages: Sequence[str], pages: int) -> Table:
    """Recognise pages in this process, so that its time and memory can be measured."""
    table = Table("language", "dpi", "page", "characters", "wrong", "seconds of a processor", title="Recognised pages")
    for language in languages:
        text = [line for line in TEXTS[language].read_text(encoding="utf-8").split("\n") if len(line) > 60]
        for dpi in (200, 300):
            for name, change in (("clean", lambda image, _: image), ("noisy", degrade)):
                characters = wrong = 0
                seconds = 0.0
                for number, face in enumerate(FONTS[language]):
                    paragraphs = [(line, (face, POINTS)) for line in text[2 + 40 * number : 42 + 40 * number]]
                    for _, (image, lines) in zip(range(pages), draw(paragraphs, dpi), strict=False):
                        data = as_pdf([change(image, dpi)], dpi)
                        drawn = page_images.draw_level(data, 1)
                        began = time.process_time()
                        found = list(engine.find_lines(np.frombuffer(drawn.pixels, np.uint8).reshape(drawn.height, -1)))
                        seconds += time.process_time() - began
                        recognized = {1: {**drawn._asdict(), "lines": found}}
                        read = reader.read(data, recognized).text
                        # a line ends in a space or, in scripts without spaces, in nothing
                        wanted = plain("\n".join(lines), language)
                        characters += len(wanted)
                        wrong += distance(wanted, plain(read, language))
                count = pages * len(FONTS[language])
                table.add_row(
                    language, str(dpi), name, f"{characters:,}", f"{wrong / characters:.2%}", f"{seconds / count:.1f}"
                )
    return table


def questions(folder: Path) -> Table:
    """Ask the questions about the three yearbooks of their text and of noisy scans of it."""
    for entry in tomllib.loads((DATA / "seeds" / NAME).read_text(encoding="utf-8"))["document"]:
        text = (DATA / "seeds" / entry["file"]).read_text(encoding="utf-8")
        for suffix, data in (("txt", text.encode()), ("pdf", scan(text))):
            (folder / suffix).mkdir(exist_ok=True)
            stated = entry | {"file": f"{entry['id']}.{suffix}"}
            (folder / suffix / stated["file"]).write_bytes(data)
            with (folder / suffix / NAME).open("a", encoding="utf-8") as file:
                lines = (f"{name} = {json.dumps(value)}" for name, value in stated.items())
                file.write("\n".join(["[[document]]", *lines, ""]))
    asked = read_questions(DATA / "seeds-eval" / "questions.jsonl")
    table = Table("documents", "questions", *MEASURES, title="Questions on the same pages")
    encoder = load(DEFAULT_MODEL)
    for suffix in ("txt", "pdf"):
        index = folder / f"{suffix}-index"
        build(index, plan([folder / suffix], ocr=True), encoder)
        done = evaluate(Library(index), asked, folder / f"{suffix}-out")
        measured = done.metrics["measures"] if done.metrics is not None else {}
        table.add_row(
            suffix,
            str(sum(bool(question.evidence) for question in asked.items)),
            *(f"{measured[name]['value']:.3f}" for name in MEASURES),
        )
    return table


def scan(text: str) -> bytes:
    """Return noisy pages of a text at 200 pixels per inch, with its headings in larger bold type."""
    levels = {item.start: item.level or 0 for item in infer_outline(text) if item.kind in HEADED_KINDS}
    paragraphs: list[tuple[str, Style]] = []
    offset = 0
    for line in text.split("\n"):
        level = levels.get(offset)
        style = (FONTS["en"][0], POINTS) if level is None else (BOLD, max(11.0, 16.0 - 1.5 * level))
        paragraphs += [(line, style)] if line.strip() else []
        offset += len(line) + 1
    return as_pdf([degrade(image, 200) for image, _ in draw(paragraphs, 200)], 200)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.reading.scans", description="Measure text recognition."
    )
    parser.add_argument("--languages", nargs="+", default=sorted(FONTS), choices=sorted(FONTS))
    parser.add_argument("--pages", type=int, default=1, help="pages of each font")
    parser.add_argument("--questions", action="store_true", help="ask questions instead")
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 130)
    if options.questions:
        with tempfile.TemporaryDirectory() as temporary:
            console.print(questions(Path(temporary)))
    else:
        console.print(accuracy(options.languages, options.pages))
        console.print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
