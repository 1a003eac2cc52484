"""Builds are incremental and complete, and independent of the history of the index."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.ingest import plan
from index import layout, manifest
from index.building.build import build
from index.building.report import BuildReport
from index.errors import IndexBusy, IndexDamaged, IndexMismatch, NoIndex
from index.models.encoder import Encoder, PairedEncoder, encode_questions
from index.models.similarity_scale import measure_scale, pairs
from index.ranking.search import Index
from tests.factories.encoders import HashEncoder

ENCODER = HashEncoder()
PAIR = PairedEncoder(ENCODER, HashEncoder(32, name="second"))

TOPICS = {
    "piracy": "Pirates attacked nine ships off Somalia in 2015. Patrol aircraft flew over the gulf every week.",
    "space": "Debris in orbit threatens satellites. The treaty on outer space was signed by many countries in 2016.",
    "trade": "Exports of tea rose by nine percent. Imports of steel fell, and the port of Kobe was enlarged.",
    "health": "Clinics were opened in rural districts. Vaccines reached most children before the rains came.",
}


def write_corpus(folder: Path, texts: Mapping[str, str], catalogue: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(
            f"{name.title()} Report 2016\n\n1. {name.title()}\n\n{text}\n", encoding="utf-8"
        )
    if catalogue:
        (folder / "corpus.toml").write_text(catalogue, encoding="utf-8")
    return folder


def indexed(folder: Path, corpus: Path, *, prune: bool = True, encoder: Encoder = ENCODER) -> BuildReport:
    return build(folder, plan([corpus]), encoder, prune=prune)


def answers(folder: Path, encoder: Encoder = ENCODER) -> list[tuple[str, float, tuple[float, ...]]]:
    """Return ids, scores and sentence similarities of the hits of some questions."""
    opened = Index(folder)
    questions = (
        "pirates off Somalia",
        "treaty on outer space 2016",
        "tea exports",
        "rural clinics and vaccines",
        "the",
    )
    return [
        (hit.id, hit.score, hit.similarities) for text in questions for hit in opened.search(text, encoder, 20).hits
    ]


def test_indexing_again_embeds_nothing_and_writes_nothing(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    encoder = HashEncoder()
    indexed(tmp_path / "index", corpus, encoder=encoder)
    before = (tmp_path / "index" / layout.MANIFEST).read_bytes()
    encoder.encoded.clear()
    report = indexed(tmp_path / "index", corpus, encoder=encoder)
    assert encoder.encoded == []
    assert (report.unchanged, report.documents, report.embedded) == (4, 4, 0)
    assert (tmp_path / "index" / layout.MANIFEST).read_bytes() == before


def test_adding_one_document_embeds_that_document_alone(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {name: TOPICS[name] for name in ("piracy", "space", "trade")})
    encoder = HashEncoder()
    indexed(tmp_path / "index", corpus, encoder=encoder)
    write_corpus(corpus, TOPICS)
    encoder.encoded.clear()
    report = indexed(tmp_path / "index", corpus, encoder=encoder)
    assert report.added == ["health"]
    assert all("Health" in text or "linics" in text or "accines" in text for text in encoder.encoded)
    assert encoder.encoded


def test_a_corrected_edition_embeds_nothing_if_the_prefix_is_unchanged(tmp_path: Path) -> None:
    entry = '[[document]]\nfile = "piracy.txt"\ntitle = "Piracy Report"\nedition = {}\n'
    corpus = write_corpus(tmp_path / "corpus", TOPICS, entry.format(2016))
    encoder = HashEncoder()
    indexed(tmp_path / "index", corpus, encoder=encoder)
    assert Index(tmp_path / "index").info("piracy").edition == 2016
    encoder.encoded.clear()
    (corpus / "corpus.toml").write_text(entry.format(2017), encoding="utf-8")
    report = indexed(tmp_path / "index", corpus, encoder=encoder)
    assert Index(tmp_path / "index").info("piracy").edition == 2017
    assert report.changed == ["piracy"]
    assert encoder.encoded == []


def test_a_missing_file_is_reported_and_its_document_kept_until_pruned(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    indexed(tmp_path / "index", corpus)
    (corpus / "space.txt").unlink()
    report = indexed(tmp_path / "index", corpus, prune=False)
    assert report.missing == ["space"]
    assert Index(tmp_path / "index").info("space").id == "space"
    report = indexed(tmp_path / "index", corpus, prune=True)
    assert report.removed == ["space"]
    assert [document.id for document in Index(tmp_path / "index").documents] == ["health", "piracy", "trade"]


def test_documents_of_other_folders_are_not_reported_as_missing(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "one", {"piracy": TOPICS["piracy"]})
    two = write_corpus(tmp_path / "two", {"space": TOPICS["space"]})
    indexed(tmp_path / "index", corpus)
    report = indexed(tmp_path / "index", two)
    assert (report.missing, report.removed, report.documents) == ([], [], 2)


def test_a_changed_file_that_became_unreadable_keeps_its_old_text(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    indexed(tmp_path / "index", corpus)
    (corpus / "space.txt").write_bytes(b"\x00\x01\x02" * 100)
    report = indexed(tmp_path / "index", corpus)
    assert [file.path.name for file in report.unread] == ["space.txt"]
    assert "orbit" in Index(tmp_path / "index").document("space").text


steps = st.lists(
    st.dictionaries(st.sampled_from(sorted(TOPICS)), st.integers(0, 2), min_size=1, max_size=4), min_size=1, max_size=5
)


@given(steps)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_incrementally_built_index_answers_as_a_fresh_one(tmp_path: Path, history: list[dict[str, int]]) -> None:
    shutil.rmtree(tmp_path / "grown", ignore_errors=True)
    shutil.rmtree(tmp_path / "fresh", ignore_errors=True)
    corpus = tmp_path / "corpus"
    for state in history:
        texts = {name: TOPICS[name] + f" Version {version} was printed." * version for name, version in state.items()}
        write_corpus(corpus, texts)
        indexed(tmp_path / "grown", corpus, encoder=PAIR)
    indexed(tmp_path / "fresh", corpus, encoder=PAIR)
    assert answers(tmp_path / "grown", PAIR) == answers(tmp_path / "fresh", PAIR)
    assert Index(tmp_path / "grown").manifest.scale == Index(tmp_path / "fresh").manifest.scale


def test_a_sentence_encoder_reads_the_sentences_of_english_documents(tmp_path: Path) -> None:
    second = HashEncoder(32, name="second")
    shared = "Nine ships came into the harbour of Kobe."
    own = "The port was enlarged and it was used by all of them."
    texts = {
        "english": f"{own} {shared}",
        "german": f"Der Hafen wurde vergrößert und er wurde von allen benutzt. {shared} Das war neu.",
    }
    for order in (["english", "german"], ["german", "english"]):
        measure_scale(second)  # once per machine; it encodes pairs of texts
        second.encoded.clear()
        for name in order:
            corpus = write_corpus(tmp_path / name, {name: texts[name]})
            encoder = PairedEncoder(HashEncoder(), second)
            indexed(tmp_path / f"{order[0]} first", corpus, prune=False, encoder=encoder)
        assert second.encoded == ["English Report 2016", own, shared]
    assert answers(tmp_path / "english first", PAIR) == answers(tmp_path / "german first", PAIR)


def test_a_sentence_encoder_reads_the_sentences_of_an_article_behind_its_title(tmp_path: Path) -> None:
    second = HashEncoder(32, name="second")
    (tmp_path / "corpus").mkdir()
    record = {"_id": "1", "title": "Knox Cunningham", "text": "He was a lawyer. He resigned in May."}
    (tmp_path / "corpus" / "corpus.jsonl").write_text(json.dumps(record), encoding="utf-8")
    measure_scale(second)
    second.encoded.clear()
    indexed(tmp_path / "index", tmp_path / "corpus", encoder=PairedEncoder(HashEncoder(), second))
    assert second.encoded == ["Knox Cunningham. He was a lawyer.", "Knox Cunningham. He resigned in May."]


def test_an_update_keeps_the_scales_of_both_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = HashEncoder(), HashEncoder(32, name="second")
    corpus = write_corpus(tmp_path / "corpus", {"piracy": TOPICS["piracy"]})
    indexed(tmp_path / "index", corpus, encoder=PairedEncoder(first, second))
    before = Index(tmp_path / "index").manifest
    first.encoded.clear()
    second.encoded.clear()
    monkeypatch.setenv("YEARBOOK_QA_CACHE", str(tmp_path / "another machine"))
    indexed(tmp_path / "index", write_corpus(corpus, TOPICS), encoder=PairedEncoder(first, second))
    after = Index(tmp_path / "index").manifest
    assert (after.scale, after.sentence_scale) == (before.scale, before.sentence_scale)
    assert not {pair.answer for pair in pairs()} & {*first.encoded, *second.encoded}  # not measured again


def test_a_sentence_encoder_is_asked_only_by_english_questions(tmp_path: Path) -> None:
    indexed(tmp_path / "index", write_corpus(tmp_path / "corpus", TOPICS), encoder=PAIR)
    opened = Index(tmp_path / "index")

    def reads(question: str) -> bool:
        vectors = encode_questions(PAIR, [question])[0]
        both, alone = (opened.search(question, some, 9).hits for some in (vectors, vectors[: PAIR.dimension]))
        return [hit.similarities for hit in both] != [hit.similarities for hit in alone]

    assert reads("Which pirates attacked the ships?")
    assert reads("pirates Somalia ships")  # no stop words, but words of the documents
    assert not reads("Welche Piraten haben die ships von Somalia angegriffen und was ist mit den Schiffen?")
    assert not reads("ソマリア沖の海賊は何隻の船を襲いましたか")


def test_many_small_builds_end_in_few_shards_without_unused_rows(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    for turn in range(12):
        write_corpus(corpus, {"piracy": f"{TOPICS['piracy']} Turn {turn} ended.", "space": TOPICS["space"]})
        indexed(tmp_path / "index", corpus)
    written = manifest.read(tmp_path / "index")
    assert len(written.files_of(layout.VECTORS)) <= 8
    write_corpus(tmp_path / "corpus", {"piracy": f"{TOPICS['piracy']} Turn 11 ended.", "space": TOPICS["space"]})
    shutil.rmtree(tmp_path / "fresh", ignore_errors=True)
    indexed(tmp_path / "fresh", corpus)
    assert answers(tmp_path / "index") == answers(tmp_path / "fresh")


def test_only_the_current_generation_is_left(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"piracy": TOPICS["piracy"]})
    indexed(tmp_path / "index", corpus)
    write_corpus(corpus, TOPICS)
    indexed(tmp_path / "index", corpus)
    assert layout.list_generations(tmp_path / "index") == [manifest.read(tmp_path / "index").generation]


def test_a_failed_build_leaves_the_old_index_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"piracy": TOPICS["piracy"]})
    indexed(tmp_path / "index", corpus)
    before = answers(tmp_path / "index")
    write_corpus(corpus, TOPICS)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(manifest, "write", full)
    with pytest.raises(OSError, match="No space left"):
        indexed(tmp_path / "index", corpus)
    monkeypatch.undo()
    assert answers(tmp_path / "index") == before
    assert len(layout.list_generations(tmp_path / "index")) == 1


def test_a_reader_keeps_the_generation_it_opened(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"piracy": TOPICS["piracy"]})
    indexed(tmp_path / "index", corpus)
    opened = Index(tmp_path / "index")
    assert opened.is_current()
    write_corpus(corpus, {"space": TOPICS["space"]})
    indexed(tmp_path / "index", corpus)
    assert not opened.is_current()
    assert {hit.document.id for hit in opened.search("pirates", ENCODER, 5).hits} == {"piracy"}
    assert {hit.document.id for hit in Index(tmp_path / "index").search("pirates", ENCODER, 5).hits} == {"space"}


def test_a_second_build_is_refused_while_one_runs(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    (tmp_path / "index").mkdir()
    with FileLock(tmp_path / "index" / layout.LOCK), pytest.raises(IndexBusy, match="another build"):
        indexed(tmp_path / "index", corpus)


def test_another_model_is_refused_with_both_names_and_the_cost_of_the_change(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    indexed(tmp_path / "index", corpus)
    built = Index(tmp_path / "index").manifest
    cost = f"encodes {built.passages} passages and {built.sentences} sentences again, about 1 seconds"
    with pytest.raises(IndexMismatch, match=rf"hash \(64 dimensions.*other \(32 dimensions.*{cost}"):
        indexed(tmp_path / "index", corpus, encoder=HashEncoder(32, name="other"))


def test_another_format_version_is_refused_with_both_numbers(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    indexed(tmp_path / "index", corpus)
    path = tmp_path / "index" / layout.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "format": 99}), encoding="utf-8")
    with pytest.raises(
        IndexMismatch, match=r"format version 99, this program reads 2 to 4: .*doctor"
    ):  # a flipped digit
        Index(tmp_path / "index")
    values = {key: value for key, value in json.loads(path.read_text("utf-8")).items() if key != manifest.CHECKSUM}
    for version, fix in ((99, "newer"), (1, "earlier .*: move .* away and index")):
        values["format"] = version
        path.write_text(json.dumps(values | {manifest.CHECKSUM: manifest.checksum_of(values)}), encoding="utf-8")
        with pytest.raises(IndexMismatch, match=f"format version {version}, this program reads 2 to 4: .*{fix}"):
            Index(tmp_path / "index")


@pytest.mark.parametrize("damage", ["truncated", "missing", "no json"])
def test_a_damaged_index_is_refused_at_opening(tmp_path: Path, damage: str) -> None:
    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    indexed(tmp_path / "index", corpus)
    base = layout.generation_folder(tmp_path / "index", 1)
    if damage == "truncated":
        with (base / layout.FIRST_RECORDS).open("r+b") as stream:
            stream.truncate(1000)
    elif damage == "missing":
        next((base / layout.VECTORS).iterdir()).unlink()
    else:
        (tmp_path / "index" / layout.MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(IndexDamaged):
        Index(tmp_path / "index")


def test_a_folder_without_an_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match="no index here"):
        Index(tmp_path)


def test_opening_and_asking_write_nothing(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    indexed(tmp_path / "index", corpus)

    def state() -> dict[str, tuple[int, int]]:
        files = (file for file in (tmp_path / "index").rglob("*") if file.is_file() and file.suffix != ".lock")
        return {str(file): (file.stat().st_size, file.stat().st_mtime_ns) for file in files}

    before = state()
    answers(tmp_path / "index")
    assert state() == before


def test_the_manifest_names_every_file_with_its_checksum(tmp_path: Path) -> None:
    import hashlib

    corpus = write_corpus(tmp_path / "corpus", TOPICS)
    indexed(tmp_path / "index", corpus)
    written = manifest.read(tmp_path / "index")
    base = layout.generation_folder(tmp_path / "index", written.generation)
    files = {file.relative_to(base).as_posix(): file for file in base.rglob("*") if file.is_file()}
    files = {name: file for name, file in files.items() if not name.endswith(".lock")}
    assert set(written.files) == set(files)
    for name, file in files.items():
        assert written.files[name].sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert written.documents.keys() == TOPICS.keys()
