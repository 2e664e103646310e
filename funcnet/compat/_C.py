# ruff: noqa: N999 - the name is PyTorch's
"""The few names of PyTorch's C++ module that Python code asks for."""

from funcnet.compat._overriding import disabled_torch_function, state


class _Off:
    """Switch who is asked before functions compute, for a `with` block."""

    switch = ""

    def __enter__(self) -> None:
        setattr(state, self.switch, getattr(state, self.switch) + 1)

    def __exit__(self, *error: object) -> None:
        setattr(state, self.switch, getattr(state, self.switch) - 1)


class DisableTorchFunctionSubclass(_Off):
    """Let functions ask modes only, not the classes of their arguments."""

    switch = "classes_off"


class DisableTorchFunction(_Off):
    """Let functions compute without asking anyone."""

    switch = "all_off"


def _is_torch_function_enabled() -> bool:
    return not (state.classes_off or state.all_off)


def _is_torch_function_all_disabled() -> bool:
    return bool(state.all_off)


def _len_torch_function_stack() -> int:
    return len(state.modes)


_disabled_torch_function_impl = disabled_torch_function
