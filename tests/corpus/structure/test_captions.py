"""Lines that are captions of figures and tables."""

from __future__ import annotations

import pytest

from corpus.structure.captions import is_caption


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Boats in the harbour of Arvik (Source: Port Office)", True),
        ("Boote im Hafen von Arvik (Quelle: Hafenamt)", True),
        ("Bateaux au port d'Arvik [Photo : Anna Clay]", True),
        ("Barcos en el puerto de Arvik (Fuente: autoridad portuaria)", True),
        ("アービク港の漁船（出典：港湾局）", True),
        ("Grafico 3: Barche nel porto", True),
        ("Gráfico 3: Barcos en el puerto", True),
        ("Afbeelding 3: Boten in de haven", True),
        ("Diagramm 3: Boote im Hafen", True),
        ("The boats left the harbour (in rain).", False),
        ("Die Boote verließen den Hafen (bei Regen).", False),
    ],
)
def test_a_line_that_ends_with_its_source_is_a_caption(text: str, expected: bool) -> None:
    assert is_caption(text) == expected
