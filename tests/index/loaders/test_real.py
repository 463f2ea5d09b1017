"""Real files from outside of the repository; skipped where they are not at hand."""

from pathlib import Path

import pytest

from index.documents.document import Document
from index.errors import DocumentError
from index.loaders import extract, find, load
from tests.index.loaders.test_load import check

SHARED = Path(__file__).parents[4] / "shared"
DOCUMENTS = SHARED / "data" / "documents"
SEED = SHARED / "seeds" / "000_c45165b92f2c6696.txt"

pytestmark = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"needs the documents in {DOCUMENTS}")


def text_of(name: str) -> str:
    return load(DOCUMENTS / name).text


def test_every_file_gives_a_sound_document_or_an_error_that_names_it() -> None:
    loaded = failed = 0
    for item in find([DOCUMENTS]):
        assert not isinstance(item, DocumentError)
        for one in extract(item.path, name=item.name):
            assert one.name.startswith(item.name)
            if isinstance(one, Document):
                check(one)
                loaded += 1
            else:
                failed += 1
    assert (loaded, failed) == (47, 3)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("formats/image-only.pdf", "no text could be read on 6 of 6 pages"),
        ("formats/password.pdf", "it is encrypted; remove its password first"),
        ("formats/random.bin", "unknown kind .bin"),
        ("formats/test_files.zip", "it is an archive of documents, not a document"),
    ],
)
def test_what_can_t_be_read_says_why(name: str, reason: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load(DOCUMENTS / name)
    assert caught.value.reason.startswith(reason)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "sec-10-q/2022-Q3-AAPL.pdf",
            "Total net sales | Three Months Ended June 25, 2022: 82,959 | "
            "Three Months Ended June 26, 2021: 81,434 | Nine Months Ended June 25, 2022: 304,182 | "
            "Nine Months Ended June 26, 2021: 282,457",
        ),
        (
            "sec-10-q/2022-Q3-AAPL.pdf",
            "Earnings per share: Diluted | Three Months Ended June 25, 2022: $ 1.20 | "
            "Three Months Ended June 26, 2021: $ 1.30 | Nine Months Ended June 25, 2022: $ 4.82 | "
            "Nine Months Ended June 26, 2021: $ 4.38",
        ),
        (
            "sec-10-q/2022-Q3-AAPL.pdf",
            "Shareholders’ equity: Retained earnings | June 25, 2022: 5,289 | September 25, 2021: 5,562",
        ),
        ("sec-10-q/2022-Q3-AAPL.pdf", "June 25, 2022 | June 26, 2021 | June 25, 2022 | June 26, 2021"),
        (
            "sec-10-q/2022-Q3-NVDA.pdf",
            "Total assets | October 30, 2022: $ 40,488 | January 30, 2022: $ 44,187",
        ),
        (
            "sec-10-q/2023-Q2-AMZN.pdf",
            "Operating expenses: Cost of sales | Three Months Ended June 30, 2022: 66,424 | "
            "Three Months Ended June 30, 2023: 69,373 | Six Months Ended June 30, 2022: 132,923 | "
            "Six Months Ended June 30, 2023: 137,164",
        ),
        ("formats/xlsx_05_table_with_title.xlsx", "Year: 2022 | Freshwater Ducks: 170"),
        ("formats/test.xlsx", "Alpha: 89 | Beta: 82 | Gamma: 100 | Delta: 12"),
        (
            "formats/powerpoint_sample.pptx",
            "R1 | Class1 A merged with B: True | Class1 A merged with B: False | Class2 A: False | "
            "Class2 B: True | Class2 C: True",
        ),
        ("ntsb/20080111X00040.pdf", "Location: Madill, OK | Accident Number: DFW08CA044"),
        (
            "ntsb/20080111X00040.pdf",
            "Medical Certification: Class 3 Without Waivers/Limitations | Last FAA Medical Exam: 09/01/2007",
        ),
        ("nih/NCT06151600_Prot_000.pdf", "ONLS | Overall Neuropathy Limitation Scale"),
        ("formats/test_wikipedia.html", "Founded | April 4, 1975 in Albuquerque, New Mexico, U.S."),
        ("formats/word_tables.docx", "Header 0.0: Cell 1.0 | Header 0.1: Cell 1.1 | Header 0.2: Cell 1.2"),
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
        ("formats/test.epub", "This is a test paragraph with some formatting."),
        ("formats/eml_with_attachment.eml", "This is a test attachment file."),
        ("formats/msg_simple.msg", "This is a simple email body."),
        ("formats/text_document_01.odt", "It has survived not only many decades, but also the leap"),
        (
            "formats/test.pptx",
            "AutoGen agents are customizable, conversable, and can operate in various modes",
        ),
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
