"""Weak references to tensors, as `torch.utils.weak`: by identity, not by value."""

import weakref
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from funcnet.compat._tensor.tensor import Tensor


class WeakIdRef(weakref.ref):
    """Weak reference that equals any other to the same object."""

    __slots__ = ("_id",)

    def __init__(self, key: object, callback: Callable[..., Any] | None = None) -> None:
        self._id = id(key)
        super().__init__(key, callback)  # type: ignore[call-arg]

    def __call__(self) -> Any:
        """Return the object, or None when it is gone."""
        return super().__call__()

    def __hash__(self) -> int:
        return self._id

    def __eq__(self, other: object) -> bool:
        mine, others = self(), other() if isinstance(other, WeakIdRef) else None
        if mine is not None and others is not None:
            return mine is others
        return self is other


class WeakIdKeyDictionary(MutableMapping):
    """Dictionary with weak keys, compared by identity."""

    def __init__(self, dict: Any = None, ref_type: type = WeakIdRef) -> None:
        self.data: dict[Any, Any] = {}
        self.ref_type = ref_type
        itself = weakref.ref(self)

        def remove(gone: Any) -> None:
            result = itself()
            if result is not None:
                result.data.pop(gone, None)

        self._remove = remove
        if dict is not None:
            self.update(dict)

    def __getitem__(self, key: object) -> Any:
        return self.data[self.ref_type(key)]

    def __setitem__(self, key: object, value: object) -> None:
        self.data[self.ref_type(key, self._remove)] = value

    def __delitem__(self, key: object) -> None:
        del self.data[self.ref_type(key)]

    def __contains__(self, key: object) -> bool:
        try:
            return self.ref_type(key) in self.data
        except TypeError:
            return False

    def __iter__(self) -> Iterator[Any]:
        for ref in list(self.data):
            result = ref()
            if result is not None:
                yield result

    def __len__(self) -> int:
        return sum(ref() is not None for ref in list(self.data))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {id(self):#x}>"

    def copy(self) -> "WeakIdKeyDictionary":
        """Return a copy."""
        result = type(self)()
        result.update(self)
        return result

    __copy__ = copy

    def __ior__(self, other: Mapping[Any, Any]) -> "WeakIdKeyDictionary":
        self.update(other)
        return self

    def __or__(self, other: Mapping[Any, Any]) -> "WeakIdKeyDictionary":
        result = self.copy()
        result.update(other)
        return result

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        mine = {id(k): v for k, v in self.items()}
        return mine == {id(k): v for k, v in other.items()}

    __hash__ = None  # type: ignore[assignment]


WeakTensorKeyDictionary = WeakIdKeyDictionary
WeakRef = weakref.ref


class TensorWeakRef:
    """Weak reference to a tensor."""

    def __init__(self, tensor: Tensor) -> None:
        if not isinstance(tensor, Tensor):
            raise AssertionError(f"expected torch.Tensor, got {type(tensor)}.")
        self.ref = weakref.ref(tensor)

    def __call__(self) -> Tensor | None:
        """Return the tensor, or None when it is gone."""
        return self.ref()


__all__ = [
    "TensorWeakRef",
    "WeakIdKeyDictionary",
    "WeakIdRef",
    "WeakTensorKeyDictionary",
]
