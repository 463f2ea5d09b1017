"""What rich text calls its characters and code pages, and which parts of a file are not shown."""

import codecs

CHARACTERS = {
    "line": "\n",
    "tab": "\t",
    "nestcell": "; ",
    "nestrow": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "~": "\u00a0",
    "_": "-",  # at which no line breaks
    "-": "\u00ad",
    "{": "{",
    "}": "}",
    "\\": "\\",
}

# Parts that are not text of the document, by the name under which the reader looks into them.
UNSEEN = {
    **{name: name for name in "fonttbl stylesheet pict info title author creatim revtim".split()},
    **dict.fromkeys(
        "aftncn aftnsep aftnsepc bkmkend bkmkstart buptim category colortbl comment company doccomm filetbl "
        "fldinst ftncn ftnsep ftnsepc hlinkbase keywords listoverridetable listtable manager "
        "nonesttables nonshppict objclass objdata objname operator printim private revtbl rxe shprslt sn sp "
        "subject sv tc template txe xe".split(),
        "-",
    ),
}

# By the number that a font has for its characters.
_CODECS = {
    77: "mac_roman",
    78: "shift_jis",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}


def codec_of(charset: int) -> str:
    """The codec for a font's characters; empty where they are those of the file."""
    return _CODECS.get(charset, "")


def codec_of_page(number: int) -> str:
    """The codec for a code page, that of Western Windows where there is none."""
    name = "utf-8" if number == 65001 else f"cp{number}"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def joined_halves(text: str) -> str:
    """Characters beyond the first 65,536, which are written in two halves, as one each."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
