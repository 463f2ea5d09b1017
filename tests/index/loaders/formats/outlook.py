"""Outlook messages: compound files of streams no longer than 4,095 bytes, as small as they can be."""

import struct
from collections.abc import Mapping

_SECTOR, _SMALL = 512, 64
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_BINARY, _TEXT = 0x0102, 0x001F


def message(properties: Mapping[int, str | bytes]) -> bytes:
    """A message with these texts and bytes, by the numbers of their properties."""
    streams: dict[str, bytes] = {}
    entries = bytes(32)
    for number, value in properties.items():
        kind = _TEXT if isinstance(value, str) else _BINARY
        content = value.encode("utf-16-le") if isinstance(value, str) else value
        streams[f"__substg1.0_{number:04X}{kind:04X}"] = content
        entries += struct.pack("<HHIII", kind, number, 6, len(content) + 2 * (kind == _TEXT), 0)
    return _compound({"__properties_version1.0": entries, **streams})


def _compound(streams: Mapping[str, bytes]) -> bytes:
    small, folder = b"", []
    chains: list[int] = []
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    for at, name in enumerate(names):
        content = streams[name]
        count = -(-len(content) // _SMALL)
        start = len(chains)
        chains += [*range(start + 1, start + count), _END]
        small += content.ljust(count * _SMALL, b"\0")
        right = at + 2 if at + 1 < len(names) else _FREE
        folder.append(_entry(name, 2, start, len(content), right))
    directory = -(-(len(folder) + 1) // 4)
    table = -(-4 * len(chains) // _SECTOR)
    sizes = (1, directory, table, -(-len(small) // _SECTOR))
    starts = [sum(sizes[:at]) for at in range(4)]
    fat = [_TABLE]
    for start, size in zip(starts[1:], sizes[1:], strict=True):
        fat += [*range(start + 1, start + size), _END]
    root = _entry("Root Entry", 5, starts[3], len(small), _FREE, child=1)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, starts[1], 0, 4096),
        *(starts[2], table, _END, 0, 0),
    ).ljust(_SECTOR, b"\xff")
    parts = (
        _numbers(fat),
        b"".join((root, *folder)).ljust(directory * _SECTOR, b"\0"),
        _numbers(chains),
        small.ljust(sizes[3] * _SECTOR, b"\0"),
    )
    return header + b"".join(parts)


def _numbers(numbers: list[int]) -> bytes:
    content = struct.pack(f"<{len(numbers)}I", *numbers)
    return content.ljust(-(-len(content) // _SECTOR) * _SECTOR, b"\xff")


def _entry(name: str, kind: int, start: int, size: int, right: int, child: int = _FREE) -> bytes:
    text = name.encode("utf-16-le")
    known = text, len(text) + 2, kind, 1, _FREE, right, child
    return struct.pack("<64sHBBIII36xIQ", *known, start, size)
