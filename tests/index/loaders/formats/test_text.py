"""Plain text and its encodings, CSV and JSON."""

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.document import normalise
from index.errors import DocumentError
from index.loaders import load_bytes
from index.loaders.encoding import decode
from index.loaders.hyphens import Vocabulary


def text_of(content: str | bytes, name: str = "a.txt") -> str:
    return load_bytes(content if isinstance(content, bytes) else content.encode(), name).text


WRAPPED = """\
The station on the northern ridge was built in 1902 by a small crew of
eleven men who stayed there all through the winter. They measured the
wind every morning and wrote what they found into a thick grey book.

The book was found in 1957. It lay under the floor of the second
hut, wrapped in oilcloth, and every page of it could still be read
without any trouble.
"""


def test_text_broken_to_a_width_is_joined() -> None:
    assert text_of(WRAPPED) == (
        "The station on the northern ridge was built in 1902 by a small crew of eleven men who stayed there "
        "all through the winter. They measured the wind every morning and wrote what they found into a thick "
        "grey book.\n\nThe book was found in 1957. It lay under the floor of the second hut, wrapped in "
        "oilcloth, and every page of it could still be read without any trouble."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Half a league, half a league,\nHalf a league onward,\nAll in the valley of Death\nRode they.",
        "Ada Byron\n12 Ridge Road\nNorthtown\nTelephone 555-1234",
        "One paragraph a line, as long as it likes to be, and beyond any width that an editor breaks at.\n"
        "Another one, which likewise is a paragraph of its own and not joined to the one that is above it.\n"
        "A third, and so on; all of them end in a full stop and begin with a capital letter, being longer.",
        "name     age   town and country of birth and of residence      x\n" * 8,
        "def f(x):\n    return x + 1\n\n\ndef g(x):\n    return f(x) * 2",
    ],
)
def test_lines_that_mean_something_are_kept(text: str) -> None:
    assert text_of(text) == normalise(text)


def test_list_items_in_wrapped_text_start_lines_of_their_own() -> None:
    items = "\n- the first thing that they carried up to the ridge in the autumn of the\n  year\n- the second"
    assert text_of(WRAPPED + items).endswith(
        "\n\n- the first thing that they carried up to the ridge in the autumn of the year\n- the second"
    )


def test_entries_of_a_log_stand_alone_however_long_they_are() -> None:
    entries = [
        "2026-03-02 07:14:09 WARN pump 3 lost pressure for 14 seconds, valve B closed",
        "2026-03-02 07:14:23 INFO pump 3 has its pressure back, valve B opened again",
        "2026-03-02 09:40:00 WARN the tank in the cellar holds less than a quarter",
        "2026-03-02 09:52:31 INFO the tank in the cellar was filled by Maria Keller",
    ] * 3
    assert text_of("\n".join(entries)).split("\n") == entries


def test_a_short_first_line_that_stands_alone_is_the_title() -> None:
    document = load_bytes(b"Winter on the ridge\n\nThe station was built in 1902.", "a.txt")
    assert document.title == "Winter on the ridge"
    assert [document.text[h.start : h.end] for h in document.headings] == ["Winter on the ridge"]


@pytest.mark.parametrize("text", ["It was cold.\n\nVery cold.", "One line alone", "First\nsecond\n\nthird"])
def test_other_first_lines_are_no_title(text: str) -> None:
    assert load_bytes(text.encode(), "a.txt").title == ""


GERMAN = "Die Behörden dürfen künftig keine Gesichtserkennung mehr einsetzen, beschloß das Parlament. " * 3
RUSSIAN = "Корпорация объявила, что больше не будет продавать технологии распознавания лиц. " * 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "utf-32"),
        (GERMAN, "cp1252"),
        ("It’s “quoted” – and costs €5.", "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        ("名前,年齢,住所\r\n佐藤太郎,30,東京\r\n", "cp932"),
        ("人工智能公司宣布停止出售人脸识别技术。", "gb18030"),
    ],
)
def test_the_encoding_is_found(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    assert decode(GERMAN.encode() + b"\xff") == GERMAN + "\ufffd"


def test_a_declared_encoding_is_believed_unless_it_is_unknown() -> None:
    assert decode("naïve café".encode("cp850"), "cp850") == "naïve café"
    assert decode(GERMAN.encode("cp1252"), "no-such-thing") == GERMAN
    assert decode(GERMAN.encode("cp1252"), "zlib") == GERMAN


@given(st.text(min_size=1))
def test_utf_8_is_always_read_as_written(text: str) -> None:
    try:
        assert decode(codecs.BOM_UTF8 + text.encode()) == text
    except UnicodeEncodeError:
        assert any("\ud800" <= character <= "\udfff" for character in text)


def test_binary_data_under_a_text_name_is_refused() -> None:
    with pytest.raises(DocumentError, match="binary data, not text"):
        text_of(bytes(range(256)) * 4)
    with pytest.raises(DocumentError, match="binary data, not text"):
        text_of(b"GIF89a\x01\x02\x03\x04\x05\x06\x07" * 20, "a.md")


@pytest.mark.parametrize(
    ("line", "following", "joined"),
    [
        ("the meas-", "urement", "the measurement"),
        ("a well-", "known man", "a well-known man"),
        ("Charcot-", "Marie-Tooth", "Charcot-Marie-Tooth"),
        ("pages 5-", "7 and 8", "pages 5-7 and 8"),
        ("words", "and words", "words and words"),
        ("a dash -", "and more", "a dash - and more"),
        ("the co-", "ordinate", "the co-ordinate"),
        ("a chat-", "optimized model", "a chat-optimized model"),
        ("unknown com-", "pounds", "unknown compounds"),
        ("the meas\u2010", "urement", "the measurement"),
        ("a well\u2010", "known man", "a well\u2010known man"),
        ("a state-of-the-", "art pump", "a state-of-the-art pump"),
        ("a breach-", "of-contract claim", "a breach-of-contract claim"),
        ("a key-measure-", "ment pair", "a key-measurement pair"),
        ("the MEAS-", "UREMENT", "the MEASUREMENT"),
        ("it is measurement-", "based", "it is measurement-based"),
    ],
)
def test_hyphens_at_line_ends(line: str, following: str, joined: str) -> None:
    assert (
        Vocabulary(["measurement", "co-ordinate", "chat", "optimized", "the art", "breach of"]).join(
            line, following
        )
        == joined
    )


def test_each_row_of_a_table_stands_with_its_headers() -> None:
    assert text_of('Name,Town,Note\nAda,London,"first, of many"\nBo,,\n', "a.csv") == (
        "Name: Ada | Town: London | Note: first, of many\nName: Bo"
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    rows = [("Name", "Price"), ("Tea", "1.5"), ("Coffee", "2.5")]
    content = "\r\n".join(delimiter.join(row) for row in rows)
    assert text_of(content, "a.csv") == "Name: Tea | Price: 1.5\nName: Coffee | Price: 2.5"


def test_a_decimal_comma_is_no_delimiter() -> None:
    assert (
        text_of("Ware;Preis\nTee;1,5\nKaffee;2,5\n", "a.csv")
        == "Ware: Tee | Preis: 1,5\nWare: Kaffee | Preis: 2,5"
    )


def test_years_name_columns_and_other_figures_do_not() -> None:
    assert text_of("Country,2019,2020\nNorway,1,2\n", "a.csv") == "Country: Norway | 2019: 1 | 2020: 2"
    assert text_of("Norway,17,23\nSweden,18,24\n", "a.csv") == "Norway | 17 | 23\nSweden | 18 | 24"


def test_a_row_longer_than_the_header_keeps_its_cells() -> None:
    assert text_of("A,B\n1,2,3\n", "a.csv") == "A: 1 | B: 2 | 3"


def test_a_cell_of_several_lines_stays_in_its_row() -> None:
    assert text_of('Name,Note\nAda,"two\nlines"\n', "a.csv") == "Name: Ada | Note: two lines"


def test_japanese_table_in_shift_jis() -> None:
    content = "名前,年齢\r\n佐藤太郎,30\r\n三木英子,25\r\n髙橋淳,35\r\n".encode("cp932")
    assert text_of(content, "a.csv").splitlines()[2] == "名前: 髙橋淳 | 年齢: 35"


def test_short_records_take_one_line_each() -> None:
    records = [
        {"name": "Ada", "born": 1815, "tags": ["a", "b"], "none": None},
        {"name": "Bo", "home": {"town": "X"}},
    ]
    expected = "name: Ada; born: 1815; tags: a, b\nname: Bo; home town: X"
    assert text_of(json.dumps(records), "a.json") == expected
    assert text_of("\n".join(map(json.dumps, records)), "a.jsonl") == expected


def test_one_object_is_written_line_by_line() -> None:
    document = load_bytes(
        b'{"title": "Ridge", "open": true, "height": 1.50, "huts": [{"name": "A"}, {"name": "B"}]}', "a.json"
    )
    assert document.text == "title: Ridge\nopen: true\nheight: 1.5\nhuts name: A\nhuts name: B"
    assert document.title == "Ridge"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "not valid JSON"),
        ('{"a": 1}\n{"a": 2}\n{"a": ', "line 3 is not valid JSON"),
        ("[" * 150 + "1" + "]" * 150, "nested deeper than 100"),
        ("[" * 100_000, "nested deeper|not valid"),
        ("[null, {}]", "no text in it"),
        ("9" * 5000, "not valid JSON"),
    ],
)
def test_bad_json_says_what_is_wrong(content: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        text_of(content, "a.json")
