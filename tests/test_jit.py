"""`funcnet.jit`: `jax.jit` with compiler options, wherever it is called."""

import os
import subprocess
import sys
from typing import Any

import jax
import jax.numpy as jnp
import pytest

import funcnet
from funcnet import _jit


def total(x: jax.Array) -> jax.Array:
    """Return the sum of squares."""
    return (x * x).sum()


def test_it_compiles_with_the_options() -> None:
    jitted = funcnet.jit(total)
    assert float(jitted(jnp.arange(3.0))) == 5
    assert jitted.__name__ == "total"
    assert jitted.__doc__ == total.__doc__
    jitted(jnp.ones(3))
    assert jitted._cache_size() == 1
    assert _jit._OPTION in _jit._compiler_options()


@pytest.mark.parametrize(
    "transform",
    [
        lambda f: jax.jit(lambda x: f(x) + 1),
        jax.grad,
        lambda f: lambda x: jax.vmap(f)(x[None]),
        lambda f: jax.jit(jax.grad(f)),
        lambda f: lambda x: jax.lax.scan(lambda c, _: (c + f(x), c), 0.0, None, 2),
        jax.make_jaxpr,
        lambda f: f.lower,
    ],
)
def test_jax_transforms_it(transform: Any) -> None:
    x = jnp.arange(3.0)
    got, wanted = (transform(one)(x) for one in (funcnet.jit(total), jax.jit(total)))
    if isinstance(got, tuple | jax.Array):
        assert jax.tree.all(jax.tree.map(jnp.array_equal, got, wanted))


def test_it_takes_the_options_of_jax_jit_and_is_a_method() -> None:
    class Scaled:
        factor = 3

        @funcnet.jit
        def whole(x: jax.Array, times: int = 2) -> jax.Array:  # type: ignore[misc]  # noqa: N805
            return x * times

    assert float(Scaled.whole(jnp.ones(()))) == 2
    static = funcnet.jit(lambda x, n: x * n, static_argnums=1)
    assert float(static(jnp.ones(()), 3)) == 3
    donated = funcnet.jit(lambda x: x + 1, donate_argnums=0)
    x = jnp.ones(4)
    donated(x)
    assert x.is_deleted()


@pytest.mark.parametrize(
    ("flags", "version", "expected"),
    [
        ("--xla_cpu_experimental_ynn_fusion_type=", "0.12.0", False),
        ("--xla_cpu_enable_fast_min_max=false", "0.12.0", True),
        ("", "99.0.0", True),  # it is tried
    ],
)
def test_the_environment_and_the_version_decide(
    flags: str, version: str, expected: bool
) -> None:
    code = (
        f"import jaxlib; jaxlib.__version__ = {version!r}\n"
        "from funcnet import _jit; print(bool(_jit._compiler_options()))"
    )
    environment = os.environ | {"XLA_FLAGS": flags}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    assert done.stdout.strip() == str(expected), done.stderr


def test_options_that_xla_does_not_know_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_jit, "_OPTION", "xla_cpu_no_such_option")
    monkeypatch.setattr(_jit, "_KNOWN", (0, 0))
    assert _jit._compiler_options.__wrapped__() == {}
