"""Which networks there are, by the file that has them.

Names in lower case are builders. They can be listed, and called, before their file is
imported: a program that uses one network imports no other.
"""

import sys
from collections.abc import Callable, Container
from types import ModuleType
from typing import Any, Final

FILES: Final[dict[str, str]] = {
    "resnet": """
        ResNet ResNet18_Weights ResNet34_Weights ResNet50_Weights ResNet101_Weights
        ResNet152_Weights ResNeXt50_32X4D_Weights ResNeXt101_32X8D_Weights
        ResNeXt101_64X4D_Weights Wide_ResNet50_2_Weights Wide_ResNet101_2_Weights
        resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d
        resnext101_64x4d wide_resnet50_2 wide_resnet101_2
    """,
    "alexnet": """
        AlexNet AlexNet_Weights alexnet
    """,
    "vgg": """
        VGG VGG11_Weights VGG11_BN_Weights VGG13_Weights VGG13_BN_Weights VGG16_Weights
        VGG16_BN_Weights VGG19_Weights VGG19_BN_Weights vgg11 vgg11_bn vgg13 vgg13_bn
        vgg16 vgg16_bn vgg19 vgg19_bn
    """,
    "segmentation.deeplabv3": """
        DeepLabV3 DeepLabV3_ResNet50_Weights DeepLabV3_ResNet101_Weights
        DeepLabV3_MobileNet_V3_Large_Weights deeplabv3_mobilenet_v3_large
        deeplabv3_resnet50 deeplabv3_resnet101
    """,
    "segmentation.fcn": """
        FCN FCN_ResNet50_Weights FCN_ResNet101_Weights fcn_resnet50 fcn_resnet101
    """,
    "segmentation.lraspp": """
        LRASPP LRASPP_MobileNet_V3_Large_Weights lraspp_mobilenet_v3_large
    """,
    "densenet": """
        DenseNet DenseNet121_Weights DenseNet161_Weights DenseNet169_Weights
        DenseNet201_Weights densenet121 densenet161 densenet169 densenet201
    """,
    "squeezenet": """
        SqueezeNet SqueezeNet1_0_Weights SqueezeNet1_1_Weights squeezenet1_0
        squeezenet1_1
    """,
    "googlenet": """
        GoogLeNet GoogLeNetOutputs _GoogLeNetOutputs GoogLeNet_Weights googlenet
    """,
    "inception": """
        Inception3 InceptionOutputs _InceptionOutputs Inception_V3_Weights inception_v3
    """,
    "mobilenetv2": """
        MobileNetV2 MobileNet_V2_Weights mobilenet_v2
    """,
    "mobilenetv3": """
        MobileNetV3 MobileNet_V3_Large_Weights MobileNet_V3_Small_Weights
        mobilenet_v3_large mobilenet_v3_small
    """,
    "shufflenetv2": """
        ShuffleNetV2 ShuffleNet_V2_X0_5_Weights ShuffleNet_V2_X1_0_Weights
        ShuffleNet_V2_X1_5_Weights ShuffleNet_V2_X2_0_Weights shufflenet_v2_x0_5
        shufflenet_v2_x1_0 shufflenet_v2_x1_5 shufflenet_v2_x2_0
    """,
    "mnasnet": """
        MNASNet MNASNet0_5_Weights MNASNet0_75_Weights MNASNet1_0_Weights
        MNASNet1_3_Weights mnasnet0_5 mnasnet0_75 mnasnet1_0 mnasnet1_3
    """,
    "efficientnet": """
        EfficientNet EfficientNet_B0_Weights EfficientNet_B1_Weights
        EfficientNet_B2_Weights EfficientNet_B3_Weights EfficientNet_B4_Weights
        EfficientNet_B5_Weights EfficientNet_B6_Weights EfficientNet_B7_Weights
        EfficientNet_V2_S_Weights EfficientNet_V2_M_Weights EfficientNet_V2_L_Weights
        efficientnet_b0 efficientnet_b1 efficientnet_b2 efficientnet_b3 efficientnet_b4
        efficientnet_b5 efficientnet_b6 efficientnet_b7 efficientnet_v2_s
        efficientnet_v2_m efficientnet_v2_l
    """,
    "regnet": """
        RegNet RegNet_Y_400MF_Weights RegNet_Y_800MF_Weights RegNet_Y_1_6GF_Weights
        RegNet_Y_3_2GF_Weights RegNet_Y_8GF_Weights RegNet_Y_16GF_Weights
        RegNet_Y_32GF_Weights RegNet_Y_128GF_Weights RegNet_X_400MF_Weights
        RegNet_X_800MF_Weights RegNet_X_1_6GF_Weights RegNet_X_3_2GF_Weights
        RegNet_X_8GF_Weights RegNet_X_16GF_Weights RegNet_X_32GF_Weights regnet_y_400mf
        regnet_y_800mf regnet_y_1_6gf regnet_y_3_2gf regnet_y_8gf regnet_y_16gf
        regnet_y_32gf regnet_y_128gf regnet_x_400mf regnet_x_800mf regnet_x_1_6gf
        regnet_x_3_2gf regnet_x_8gf regnet_x_16gf regnet_x_32gf
    """,
    "convnext": """
        ConvNeXt ConvNeXt_Tiny_Weights ConvNeXt_Small_Weights ConvNeXt_Base_Weights
        ConvNeXt_Large_Weights convnext_tiny convnext_small convnext_base convnext_large
    """,
    "vision_transformer": """
        VisionTransformer ViT_B_16_Weights ViT_B_32_Weights ViT_L_16_Weights
        ViT_L_32_Weights ViT_H_14_Weights vit_b_16 vit_b_32 vit_l_16 vit_l_32 vit_h_14
    """,
    "swin_transformer": """
        SwinTransformer Swin_T_Weights Swin_S_Weights Swin_B_Weights Swin_V2_T_Weights
        Swin_V2_S_Weights Swin_V2_B_Weights swin_t swin_s swin_b swin_v2_t swin_v2_s
        swin_v2_b
    """,
    "maxvit": "MaxVit MaxVit_T_Weights maxvit_t",
    "video.resnet": """
        VideoResNet R3D_18_Weights MC3_18_Weights R2Plus1D_18_Weights r3d_18 mc3_18
        r2plus1d_18
    """,
    "video.s3d": "S3D S3D_Weights s3d",
    "video.mvit": "MViT MViT_V1_B_Weights MViT_V2_S_Weights mvit_v1_b mvit_v2_s",
    "video.swin_transformer": """
        SwinTransformer3d Swin3D_T_Weights Swin3D_S_Weights Swin3D_B_Weights swin3d_t
        swin3d_s swin3d_b
    """,
    "optical_flow.raft": """
        RAFT Raft_Large_Weights Raft_Small_Weights raft_large raft_small
    """,
}

# Packages of networks, whose names their parent does not show.
PACKAGES: Final = ("segmentation", "video", "optical_flow")

# Networks that are there in compat only, where lists of images go in.
OF_COMPAT: Final = {
    "detection.faster_rcnn": """
        FasterRCNN FasterRCNN_ResNet50_FPN_Weights FasterRCNN_ResNet50_FPN_V2_Weights
        FasterRCNN_MobileNet_V3_Large_FPN_Weights
        FasterRCNN_MobileNet_V3_Large_320_FPN_Weights fasterrcnn_resnet50_fpn
        fasterrcnn_resnet50_fpn_v2 fasterrcnn_mobilenet_v3_large_fpn
        fasterrcnn_mobilenet_v3_large_320_fpn
    """,
    "detection.fcos": "FCOS FCOS_ResNet50_FPN_Weights fcos_resnet50_fpn",
    "detection.keypoint_rcnn": """
        KeypointRCNN KeypointRCNN_ResNet50_FPN_Weights keypointrcnn_resnet50_fpn
    """,
    "detection.mask_rcnn": """
        MaskRCNN MaskRCNN_ResNet50_FPN_Weights MaskRCNN_ResNet50_FPN_V2_Weights
        maskrcnn_resnet50_fpn maskrcnn_resnet50_fpn_v2
    """,
    "detection.retinanet": """
        RetinaNet RetinaNet_ResNet50_FPN_Weights RetinaNet_ResNet50_FPN_V2_Weights
        retinanet_resnet50_fpn retinanet_resnet50_fpn_v2
    """,
    "detection.ssd": "SSD300_VGG16_Weights ssd300_vgg16",
    "detection.ssdlite": """
        SSDLite320_MobileNet_V3_Large_Weights ssdlite320_mobilenet_v3_large
    """,
}

# Networks that torchvision has not, and that are no modules of compat.
NATIVE: Final = {
    "_lenet": "LeNet lenet",
    "language": "GPT2 NanoGPT gpt2 gpt2_medium gpt2_large gpt2_xl",
}

# Files that offer networks of others, under a name that torchvision had earlier.
SHARED: Final = ("mobilenet",)


def names(folder: str = "") -> dict[str, str]:
    """The public names of a folder of networks, each with the file that has it."""
    return {
        name: file
        for file, listed in FILES.items()
        if file.rpartition(".")[0] == folder
        for name in listed.split()
    }


def is_builder(name: str) -> bool:
    """Whether a name is that of a function which builds a network."""
    return name == name.lower()


class _Package(ModuleType):
    """A package whose builders are not hidden by the files named after them."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not isinstance(value, ModuleType) or name not in _FILES_OF_BUILDERS:
            super().__setattr__(name, value)


_FILES_OF_BUILDERS: Final = ("alexnet", "googlenet", "s3d")


def show_builders(package: str) -> None:
    """Let `models.alexnet` be the builder, also when its file has been imported."""
    sys.modules[package].__class__ = _Package


older_names: Final[set[Callable[[str], str]]] = set()
"""Functions from an array's name in old files of weights to its name today."""


def name_today(name: str, wanted: Container[str]) -> str:
    """The name that an array of a file has in a network, where the file's is older.

    Args:
        name: in the file.
        wanted: the names in the network.
    """
    if name in wanted:
        return name
    return next((new for new in (f(name) for f in older_names) if new in wanted), name)
