"""Which networks there are, by the file that has them.

Names in lower case are builders. They can be listed, and called, before their file is
imported: a program that uses one network imports no other.
"""

from typing import Final

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
}

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

# Files that offer networks of others, under a name that torchvision had earlier.
SHARED: Final[dict[str, str]] = {}

# Files that are named after a builder, which hides them in their package.
HIDDEN: Final = ("alexnet", "googlenet")


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
