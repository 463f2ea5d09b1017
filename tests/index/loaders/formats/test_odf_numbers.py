"""Lists of an OpenDocument text have the numbers that the page shows."""

from index.loaders import load_bytes
from tests.index.loaders.test_kinds import open_document

STYLES = (
    '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix="."'
    ' text:display-levels="2"/>'
    '<text:list-level-style-number text:level="3" style:num-format="a" style:num-prefix="("'
    ' style:num-suffix=")"/></text:list-style>'
    '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
    "</text:list-style></office:automatic-styles>"
)


def item(text: str, inner: str = "", start: str = "") -> str:
    return f"<text:list-item{start}><text:p>{text}</text:p>{inner}</text:list-item>"


def listed(*items: str, style: str = ' text:style-name="L1"') -> str:
    return f"<text:list{style}>{''.join(items)}</text:list>"


def lines_of(body: str) -> list[str]:
    return [line for line in load_bytes(open_document(STYLES + body), "a.odt").text.split("\n") if line]


def test_items_have_the_numbers_of_their_level_and_of_those_above() -> None:
    deepest = listed(item("rope"), item("oil"), style="")
    second = listed(item("Ship", deepest), item("Boat"), style="")
    assert lines_of(listed(item("Term"), item("Fleet", second), item("End"))) == [
        "1. Term",
        "2. Fleet",
        "2.1. Ship",
        "(a) rope",
        "(b) oil",
        "2.2. Boat",
        "3. End",
    ]


def test_a_list_begins_anew_goes_on_or_jumps_as_it_says() -> None:
    goes_on = ' text:style-name="L1" text:continue-numbering="true"'
    jump = ' text:start-value="9"'
    body = (
        listed(item("one"), item("two")) + "<text:p>Between.</text:p>" + listed(item("three"), style=goes_on)
    )
    assert lines_of(body + listed(item("anew"), item("nine", start=jump))) == [
        "1. one",
        "2. two",
        "Between.",
        "3. three",
        "1. anew",
        "9. nine",
    ]


def test_bullets_and_items_without_a_paragraph_have_no_number() -> None:
    assert lines_of(listed(item("rope"), style=' text:style-name="L2"')) == ["rope"]
    assert lines_of(listed("<text:list-item/>", item("oil"))) == ["2. oil"]
