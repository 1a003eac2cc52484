"""Lines that state only a date, a place, an author or a publisher, in four languages."""

from __future__ import annotations

import pytest

from corpus.imprint import is_imprint

IMPRINTS = """
Springfield, 14 March 2016
January 8, 1790
Friday, March 4, 1881
Washington, D.C., January 7, 1954
Published on 14 March 2016
December 2d, 1930
2d of December 1930
Paris, le 1er mars 2016
Oslo, 31. desember 2016
Date: 5 May 2015
2016-03-14
14.03.2016
March 2016
2016
By Anna Clay and John Dale
*By Anna Clay*
Author: J. Clay
Delivered by the Minister of Finance, Anna Clay
Musterstadt, im März 2016
Stand: Mai 2016
Von Dr. Anna Clay
Paris, le 14 mars 2016
par Anna Clay
平成28年3月14日
2016年3月
ISSN 1234-5678
Cm 1234
Presented to Parliament by the Minister, March 2018
Version 1.0, 3 March 2019
Published by the Ministry of Ports, 2021
"""
OTHERS = """
Annual Report 2015
Annual Report, 2015
The fleet grew in March 2016
By 2030, ships will be green.
By the end of the year it was done.
From 2014 to 2016
We met on 4 May 2015.
Stand by me
Presented to Parliament
Version control
No boats were lost in 2019
海事白書2016
海事白書平成28年版
"""


@pytest.mark.parametrize("line", IMPRINTS.strip().split("\n"))
def test_a_date_a_place_or_an_author_is_an_imprint(line: str) -> None:
    assert is_imprint(line)


@pytest.mark.parametrize("line", OTHERS.strip().split("\n"))
def test_a_title_or_a_sentence_is_no_imprint(line: str) -> None:
    assert not is_imprint(line)
