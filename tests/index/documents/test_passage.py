from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index import Document, Heading, normalise, open_embedder
from index.documents.passage import MOST_WORDS, Passage, context, context_of, split

WORDS = ["x", "é", "🙂", "word ", "ש", "A. "]
PIECES = [
    "A sentence of some words.",
    "a | b. C | d",
    "\nRow | |  | x |",
    "Heading\n",
    "\r\n",
    "كلمة عربية.",
    "no end",
]
ODD = (
    st.text(max_size=3000)
    | st.text(alphabet=st.sampled_from(list("ab. \n!?\r\té한ש🙂👨‍👩‍👧\u0301")), max_size=3000)
    | st.builds(lambda word, times: word * times, st.sampled_from(WORDS), st.integers(1, 4000))
    | st.lists(st.sampled_from(PIECES), max_size=200).map(" ".join)
)


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def characters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


@given(ODD)
def test_passages_cover_the_text_in_order_and_keep_the_limit(text: str) -> None:
    document = Document("a.txt", normalise(text))
    places = split(document, characters, 200)
    assert all(0 <= start < end <= len(document.text) for start, end in places)
    assert all(end - start <= 200 for start, end in places)
    assert places == sorted(set(places))
    covered = 0
    for start, end in places:
        assert document.text[covered:start].strip(" |\n") == "", "nothing but space and bars lies between"
        covered = max(covered, end)
    assert document.text[covered:].strip(" |\n") == ""


@given(ODD)
def test_the_text_of_a_passage_is_the_documents(text: str) -> None:
    document = Document("a.txt", normalise(text))
    for number, (start, end) in enumerate(split(document, characters, 300)):
        passage = Passage(number, document, start, end)
        assert passage.text == document.text[start:end] == passage.text.strip()


def test_passages_are_of_whole_sentences_and_overlap_by_one_or_two() -> None:
    text = " ".join(f"This is the sentence number {number} of ten words in all." for number in range(60))
    document = Document("a.txt", text)
    places = split(document, words, 400)
    assert all(
        text[start:end].startswith("This") and text[start:end].endswith("all.") for start, end in places
    )
    counts = [len(text[start:end].split()) for start, end in places]
    assert all(100 <= count <= MOST_WORDS for count in counts[:-1])
    overlaps = [len(text[b:a].split()) for (_, a), (b, _) in pairwise(places)]
    assert all(overlap in (11, 22) for overlap in overlaps)


def test_a_heading_goes_with_the_text_after_it() -> None:
    body = "A sentence with exactly seven words here. " * 9
    text = normalise(f"First\n{body}\nSecond\n{body}")
    second = text.index("Second")
    document = Document("a.md", text, headings=(Heading(0, 5, 1), Heading(second, second + 6, 1)))
    assert [text[start : start + 6].split()[0] for start, _ in split(document, words, 400)] == [
        "First",
        "Second",
    ]


def test_a_row_stands_whole_in_a_passage_if_it_fits_into_one() -> None:
    rows = [
        f"Name: Pump {n} | Reset: no. | Reconnect: true. | Note: Check it. Twice. And again."
        for n in range(30)
    ]
    text = "\n".join(rows)
    places = split(Document("a.csv", text), words, 60)
    assert all(line in rows for start, end in places for line in text[start:end].split("\n"))


def test_a_row_of_more_words_than_a_passage_has_else_stands_whole_if_the_embedder_has_room() -> None:
    row = " | ".join(f"Column {number}: a b. C d" for number in range(30))
    text = f"{row}\nshort | row\n{row}"
    places = split(Document("a.csv", text), words, 400)
    assert [text[start:end] for start, end in places] == [row, "short | row", row]


def test_a_row_that_is_too_long_is_cut_between_cells() -> None:
    cells = [f"Column {number}: one two. Three four five" for number in range(16)]
    text = " | ".join(cells[:8]) + " |  | " + " | ".join(cells[8:])
    places = split(Document("a.csv", text), words, 50)
    parts = [text[start:end].split(" | ") for start, end in places]
    assert [cell for part in parts for cell in part] == cells
    assert len(parts) == 4


def test_a_cell_that_is_too_long_is_cut_between_sentences() -> None:
    cell = " ".join(f"Step {number} is to turn the screw." for number in range(30))
    text = f"Fault: noise | {cell}"
    places = split(Document("a.csv", text), words, 60)
    assert text[slice(*places[0])].startswith("Fault: noise")
    assert all(text[start:end].endswith("screw.") for start, end in places[1:])


def test_the_context_is_title_and_heading() -> None:
    text = "Report\nIntroduction\nText."
    document = Document("a.md", text, "Report", headings=(Heading(0, 6, 1), Heading(7, 19, 2)))
    assert context(document, 20) == "Report: Introduction"
    assert context(document, 7) == "Report"
    assert context_of("", "Introduction") == "Introduction"


def test_real_passages_with_their_context_fit_the_embedder() -> None:
    embedder = open_embedder()
    heading = "An unusual heading about Ψ-functions"
    text = normalise(
        f"{heading}\n" + "Anti-neuroinflammatory polypharmacology, 1,234.56 µg/mL (p<0.001). " * 200
    )
    document = Document(
        "a.md", text, "Pharmacology of unpronounceable substances", headings=(Heading(0, len(heading), 1),)
    )
    places = split(document, embedder.token_counts, embedder.maximum_length - 2)
    texts = [f"{context(document, start)}\n{text[start:end]}" for start, end in places]
    assert max(embedder.token_counts(texts)) <= embedder.maximum_length - 2
    assert len(places) > 5
