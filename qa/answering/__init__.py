"""Answering: from a question to an answer of verbatim sentences and cited passages."""
