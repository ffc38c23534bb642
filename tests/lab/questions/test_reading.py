"""What a text means as numbers: every usual writing, and nothing for nonsense."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lab.questions.reading import matrix_readings, number_readings, tuple_readings

SHAPE = ("channels", "height", "width")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14", 14), (" 14 ", 14), ("14.0", 14), ("14.", 14), ("+14", 14), ("-3", -3), ("−3", -3), ("– 3", -3),
        ("=14", 14), ("o = 14", 14), ("x=14", 14), ("≈ 0.25", Fraction(1, 4)), ("about 14", 14), ("(14)", 14),
        ("14 px", 14), ("14 pixels", 14), ("14px", 14), ("61,706 parameters", 61706), ("12 MACs", 12), ("3 steps", 3),
        ("61,706", 61706), ("61.706", 61706), ("61 706", 61706), ("61'706", 61706), ("61’706", 61706),
            ("61_706", 61706),
        ("61\u202f706", 61706), ("15,470,264,320", 15470264320), ("1.234,5", Fraction(2469, 2)),
        ("1,234.5", Fraction(2469, 2)), ("0,25", Fraction(1, 4)), (".5", Fraction(1, 2)), (",5", Fraction(1, 2)),
        ("7/3", Fraction(7, 3)), ("7 / 3", Fraction(7, 3)), ("2 1/3", Fraction(7, 3)), ("-2 1/3", Fraction(-7, 3)),
        ("2⅓", Fraction(7, 3)), ("½", Fraction(1, 2)), ("-7/3", Fraction(-7, 3)), (r"$\frac{7}{3}$", Fraction(7, 3)),
        ("61{,}706", 61706), ("1.2e3", 1200), ("1.2 x 10^3", 1200), ("1.2·10^3", 1200), ("5e-1", Fraction(1, 2)),
        ("25%", Fraction(1, 4)), ("2 KiB", 2048), ("2 million", 2_000_000), ("1,000", 1000),
    ],
)  # fmt: skip
def test_a_number_in_any_usual_writing(text: str, value: int | Fraction) -> None:
    assert value in number_readings(text)


@pytest.mark.parametrize("text", ["0.250", "1.5", "12,5", "1234,567"])
def test_an_unambiguous_decimal_has_one_meaning_or_its_thousands(text: str) -> None:
    meanings = number_readings(text)
    assert Fraction(text.replace(",", ".")) in meanings
    assert len(meanings) == (2 if text == "0.250" else 1)


@pytest.mark.parametrize(
    "text",
    ["", " ", "many", "14²", "fourteen", "1/0", "1e99", "1e-99", "nan", "inf", "∞", "--3", "1 2 3", "1,2,3",
        "12,34,567",
     "四", "१४", "9" * 31, "9" * 100_000, "1/2/3", "0x10", "14 cats", "()", "-", "e5", "\x00", "🙂14"],
)  # fmt: skip
def test_nonsense_means_nothing(text: str) -> None:
    assert number_readings(text) == ()


@pytest.mark.parametrize(
    "text",
    ["32x14x15", "32×14×15", "32 × 14 × 15", "32*14*15", "32X14X15", "(32, 14, 15)", "[32,14,15]",
        "32,14,15", "32 14 15",
     "32; 14; 15", "32 by 14 by 15", "torch.Size([32, 14, 15])", "C=32, H=14, W=15", "H=14, W=15, C=32",
     "14 high, 15 wide, 32 channels", "height 14, width 15 and channels 32", r"$32 \times 14 \times 15$",
     "32 channels, 14 rows, 15 columns"],
)  # fmt: skip
def test_a_shape_in_any_usual_writing(text: str) -> None:
    assert (32, 14, 15) in tuple_readings(text, SHAPE)


def test_thousands_in_a_shape_are_read_between_times_signs() -> None:
    assert (1024, 7, 7) in tuple_readings("1,024×7×7", SHAPE)


@pytest.mark.parametrize("text", ["1 2\n3 4", "1,2\n3,4", "1, 2; 3, 4", "[[1, 2], [3, 4]]", "1 2 3 4",
    "1 & 2 \\\\ 3 & 4",
                                  "| 1 2 |\n| 3 4 |", "1\t2\n3\t4", "(1 2)\n(3 4)"])  # fmt: skip
def test_a_matrix_as_text_rows(text: str) -> None:
    assert (("1", "2"), ("3", "4")) in matrix_readings(text, 2, 2)


@pytest.mark.parametrize("text", ["", "1 2 3", "1 2\n3", "x" * 5000])
def test_a_matrix_of_another_size_is_none(text: str) -> None:
    assert matrix_readings(text, 2, 2) == ()
