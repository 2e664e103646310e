"""Packages of torch outside of tensors and layers: lazily imported, and real."""

import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import funcnet.compat as torch
from funcnet.compat.utils import benchmark
from funcnet.compat.utils.checkpoint import checkpoint, checkpoint_sequential


def output_of(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_packages_are_imported_when_they_are_asked_for() -> None:
    code = (
        "import sys, funcnet.compat as torch\n"
        "names = ['hub', '_utils', 'utils.benchmark', 'utils.weak']\n"
        "print([f'funcnet.compat.{n}' in sys.modules for n in names])\n"
        "torch.hub, torch.utils.benchmark\n"
        "print([f'funcnet.compat.{n}' in sys.modules for n in names])\n"
        "torch.install(even_if_installed=True)\n"
        "import torch.utils.weak\n"
        "from torch.optim.adamw import AdamW\n"
        "from torch._vendor.packaging.version import Version\n"
        "print(torch.utils.weak.__name__, AdamW is torch.optim.AdamW)"
    )
    assert output_of(code).splitlines() == [
        "[False, False, False, False]",
        "[True, False, True, False]",
        "funcnet.compat.utils.weak True",
    ]


# Left out: classes of funcnet.data, which loader workers know by their own names.
SHOWN = {
    "torch": "torch",
    "torch.Tensor": "torch",
    "torch.Size": "torch",
    "torch.device": "torch",
    "torch.float32.__class__": "torch",
    "torch.nn.Parameter": "torch.nn.parameter",
    "torch.nn.Module": "torch.nn.modules.module",
    "torch.nn.Linear": "torch.nn.modules.linear",
    "torch.nn.BatchNorm2d": "torch.nn.modules.batchnorm",
    "torch.nn.Flatten": "torch.nn.modules.flatten",
    "torch.nn.utils.rnn.PackedSequence": "torch.nn.utils.rnn",
    "torch.optim.SGD": "torch.optim.sgd",
    "torch.optim.lr_scheduler.StepLR": "torch.optim.lr_scheduler",
    "torch.autograd.Function": "torch.autograd.function",
    "torch.utils.data.DataLoader": "torch.utils.data.dataloader",
    "torch.distributions.Normal": "torch.distributions.normal",
    "torch.fx.GraphModule": "torch.fx.graph_module",
    "torchvision.transforms.ToTensor": "torchvision.transforms",
}


def test_classes_have_the_names_of_pytorch_under_its_name() -> None:
    code = (
        "import funcnet.compat\n"
        "funcnet.compat.install(even_if_installed=True)\n"
        "import torch, torchvision, pickle\n"
        f"for name in {list(SHOWN)}:\n"
        "    shown = eval(name)\n"
        "    print(getattr(shown, '__module__', shown.__name__))\n"
        "print(type(torch.ones(1)), type(torch.nn.ReLU()))\n"
        "x = pickle.loads(pickle.dumps(torch.ones(2)))\n"
        "net = pickle.loads(pickle.dumps(torch.nn.Linear(2, 2)))\n"
        "print(x, net, torch.distributions.Normal(0.0, 1.0).expand([2]).loc)\n"
        "class Mine(torch.nn.Conv2d): pass\n"
        "print(torch.typename(x), repr(Mine(1, 1, 1)), Mine.__module__)\n"
    )
    *lines, kinds, values, mine = output_of(code).splitlines()
    assert dict(zip(SHOWN, lines, strict=True)) == SHOWN
    assert kinds == (
        "<class 'torch.Tensor'> <class 'torch.nn.modules.activation.ReLU'>"
    )
    assert values == (
        "tensor([1., 1.]) Linear(in_features=2, out_features=2, bias=True) "
        "tensor([0., 0.])"
    )
    assert mine == (
        "torch.FloatTensor Mine(1, 1, kernel_size=(1, 1), stride=(1, 1)) __main__"
    )


def test_classes_keep_their_names_without_the_alias() -> None:
    code = "import funcnet.compat as torch; print(torch.Tensor, torch.__name__)"
    assert output_of(code) == (
        "<class 'funcnet.compat._tensor.tensor.Tensor'> funcnet.compat"
    )


def test_a_module_that_is_not_there_is_an_import_error() -> None:
    code = (
        "import funcnet.compat as torch\n"
        "torch.install(even_if_installed=True)\n"
        "for name in ('torch.nothing', 'torch.nn.modules.linear.more'):\n"
        "    try:\n"
        "        __import__(name)\n"
        "    except ModuleNotFoundError as error:\n"
        "        print(error.name)\n"
    )
    assert output_of(code).splitlines() == [
        "torch.nothing",
        "torch.nn.modules.linear.more",
    ]


def test_names_that_parts_have_are_found_in_torch() -> None:
    assert torch.Future is torch.futures.Future
    assert torch.functional.einsum is torch.einsum
    first = [torch.ones(1), torch.ones(1, dtype=torch.float64), torch.zeros(2)]
    groups = torch.utils._foreach_utils._group_tensors_by_device_and_dtype(
        [first, [None, None, None]], with_indices=True
    )
    assert [indices for _, indices in groups.values()] == [[0, 2], [1]]
    assert [len(lists) for lists, _ in groups.values()] == [2, 2]


# --- versions -------------------------------------------------------------------------

ORDERED = (
    *("1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0+cpu", "1.0.post1"),
    *("1.1", "1.10", "2!0.1"),
)


def test_versions_are_in_order() -> None:
    version = torch._vendor.packaging.version
    result = [version.Version(text) for text in ORDERED]
    assert sorted(result, reverse=True) == result[::-1]
    assert [str(one) for one in result] == list(ORDERED)
    assert version.parse("v1.0-2") == version.Version("1.0.post2")
    with pytest.raises(version.InvalidVersion, match="Invalid version: 'parrot'"):
        version.Version("parrot")


def test_the_version_of_torch_compares_with_strings_and_tuples() -> None:
    result = torch.torch_version.TorchVersion("2.1.0")
    assert result < "2.2"
    assert result >= (2, 1)
    assert result == (2, 1)
    assert result < "parrot"
    assert isinstance(torch.__version__, str)
    assert torch.__version__ >= (2, 0)


# --- files ----------------------------------------------------------------------------


class Point:
    pass


def test_names_that_a_file_must_be_allowed_are_listed(tmp_path: Path) -> None:
    import argparse
    import io
    import pickle
    import zipfile

    path = tmp_path / "x.pt"
    data = io.BytesIO()
    pickle.Pickler(data, 2).dump([Point(), argparse.Namespace()])
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/data.pkl", data.getvalue())
    ask = torch.serialization.get_unsafe_globals_in_checkpoint
    assert ask(path)[0] == f"{__name__}.Point"
    with torch.serialization.safe_globals([Point]):
        assert f"{__name__}.Point" not in ask(path)


def test_weights_are_taken_from_the_folder_of_downloads(tmp_path: Path) -> None:
    torch.save({"weight": torch.ones(2)}, tmp_path / "net-0f3a.pth")
    result = torch.hub.load_state_dict_from_url(
        "https://example.invalid/net-0f3a.pth", model_dir=str(tmp_path)
    )
    assert result["weight"].tolist() == [1.0, 1.0]


def test_downloads_are_checked(tmp_path: Path) -> None:
    import hashlib

    source, target = tmp_path / "a.bin", tmp_path / "b.bin"
    source.write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    get = torch.hub.download_url_to_file
    get(source.as_uri(), str(target), digest[:8], progress=False)
    assert target.read_bytes() == b"weights"
    with pytest.raises(RuntimeError, match="invalid hash value"):
        get(source.as_uri(), str(tmp_path / "c.bin"), "0000", progress=False)
    assert [one.name for one in sorted(tmp_path.iterdir())] == ["a.bin", "b.bin"]


def test_models_come_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "hubconf.py").write_text(
        "dependencies = ['numpy']\n"
        "def net(width=2):\n    'A net.'\n    return width\n"
        "def _hidden():\n    pass\n"
    )
    folder, hub = str(tmp_path), torch.hub
    assert hub.load(folder, "net", width=3, source="local") == 3
    assert hub.list(folder) == ["net"]
    assert hub.help(folder, "net") == "A net."
    with pytest.raises(RuntimeError, match="Cannot find callable other in hubconf"):
        hub.load(folder, "other", source="local")
    with pytest.raises(NotImplementedError, match="Clone the repository 'some/repo'"):
        hub.load("some/repo:main", "net")


# --- the rest of utils ----------------------------------------------------------------


def test_a_statement_is_timed_with_its_computation() -> None:
    seen = []
    timer = benchmark.Timer(
        "seen.append(1)\nx @ x",
        globals={"x": torch.ones(2, 2), "seen": seen},
        label="product",
        sub_label="small",
        description="now",
    )
    measured = timer.timeit(5)
    assert len(seen) == 7  # two of them to compile
    assert measured.number_per_run == 5
    assert measured.median > 0
    shown = str(benchmark.Compare([measured]))
    assert "--- product ---" in shown
    assert "small" in shown


def test_measurements_are_shown_with_their_spread() -> None:
    task = benchmark.TaskSpec("s", "p")
    measured = benchmark.Measurement(1, [1e-3, 1.1e-3, 2e-3, 5e-3], task)
    assert str(measured).splitlines()[1:6] == [
        "s",
        "setup: p",
        "  Median: 1.55 ms",
        "  IQR:    1.67 ms (1.07 to 2.75)",
        "  4 measurements, 1 runs per measurement, 1 thread",
    ]


def test_weak_dictionaries_know_tensors_by_identity() -> None:
    weak = torch.utils.weak.WeakTensorKeyDictionary()
    x, y = torch.ones(2), torch.ones(2)
    weak[x] = 1
    assert x in weak
    assert y not in weak
    assert dict(weak) == {x: 1}
    del x
    assert len(weak) == 0


def test_vectors_of_parameters_go_there_and_back() -> None:
    tensors = [torch.arange(4.0).view(2, 2), torch.tensor([5.0])]
    flat = torch._utils._flatten_dense_tensors(tensors)
    assert flat.tolist() == [0, 1, 2, 3, 5]
    back = torch._utils._unflatten_dense_tensors(flat, tensors)
    back[0][0, 0] = 7
    assert flat[0] == 7


def test_checkpoint_refuses_what_pytorch_refuses() -> None:
    x = torch.ones(2, requires_grad=True)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        with pytest.raises(ValueError, match="Unexpected keyword arguments: k"):
            checkpoint(lambda x, k: x, x, use_reentrant=True, k=2)
        with pytest.raises(ValueError, match="only supported when use_reentrant=False"):
            checkpoint(lambda x: x, x, use_reentrant=True, debug=True)
        with pytest.raises(ValueError, match="determinism_check should be one of"):
            checkpoint(lambda x: x, x, use_reentrant=False, determinism_check="no")
        alone = checkpoint(lambda y: y * x, torch.ones(2), use_reentrant=True)
        assert not alone.requires_grad
        out = checkpoint_sequential([torch.sin, torch.cos, torch.exp], 2, x)
        assert out.requires_grad
    said = " ".join(str(one.message) for one in seen)
    assert "None of the inputs have requires_grad=True" in said
    assert "checkpoint_sequential: the use_reentrant parameter should be" in said
