"""Numbers are shown as Excel shows them; expected texts follow ECMA-376, part 1, 18.8.30 and 18.8.31."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers.spreadsheets.number_format import format_number, format_text


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (7, "000", "007"),
        (1234.5, "#,##0.0", "1,234.5"),
        (-1234.5, "#,##0.0;(#,##0.0)", "(1,234.5)"),
        (-1234, r'_(* #,##0_);_(* \(#,##0\);_(* "-"??_);_(@_)', "(1,234)"),
        (0, r'_(* #,##0_);_(* \(#,##0\);_(* "-"??_);_(@_)', "-"),
        (-3, '#,##0;"△"#,##0', "△3"),
        (-3, r"#,##0_ ;[Red]\-#,##0\ ", "-3"),
        (0.1234, "0.0%", "12.3%"),
        (-0.5, "0%", "-50%"),
        (2.675, "0.00", "2.68"),
        (-0.001, "0.0", "-0.0"),
        (1234567, "#,##0,", "1,235"),
        (1234567, '0.0,,"m"', "1.2m"),
        (0.5, "0.0##", "0.5"),
        (3, '0"人"', "3人"),
        (5, "[$€-407] #,##0.00", "€ 5.00"),
        (12345.678, "0.00E+00", "1.23E+04"),
        (99999, "0.0E+0", "1.0E+5"),
        (1.5, "# ?/?", "1 1/2"),
        (5551234, "000-0000", "555-1234"),
        (150, '[>100]"high";0', "high"),
        (0.1 + 0.2, "General", "0.3"),
        (1 / 3, "", "0.333333333"),
        (0.000012345, "General", "1.2345E-05"),
        (123456789012, "General", "123456789012"),
        (12, 'General" km"', "12 km"),
        (42094, "yyyy-mm-dd", "2015-03-31"),
        (42094, "mmm-yy", "Mar-15"),
        (42094.75, "m/d/yyyy h:mm AM/PM", "3/31/2015 6:00 PM"),
        (42094, '[$-411]yyyy"年"m"月"d"日";@', "2015年3月31日"),
        (1.5, "[h]:mm", "36:00"),
        (0.5 / 24, "mm:ss", "30:00"),
        (-1, "yyyy", "-1"),
        (-3, '0" a; b"', "-3 a; b"),
        (1e30, "0.00", f"1{'0' * 30}.00"),
        (0.5, f"0.{'0' * 30}", f"0.5{'0' * 29}"),
        (float("inf"), "0.0", ""),
        (1, '"a' * 120 + "\\", "a" * 120 + "\\"),  # with backtracking it would not end
    ],
)
def test_a_number_is_shown_by_its_format_code(value: float, code: str, shown: str) -> None:
    assert format_number(value, code) == shown


def test_dates_can_count_from_1904() -> None:
    assert format_number(42094 - 1462, "yyyy-mm-dd", from_1904=True) == "2015-03-31"


def test_text_keeps_its_form_unless_the_code_adds_to_it() -> None:
    assert format_text("007", "#,##0.0") == "007"
    assert format_text("a", '0;0;0;"<"@">"') == "<a>"


@settings(max_examples=60)
@given(
    st.floats(),
    st.text(st.sampled_from('0#?.,%E+-eymdhsAP/@;"\\_*[]<>=$G al5年'), max_size=24) | st.text(max_size=8),
)
def test_any_code_gives_one_line(value: float, code: str) -> None:
    assert "\n" not in format_number(value, code).strip()
    assert isinstance(format_text("a", code), str)
