"""HTML, Markdown and Word documents: the exact text of small ones."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from index.documents.document import Document
from index.errors import DocumentError
from index.loaders import load_bytes


def headings(document: Document) -> list[tuple[str, int]]:
    return [(document.text[h.start : h.end], h.level) for h in document.headings]


def html(markup: str) -> Document:
    return load_bytes(markup.encode(), "a.html")


def test_a_web_page_is_its_visible_text() -> None:
    document = html(
        """<!DOCTYPE html><html><head><title>Winter on the ridge | The Almanac</title>
        <meta name="author" content="Ada Byron">
        <meta property="article:published_time" content="2023-04-05T10:00:00Z">
        <style>p { color: red }</style><script>var hidden = "<p>no</p>";</script></head>
        <body><nav><a href="/">Home</a></nav><main><h1>Winter on the ridge</h1>
        <p>The station &amp; its <b>crew</b>&nbsp;of eleven.<br>They stayed.</p>
        <p hidden>no</p>
        <div style="display:none">no</div>
        <h2>Stores</h2><ul><li>a baro&shy;meter</li><li>a <i>stove</i></li></ul>
        <pre>kept   as
  it is</pre></main><footer>Imprint</footer></body></html>"""
    )
    assert document.text == (
        "Winter on the ridge\n\nThe station & its crew of eleven.\nThey stayed.\n\n"
        "Stores\n\na barometer\na stove\n\nkept   as\n  it is"
    )
    assert headings(document) == [("Winter on the ridge", 1), ("Stores", 2)]
    assert document.title == "Winter on the ridge"
    assert document.metadata == {
        "title": "Winter on the ridge",
        "author": "Ada Byron",
        "created": "2023-04-05",
    }


def test_a_paragraph_in_a_list_s_item_stands_beside_its_number() -> None:
    document = html(
        "<ol><li><p>Open the lid.</p><p>It is heavy.</p></li> <li> <div>Lift the <b>drum</b>.</div></li>"
        "<li><ol type=a><li><p>Clean it.</p></li></ol></li></ol><ul><li><p>Dry it.</p></li></ul>"
    )
    assert document.text == (
        "1. Open the lid.\n\nIt is heavy.\n2. Lift the drum.\n3.\n\na. Clean it.\n\nDry it."
    )


def test_a_table_row_is_one_line() -> None:
    document = html(
        "<p>Before</p><table><caption>Sales</caption><tr><th>Item<th>2022</tr>"
        "<tr><td>Tea<br>green<td>$ 1</tr><tr><td><ul><li>Milk<li>Cream</ul><td>2</tr></table><p>After</p>"
    )
    assert (
        document.text
        == "Before\n\nSales\nItem | 2022\nItem: Tea green | 2022: $ 1\nItem: Milk; Cream | 2022: 2\n\nAfter"
    )


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<dt>Rye loaf</dt><dd>gluten, <b>sesame</b></dd>", "Rye loaf: gluten, sesame"),
        ("<div><dt>Egg:\n</dt> <dd>one</dd></div><dt>Milk<dd>cow<dd>goat", "Egg: one\nMilk: cow\ngoat"),
        ("<dt>Who bakes?</dt><dd>We do.</dd>", "Who bakes?\nWe do."),
        ("<dt>Ovens</dt><dd><p>Two.</p><p>One is old.</p></dd>", "Ovens\nTwo.\n\nOne is old."),
        (
            "<dt>Sugar</dt><dd></dd><dt>Salt</dt><dt>Pepper</dt><dd>a pinch</dd>",
            "Sugar\nSalt\nPepper: a pinch",
        ),
    ],
)
def test_what_describes_a_term_stands_on_its_line(inside: str, text: str) -> None:
    assert html(f"<dl>{inside}</dl>").text == text


def test_a_table_that_only_places_things_is_not_data() -> None:
    assert html("<table><tr><td><h2>Left</h2><p>One.</p></td><td><p>Two.</p></td></tr></table>").text == (
        "Left\n\nOne.\n\nTwo."
    )


def test_marks_of_footnotes_go_and_other_raised_text_stays() -> None:
    text = html('<p>Founded in 1911.<sup class="reference"><a>[12]</a></sup> E = mc<sup>2</sup></p>').text
    assert text == "Founded in 1911. E = mc²"


def test_the_declared_encoding_of_a_page_is_used() -> None:
    markup = '<html><head><meta charset="iso-8859-2"></head><body>Łódź žluťoučký</body></html>'
    assert load_bytes(markup.encode("iso-8859-2"), "a.html").text == "Łódź žluťoučký"


def test_deeply_nested_markup_is_refused_before_it_costs_time() -> None:
    with pytest.raises(DocumentError, match=r"nested deeper than 10,000 levels"):
        html("<div>" * 200_000 + "x")
    assert html("<div>" * 3_000 + "x").text == "x"
    assert html("<p>x" * 20_000).text.count("x") == 20_000


def test_a_page_without_text_says_so() -> None:
    with pytest.raises(DocumentError, match="no text in it"):
        html("<html><head><title>T</title></head><body><script>1</script></body></html>")


def test_markdown_is_read_without_its_markup() -> None:
    document = load_bytes(
        b"""---
title: "Winter on the ridge"
author: Ada Byron
date: 2023-04-05
---
# The *northern* ridge

The [station](https://example.org "t") was **built**
in `1902` by ~~ten~~ eleven men.\\
They stayed. ![a hut](hut.png)

## Stores

- a barometer
- a stove
  1. with wood
  2. with coal

| Item | Price |
|------|------:|
| Tea  | $ 1   |

> Quoted &amp; kept.

```python
x = 1
```

<div>In <b>HTML</b></div>
""",
        "a.md",
    )
    assert document.text == (
        "title: Winter on the ridge\nauthor: Ada Byron\ndate: 2023-04-05\n\n"
        "The northern ridge\n\nThe station was built in 1902 by eleven men.\nThey stayed. a hut\n\n"
        "Stores\n\na barometer\na stove\n1. with wood\n2. with coal\n\n"
        "Item | Price\nItem: Tea | Price: $ 1\n\n"
        "Quoted & kept.\n\nx = 1\n\nIn HTML"
    )
    assert headings(document) == [("The northern ridge", 1), ("Stores", 2)]
    assert document.title == "Winter on the ridge"
    assert document.metadata["created"] == "2023-04-05"
    assert document.unread == ("struck-out text under “The northern ridge”: “ten”",)


def test_markdown_without_front_matter_is_titled_by_its_heading() -> None:
    assert load_bytes(b"Setext\n======\n\nText.", "a.md").title == "Setext"


def word(document: "docx.document.Document") -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_word_document_in_reading_order() -> None:
    made = docx.Document()
    made.core_properties.title = ""
    made.core_properties.author = "Ada Byron"
    made.sections[0].header.paragraphs[0].text = "Running header"
    made.add_heading("Winter on the ridge", 0)
    made.add_heading("The crew", 1)
    made.add_paragraph("Eleven men\tstayed.").add_run().add_break()
    made.add_paragraph("a barometer", style="List Bullet")
    made.add_paragraph("a stove", style="List Bullet")
    table = made.add_table(2, 2)
    for cell, text in zip(table._cells, ("Item", "Price", "Tea", "$ 1"), strict=True):
        cell.text = text
    made.add_heading("Stores", 2)
    made.add_paragraph("After the table.")
    document = load_bytes(word(made), "a.docx")
    assert document.text == (
        "Winter on the ridge\n\nThe crew\n\nEleven men stayed.\n• a barometer\n• a stove\n\n"
        "Item | Price\nItem: Tea | Price: $ 1\n\nStores\n\nAfter the table.\n\nPage header: Running header"
    )
    assert headings(document) == [("Winter on the ridge", 1), ("The crew", 1), ("Stores", 2)]
    assert document.title == "Winter on the ridge"
    assert document.metadata["author"] == "Ada Byron"


def test_text_boxes_are_read_once_and_deleted_text_never() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("Beside the box.")
    box = "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"
    compatibility = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    paragraph._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')} {compatibility}><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    paragraph._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del>")
    )
    assert load_bytes(word(made), "a.docx").text == "Beside the box.\n\nIn the box."


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a/>")
        archive.writestr("word/big.xml", bytes(101 * 1024 * 1024))
    with pytest.raises(DocumentError, match="it unpacks to 105,906,180 bytes"):
        load_bytes(buffer.getvalue(), "bomb.docx")


def test_a_damaged_word_document_says_so() -> None:
    data = word(docx.Document())
    with pytest.raises(DocumentError, match="it is damaged"):
        load_bytes(data[: len(data) // 2], "a.docx")
