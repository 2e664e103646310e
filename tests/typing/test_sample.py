"""A type checker knows what an ordinary script computes: none of it is `Any`."""

import re
from pathlib import Path

import pytest
from mypy import api

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAMPLE = HERE / "sample.py"

# What mypy shows of each expression in `reveal_type`, without the names of modules.
TENSOR, PAIR = "Tensor", "tuple[Tensor, Tensor]"
KNOWN = {
    "self.rnn(rows)": f"tuple[Tensor, {PAIR}]",
    "model": "Net",
    "model(images)": TENSOR,
    "nn.Linear(2, 3)(images)": TENSOR,
    "criterion(logits, labels)": TENSOR,
    "next(model.parameters()).grad": "Tensor | None",
    "model.state_dict()": "dict[str, Tensor]",
    "weights": "dict[str, Tensor]",
    "images.shape": "Size",
    "images.size(0)": "int",
    "images[:, 0] + 2.5": TENSOR,
    "images.max(dim=1)": "tuple[Tensor, Tensor, fallback=max]",
    "images.max(dim=1).indices": TENSOR,
    "torch.split(images, 16)": "tuple[Tensor, ...]",
    "torch.linalg.svd(images)": "tuple[Tensor, Tensor, Tensor, fallback=linalg_svd]",
    "(images > 0).any()": TENSOR,
    "labels.numpy()": "ndarray[Any, Any]",
    "images.to(torch.float64)": TENSOR,
    "torch.autograd.grad(loss, [images])": "tuple[Tensor, ...]",
    "next(iter(loader))": "list[Tensor]",
    "optimizer.step(lambda: criterion(model(images), labels))": TENSOR,
    "scheduler.get_last_lr()": "list[float]",
    "norm": TENSOR,
}


@pytest.fixture(scope="module")
def output() -> str:
    """What mypy --strict says of the sample; the packages below are not looked into."""
    cache = ROOT / ".mypy_cache" / "sample"
    options = ["--config-file", str(HERE / "mypy.ini"), "--cache-dir", str(cache)]
    result, errors, _ = api.run([*options, str(SAMPLE)])
    assert not errors
    return result


def test_ordinary_script_has_no_type_errors(output: str) -> None:
    assert [line for line in output.splitlines() if ": error:" in line] == []


def test_every_expression_of_script_has_its_type(output: str) -> None:
    lines = SAMPLE.read_text().splitlines()
    shown = {
        lines[int(number) - 1].strip().removeprefix("reveal_type(")[:-1]: re.sub(
            r"\b[a-z_]\w*\.(?=\w)", "", kind
        )
        for number, kind in re.findall(r':(\d+): note: Revealed type is "(.*)"', output)
    }
    assert shown == KNOWN
