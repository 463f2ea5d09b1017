"""Places of a text are found again after lines were put between its own."""

from hypothesis import given
from hypothesis import strategies as st

from index.documents.document import Document
from index.documents.shifts import shifted, shifts

LINES = st.lists(
    st.text("abc ", min_size=1, max_size=6).map(lambda line: f"x{line}x"), min_size=1, max_size=12
)


@given(LINES, st.data())
def test_every_line_that_is_there_still_is_found_in_order(lines: list[str], data: st.DataObject) -> None:
    numbered = [f"{number} {line}" for number, line in enumerate(lines)]
    new: list[str] = []
    for line in numbered:
        new += [f"new {one}" for one in data.draw(st.lists(st.text("de", max_size=3), max_size=2))]
        new.append(line)
    old, whole = Document("a", "\n".join(numbered)), Document("a", "\n".join(new))
    moved = shifts(old, whole)
    for line in numbered:
        start = shifted(old.text.index(line), moved)
        end = shifted(old.text.index(line) + len(line) - 1, moved) + 1
        assert whole.text[start:end] == line


def test_pages_are_compared_each_with_its_own() -> None:
    old = Document("a", "same\n\nsame", pages=(0, 0, 6))
    new = Document("a", "same\n\nsame\n\nread\n\nsame", pages=(0, 6, 18))
    assert [shifted(at, shifts(old, new)) for at in (0, 6, 9)] == [6, 18, 21]
