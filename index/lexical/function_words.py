"""Function words of English, German, French, Spanish, Italian and other languages: those that no subject consists of.

The terms of the index leave out the stop words of each language by themselves (`index.lexical.analysis`). This list is
for words as written, in whichever language: the words of a topic, of a noun phrase, of a quotation.
"""

from __future__ import annotations

FUNCTION_WORDS = frozenset(
    "a an the of in on at to from for with by as and or but nor than that which who whom whose where when while since "
    "between among through during after before under over into onto upon per via about is are was were be been being "
    "has have had will would shall should can could may might must do does did it its they their them there this these "
    "those he she we our his her if not also however including such respectively so far up out off down each more less "
    "every within without against toward towards around across because although only both either then thus "
    "à bis und y e och og till til tot do до и в на "
    "am an um beim vom ins der die das des dem den und oder von in im mit für bei auf aus zu zum zur "
    "le la les du de et ou en dans pour "
    "sur avec par au aux el los las y o con por para del al di da e il lo gli che".split()
)
"""In small letters; a noun phrase ends before each of them."""
