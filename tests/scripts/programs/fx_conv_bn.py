"""Fold batch normalizations into convolutions with torch.fx, as the tutorial does."""

import copy

import torch
import torch.fx as fx
import torch.nn as nn
from torch.fx.experimental import optimization
from torch.fx.passes.shape_prop import ShapeProp
from torch.fx.passes.split_module import split_module
from torchvision.models import resnet18


class WrappedBatchNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.mod = nn.BatchNorm2d(1)

    def forward(self, x):
        return self.mod(x)


class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 1, 1)
        self.bn1 = nn.BatchNorm2d(1)
        self.conv2 = nn.Conv2d(1, 1, 1)
        self.nested = nn.Sequential(nn.BatchNorm2d(1), nn.Conv2d(1, 1, 1))
        self.wrapped = WrappedBatchNorm()

    def forward(self, x):
        x = self.conv1(x)
        x = self.bn1(x)
        x = self.conv2(x)
        x = self.nested(x)
        return self.wrapped(x)


def fuse_conv_bn_weights(conv_w, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b):
    if conv_b is None:
        conv_b = torch.zeros_like(bn_rm)
    if bn_w is None:
        bn_w = torch.ones_like(bn_rm)
    if bn_b is None:
        bn_b = torch.zeros_like(bn_rm)
    bn_var_rsqrt = torch.rsqrt(bn_rv + bn_eps)
    shape = [-1] + [1] * (len(conv_w.shape) - 1)
    conv_w = conv_w * (bn_w * bn_var_rsqrt).reshape(shape)
    conv_b = (conv_b - bn_rm) * bn_var_rsqrt * bn_w + bn_b
    return nn.Parameter(conv_w), nn.Parameter(conv_b)


def fuse_conv_bn_eval(conv, bn):
    """A fused convolution of a convolution `A` and a batch norm `B`, `B(A(x))`."""
    assert not conv.training, "Fusion only for eval!"
    fused_conv = copy.deepcopy(conv)
    fused_conv.weight, fused_conv.bias = fuse_conv_bn_weights(
        fused_conv.weight, fused_conv.bias, bn.running_mean, bn.running_var, bn.eps,
        bn.weight, bn.bias,
    )  # fmt: skip
    return fused_conv


def _parent_name(target):
    *parent, name = target.rsplit(".", 1)
    return parent[0] if parent else "", name


def replace_node_module(node, modules, new_module):
    parent_name, name = _parent_name(node.target)
    setattr(modules[parent_name], name, new_module)


def fuse(model):
    model = copy.deepcopy(model)
    fx_model = fx.symbolic_trace(model)
    modules = dict(fx_model.named_modules())
    for node in fx_model.graph.nodes:
        if node.op != "call_module":
            continue
        if type(modules[node.target]) is nn.BatchNorm2d and (
            type(modules[node.args[0].target]) is nn.Conv2d
        ):
            if len(node.args[0].users) > 1:
                continue
            conv, bn = modules[node.args[0].target], modules[node.target]
            replace_node_module(node.args[0], modules, fuse_conv_bn_eval(conv, bn))
            node.replace_all_uses_with(node.args[0])
            fx_model.graph.erase_node(node)
    fx_model.graph.lint()
    fx_model.recompile()
    return fx_model


torch.manual_seed(0)
model = M()
with torch.no_grad():
    for _ in range(3):
        model(torch.randn(4, 1, 3, 3) + 1)
model.eval()
print(fx.symbolic_trace(model).code)
fused_model = fuse(model)
print(fused_model.code)
inp = torch.randn(5, 1, 1, 1)
torch.testing.assert_close(fused_model(inp), model(inp))
print([round(v, 4) for v in fused_model(inp).flatten().tolist()])

rn18 = resnet18(weights=None, num_classes=10).eval()
fused = optimization.fuse(rn18)
kinds = [type(m).__name__ for m in fused.modules()]
print({kind: kinds.count(kind) for kind in sorted(set(kinds))})
images = torch.randn(1, 3, 32, 32)
with torch.no_grad():
    torch.testing.assert_close(fused(images), rn18(images), rtol=1e-3, atol=1e-3)
    ShapeProp(fused).propagate(images)
for node in list(fused.graph.nodes)[:12]:
    meta = node.meta["tensor_meta"]
    print(node.name, meta.dtype, tuple(meta.shape), meta.stride)

layers = 0


def halves(node):
    global layers
    layers += 1
    return layers > 24


parts = split_module(fused, fused, halves)
print(parts.code)
with torch.no_grad():
    torch.testing.assert_close(parts(images), fused(images))
print(len(parts.submod_False.graph.nodes), len(parts.submod_True.graph.nodes))
torch.save(fused, "fused.pt")
loaded = torch.load("fused.pt", weights_only=False)
with torch.no_grad():
    torch.testing.assert_close(loaded(images), fused(images))
print(loaded.code == fused.code, len(copy.deepcopy(loaded).state_dict()))
