from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.reading.spans import LONGEST_SPAN_TOKENS, best_spans, items, tidy


def tokens(text: str) -> NDArray[np.int64]:
    """The places of the words, as a tokeniser would give them."""
    places, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        places.append((at, at + len(word)))
        at += len(word)
    return np.array(places, np.int64).reshape(-1, 2)


def peaks(length: int, *at: tuple[int, float]) -> NDArray[np.float32]:
    logits = np.full(length, -8, np.float32)
    for place, value in at:
        logits[place] = value
    return logits


def test_the_likeliest_span_comes_first_and_the_others_lie_beside_it() -> None:
    text = "in June 2020 IBM left and in 2021 others followed"
    offsets = tokens(text)
    start, end = peaks(10, (1, 5), (3, 3), (7, 4)), peaks(10, (2, 5), (3, 3), (7, 4))
    found = best_spans(text, offsets, start, end)
    assert [text[one.start : one.end] for one in found] == ["June 2020", "2021", "IBM"]
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_span_does_not_reach_from_one_sentence_into_the_next() -> None:
    text = "A heading\n\nIBM left. Amazon stayed."
    offsets = tokens(text)
    found = best_spans(text, offsets, peaks(6, (0, 9)), peaks(6, (2, 9)))
    assert all("\n" not in text[one.start : one.end] for one in found)


def test_neither_a_span_nor_an_item_reaches_from_one_cell_of_a_table_into_the_next() -> None:
    text = "Sales | 2022: 82,959 | 2021: 81,434"
    offsets = tokens(text)
    logits = np.tile(np.array([-5, -5, 5], np.float32), (7, 1))
    found = best_spans(text, offsets, peaks(7, (0, 9)), peaks(7, (6, 9)))
    assert found and all("|" not in text[one.start : one.end] for one in found)
    assert [text[one.start : one.end] for one in items(text, offsets, logits)] == [
        "Sales",
        "2022: 82,959",
        "2021: 81,434",
    ]


def test_a_span_is_not_longer_than_the_limit() -> None:
    text = " ".join(f"w{number}" for number in range(80))
    found = best_spans(text, tokens(text), peaks(80, (0, 9)), peaks(80, (79, 9)))
    assert all(len(text[one.start : one.end].split()) <= LONGEST_SPAN_TOKENS for one in found)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_spans_lie_in_the_text_and_never_overlap(length: int, seed: int) -> None:
    text = " ".join("ab. c, (d) e".split()[number % 4] for number in range(length))
    dice = np.random.default_rng(seed)
    start, end = dice.normal(size=(2, length)).astype(np.float32) * 3
    found = sorted(best_spans(text, tokens(text), start, end), key=lambda one: one.start)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_items_are_runs_of_words_that_belong_to_one() -> None:
    text = "IBM, Amazon Web Services and Microsoft left"
    logits = np.array(
        [[-5, 5, 0], [-5, 5, 0], [-5, 0, 5], [-5, 0, 5], [5, 0, 0], [-5, 5, 0], [5, 0, 0]], np.float32
    )
    found = items(text, tokens(text), logits)
    assert [text[one.start : one.end] for one in found] == ["IBM", "Amazon Web Services", "Microsoft"]
    assert all(one.score > 0.9 for one in found)


def test_neighbouring_items_are_told_apart_by_where_one_begins() -> None:
    text = "red green blue"
    logits = np.array([[-5, 5, 0], [-5, 5, 0], [-5, 0, 5]], np.float32)
    assert [text[one.start : one.end] for one in items(text, tokens(text), logits)] == ["red", "green blue"]


@pytest.mark.parametrize(
    ("text", "inside", "expected"),
    [
        ("the Northern Neck Proprietary was", "Northern Proprietary", ["Northern Neck Proprietary"]),
        ("IBM leaves its shop\n\nAmazon stays here", "leaves Amazon", ["leaves", "Amazon"]),
        ("the Bay of many Pigs was", "Bay Pigs", ["Bay of many Pigs"]),
        ("Lennon and McCartney wrote", "Lennon McCartney", ["Lennon", "McCartney"]),
        ("Lennon , McCartney wrote", "Lennon McCartney", ["Lennon", "McCartney"]),
        ("Lennon was older than McCartney", "Lennon McCartney", ["Lennon", "McCartney"]),
        ("the WHO or a nurse", "the WHO a nurse", ["the WHO", "a nurse"]),
        ("the NULL (default and good) mode", "NULL (default good)", ["NULL (default and good)"]),
        ("there is it", "there it", []),
    ],
)
def test_items_are_whole_names_and_more_than_small_words(text: str, inside: str, expected: list[str]) -> None:
    wanted = inside.split()
    rows = [[-5, 0, 5] if word in wanted else [5, 0, 0] for word in text.split()]
    found = items(text, tokens(text), np.array(rows, np.float32))
    assert [text[one.start : one.end] for one in found] == expected
    assert all(one.score > 0.9 for one in found)


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("in 2020, he", "2020,", "2020"),
        ("the recognition of", "cogni", "recognition"),
        ('said "Go!" and', '"Go!"', "Go"),
        ("made by Apple Inc. in", "Apple Inc.", "Apple Inc."),
        ("the U.S. army", "U.S.", "U.S."),
        ("rose (by 5 %) then", "(by 5 %)", "(by 5 %)"),
        ("rose (by 5 %) then", "(by 5", "by 5"),
        ("in Tokyo (東京都庁) today", "京都", "京都"),
        (" , ", ",", ""),
    ],
)
def test_a_place_is_made_tidy(text: str, part: str, expected: str) -> None:
    start = text.index(part)
    first, last = tidy(text, start, start + len(part))
    assert text[first:last] == expected
