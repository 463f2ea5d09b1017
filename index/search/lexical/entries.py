"""What the lexical index holds of a passage."""

import tantivy

from index.documents.passage import Passage

# The field with a passage's text and what stands above it.
TEXT = "text"
# Holds a whole document, in the entry of its first passage.
WHOLE = "whole"
# The name of the analyser of both.
ANALYSER = "quoth"


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", indexed=True, fast=True)
    builder.add_text_field(TEXT, tokenizer_name=ANALYSER, index_option="position")
    builder.add_text_field(WHOLE, tokenizer_name=ANALYSER, index_option="basic")
    return builder.build()


def entry(passage: Passage, first: bool) -> tantivy.Document:
    """What is indexed of a passage; the first one of a document also has all that is in the document."""
    document = passage.document
    above = (document.name, document.title, *document.heading_path(passage.start))
    made = tantivy.Document()
    made.add_text(TEXT, "\n".join((*dict.fromkeys(above), passage.text)))
    made.add_unsigned("passage", passage.id)
    if first:
        made.add_text(WHOLE, "\n".join((document.name, document.title, document.text)))
    return made
