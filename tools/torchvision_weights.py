"""Write what torchvision says of its weights: addresses, sizes, metrics, transforms.

Run in the environment that has torchvision:
`.venv-torch/bin/python -m tools.torchvision_weights`. A file of JSON for each file of
networks goes to `funcnet/models/_weights/`; lists of categories, which many share, to
`categories.json`.
"""

import importlib
import inspect
import json
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Final

from tools.torch_names import without_compiled_operators

OUTPUT: Final = Path(__file__).parents[1] / "funcnet/models/_weights"
_FOLDERS: Final = ("detection", "segmentation", "video", "optical_flow")


def main() -> None:
    """Write all files."""
    OUTPUT.mkdir(exist_ok=True)
    with without_compiled_operators():
        models = importlib.import_module("torchvision.models")
    builders = dict(models._api.BUILTIN_MODELS)
    files: dict[str, dict[str, Any]] = {}
    categories: dict[str, list[str]] = {}
    for name, builder in builders.items():
        file = builder.__module__.removeprefix("torchvision.models.")
        if file.startswith("quantization"):
            continue
        weights = models.get_model_weights(builder)
        files.setdefault(file, {})[weights.__name__] = {
            "builder": name,
            "default": weights.DEFAULT.name if hasattr(weights, "DEFAULT") else None,
            "legacy": _legacy(builder),
            "members": {
                one.name: {
                    "url": one.url,
                    "transforms": _transforms(one.transforms),
                    "meta": _meta(one.meta, categories),
                }
                for one in weights
            },
        }
    for file, content in files.items():
        _write(file, content)
    _write("categories", categories)


def _write(name: str, content: Any) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (OUTPUT / f"{name}.json").write_text(text + "\n")


def _meta(meta: dict[str, Any], categories: dict[str, list[str]]) -> dict[str, Any]:
    """The facts, without descriptions; of categories, the name of the list."""
    result = {key: value for key, value in meta.items() if key != "_docs"}
    listed = result.get("categories")
    if listed is not None:
        same = [name for name, known in categories.items() if known == listed]
        name = same[0] if same else f"{len(listed)} {listed[0]} … {listed[-1]}"
        categories[name] = list(listed)
        result["categories"] = name
    return result


def _transforms(made: Any) -> list[Any]:
    """The name of the preset, and its arguments."""
    if not isinstance(made, partial):
        return [made.__name__, {}]
    settings = {
        key: value.value if isinstance(value, Enum) else value
        for key, value in made.keywords.items()
    }
    return [made.func.__name__, settings]


def _legacy(builder: Any) -> str | None:
    """Which weights `pretrained=True` means."""
    function: Any = builder
    while function is not None:
        names = function.__code__.co_freevars
        cells = function.__closure__ or ()
        held = dict(zip(names, cells, strict=True))
        if "weights" in held:
            _, default = held["weights"].cell_contents["weights"]
            if callable(default) and not isinstance(default, Enum):
                default = default({"pretrained": True})
            return default.name if default is not None else None
        function = inspect.getattr_static(function, "__wrapped__", None)
    return None


if __name__ == "__main__":
    main()
