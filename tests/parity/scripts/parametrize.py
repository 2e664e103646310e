"""Scripts of `nn.utils.parametrize`."""

import copy
from typing import Any

from tests.parity.scripts.common import numbers, refused, saved, script, trained


def classes(lib: Any) -> dict[str, Any]:
    """Parametrizations as users write them."""
    nn = lib.nn

    class Symmetric(nn.Module):
        def forward(self, x: Any) -> Any:
            return x.triu() + x.triu(1).transpose(-1, -2)

        def right_inverse(self, a: Any) -> Any:
            return a.triu()

    class Exponential(nn.Module):
        def forward(self, x: Any) -> Any:
            return lib.matrix_exp(x)

    class Doubled(nn.Module):
        def forward(self, x: Any) -> Any:
            return 2 * x

        def right_inverse(self, a: Any) -> Any:
            return a / 2

    class LowRank(nn.Module):
        def forward(self, u: Any, v: Any) -> Any:
            return u @ v

        def right_inverse(self, a: Any) -> Any:
            return a[:, :2].clone(), lib.ones(2, a.shape[1])

    class Learned(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(lib.tensor(1.5))

        def forward(self, x: Any) -> Any:
            return self.scale * x

    class Counted(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.calls = 0

        def forward(self, x: Any) -> Any:
            self.calls += 1
            return x * 3

    class Shorter(nn.Module):
        def forward(self, x: Any) -> Any:
            return x[:1]

    class Doubles(nn.Module):
        def forward(self, x: Any) -> Any:
            return x.double()

    class Pair(nn.Module):
        def forward(self, x: Any) -> Any:
            return x, x

    class BadInverse(nn.Module):
        def forward(self, x: Any) -> Any:
            return x

        def right_inverse(self, x: Any) -> Any:
            return x.double()

    class NoTensor(nn.Module):
        def forward(self, x: Any) -> Any:
            return x

        def right_inverse(self, x: Any) -> Any:
            return 3

    return {
        name: result for name, result in locals().items() if isinstance(result, type)
    }


def parametrized(lib: Any, *names: str, size: int = 4) -> Any:
    model, result = lib.nn.Linear(size, size), classes(lib)
    for name in names:
        lib.nn.utils.parametrize.register_parametrization(
            model, "weight", result[name]()
        )
    return model


CHAINS = (
    ("Symmetric",),
    ("Symmetric", "Exponential"),
    ("LowRank",),
    ("LowRank", "Doubled"),
    ("Doubled", "Symmetric"),
    ("Learned",),
    ("Learned", "Doubled", "Symmetric"),
)


@script("parametrize.register_parametrization", *CHAINS)
def several_in_a_row(lib: Any, names: Any) -> Any:
    model = parametrized(lib, *names)
    return [trained(lib, model, numbers(lib, 3, 4)), model.weight]


@script("parametrize.register_parametrization", *CHAINS)
def copied_and_loaded(lib: Any, names: Any) -> Any:
    model = parametrized(lib, *names)
    other = copy.deepcopy(model)
    third = parametrized(lib, *names)
    told = third.load_state_dict(saved(model))
    trained(lib, model, numbers(lib, 3, 4))
    return [str(told), other.weight, third.weight, model.weight, type(other)]


@script("parametrize.register_parametrization")
def of_bias_and_weight(lib: Any) -> Any:
    model = parametrized(lib, "Symmetric")
    lib.nn.utils.parametrize.register_parametrization(
        model, "bias", classes(lib)["Doubled"]()
    )
    return trained(lib, model, numbers(lib, 3, 4))


@script("parametrize.register_parametrization")
def of_a_buffer(lib: Any) -> Any:
    model = lib.nn.BatchNorm1d(4)
    lib.nn.utils.parametrize.register_parametrization(
        model, "running_var", classes(lib)["Doubled"]()
    )
    names = [list(dict(model.named_buffers())), list(dict(model.named_parameters()))]
    return [*names, model.eval()(numbers(lib, 3, 4)), saved(model)]


@script("parametrize.register_parametrization")
def unsafe_ones(lib: Any) -> Any:
    model = lib.nn.Linear(4, 4)
    put, result = lib.nn.utils.parametrize.register_parametrization, classes(lib)
    put(model, "weight", result["Shorter"](), unsafe=True)
    return [model.weight, repr(model), model.parametrizations["weight"].unsafe]


@script("parametrize.register_parametrization")
def errors(lib: Any) -> Any:
    put, result = lib.nn.utils.parametrize.register_parametrization, classes(lib)

    def of(*names: str) -> Any:
        return lambda: parametrized(lib, *names)

    return [
        refused(of("Shorter"), 80),
        refused(of("Doubles"), 80),
        refused(of("Pair"), 60),
        refused(of("BadInverse"), 66),
        refused(of("NoTensor"), 80),
        refused(of("Symmetric", "Shorter"), 71),
        refused(of("Symmetric", "Doubles"), 71),
        refused(of("Symmetric", "Pair"), 60),
        refused(of("Symmetric", "BadInverse"), 60),
        refused(lambda: put(lib.nn.Linear(2, 2), "wight", result["Doubled"]()), 70),
    ]


@script("parametrize.register_parametrization")
def assigning_to_the_tensor(lib: Any) -> Any:
    model = parametrized(lib, "Symmetric")
    model.weight = numbers(lib, 4, 4)
    seen = [model.weight, saved(model)]
    model = parametrized(lib, "Doubled", "Symmetric")
    with lib.no_grad():
        model.weight = lib.ones(4, 4)
    seen += [model.weight, saved(model)]
    model = parametrized(lib, "LowRank")
    model.weight = lib.eye(4)
    seen += [model.weight, saved(model)]

    def cannot() -> None:
        parametrized(lib, "Exponential").weight = lib.eye(4)

    return [*seen, refused(cannot, 70)]


@script("parametrize.register_parametrization")
def modes_and_types(lib: Any) -> Any:
    p = lib.nn.utils.parametrize
    model = parametrized(lib, "Symmetric").eval()
    p.register_parametrization(model, "weight", classes(lib)["Learned"]())
    plain = lib.nn.Linear(2, 2)
    return [
        [one.training for one in model.modules()],
        [type(one) for one in model.modules()],
        isinstance(model, lib.nn.Linear),
        type(model),
        p.type_before_parametrizations(model),
        p.type_before_parametrizations(plain),
        list(dict(model.named_modules())),
    ]


@script("parametrize.is_parametrized")
def asked(lib: Any) -> Any:
    is_parametrized = lib.nn.utils.parametrize.is_parametrized
    model = parametrized(lib, "Symmetric")
    return [
        is_parametrized(model),
        is_parametrized(model, "weight"),
        is_parametrized(model, "bias"),
        is_parametrized(lib.nn.Linear(2, 2)),
        is_parametrized(lib.nn.Linear(2, 2), "weight"),
    ]


@script("parametrize.remove_parametrizations", *CHAINS)
def removed(lib: Any, names: Any) -> Any:
    model = parametrized(lib, *names)
    before = trained(lib, model, numbers(lib, 3, 4))
    lib.nn.utils.parametrize.remove_parametrizations(model, "weight")
    return [before, type(model), trained(lib, model, numbers(lib, 3, 4))]


@script("parametrize.remove_parametrizations", CHAINS[0], CHAINS[1], CHAINS[4])
def removed_as_before(lib: Any, names: Any) -> Any:
    model = parametrized(lib, *names)
    remove = lib.nn.utils.parametrize.remove_parametrizations
    remove(model, "weight", leave_parametrized=False)
    return trained(lib, model, numbers(lib, 3, 4))


@script("parametrize.remove_parametrizations")
def one_of_two_and_of_a_buffer(lib: Any) -> Any:
    p, result = lib.nn.utils.parametrize, classes(lib)
    model = parametrized(lib, "Symmetric")
    p.register_parametrization(model, "bias", result["Doubled"]())
    p.remove_parametrizations(model, "weight")
    seen = [type(model), saved(model), list(dict(model.named_parameters()))]
    p.remove_parametrizations(model, "bias")
    seen += [type(model), saved(model), list(dict(model.named_parameters()))]
    norm = lib.nn.BatchNorm1d(4)
    p.register_parametrization(norm, "running_var", result["Doubled"]())
    p.remove_parametrizations(norm, "running_var")
    return [*seen, saved(norm), list(dict(norm.named_buffers()))]


@script("parametrize.remove_parametrizations")
def keeps_the_parameter_an_optimizer_has(lib: Any) -> Any:
    p = lib.nn.utils.parametrize
    model = parametrized(lib, "Symmetric")
    original = model.parametrizations.weight.original
    p.remove_parametrizations(model, "weight")
    return [model.weight is original, model.weight]


@script("parametrize.remove_parametrizations")
def removal_errors(lib: Any) -> Any:
    remove = lib.nn.utils.parametrize.remove_parametrizations
    return [
        refused(lambda: remove(lib.nn.Linear(2, 2), "weight"), 60),
        refused(lambda: remove(parametrized(lib, "LowRank"), "weight", False), 30),
    ]


@script("parametrize.cached")
def computed_once(lib: Any) -> Any:
    model = parametrized(lib, "Counted")
    counted = model.parametrizations.weight[0]
    start = counted.calls
    with lib.nn.utils.parametrize.cached():
        same = model.weight is model.weight
        with lib.nn.utils.parametrize.cached():
            model(numbers(lib, 2, 4))
        (model.weight.sum() + model.weight.prod()).backward()
    once = counted.calls - start
    again = model.weight is model.weight
    grad = model.parametrizations.weight.original.grad
    return [same, once, again, counted.calls - start, grad]


@script("parametrize.transfer_parametrizations_and_params")
def transferred(lib: Any) -> Any:
    p = lib.nn.utils.parametrize
    model = parametrized(lib, "Symmetric", "Learned")
    other = p.transfer_parametrizations_and_params(model, lib.nn.Linear(4, 4))
    third = p.transfer_parametrizations_and_params(
        parametrized(lib, "LowRank"), lib.nn.Linear(4, 4), "weight"
    )
    plain = p.transfer_parametrizations_and_params(lib.nn.Linear(2, 2), other)
    return [saved(other), other.weight, saved(third), third.weight, saved(plain)]


@script("parametrize.ParametrizationList")
def made_by_hand(lib: Any) -> Any:
    List, result = lib.nn.utils.parametrize.ParametrizationList, classes(lib)
    chain = List([result["Symmetric"]()], lib.nn.Parameter(numbers(lib, 3, 3)))
    empty = refused(lambda: List([], lib.nn.Parameter(lib.ones(2))), 60)
    return [repr(chain), chain(), chain.is_tensor, chain.ntensors, saved(chain), empty]
