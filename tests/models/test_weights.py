"""Files of weights from the network, in both halves: resumed, verified, asked for."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jax
import numpy as np
import pytest
from funcnet.compat.torchvision.models._api import Weights, WeightsEnum

import funcnet.compat as torch
from funcnet import InputError, checkpoint, models, nn, tree
from funcnet.compat.torchvision.models import _backend as compat_backend
from tests.servers import Server
from tests.servers import server as server

NET = nn.Sequential(nn.Linear(40, 60), nn.BatchNorm1d(60))


def native(url: str) -> dict[str, Any]:
    params, state = models.load(NET, SimpleNamespace(url=url))
    return tree.flatten(tree.merge(params, state))


def compat(url: str) -> dict[str, Any]:
    class Mine(WeightsEnum):
        V1 = Weights(url, lambda: None, {})

    module = torch.nn.Sequential(torch.nn.Linear(40, 60), torch.nn.BatchNorm1d(60))
    compat_backend.with_weights(module, Mine.V1, progress=False)
    return {name: x.numpy() for name, x in module.state_dict().items()}


HALVES = {"native": native, "compat": compat}
Half = Callable[[str], dict[str, Any]]


@pytest.fixture(params=HALVES)
def half(request: pytest.FixtureRequest) -> Half:
    return HALVES[request.param]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("FUNCNET_HOME", str(tmp_path / "funcnet"))
    return tmp_path / "torch" / "hub" / "checkpoints"


@pytest.fixture
def stored(tmp_path: Path) -> tuple[bytes, dict[str, Any]]:
    """The bytes of a file of weights, and its arrays."""
    arrays = tree.merge(*NET.init(jax.random.key(3)))
    checkpoint.save(tmp_path / "net.pth", arrays)
    return (tmp_path / "net.pth").read_bytes(), tree.flatten(arrays)


def name_of(content: bytes) -> str:
    return f"net-{hashlib.sha256(content).hexdigest()[:8]}.pth"


def check(loaded: dict[str, Any], arrays: dict[str, Any]) -> None:
    assert sorted(loaded) == sorted(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(loaded[name], array)


def test_a_download_that_breaks_off_is_resumed(
    half: Half, server: Server, cache: Path, stored: Any
) -> None:
    content, arrays = stored
    name = name_of(content)
    server.files[name], server.breaks = content, 2
    check(half(server.url(name)), arrays)
    assert [bool(asked) for asked in server.asked] == [False, True, True]
    assert [path.name for path in cache.iterdir()] == [name]
    check(half(server.url(name)), arrays)  # from the cache
    assert len(server.asked) == 3


def test_a_later_run_resumes_what_gave_up(
    half: Half, server: Server, cache: Path, stored: Any
) -> None:
    content, arrays = stored
    name = name_of(content)
    server.files[name], server.breaks = content, 3
    with pytest.raises(InputError, match=f"Fetch {server.url(name)} and put it into"):
        half(server.url(name))
    assert [path.name for path in cache.iterdir()] == [f"{name}.part"]
    check(half(server.url(name)), arrays)
    assert server.asked[-1] is not None


def test_a_wrong_hash_is_refused(
    half: Half, server: Server, cache: Path, stored: Any
) -> None:
    content, _ = stored
    name = name_of(content)
    server.files[name] = content[:-1] + bytes([content[-1] ^ 1])
    with pytest.raises(InputError, match=r"SHA256 is .*must begin with"):
        half(server.url(name))
    assert [*cache.iterdir()] == []


def test_a_file_that_is_there_is_not_fetched(
    half: Half, server: Server, cache: Path, stored: Any
) -> None:
    content, arrays = stored
    name = name_of(content)
    for folder in (cache, cache.parents[2] / "funcnet" / "checkpoints"):
        folder.mkdir(parents=True)
        (folder / name).write_bytes(content)
        check(half(server.url(name)), arrays)
        (folder / name).unlink()
    assert server.asked == []


def test_both_folders_are_named_where_there_is_no_network(
    half: Half, server: Server, cache: Path
) -> None:
    with pytest.raises(InputError) as error:
        half(server.url("gone-12345678.pth"))
    assert str(cache) in str(error.value)
    assert str(cache.parents[2] / "funcnet" / "checkpoints") in str(error.value)
