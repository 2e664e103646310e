"""States of modules: what is reported, which hooks change them."""

import functools
from collections import OrderedDict
from typing import Any

from tests.parity.scripts import common as scripts
from tests.parity.scripts.common import numbers, refused

ROWS: list[tuple[str, str, Any]] = []
script = functools.partial(scripts.script, rows=ROWS)


def _model(lib: Any) -> Any:
    return lib.nn.Sequential(
        OrderedDict(fc=lib.nn.Linear(1, 1), norm=lib.nn.BatchNorm1d(1))
    )


KEYS = (
    *("fc.weight.extra", "fc.weight.a.b", "fc.bias.0", "fc", "fc.weightx", "0"),
    *("fc._extra_state", "_extra_state", "norm.running_mean.x", "norm", "fc.", ""),
    "fc.weight",
)


@script("unexpected keys", *KEYS)
def added(lib: Any, key: str) -> Any:
    model = _model(lib)
    state = OrderedDict(model.state_dict())
    state[key] = lib.ones(1, 1)
    result = model.load_state_dict(state, strict=False)
    return result.unexpected_keys, refused(lambda: model.load_state_dict(state), 400)


@script("missing keys", "fc.weight", "norm.running_var", "fc.")
def left_out(lib: Any, key: str) -> Any:
    model = _model(lib)
    state = {k: v for k, v in model.state_dict().items() if not k.startswith(key)}
    result = model.load_state_dict(state, strict=False)
    return result, refused(lambda: model.load_state_dict(state), 400)


WRONG = {
    "shape": lambda lib: lib.ones(2, 2),
    "scalar": lambda lib: lib.ones(()),
    "no tensor": lambda lib: [1.0],
    "integers": lambda lib: lib.ones(1, 1, dtype=lib.int64),
    "double": lambda lib: lib.ones(1, 1, dtype=lib.float64),
}


@script("values", *[(kind, assign) for kind in WRONG for assign in (False, True)])
def given(lib: Any, case: tuple[str, bool]) -> Any:
    kind, assign = case
    model = _model(lib)
    before = model.fc.weight
    state = dict(model.state_dict()) | {"fc.weight": WRONG[kind](lib)}
    error = refused(lambda: model.load_state_dict(state, assign=assign), 300)
    weight = model.fc.weight
    facts = (
        weight.dtype,
        weight is before,
        weight.requires_grad,
        type(weight).__name__,
    )
    return error.replace("torch.float", "float"), facts, weight.detach()


@script("values")
def assigned(lib: Any) -> Any:
    model = _model(lib)
    model.fc.weight.requires_grad_(False)
    state = {k: v + 1 for k, v in model.state_dict().items()}
    state["fc.bias"] = lib.nn.Parameter(state["fc.bias"], requires_grad=False)
    model.load_state_dict(state, assign=True)
    return (
        model.fc.weight.requires_grad,
        model.fc.bias is state["fc.bias"],
        model.fc.bias.requires_grad,
        model.norm.running_mean is state["norm.running_mean"],
        model.state_dict(),
    )


@script("extra state")
def of_both_kinds(lib: Any) -> Any:
    class Extra(lib.nn.Module):
        count = 0

        def get_extra_state(self) -> Any:
            return {"count": self.count}

        def set_extra_state(self, state: Any) -> None:
            self.count = state["count"]

    class Written(lib.nn.Module):
        def get_extra_state(self) -> Any:
            return 1

    one, two = Extra(), Extra()
    one.count = 5
    two.load_state_dict(one.state_dict())
    written = Written()
    return (
        two.count,
        list(one.state_dict()),
        refused(lambda: two.load_state_dict({}), 200),
        refused(lambda: written.load_state_dict(written.state_dict()), 200),
    )


@script("metadata")
def versions(lib: Any) -> Any:
    model = _model(lib)
    state = model.state_dict()
    known = {k: dict(v) for k, v in state._metadata.items()}
    old = OrderedDict(state)
    del old["norm.num_batches_tracked"]
    first = model.load_state_dict(old, strict=False)
    old._metadata = {"norm": {"version": 2}}
    second = model.load_state_dict(old, strict=False)
    return known, first, second


@script("hooks")
def on_the_way(lib: Any) -> Any:
    model, log = _model(lib), []
    model.register_state_dict_pre_hook(lambda m, p, keep: log.append(("pre", p, keep)))
    model.fc.register_state_dict_post_hook(
        lambda m, state, p, meta: log.append(("post", p, list(state), meta))
    )
    model.fc.register_load_state_dict_pre_hook(
        lambda m, state, p, *others: log.append((type(m).__name__, p, list(state)))
    )
    model._register_load_state_dict_pre_hook(
        lambda state, p, *others: state.pop("more", None)
    )
    model.register_load_state_dict_post_hook(lambda m, keys: keys.missing_keys.clear())
    state = dict(model.state_dict()) | {"more": 1}
    del state["fc.bias"]
    result = model.load_state_dict(state)
    return log, result


@script("hooks")
def wrong_results(lib: Any) -> Any:
    one, two, three = (lib.nn.Linear(1, 1) for _ in range(3))
    one.register_state_dict_post_hook(lambda m, state, p, meta: {})
    two._register_state_dict_hook(lambda m, state, p, meta: {"new": 1})
    three.register_load_state_dict_post_hook(lambda m, keys: keys)
    return (
        refused(one.state_dict, 200),
        two.state_dict(),
        refused(lambda: three.load_state_dict(three.state_dict()), 60),
    )


@script("destinations")
def prefixes(lib: Any) -> Any:
    model, place = _model(lib), OrderedDict()
    model.state_dict(destination=place, prefix="net.")
    kept = model.state_dict(keep_vars=True)
    names = [type(x).__name__ for x in kept.values()]
    numbers_of = {k: numbers(lib, 1, 1) for k in ("fc.weight",)}
    error = refused(lambda: model.load_state_dict([("fc.weight", numbers_of)]), 55)
    return list(place), names, error
