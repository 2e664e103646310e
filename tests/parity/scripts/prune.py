"""Scripts of `nn.utils.prune`."""

import copy
from typing import Any

import torch.nn.utils.prune  # noqa: F401 - PyTorch imports it when asked only

from tests.parity.scripts.common import numbers, refused, saved, script, trained


def model_of(lib: Any) -> Any:
    nn = lib.nn
    return nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 4))


CALLS = {
    "l1 share": ("l1_unstructured", {"amount": 0.4}),
    "l1 count": ("l1_unstructured", {"amount": 7}),
    "l1 nothing": ("l1_unstructured", {"amount": 0}),
    "l1 all": ("l1_unstructured", {"amount": 1.0}),
    "random share": ("random_unstructured", {"amount": 0.4}),
    "random count": ("random_unstructured", {"amount": 3}),
    "ln rows": ("ln_structured", {"amount": 0.5, "n": 2, "dim": 0}),
    "ln columns": ("ln_structured", {"amount": 2, "n": 1, "dim": -1}),
    "ln greatest": ("ln_structured", {"amount": 1, "n": float("inf"), "dim": 1}),
    "random rows": ("random_structured", {"amount": 0.4, "dim": 0}),
    "random columns": ("random_structured", {"amount": 2, "dim": 1}),
    "identity": ("identity", {}),
}


def pruned(lib: Any, *calls: str) -> Any:
    model = model_of(lib)
    for call in calls:
        name, kwargs = CALLS[call]
        getattr(lib.nn.utils.prune, name)(model[0], name="weight", **kwargs)
    return model


@script("nn.utils.prune", *CALLS)
def trained_pruned(lib: Any, call: str) -> Any:
    model = pruned(lib, call)
    return [trained(lib, model, numbers(lib, 3, 6)), model[0].weight.detach()]


PAIRS = (
    ("l1 share", "l1 share"),
    ("l1 share", "random count"),
    ("ln rows", "ln columns"),
    ("ln rows", "l1 count"),
    ("random rows", "random rows"),
    ("l1 count", "ln rows", "identity"),
)


@script("nn.utils.prune.PruningContainer", *PAIRS)
def one_after_the_other(lib: Any, calls: Any) -> Any:
    model = pruned(lib, *calls)
    hooks = list(model[0]._forward_pre_hooks.values())
    hook = hooks[0][0] if isinstance(hooks[0], tuple) else hooks[0]
    kinds = [type(hook), len(hook), [type(one) for one in hook], type(hook[0])]
    return [len(hooks), kinds, trained(lib, model, numbers(lib, 3, 6))]


@script("nn.utils.prune.remove", *CALLS)
def removed(lib: Any, call: str) -> Any:
    model = pruned(lib, call)
    trained(lib, model, numbers(lib, 3, 6))
    before = [lib.nn.utils.prune.is_pruned(model), model[0].weight_orig]
    lib.nn.utils.prune.remove(model[0], "weight")
    same = model[0].weight is before[1]
    return [
        before[0],
        lib.nn.utils.prune.is_pruned(model),
        same,
        list(dict(model.named_parameters())),
        trained(lib, model, numbers(lib, 3, 6)),
    ]


@script("nn.utils.prune.custom_from_mask")
def by_a_mask(lib: Any) -> Any:
    model = model_of(lib)
    mask = (numbers(lib, 5, 6) > 0).float()
    lib.nn.utils.prune.custom_from_mask(model[0], "weight", mask)
    lib.nn.utils.prune.custom_from_mask(model[0], "bias", lib.tensor([1, 0, 1, 0, 1]))
    return trained(lib, model, numbers(lib, 3, 6))


@script("nn.utils.prune.global_unstructured", "L1Unstructured", "RandomUnstructured")
def all_over(lib: Any, method: str) -> Any:
    model, prune = model_of(lib), lib.nn.utils.prune
    chosen = ((model[0], "weight"), (model[2], "weight"), (model[2], "bias"))
    prune.global_unstructured(chosen, getattr(prune, method), amount=0.3)
    first = trained(lib, model, numbers(lib, 3, 6))
    prune.global_unstructured(chosen, getattr(prune, method), amount=10)
    return [first, trained(lib, model, numbers(lib, 3, 6))]


@script("nn.utils.prune.global_unstructured")
def by_importance(lib: Any) -> Any:
    model, prune = model_of(lib), lib.nn.utils.prune
    chosen = [(model[0], "weight"), (model[2], "weight")]
    scores = {(model[0], "weight"): numbers(lib, 5, 6)}
    prune.global_unstructured(chosen, prune.L1Unstructured, scores, amount=0.5)
    prune.l1_unstructured(model[0], "bias", 2, importance_scores=lib.arange(5.0))
    return saved(model)


@script("nn.utils.prune.BasePruningMethod")
def written_by_the_user(lib: Any) -> Any:
    class EveryOther(lib.nn.utils.prune.BasePruningMethod):
        PRUNING_TYPE = "unstructured"

        def compute_mask(self, t: Any, default_mask: Any) -> Any:
            mask = default_mask.clone()
            mask.view(-1)[::2] = 0
            return mask

    model = model_of(lib)
    EveryOther.apply(model[0], "weight")
    first = saved(model)
    EveryOther.apply(model[0], "weight")
    alone = lib.nn.utils.prune.L1Unstructured(amount=2)
    x = numbers(lib, 2, 3)
    return [first, saved(model), alone.prune(x), alone.prune(x, importance_scores=-x)]


@script("nn.utils.prune")
def of_convolutions_and_recurrent_layers(lib: Any) -> Any:
    prune, nn = lib.nn.utils.prune, lib.nn
    conv, lstm = nn.Conv2d(2, 4, 3), nn.LSTM(3, 4)
    prune.ln_structured(conv, "weight", amount=0.5, n=2, dim=0)
    prune.l1_unstructured(lstm, "weight_ih_l0", amount=0.3)
    return [
        trained(lib, conv, numbers(lib, 1, 2, 5, 5)),
        trained(lib, lstm, numbers(lib, 4, 2, 3)),
    ]


@script("nn.utils.prune")
def copied_and_loaded(lib: Any) -> Any:
    model = pruned(lib, "l1 share")
    other, x = pruned(lib, "random share"), numbers(lib, 3, 6)
    other.load_state_dict(saved(model))
    said = refused(lambda: copy.deepcopy(model), 60)
    return [model(x), other(x), saved(other), said]


@script("nn.utils.prune")
def errors(lib: Any) -> Any:
    prune, Linear = lib.nn.utils.prune, lib.nn.Linear

    def put(function: str, **kwargs: Any) -> Any:
        return lambda: getattr(prune, function)(Linear(3, 2), **kwargs)

    return [
        refused(put("l1_unstructured", name="weight", amount=1.5), 90),
        refused(put("l1_unstructured", name="weight", amount=-1), 90),
        refused(put("l1_unstructured", name="weight", amount=7), 70),
        refused(put("l1_unstructured", name="weight", amount="a"), 50),
        refused(put("ln_structured", name="bias", amount=1, n=2, dim=0), 60),
        refused(put("ln_structured", name="weight", amount=1, n=2, dim=3), 60),
        refused(put("l1_unstructured", name="wight", amount=1)),
        refused(lambda: prune.remove(Linear(3, 2), "weight"), 30),
        refused(
            lambda: prune.global_unstructured(
                [(Linear(3, 2), "weight")], prune.LnStructured, amount=1, n=2
            ),
            60,
        ),
        prune.is_pruned(Linear(3, 2)),
    ]


@script("nn.utils.prune")
def undone_after_an_error(lib: Any) -> Any:
    model = lib.nn.Linear(3, 2)
    said = refused(lambda: lib.nn.utils.prune.l1_unstructured(model, "weight", 100))
    return [said, sorted(model.state_dict()), model(numbers(lib, 1, 3))]
