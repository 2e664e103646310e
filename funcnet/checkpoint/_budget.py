"""How much memory the small things in a file may take."""

from funcnet.checkpoint._errors import CheckpointError

_FREE = 56 * 2**20


class Budget:
    """Counts what names, numbers and nodes take once they are Python objects.

    A byte of a file can become a hundred bytes of Python. What a file of arrays holds
    beside them is small; one that consists of millions of names is an attack.
    """

    def __init__(self, file_size: int) -> None:
        self.left = _FREE + 3 * file_size

    def spend(self, count: int) -> None:
        """Take `count` bytes.

        Raises:
            CheckpointError: they would be more than a file of this size may take.
        """
        self.left -= count
        if self.left < 0:
            raise CheckpointError(
                "the file consists of more names and single numbers than its size "
                "allows; put numbers into arrays."
            )
