"""Lists and dicts that cannot be changed, as `torch.fx.immutable_collections`."""

from typing import Any, NoReturn

_WORDS = (
    "object does not support mutation. If you are attempting to modify the kwargs or "
    "args of a torch.fx.Node object,\ninstead create a new copy of it and assign the "
    "copy to the node:\n\n    new_args = ...  # copy and mutate args\n"
    "    node.args = new_args"
)


def _refuse(self: object, *args: object, **kwargs: object) -> NoReturn:
    raise TypeError(f"'{type(self).__name__}' {_WORDS}")


class immutable_list(list[Any]):  # noqa: N801
    """List among the arguments of a node: to change it, assign new arguments."""

    __delitem__ = __iadd__ = __imul__ = __setitem__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self))

    def __reduce__(self) -> Any:
        return immutable_list, (tuple(self),)


class immutable_dict(dict[Any, Any]):  # noqa: N801
    """Dict among the arguments of a node: to change it, assign new arguments."""

    __delitem__ = __setitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> Any:
        return immutable_dict, (tuple(self.items()),)


__all__ = ["immutable_dict", "immutable_list"]
