"""Messages, with open files, between two processes."""

import array
import contextlib
import pickle
import select
import socket
import struct
from collections import deque
from collections.abc import Sequence
from typing import Any

_HEADER = struct.Struct("<QI")  # bytes of the message, files that came with it
_FILES = 250  # Linux sends at most 253 at once
_ROOM = socket.CMSG_SPACE(_FILES * 4) if hasattr(socket, "CMSG_SPACE") else 0
_BLOCK = 1 << 16


class ClosedError(Exception):
    """The other side is gone."""


class Channel:
    """One end of a connection. Neither end ever waits for the other one to read.

    A sender that finds no room takes in what the other side has sent meanwhile, which
    may be waiting for room itself.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._bytes = bytearray()
        self._files: deque[int] = deque()

    def fileno(self) -> int:
        """The number of the socket, for `select`."""
        return self._socket.fileno()

    def send(
        self, message: object, files: Sequence[int] = (), patience: float = 0
    ) -> None:
        """Send what pickle can, and copies of open files.

        Raises:
            ClosedError: the other side is gone.
            TimeoutError: it has not read for `patience` seconds, unless these are 0.
        """
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        left = memoryview(_HEADER.pack(len(data), len(files)) + data)
        control = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))]
        while left:
            extra = control if files else []
            try:
                sent = self._socket.sendmsg([left], extra, socket.MSG_DONTWAIT)
            except BlockingIOError:
                self._wait_for_room(patience)
                continue
            except OSError as error:
                raise ClosedError from error
            left, files = left[sent:], ()

    def _wait_for_room(self, patience: float) -> None:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | select.POLLOUT)
        ready = poll.poll(1e3 * patience if patience else None)
        if not ready:
            raise TimeoutError
        if ready[0][1] & select.POLLIN:
            self._read()

    def receive(self) -> tuple[Any, list[int]]:
        """The next message, waited for, and the files that came with it."""
        while (result := self.received()) is None:
            self._read()
        return result

    def received(self) -> tuple[Any, list[int]] | None:
        """The next message if it has been read already."""
        if len(self._bytes) < _HEADER.size:
            return None
        size, count = _HEADER.unpack_from(self._bytes)
        stop = _HEADER.size + size
        if len(self._bytes) < stop:
            return None
        with memoryview(self._bytes) as view:
            message = pickle.loads(view[_HEADER.size : stop])
        del self._bytes[:stop]
        return message, [self._files.popleft() for _ in range(count)]

    def read(self) -> None:
        """Take in what has come; `ClosedError` where the other side is gone."""
        self._read()

    def _read(self) -> None:
        keep = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
        try:
            data, control, _, _ = self._socket.recvmsg(_BLOCK, _ROOM, keep)
        except OSError as error:
            raise ClosedError from error
        for _, _, content in control:
            files = array.array("i")
            files.frombytes(content[: len(content) - len(content) % 4])
            self._files.extend(files)
        if not data:
            raise ClosedError
        self._bytes += data

    def close(self) -> None:
        """Close this end; the other one reads to its end and sees it."""
        with contextlib.suppress(OSError):
            self._socket.close()
