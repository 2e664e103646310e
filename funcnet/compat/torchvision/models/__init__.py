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
import sys
from types import ModuleType
from typing import Any, Final

import funcnet.models as _native
from funcnet.compat.torchvision._later import show_later as _show_later
from funcnet.models import _catalog

__path__.extend(_native.__path__)

# Names that are not there yet, by file.
_FILES: Final = {
    "feature_extraction": """
        create_feature_extractor get_graph_node_names LeafModuleAwareTracer
        NodePathTracer DualGraphModule
    """,
    "maxvit": """
        MaxVit MaxVit_T_Weights maxvit_t MBConv RelativePositionalMultiHeadAttention
        SwapAxes WindowPartition WindowDepartition PartitionAttentionLayer MaxVitLayer
        MaxVitBlock
    """,
    "optical_flow._utils": "grid_sample make_coords_grid upsample_flow",
    "optical_flow.raft": """
        RAFT raft_large raft_small Raft_Large_Weights Raft_Small_Weights ResidualBlock
        BottleneckBlock FeatureEncoder MotionEncoder ConvGRU RecurrentBlock FlowHead
        UpdateBlock MaskPredictor CorrBlock
    """,
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
    "video.mvit": """
        MViT MViT_V1_B_Weights mvit_v1_b MViT_V2_S_Weights mvit_v2_s MSBlockConfig Pool
        MultiscaleAttention MultiscaleBlock PositionalEncoding
    """,
    "video.resnet": """
        VideoResNet R3D_18_Weights MC3_18_Weights R2Plus1D_18_Weights r3d_18 mc3_18
        r2plus1d_18 Conv3DSimple Conv2Plus1D Conv3DNoTemporal BasicBlock Bottleneck
        BasicStem R2Plus1dStem
    """,
    "video.s3d": "S3D S3D_Weights s3d TemporalSeparableConv SepInceptionBlock3D",
    "video.swin_transformer": """
        SwinTransformer3d Swin3D_T_Weights Swin3D_S_Weights Swin3D_B_Weights swin3d_t
        swin3d_s swin3d_b shifted_window_attention_3d ShiftedWindowAttention3d
        PatchEmbed3d
    """,
}

_show_later("models", _FILES, apart="quantization")
_not_yet: Any = globals().pop("__getattr__")
_api = importlib.import_module(f"{__name__}._api")
_NAMES: Final = _catalog.names()
# A builder imports its file when it is called; scripts list them by `models.__dict__`.
globals().update({n: _api.BUILTIN_MODELS[n] for n in _NAMES if _catalog.is_builder(n)})
globals().update({name: getattr(_api, name) for name in _api.__all__})
globals()["__all__"] += [*_NAMES, *_api.__all__]

_PACKAGES: Final = ("_utils", "detection", "segmentation")


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(importlib.import_module(f"{__name__}.{_NAMES[name]}"), name)
    if name in (*_NAMES.values(), *_catalog.SHARED, *_PACKAGES):
        return importlib.import_module(f"{__name__}.{name}")
    return _not_yet(name)


class _Models(ModuleType):
    """The package; a file named after its builder, as `alexnet`, does not hide it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _catalog.HIDDEN and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Models
