"""Write an index of synthetic passages (`synthetic`) of any size, with the writers of a build.

Only reading, cutting and embedding are skipped. A document has a hundred passages about one subject; there are a
hundred editions, so that a filter keeps 1 % of the passages per edition that it names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from corpus.chunking.passages import Lengths
from corpus.records import Document, Passage, Section, Sentence
from index import layout, manifest
from index.dense import ivf_build
from index.lexical import tantivy_index
from index.lexical.analysis import terms
from index.manifest import Manifest
from index.models.encoder import Encoder
from index.models.similarity_scale import measure_scale
from index.storage import vector_files
from index.storage.reader import RecordReader
from index.storage.vector_files import PassageFormat, SentenceFormat, ShardWriter
from index.storage.writer import NewPassage, RecordWriter
from tests.benchmarks.indexing.synthetic import Made, Source, passages

OF_DOCUMENT = 100
"""Passages."""

EDITIONS = range(1900, 2000)


def write(folder: Path, real: Source, count: int, encoder: Encoder, index_type: str = "auto") -> None:
    """Write an index with this many passages as its first generation; the folder must not exist."""
    base = layout.generation_folder(folder, 1)
    base.mkdir(parents=True)
    segment = base / layout.FIRST_RECORDS
    second = encoder.sentence_encoder
    of_sentences = SentenceFormat(encoder.dimension, 0 if second is None else second.dimension)
    shards = {
        "passage": ShardWriter(base / layout.VECTORS, PassageFormat(encoder.dimension), layout.stem(base), 0),
        "sentence": ShardWriter(base / layout.SENTENCES, of_sentences, layout.stem(base), 0),
    }
    writer = RecordWriter(segment, [])
    chance = np.random.default_rng(1)
    for number in range(-(-count // OF_DOCUMENT)):
        made = list(passages(real, min(OF_DOCUMENT, count - number * OF_DOCUMENT), chance))
        _add(writer, shards, number, made, 0 if second is None else second.dimension)
    writer.finish()
    totals = writer.totals()
    writer.close()
    for item in shards.values():
        item.seal()
    vectors = [path for shard in shards.values() for path in shard.paths]
    reader = RecordReader([segment])
    rows = base / layout.ROWS
    vector_files.write_passage_rows(rows, reader.rows(), reader.last_number())
    (base / layout.LEXICAL).mkdir()
    tantivy_index.write(base / layout.LEXICAL, reader.lexical_rows())
    documents = reader.sources()
    reader.close()
    dense = ivf_build.build_or_reuse(ivf_build.GenerationFiles(base, vectors, rows, encoder.dimension), index_type)
    files = [file for file in base.rglob("*") if file.is_file() and file.suffix != ".lock"]
    manifest.write(
        folder,
        Manifest(
            generation=1,
            model=manifest.record_model(encoder),
            chunking=asdict(Lengths()),
            scale=measure_scale(encoder),
            sentence_scale=None if second is None else measure_scale(second),
            documents=documents,
            passages=totals["passages"],
            sentences=totals["rows_sentence"],
            files=manifest.record_files(base, files, {}),
            dense=dense,
        ),
    )


def _add(writer: RecordWriter, shards: dict[str, ShardWriter], number: int, made: list[Made], second: int) -> None:
    """Store one document; the second vector of a sentence, of this dimension, is the first one read backwards."""
    edition = EDITIONS[number % len(EDITIONS)]
    title = f"Survey {number // len(EDITIONS)}, {edition}"
    identifier = f"survey-{number:06d}"
    in_front = terms(title)
    text = f"{title}\n\n" + "\n\n".join(" ".join(item.sentences) for item in made)
    cut = list(_passages(identifier, title, made))
    rows = _rows(writer, shards["passage"], "passage", np.stack([item.vector for item in made]), identifier)
    vectors = np.concatenate([item.sentence_vectors for item in made])
    of_sentences = _rows(
        writer, shards["sentence"], "sentence", np.hstack([vectors, vectors[:, ::-1][:, :second]]), identifier
    )
    stored, first = [], 0
    for place, (passage, one) in enumerate(zip(cut, made, strict=True)):
        result = [*in_front, *(term for some in one.terms for term in some)]
        sentence_rows = of_sentences[first : first + len(one.sentences)]
        stored.append(NewPassage(passage, result, rows[place], sentence_rows))
        first += len(one.sentences)
    document = Document(
        id=identifier,
        title=title,
        text=text,
        outline=(Section(title, "section", 1, None, 0, len(title), len(text)),),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        source=f"/synthetic/{identifier}.txt",
        series=f"Survey {number // len(EDITIONS) % 20}",
        edition=edition,
        covers=(edition, edition),
        language="en",
    )
    writer.add(document, document.sha256, 0, (), stored)


def _passages(identifier: str, title: str, made: list[Made]) -> Iterator[Passage]:
    start = len(title) + 2
    for item in made:
        spans, cursor = [], start
        for sentence in item.sentences:
            spans.append(Sentence(cursor, cursor + len(sentence)))
            cursor += len(sentence) + 1
        text = " ".join(item.sentences)
        end = start + len(text)
        yield Passage(identifier, 0, "section", (title,), f"{title}\n", text, start, end, tuple(spans))
        start = end + 2


def _rows(writer: RecordWriter, shards: ShardWriter, kind: str, vectors: np.ndarray, name: str) -> range:
    rows = shards.add(vectors)
    digests = [hashlib.sha256(f"{name} {kind} {place}".encode()).digest() for place in range(len(vectors))]
    writer.add_vectors(kind, list(zip(digests, rows, strict=True)))
    return rows
