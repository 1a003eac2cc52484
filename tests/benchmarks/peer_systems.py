"""Search documents with this program or with a peer: one process that builds an index, one that answers from it.

    python peer_systems.py SYSTEM build MODEL SOURCE FOLDER
    python peer_systems.py SYSTEM ask MODEL FOLDER QUESTIONS

Run by `peers` with the Python of the system's own environment, so only `Ours` imports anything of this repository. Each
system is used as its documentation shows, with the prompts of the model and passages of about the same length. SOURCE
is a JSON object of texts by document id, for `ours` the folder of the publications; QUESTIONS is a list of strings.

Both actions print an object with the peak `memory` in megabytes; that of `ask` has also `first`, the time of the
system's clock when the first question was answered, `seconds` of each further answer, and the `hits` of each question
as pairs of document and text.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

Hits = list[tuple[str, str]]
"""Document and text of each passage, best first."""

WORDS, TOKENS, CHARACTERS = 120, 160, 700
"""Lengths of a passage of about 120 words, for splitters that count words, tokens or characters."""

K = 10


class System(Protocol):
    """A program to compare."""

    def build(self, model: str, source: Path, folder: Path) -> None:
        """Write an index of the source to `folder / "index"`."""

    def open(self, model: str, folder: Path) -> Callable[[str], Hits]:
        """Open the index and return a function that answers a question."""


class Ours:
    """Yearbook QA."""

    def build(self, model: str, source: Path, folder: Path) -> None:
        from corpus.ingest import plan
        from index.building.build import build
        from index.models.encoder import load

        build(folder / "index", plan([source]), load(model))

    def open(self, model: str, folder: Path) -> Callable[[str], Hits]:
        from index.models.encoder import load
        from qa.answering.library import Library

        library = Library(folder / "index", load(model))
        return lambda question: [
            (cited.hit.document.id, cited.hit.stored.passage.text) for cited in library.ask(question, k=K).passages
        ]


class Txtai:
    """Paragraphs in txtai's hybrid index: vectors and BM25, half each."""

    def build(self, model: str, source: Path, folder: Path) -> None:
        from txtai import Embeddings

        embeddings = Embeddings(
            path=model, content=True, hybrid=True, instructions={"query": "query: ", "data": "passage: "}
        )
        embeddings.index(
            {"text": paragraph, "name": name}
            for name, text in read_texts(source).items()
            for paragraph in paragraphs(text)
        )
        embeddings.save(str(folder / "index"))

    def open(self, model: str, folder: Path) -> Callable[[str], Hits]:
        from txtai import Embeddings

        embeddings = Embeddings(path=model)
        embeddings.load(str(folder / "index"))
        query = f"select name, text, score from txtai where similar(:question) limit {K}"
        return lambda question: [
            (row["name"], row["text"]) for row in embeddings.search(query, K, parameters={"question": question})
        ]


class LlamaIndex:
    """LlamaIndex's vector store index, with its splitter at sentence ends."""

    def build(self, model: str, source: Path, folder: Path) -> None:
        from llama_index.core import Document, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter

        documents = [Document(text=text, metadata={"name": name}) for name, text in read_texts(source).items()]
        for document in documents:
            document.excluded_embed_metadata_keys = ["name"]
        splitter = SentenceSplitter(chunk_size=TOKENS, chunk_overlap=20)
        index = VectorStoreIndex.from_documents(documents, transformations=[splitter], embed_model=self._model(model))
        index.storage_context.persist(str(folder / "index"))

    def open(self, model: str, folder: Path) -> Callable[[str], Hits]:
        from llama_index.core import StorageContext, load_index_from_storage

        storage = StorageContext.from_defaults(persist_dir=str(folder / "index"))
        index = load_index_from_storage(storage, embed_model=self._model(model))
        retriever = index.as_retriever(similarity_top_k=K)
        return lambda question: [(hit.node.metadata["name"], hit.node.text) for hit in retriever.retrieve(question)]

    def _model(self, model: str) -> object:
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        return HuggingFaceEmbedding(model, query_instruction="query: ", text_instruction="passage: ", device="cpu")


class Haystack:
    """Haystack's store in memory: BM25 and vectors, joined by reciprocal rank fusion."""

    def build(self, model: str, source: Path, folder: Path) -> None:
        from haystack import Document
        from haystack.components.preprocessors import DocumentSplitter
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
        )

        documents = [Document(content=text, meta={"name": name}) for name, text in read_texts(source).items()]
        splitter = DocumentSplitter(split_by="word", split_length=WORDS, split_overlap=20)
        splitter.warm_up()
        embedder = SentenceTransformersDocumentEmbedder(model=model, prefix="passage: ", progress_bar=False)
        embedder.warm_up()
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        store.write_documents(embedder.run(splitter.run(documents)["documents"])["documents"])
        store.save_to_disk(str(folder / "index.json"))

    def open(self, model: str, folder: Path) -> Callable[[str], Hits]:
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

        store = InMemoryDocumentStore.load_from_disk(str(folder / "index.json"))
        embedder = SentenceTransformersTextEmbedder(model=model, prefix="query: ", progress_bar=False)
        embedder.warm_up()
        by_words, by_vector = InMemoryBM25Retriever(store, top_k=50), InMemoryEmbeddingRetriever(store, top_k=50)
        joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=K)

        def ask(question: str) -> Hits:
            found = [
                by_words.run(query=question)["documents"],
                by_vector.run(query_embedding=embedder.run(question)["embedding"])["documents"],
            ]
            return [(item.meta["name"], item.content) for item in joiner.run(documents=found)["documents"]]

        return ask


class LangChain:
    """LangChain's FAISS store, with its recursive splitter."""

    def build(self, model: str, source: Path, folder: Path) -> None:
        from langchain_community.vectorstores import FAISS
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=100)
        texts = read_texts(source)
        documents = splitter.create_documents(list(texts.values()), [{"name": name} for name in texts])
        FAISS.from_documents(documents, self._model(model)).save_local(str(folder / "index"))

    def open(self, model: str, folder: Path) -> Callable[[str], Hits]:
        from langchain_community.vectorstores import FAISS

        store = FAISS.load_local(str(folder / "index"), self._model(model), allow_dangerous_deserialization=True)
        return lambda question: [
            (found.metadata["name"], found.page_content) for found in store.similarity_search(question, k=K)
        ]

    def _model(self, model: str) -> object:
        from langchain_huggingface import HuggingFaceEmbeddings

        passages = {"prompt": "passage: ", "normalize_embeddings": True}
        questions = {"prompt": "query: ", "normalize_embeddings": True}
        return HuggingFaceEmbeddings(model_name=model, encode_kwargs=passages, query_encode_kwargs=questions)


def read_texts(source: Path) -> dict[str, str]:
    """Return the texts by document id."""
    texts: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return texts


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, joined or cut to about `WORDS` words."""
    pieces: list[str] = []
    words = 0
    for paragraph in text.split("\n\n"):
        count = len(paragraph.split())
        if not pieces or words + count > WORDS:
            pieces.append(paragraph)
            words = count
        else:
            pieces[-1] += f"\n\n{paragraph}"
            words += count
    return [piece for piece in pieces if piece.strip()]


def peak_memory() -> float:
    """Return the peak megabytes of this process (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1000


SYSTEMS: Mapping[str, Callable[[], System]] = {
    "ours": Ours,
    "txtai": Txtai,
    "llamaindex": LlamaIndex,
    "haystack": Haystack,
    "langchain": LangChain,
}


def main(arguments: Sequence[str]) -> None:
    """Build or ask, as the arguments say."""
    name, action, model, first, second = arguments
    system = SYSTEMS[name]()
    if action == "build":
        system.build(model, Path(first), Path(second))
        print(json.dumps({"memory": peak_memory()}))
        return
    questions = json.loads(Path(second).read_text(encoding="utf-8"))
    ask = system.open(model, Path(first))
    hits = [ask(questions[0])]
    answered = time.time()
    seconds = []
    for question in questions[1:]:
        begun = time.perf_counter()
        hits.append(ask(question))
        seconds.append(time.perf_counter() - begun)
    print(json.dumps({"first": answered, "seconds": seconds, "hits": hits, "memory": peak_memory()}))


if __name__ == "__main__":
    main(sys.argv[1:])
