"""What is known of a file without reading it, to see whether it has changed."""

import os
from dataclasses import dataclass

# A file may change again, unseen, within one tick of its file system's clock: of FAT (which keeps whole
# seconds) in two seconds, of others in a few milliseconds, which are waited for.
_COARSE_TICK_NS = 2_000_000_000
_TICK_NS = 20_000_000
_SECOND_NS = 1_000_000_000
_DOUBTFUL = -1


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file's size in bytes, and when its content and its inode changed, in ns."""

    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    @classmethod
    def packed(cls, size: int) -> "Stamp":
        """That of a file in an archive, which is looked at whenever its archive is, and equals none."""
        return cls(size, _DOUBTFUL, _DOUBTFUL)

    def kept(self, read_ns: int) -> "Stamp":
        """The stamp to keep for a file read at `read_ns`: it equals none if it may yet change unseen."""
        whole_second = self.mtime_ns % _SECOND_NS == 0
        if whole_second and 0 <= read_ns - self.mtime_ns < _COARSE_TICK_NS:
            return Stamp(self.size, _DOUBTFUL, _DOUBTFUL)
        return self

    def seconds_to_settle(self, now_ns: int) -> float:
        """How long to wait until another change would show."""
        age = now_ns - max(self.mtime_ns, self.ctime_ns)
        return (_TICK_NS - age) / _SECOND_NS if 0 <= age < _TICK_NS else 0.0
