"""Networks, as `torchvision.models`.

The files of networks are those of `funcnet.models`: this package has their folder on
its path, so that each is executed a second time as a module of this package. There
`from ._backend import nn` finds the `_backend` of this folder, with compat's modules.

Example:
    >>> from funcnet.compat.torchvision import models
    >>> model = models.resnet18(num_classes=5)
    >>> model.fc
    Linear(in_features=512, out_features=5, bias=True)
"""

import importlib
from typing import Any, Final

import funcnet.models as _native
from funcnet.compat.torchvision._later import show_later as _show_later
from funcnet.models import _catalog

__path__.extend(_native.__path__)

# Names that are not there yet, by file.
_FILES: Final = {
    "quantization.googlenet": """
        QuantizableGoogLeNet GoogLeNet_QuantizedWeights googlenet QuantizableBasicConv2d
        QuantizableInception QuantizableInceptionAux
    """,
    "quantization.inception": """
        QuantizableInception3 Inception_V3_QuantizedWeights inception_v3
        QuantizableBasicConv2d QuantizableInceptionA QuantizableInceptionB
        QuantizableInceptionC QuantizableInceptionD QuantizableInceptionE
        QuantizableInceptionAux
    """,
    "quantization.mobilenetv2": """
        QuantizableMobileNetV2 MobileNet_V2_QuantizedWeights mobilenet_v2
        QuantizableInvertedResidual
    """,
    "quantization.mobilenetv3": """
        QuantizableMobileNetV3 MobileNet_V3_Large_QuantizedWeights mobilenet_v3_large
        QuantizableSqueezeExcitation QuantizableInvertedResidual
    """,
    "quantization.resnet": """
        QuantizableResNet ResNet18_QuantizedWeights ResNet50_QuantizedWeights
        ResNeXt101_32X8D_QuantizedWeights ResNeXt101_64X4D_QuantizedWeights resnet18
        resnet50 resnext101_32x8d resnext101_64x4d QuantizableBasicBlock
        QuantizableBottleneck
    """,
    "quantization.shufflenetv2": """
        QuantizableShuffleNetV2 ShuffleNet_V2_X0_5_QuantizedWeights
        ShuffleNet_V2_X1_0_QuantizedWeights ShuffleNet_V2_X1_5_QuantizedWeights
        ShuffleNet_V2_X2_0_QuantizedWeights shufflenet_v2_x0_5 shufflenet_v2_x1_0
        shufflenet_v2_x1_5 shufflenet_v2_x2_0 QuantizableInvertedResidual
    """,
    "quantization.utils": "quantize_model",
}

_show_later("models", _FILES, apart="quantization")
_not_yet: Any = globals().pop("__getattr__")
_api = importlib.import_module(f"{__name__}._api")
_NAMES: Final = _catalog.names()
# A builder imports its file when it is called; scripts list them by `models.__dict__`.
globals().update({n: _api.BUILTIN_MODELS[n] for n in _NAMES if _catalog.is_builder(n)})
globals().update({name: getattr(_api, name) for name in _api.__all__})
globals()["__all__"] += [*_NAMES, *_api.__all__]

_PACKAGES: Final = (
    *("_utils", "_meta", "detection", "feature_extraction"),
    *_catalog.PACKAGES,
)


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(importlib.import_module(f"{__name__}.{_NAMES[name]}"), name)
    if name in (*_NAMES.values(), *_catalog.SHARED, *_PACKAGES):
        return importlib.import_module(f"{__name__}.{name}")
    return _not_yet(name)


_catalog.show_builders(__name__)
