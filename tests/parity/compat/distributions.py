"""torch.distributions: densities, moments, samples and their gradients, divergences."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

from tests.parity.cases.distributions import CASES, MORE, TRANSFORMS, VALUES
from tests.parity.report import Tally, Trial
from tests.parity.scripts.common import agree, compare, refused


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    # PyTorch's compiler switches this off in passing, if another database imports it.
    torch.distributions.Distribution.set_default_validate_args(True)
    for name, cases in CASES.items():
        for place, make in enumerate(cases):
            for what, run in QUESTIONS.items():
                yield Trial(name, f"{what} {place}", partial(asked, run, make))
            if name != "Wishart":  # there PyTorch's samples raise in backward
                yield Trial(name, f"rsample {place}", partial(compare_gradients, make))
    for p, q in itertools.product(KL, KL):
        yield Trial(f"kl {p}", q, partial(compare_divergences, p, q))
    for name, pair in TRANSFORMS.items():
        yield Trial("transforms", name, partial(asked, transformed, pair))
    for name, run in MORE.items():
        yield Trial("more", name, partial(compare, run))


def asked(run: Callable[[Any, Any], Any], make: Any) -> None:
    compare(lambda lib: run(lib, make))


def tried(call: Callable[[], Any]) -> Any:
    """What a call gives, or the error it raises."""
    try:
        return call()
    except Exception as error:
        return type(error).__name__


def built(lib: Any, make: Any) -> Any:
    return make(lib.distributions, lib.tensor, lib)


def moments(lib: Any, make: Any) -> Any:
    d = built(lib, make)
    names = ("mean", "variance", "stddev", "mode")
    result = {name: tried(lambda name=name: getattr(d, name)) for name in names}
    return result | {
        "entropy": tried(d.entropy),
        "shapes": [d.batch_shape, d.event_shape],
    }


def shown(lib: Any, make: Any) -> Any:
    d = built(lib, make)
    return [
        repr(d),
        d.has_rsample,
        d.has_enumerate_support,
        tried(lambda: repr(d.support)),
        {name: repr(c) for name, c in d.arg_constraints.items()},
    ]


def samples(lib: Any, make: Any) -> Any:
    d = built(lib, make)
    return [d.sample(), d.sample((3,)), d.sample((2, 2)), lib.rand(2)]


def densities(lib: Any, make: Any) -> Any:
    """At values that are drawn with torch, and so the same in both libraries."""
    reference = built(torch, make)
    torch.manual_seed(1)
    x = lib.tensor(reference.sample((4,)).numpy())
    d = built(lib, make)
    result = [
        d.log_prob(x),
        tried(lambda: d.cdf(x)),
        tried(lambda: d.icdf(x * 0 + 0.3)),
    ]
    return [*result, tried(lambda: d.enumerate_support(False))]


def expanded(lib: Any, make: Any) -> Any:
    d = built(lib, make)
    wide = d.expand((2, *d.batch_shape))
    lib.manual_seed(3)
    drawn = wide.sample()
    return [repr(wide), wide.batch_shape, wide.event_shape, drawn, wide.log_prob(drawn)]


QUESTIONS = {
    "moments": moments,
    "shown": shown,
    "samples": samples,
    "densities": densities,
    "expanded": expanded,
}


def compare_gradients(make: Any) -> None:
    """The gradients of seeded samples, and of their densities, by the parameters."""
    wanted, result = (gradients(lib, make) for lib in both())
    # PyTorch approximates those of gamma and beta samples to three digits.
    for x, y in zip(wanted, result, strict=True):
        if isinstance(x, np.ndarray):
            np.testing.assert_allclose(y, x, 4e-3, 1e-5)
        else:
            agree(x, y)


def both() -> Any:
    from funcnet import compat

    for lib in (torch, compat):
        lib.manual_seed(2)
        yield lib


def gradients(lib: Any, make: Any) -> list[Any]:
    params: list[Any] = []

    def tensor(numbers: Any, **settings: Any) -> Any:
        x = lib.tensor(numbers, **settings)
        if x.is_floating_point():
            params.append(x.requires_grad_())
        return x

    d = make(lib.distributions, tensor, lib)
    result: list[Any] = []
    if not params:
        return []
    if d.has_rsample:
        drawn = d.rsample((5,))
        (drawn * lib.linspace(-1, 1, drawn.numel()).view(drawn.shape)).sum().backward()
        result += [taken(p) for p in params]
    x = drawn.detach() if d.has_rsample else d.sample((3,))
    given = iter(params)

    def again(numbers: Any, **settings: Any) -> Any:
        x = lib.tensor(numbers, **settings)
        return next(given) if x.is_floating_point() else x

    d = make(lib.distributions, again, lib)
    d.log_prob(x).sum().backward()
    return result + [taken(p) for p in params]


def taken(p: Any) -> Any:
    grad, p.grad = p.grad, None
    return None if grad is None else grad.numpy().copy()


KL = [name for name in CASES if name != "Wishart singular"]


def compare_divergences(p: str, q: str) -> None:
    """Of the first case of each of two families."""
    compare(lambda lib: divergence(lib, p, q))


def divergence(lib: Any, p: str, q: str) -> Any:
    kinds = [built(lib, CASES[name][0]) for name in (p, q)]
    try:
        return lib.distributions.kl_divergence(*kinds)
    except Exception as error:
        return type(error).__name__


def transformed(lib: Any, pair: Any) -> Any:
    make, x = pair
    t, x = built(lib, make), lib.tensor(x)
    y = t(x)
    return [
        repr(t),
        y,
        tried(lambda: t.inv(y)),
        tried(lambda: t.log_abs_det_jacobian(x, y)),
        tried(lambda: t.forward_shape(x.shape)),
        tried(lambda: t.inverse_shape(y.shape)),
        t.bijective,
        tried(lambda: t.sign),
        [t.domain.event_dim, t.codomain.event_dim],
        tried(lambda: t.codomain.check(y).all()),
        t == built(lib, make),
    ]


__all__ = ["VALUES", "refused", "trials"]
