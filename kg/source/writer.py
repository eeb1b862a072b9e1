"""Writing files: each appears whole, or not at all."""

import os
import stat

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)  # O_EXCL follows no link


def write_atomic(path: str, data: bytes, mode: int = 0o666) -> None:
    """Write a file so that at any moment the old one or the new one is there, whole. Raises OSError.

    The bytes go to a new file of a random name in the same folder, are flushed to disk, and the file is renamed over
    `path`. A file that is replaced keeps its permissions, a new one has those of `mode` that the umask leaves. A link
    is replaced, not followed. After a failure no temporary file is left behind.
    """
    kept = _permissions(path)
    temporary = os.path.join(os.path.dirname(path), f".{os.urandom(12).hex()}.tmp")
    descriptor = os.open(temporary, _NEW, mode)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if kept is not None:
            os.chmod(temporary, kept)
        os.replace(temporary, path)
    finally:
        if os.path.lexists(temporary):
            os.remove(temporary)


def _permissions(path: str) -> int | None:
    """The permission bits of a regular file; None where there is none."""
    try:
        found = os.lstat(path).st_mode
    except OSError:
        return None
    return stat.S_IMODE(found) if stat.S_ISREG(found) else None
