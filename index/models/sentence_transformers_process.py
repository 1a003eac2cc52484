"""sentence-transformers behind two pipes, for a model without a graph: `python -m
index.models.sentence_transformers_process MODEL`.

A request is a line of JSON on standard input: `{"encode": [texts], "query": bool}` or `{"count": [texts]}`. The answer
is a line of JSON on standard output, after `encode` followed by the vectors as raw little-endian float32. Texts are
encoded one at a time, so that none is padded for another's sake. Ends when its input does. See
`index.models.sentence_transformers_client`.
"""

from __future__ import annotations

import json
import sys
from typing import IO, Any

from corpus import processes


def serve(model: Any, requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer until the requests end."""
    import numpy as np

    for line in requests:
        try:
            request = json.loads(line)
            raw = b""
            if "count" in request:
                reply: dict[str, Any] = {
                    "counts": [token_count(model.tokenizer, text, special=False) for text in request["count"]]
                }
            else:
                encode = model.encode_query if request["query"] else model.encode_document
                vectors = encode(request["encode"], batch_size=1, normalize_embeddings=True, show_progress_bar=False)
                raw = np.ascontiguousarray(vectors, dtype="<f4").tobytes()
                reply = {"vectors": len(vectors)}
        except Exception as error:  # noqa: BLE001 - any model's code runs here; whoever asked is told
            raw, reply = b"", {"error": f"{type(error).__name__}: {error}"}
        replies.write(json.dumps(reply).encode("ascii") + b"\n" + raw)
        replies.flush()


def token_count(tokenizer: Any, text: str, *, special: bool) -> int:
    """Length of a text in tokens, by a tokenizer of transformers or of tokenizers."""
    if callable(tokenizer):
        return len(tokenizer(text, add_special_tokens=special, truncation=False, verbose=False)["input_ids"])
    return len(tokenizer.encode(text, add_special_tokens=special).ids)


def main(name: str) -> None:
    """Serve a model by name or path."""
    replies = processes.replies()
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(name, device="cpu", trust_remote_code=False)
    model.eval()
    serve(model, sys.stdin.buffer, replies)


if __name__ == "__main__":
    main(sys.argv[1])
