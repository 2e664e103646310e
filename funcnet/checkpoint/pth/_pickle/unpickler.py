"""An unpickler that runs the opcodes of PyTorch's files and never calls Python.

It makes numbers, strings, lists, tuples and dicts itself. Anything else is named in the
pickle; a `Globals` says what the name stands for, and refuses names that it lacks.
"""

import struct
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, Protocol

from funcnet.checkpoint.pth._budget import Budget
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError

_LONGEST = 2**20  # bytes of a string
_NAME_LENGTH = 400
_MOST_MEMOS = 10_000_000
_MARK: Final = object()

# What objects take in memory, about.
_LIST, _DICT, _TUPLE, _NUMBER, _STRING, _ENTRY, _PLACE = 88, 104, 56, 32, 64, 100, 16
_CALLED = 240


class Globals(Protocol):
    """What the names in a pickle stand for."""

    def find(self, module: str, name: str) -> Any:
        """The value that a name stands for; an error if it is not known."""

    def call(self, function: Any, args: tuple[Any, ...]) -> Any:
        """What `function(*args)` stands for."""

    def new(self, cls: Any, args: tuple[Any, ...]) -> Any:
        """A new object of a class, without its fields."""

    def build(self, target: Any, state: Any) -> None:
        """Give an object its fields."""

    def persistent(self, identity: Any) -> Any:
        """What lies outside the pickle under an identity."""

    def key(self, key: Any) -> Any:
        """A dict's key, or an error if there can be no such key."""

    def extend(self, target: Any, items: list[Any]) -> None:
        """Append to something that is not a list."""

    def update(self, target: Any, items: list[Any]) -> None:
        """Set items, keys and values in turn, of something that is not a dict."""


class Unpickler:
    """Run one pickle of protocol 2."""

    def __init__(
        self, data: memoryview, globals_table: Globals, budget: Budget
    ) -> None:
        self.data, self.globals_table, self.budget = data, globals_table, budget
        self.position = 0
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def run(self) -> Any:
        """The value that the pickle describes; `position` is then where it ended."""
        data, actions = self.data, _ACTIONS
        if bytes(data[:2]) != b"\x80\x02":
            raise RefusedError(_protocol_words(data))
        self.position = 2
        size = len(data)
        while self.position < size:
            code = data[self.position]
            self.position += 1
            if code == _STOP:
                return self._result()
            action = actions.get(code)
            if action is None:
                raise RefusedError(
                    f"opcode {code:#04x} at byte {self.position - 1} of the pickle is "
                    "not one that torch.save writes. Save a state_dict with torch.save "
                    "and its default protocol."
                )
            action(self)
        raise DamagedError("the pickle ends without an end mark: it is cut off.")

    def _result(self) -> Any:
        if len(self.stack) != 1 or self.marks:
            raise DamagedError("the pickle leaves no value, or several.")
        return self.stack.pop()

    # --- reading and the stack --------------------------------------------------------

    def read_bytes(self, count: int) -> memoryview:
        start, end = self.position, self.position + count
        if end > len(self.data):
            raise DamagedError("the pickle is cut off.")
        self.position = end
        return self.data[start:end]

    def number(self, layout: struct.Struct) -> Any:
        return layout.unpack(self.read_bytes(layout.size))[0]

    def push(self, value: Any, cost: int) -> None:
        self.budget.spend(cost + _PLACE)
        self.stack.append(value)

    def pop(self) -> Any:
        if len(self.stack) <= (self.marks[-1] if self.marks else 0):
            raise DamagedError("the pickle takes more values than it made.")
        return self.stack.pop()

    def top(self) -> Any:
        if len(self.stack) <= (self.marks[-1] if self.marks else 0):
            raise DamagedError("the pickle takes more values than it made.")
        return self.stack[-1]

    def pop_mark(self) -> list[Any]:
        if not self.marks:
            raise DamagedError("the pickle closes a group that it never opened.")
        start = self.marks.pop()
        items = self.stack[start:]
        del self.stack[start:]
        return items

    # --- opcodes ----------------------------------------------------------------------

    def mark(self) -> None:
        self.budget.spend(_NUMBER + _PLACE)
        self.marks.append(len(self.stack))

    def text(self, count: int) -> None:
        if count > _LONGEST:
            raise RefusedError(f"a string of {count} bytes; {_LONGEST} is the longest.")
        try:
            text = str(self.read_bytes(count), "utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise DamagedError("a string is not UTF-8.") from None
        self.push(text, _STRING + (count if text.isascii() else 4 * count))

    def old_text(self, count: int) -> None:
        """A string of Python 2, which old files have."""
        if count > _LONGEST:
            raise RefusedError(f"a string of {count} bytes; {_LONGEST} is the longest.")
        data = bytes(self.read_bytes(count))
        try:
            text = data.decode()
        except UnicodeDecodeError:  # bytes, which were strings then
            text = data.decode("latin-1")
        self.push(text, _STRING + 4 * count)

    def long(self) -> None:
        count = self.read_bytes(1)[0]
        number = int.from_bytes(self.read_bytes(count), "little", signed=True)
        self.push(number, _NUMBER + count)

    def tuple_of(self, count: int) -> None:
        items = tuple(reversed([self.pop() for _ in range(count)]))
        self.push(items, _TUPLE + 8 * count)

    def tuple_to_mark(self) -> None:
        items = self.pop_mark()
        self.push(tuple(items), _TUPLE + 8 * len(items))

    def find(self) -> None:
        module, name = self._line(), self._line()
        self.push(self.globals_table.find(module, name), 0)

    def _line(self) -> str:
        window = bytes(self.data[self.position : self.position + _NAME_LENGTH])
        line, end, _ = window.partition(b"\n")
        if not end:
            raise DamagedError("a name in the pickle has no end.")
        self.position += len(line) + 1
        try:
            return line.decode()
        except UnicodeDecodeError:
            raise DamagedError("a name in the pickle is not UTF-8.") from None

    def call(self) -> None:
        args, function = self._args(), self.pop()
        self.push(self.globals_table.call(function, args), _CALLED)

    def new(self) -> None:
        args, cls = self._args(), self.pop()
        self.push(self.globals_table.new(cls, args), _CALLED)

    def _args(self) -> tuple[Any, ...]:
        args = self.pop()
        if type(args) is not tuple:
            raise DamagedError(f"arguments are a {type(args).__name__}, not a tuple.")
        return args

    def build(self) -> None:
        state = self.pop()
        self.globals_table.build(self.top(), state)

    def persistent(self) -> None:
        self.push(self.globals_table.persistent(self.pop()), _CALLED)

    def set_items(self, items: list[Any]) -> None:
        if len(items) % 2:
            raise DamagedError("a key has no value.")
        target = self.top()
        self.budget.spend(_ENTRY * (len(items) // 2))
        if type(target) is not dict and type(target) is not OrderedDict:
            self.globals_table.update(target, items)
            return
        for index in range(0, len(items), 2):
            target[self.globals_table.key(items[index])] = items[index + 1]

    def set_item(self) -> None:
        value = self.pop()
        self.set_items([self.pop(), value])

    def append(self, items: list[Any]) -> None:
        target = self.top()
        self.budget.spend(_PLACE * len(items))
        if type(target) is list:
            target.extend(items)
        else:
            self.globals_table.extend(target, items)

    def remember(self, index: int) -> None:
        if index > _MOST_MEMOS:
            raise RefusedError(f"the pickle remembers value number {index}.")
        if index not in self.memo:
            self.budget.spend(_ENTRY)
        self.memo[index] = self.top()

    def recall(self, index: int) -> None:
        if index not in self.memo:
            raise DamagedError("the pickle recalls a value that it never made.")
        self.push(self.memo[index], 0)


def _protocol_words(data: memoryview) -> str:
    if len(data) > 1 and data[0] == 0x80:
        return (
            f"the pickle has protocol {data[1]}, PyTorch's files have protocol 2. Save "
            "it again with torch.save and without pickle_protocol=."
        )
    return "this is no file of torch.save: no pickle of protocol 2 begins here."


_BYTE, _SHORT, _INT, _UINT, _DOUBLE = map(struct.Struct, ("B", "<H", "<i", "<I", ">d"))
_STOP = ord(".")
_ACTIONS: Final[dict[int, Callable[[Unpickler], None]]] = {
    ord("("): Unpickler.mark,
    ord("N"): lambda m: m.push(None, 0),
    0x88: lambda m: m.push(True, 0),
    0x89: lambda m: m.push(False, 0),
    ord("K"): lambda m: m.push(m.number(_BYTE), 0),
    ord("M"): lambda m: m.push(m.number(_SHORT), _NUMBER),
    ord("J"): lambda m: m.push(m.number(_INT), _NUMBER),
    0x8A: Unpickler.long,
    ord("G"): lambda m: m.push(m.number(_DOUBLE), _NUMBER),
    ord("X"): lambda m: m.text(m.number(_UINT)),
    ord("U"): lambda m: m.old_text(m.number(_BYTE)),
    ord("T"): lambda m: m.old_text(m.number(_UINT)),
    ord(")"): lambda m: m.push((), 0),
    ord("]"): lambda m: m.push([], _LIST),
    ord("}"): lambda m: m.push({}, _DICT),
    0x85: lambda m: m.tuple_of(1),
    0x86: lambda m: m.tuple_of(2),
    0x87: lambda m: m.tuple_of(3),
    ord("t"): Unpickler.tuple_to_mark,
    ord("c"): Unpickler.find,
    ord("R"): Unpickler.call,
    0x81: Unpickler.new,
    ord("b"): Unpickler.build,
    ord("Q"): Unpickler.persistent,
    ord("s"): Unpickler.set_item,
    ord("u"): lambda m: m.set_items(m.pop_mark()),
    ord("a"): lambda m: m.append([m.pop()]),
    ord("e"): lambda m: m.append(m.pop_mark()),
    ord("q"): lambda m: m.remember(m.number(_BYTE)),
    ord("r"): lambda m: m.remember(m.number(_UINT)),
    ord("h"): lambda m: m.recall(m.number(_BYTE)),
    ord("j"): lambda m: m.recall(m.number(_UINT)),
}
