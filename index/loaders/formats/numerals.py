"""Numbers as lists write them: figures, letters, Roman numerals, words."""

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_ONES = (
    "Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen "
    "Seventeen Eighteen Nineteen Twenty"
).split()


def numeral(number: int, kind: str) -> str:
    """The number in one of Word's ways of counting; decimal in those of other scripts."""
    match kind:
        case "lowerLetter" | "upperLetter" if number > 0:
            letters = chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)
            return letters.upper() if kind == "upperLetter" else letters
        case "lowerRoman" | "upperRoman" if 0 < number < 5000:
            return roman(number).upper() if kind == "upperRoman" else roman(number)
        case "decimalZero":
            return f"{number:02d}"
        case "ordinal":
            return f"{number}{'th' if number % 100 in (11, 12, 13) else _ORDINALS.get(number % 10, 'th')}"
        case "cardinalText" if 0 <= number < len(_ONES):
            return _ONES[number]
        case "none":
            return ""
    return str(number)


def roman(number: int) -> str:
    letters = ""
    for value, letter in _ROMAN:
        letters += letter * (number // value)
        number %= value
    return letters
