"""Real files from outside of the repository; skipped where they are not at hand."""

import time
from pathlib import Path

import pytest
from test_loaders_load import check

from index.errors import DocumentError
from index.loaders import find, load

SHARED = Path(__file__).parents[2] / "shared"
DOCUMENTS = SHARED / "data" / "documents"
SEED = SHARED / "seeds" / "000_c45165b92f2c6696.txt"

pytestmark = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"needs the documents in {DOCUMENTS}")


def text_of(name: str) -> str:
    return load(DOCUMENTS / name).text


def test_every_file_gives_a_sound_document_or_an_error_that_names_it() -> None:
    loaded = failed = 0
    for item in find([DOCUMENTS]):
        assert not isinstance(item, DocumentError)
        try:
            check(load(item.path, name=item.name))
            loaded += 1
        except DocumentError as error:
            assert error.name == item.name
            failed += 1
    assert (loaded, failed) == (32, 12)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("formats/image-only.pdf", "no text on any page; it seems to be scanned"),
        ("formats/password.pdf", "it is encrypted; remove its password first"),
        ("formats/random.bin", "unknown kind .bin"),
        ("formats/test_files.zip", "unknown kind"),
    ],
)
def test_what_can_t_be_read_says_why(name: str, reason: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load(DOCUMENTS / name)
    assert caught.value.reason.startswith(reason)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("sec-10-q/2022-Q3-AAPL.pdf", "Total net sales | 82,959 | 81,434 | 304,182 | 282,457"),
        ("sec-10-q/2022-Q3-AAPL.pdf", "Net income | $ 19,442 | $ 21,744 | $ 79,082 | $ 74,129"),
        ("sec-10-q/2022-Q3-AAPL.pdf", "June 25, 2022 | June 26, 2021 | June 25, 2022 | June 26, 2021"),
        ("sec-10-q/2022-Q3-NVDA.pdf", "Net change in unrealized gain (loss) | (15) | 5 | (60) | (5)"),
        ("sec-10-q/2023-Q2-AMZN.pdf", "Cost of sales | 66,424 | 69,373 | 132,923 | 137,164"),
        ("ntsb/20080111X00040.pdf", "Location: Madill, OK | Accident Number: DFW08CA044"),
        (
            "ntsb/20080111X00040.pdf",
            "Medical Certification: Class 3 Without Waivers/Limitations | Last FAA Medical Exam: 09/01/2007",
        ),
        ("nih/NCT06151600_Prot_000.pdf", "ONLS | Overall Neuropathy Limitation Scale"),
        ("formats/test_wikipedia.html", "Founded | April 4, 1975 in Albuquerque, New Mexico, U.S."),
        ("formats/word_tables.docx", "Cell 1.0 | Cell 1.1 | Cell 1.2"),
        ("formats/test_mskanji.csv", "名前: 髙橋淳 | 年齢: 35 | 住所: 名古屋"),
    ],
)
def test_a_row_of_a_table_is_one_line(name: str, line: str) -> None:
    assert line in text_of(name).split("\n")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "ntsb/20080111X00040.pdf",
            "The 28-hour solo student pilot landed with a crosswind condition and lost control of the "
            "airplane during the landing roll.",
        ),
        (
            "nih/NCT06152900_Prot_SAP_000.pdf",
            "Photographic evaluation by an independent, blinded reviewer with correct identification of "
            "pre-treatment baseline images when compared to post-treatment images taken at follow up visits.",
        ),
        (
            "nih/NCT06154122_Prot_000.pdf",
            "Data will be stored on One Drive for 5 years, after which it will be deleted and CRFs will be "
            "shredded as confidential waste.",
        ),
        ("formats/test.pdf", "There are at least three reasons confirming its general feasibility"),
        ("formats/geotopo.pdf", "Schnitte zweier Kugeln mit unterschiedlichem Mittelpunkt"),
        ("formats/wiki.md", "the name was changed on February 14, 1924.[28]"),
    ],
)
def test_a_sentence_is_whole(name: str, sentence: str) -> None:
    assert sentence in text_of(name)


def test_a_sentence_across_two_pages_belongs_to_the_first() -> None:
    document = load(DOCUMENTS / "nih/NCT06154122_Prot_000.pdf")
    start = document.text.index("Data will be stored on One Drive")
    assert document.page_at(start) == 2
    assert document.page_at(document.text.index("it will be deleted and CRFs")) == 3


def test_the_user_s_own_document_loads_with_its_paragraphs() -> None:
    document = load(SEED)
    paragraphs = document.text.split("\n\n")
    assert paragraphs[0].startswith("date 2020-06-10 A coalition of racial justice teams on Tuesday")
    assert any(
        paragraph.startswith("IBM this week stated it’s now not promoting") for paragraph in paragraphs
    )
    assert document.title == ""


def test_pdfs_give_at_least_thirty_pages_a_second() -> None:
    started = time.process_time()
    pages = sum(len(load(path).pages) for path in sorted(DOCUMENTS.glob("sec-10-q/*.pdf")))
    assert pages / (time.process_time() - started) > 30
