"""Pictures in Word, PowerPoint and Excel files: the parts that hold them, their size, what is cut off."""

import re
import zipfile
from collections.abc import Mapping

from lxml import etree

from index.loaders.builder import Builder
from index.loaders.embedded import Crop, Pictures, Size
from index.loaders.packages import part

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_POINT = 12_700  # of Office's units
_CUT = 100_000  # of Office's shares, which Strict files give in hundredths
_SHAPE = re.compile(r"(width|height):\s*([\d.]+)(pt|in|cm|mm)")  # of the old form's style
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835}
_DRAWN = (".emf", ".wmf", ".svg")  # drawings, of lines rather than dots

OLD_PICTURE = "{urn:schemas-microsoft-com:vml}imagedata"


def write_picture(
    builder: Builder,
    pictures: Pictures,
    package: zipfile.ZipFile,
    targets: Mapping[str, tuple[str, str]],
    element: etree._Element,
    place: str = "",
) -> bool:
    """The text of the picture that an element shows; whether it has any."""
    old = element.tag == OLD_PICTURE
    blip = element if old else next(element.iter(f"{_DRAWING}blip"), None)
    reference = "" if blip is None else blip.get(f"{_RELATION}{'id' if old else 'embed'}", "")
    name = targets.get(reference, ("", ""))[1]
    size, crop = _old_size(element) if old else _size(element), _crop(element)
    if name.lower().endswith(_DRAWN) or name not in package.NameToInfo:
        return False
    return pictures.wants(name, size, crop) and pictures.write(
        builder, part(package, name), size, crop, place
    )


def _size(element: etree._Element) -> Size | None:
    """The size of a shape, None where it has that of its placeholder."""
    extent = element.find(f".//{_DRAWING}xfrm/{_DRAWING}ext")
    width, height = ("", "") if extent is None else (extent.get("cx", ""), extent.get("cy", ""))
    if not (width.isdecimal() and height.isdecimal()) or len(width) > 12 or len(height) > 12:
        return None
    return int(width) / _POINT, int(height) / _POINT


def _old_size(element: etree._Element) -> Size | None:
    shape = element.getparent()
    style = "" if shape is None else shape.get("style", "")
    sides = {name: float(number) * _POINTS[unit] for name, number, unit in _SHAPE.findall(style[:1_000])}
    return (sides["width"], sides["height"]) if len(sides) == 2 else None


def _crop(element: etree._Element) -> Crop:
    """The shares that are cut off; a picture in a larger frame, which has negative ones, is whole there."""
    cut = element.find(f".//{_DRAWING}srcRect")
    left, top, right, bottom = ("" if cut is None else cut.get(side, "") for side in "ltrb")
    return _share(left), _share(top), _share(right), _share(bottom)


def _share(text: str) -> float:
    hundredths = text.endswith("%")
    try:
        return max(float(text.removesuffix("%")) / (100 if hundredths else _CUT), 0.0)
    except ValueError:
        return 0.0
