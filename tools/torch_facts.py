"""Write facts of PyTorch about names that no test uses, for tests/names.

Run in the environment that has PyTorch: `.venv-torch/bin/python -m tools.torch_facts`.
A fact is what a name is: the parameters that a function needs, the kind of a class,
the value of a constant.
"""

import enum
import importlib
import inspect
import json
import warnings
from pathlib import Path
from typing import Any, Final

from tests.names.evidence import is_used

ROOT: Final = Path(__file__).parents[1]


def main() -> None:
    """Write the facts."""
    warnings.simplefilter("ignore")
    facts: dict[str, Any] = {}
    for line in (ROOT / "funcnet/cli/_coverage/names.txt").read_text().splitlines():
        module, _, names = line.partition(": ")
        if module.startswith("torchvision"):
            continue
        owner = _value(module) if module != "torch.utils.tensorboard" else None
        for name in names.split():
            if not is_used(name):
                value = inspect.getattr_static(owner, name, None)
                value = getattr(owner, name, value)
                facts[f"{module}.{name}"] = fact(value)
    each = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in facts.items())
    (ROOT / "tests/names/facts.json").write_text(f"{{\n{each}\n}}\n")


def _value(path: str) -> Any:
    try:
        return importlib.import_module(path)
    except ImportError:
        module, _, name = path.rpartition(".")
        return getattr(importlib.import_module(module), name)


def fact(value: object) -> Any:
    """What a name is, so that two libraries can be compared."""
    if isinstance(value, enum.EnumMeta):
        return ["enum", *value.__members__]
    if isinstance(value, type):
        return ["error" if issubclass(value, Exception) else "class"]
    if callable(value):
        try:
            parameters = inspect.signature(value).parameters.values()
        except (TypeError, ValueError):
            return ["function"]
        needed = [x for x in parameters if x.kind.value == 1 and x.default is x.empty]
        return ["function", *[x.name for x in needed]]
    if isinstance(value, bool | int | str) and "/" not in str(value):
        return ["constant", value]
    return ["object"]


if __name__ == "__main__":
    main()
