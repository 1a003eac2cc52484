"""A mapped vocabulary segments text exactly as `tokenizers` does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from index.models import unigram

VOCABULARY = [
    *((token, 0.0) for token in ("<s>", "<pad>", "</s>", "<unk>")),
    *(("▁" + word, -score) for score, word in enumerate(("a", "ab", "abc", "船", "船が"), 3)),
    *((piece, -score) for score, piece in enumerate(("a", "b", "c", "bc", "が", "▁", "é"), 5)),
    ("<mask>", 0.0),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tokenizer, unigram.UnigramVocabulary]:
    folder = tmp_path_factory.mktemp("vocabulary")
    tokenizer = Tokenizer(models.Unigram(VOCABULARY, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.save(str(folder / "tokenizer.json"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unigram, "_SMALLEST", 1)
        assert unigram.write(folder / "tokenizer.json", folder)
    return tokenizer, unigram.UnigramVocabulary(folder)


@given(text=st.text(alphabet="abc 船がéﬁＡ\u0301\n\U0001f600▁x", max_size=60))
def test_any_text_is_segmented_as_tokenizers_does(both: tuple[Tokenizer, unigram.UnigramVocabulary], text: str) -> None:
    tokenizer, vocabulary = both
    assert vocabulary.encode(text, 1000) == tokenizer.encode(text).ids


def test_long_texts_are_cut_and_keep_their_special_tokens(both: tuple[Tokenizer, unigram.UnigramVocabulary]) -> None:
    numbers = both[1].encode("abc " * 50, 10)
    assert numbers is not None
    assert (len(numbers), numbers[0], numbers[-1]) == (10, 0, 2)


def test_a_text_that_spells_a_special_token_is_left_to_tokenizers(
    both: tuple[Tokenizer, unigram.UnigramVocabulary],
) -> None:
    assert both[1].encode("a <mask> b", 10) is None


def test_a_small_vocabulary_or_another_kind_is_not_written(tmp_path: Path) -> None:
    Tokenizer(models.Unigram(VOCABULARY, unk_id=3, byte_fallback=False)).save(str(tmp_path / "small.json"))
    Tokenizer(models.BPE()).save(str(tmp_path / "words.json"))
    assert not unigram.write(tmp_path / "small.json", tmp_path)
    assert not unigram.write(tmp_path / "words.json", tmp_path)
    assert not (tmp_path / unigram.PIECES).exists()


def test_a_damaged_vocabulary_is_refused(tmp_path: Path, both: tuple[Tokenizer, unigram.UnigramVocabulary]) -> None:
    (tmp_path / unigram.RULES).write_text(both[0].to_str(), encoding="utf-8")
    (tmp_path / unigram.PIECES).write_bytes(bytes(100))
    with pytest.raises(ValueError, match="damaged"):
        unigram.UnigramVocabulary(tmp_path)
