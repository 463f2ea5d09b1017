"""The numbers of a Markdown file's lists."""

import pytest

from index.loaders import load_bytes


def text_of(content: str) -> str:
    return load_bytes(content.encode(), "a.md").text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("1. Oil\n1. Air\n1. Belt", "1. Oil\n2. Air\n3. Belt"),
        ("0. Oil\n1. Air", "0. Oil\n1. Air"),
        (
            "3. Oil\n4. Air\n\nThen:\n\n7. Belt\n\nAnd:\n\n1. Go",
            "3. Oil\n4. Air\n\nThen:\n\n7. Belt\n\nAnd:\n\n1. Go",
        ),
        ("1. Oil\n\n   - fresh\n   - old\n\n2. Air", "1. Oil\nfresh\nold\n2. Air"),
        (
            "9. Oil\n   1. fresh\n   2. old\n10. Air\n    1. cold",
            "9. Oil\n1. fresh\n2. old\n10. Air\n1. cold",
        ),
        ("> 4. Oil\n> 5. Air", "4. Oil\n5. Air"),
        (" 1. Oil\n  2. Air\n   3. Belt", "1. Oil\n2. Air\n3. Belt"),
        ("1. Oil\r2. Air\r\r   1. cold", "1. Oil\n2. Air\n1. cold"),
    ],
)
def test_items_have_the_numbers_that_a_reader_sees(content: str, expected: str) -> None:
    assert text_of(content) == expected


def test_clauses_that_are_indented_too_little_do_not_renumber_those_they_stand_under() -> None:
    bylaws = "12. Wardens\n\n   1. They are elected.\n\n   2. They may resign.\n\n13. Treasurer\n\n14. Dogs"
    assert text_of(bylaws) == (
        "12. Wardens\n1. They are elected.\n2. They may resign.\n13. Treasurer\n14. Dogs"
    )


def test_code_has_the_number_of_its_item_and_leaves_none_for_what_follows() -> None:
    assert text_of("1. Stop\n2. ```\n   ./run\n   ```\n\nDone.") == "1. Stop\n\n2. ./run\n\nDone."
