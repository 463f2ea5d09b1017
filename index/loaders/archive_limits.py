"""How much of an archive is unpacked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Limits of one archive, counted together with the archives in it."""

    files: int = 10_000
    unpacked_bytes: int = 1024 * 1024 * 1024
