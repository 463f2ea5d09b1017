"""What is handed in is measured before any work is done on it."""

from qa.limits import shortened


def test_a_value_in_an_error_is_one_short_line() -> None:
    assert shortened("a\nb") == r"'a\nb'"
    assert len(shortened("x" * 1_000)) == 60
    assert shortened("\ud800").isascii()
