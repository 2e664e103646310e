"""How much memory the objects of a file may take."""

from funcnet.checkpoint.pth._errors import RefusedError

MEGABYTE = 2**20


class Budget:
    """Counts bytes against what a file of this size may reasonably need.

    Args:
        file_size: bytes of the file.
        most: bytes that its objects, and again its tensors, may take; by default 48
            MB and three times the file for objects, 64 MB and four times for tensors.
    """

    def __init__(self, file_size: int, most: int | None = None) -> None:
        self.objects = 48 * MEGABYTE + 3 * file_size if most is None else most
        self.tensors = 64 * MEGABYTE + 4 * file_size if most is None else most

    def spend(self, count: int) -> None:
        """Take bytes for an object."""
        self.objects -= count
        if self.objects < 0:
            raise RefusedError(
                "the objects in the file take far more memory than the file has bytes. "
                "If you trust the file, load it with max_bytes=."
            )

    def spend_on_tensor(self, count: int) -> None:
        """Take bytes for what a tensor shows."""
        self.tensors -= count
        if self.tensors < 0:
            raise RefusedError(
                "the tensors show far more bytes than the file has: one is expanded, "
                "or very many share their memory. If you trust the file, load it with "
                "max_bytes=."
            )
