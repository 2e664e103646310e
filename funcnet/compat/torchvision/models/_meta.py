"""Names of classes, as `torchvision.models._meta`; scripts import them from there."""

from typing import Any, Final

from funcnet.compat.torchvision.models._api import get_weight

_LISTS: Final = {
    "_IMAGENET_CATEGORIES": "ResNet18_Weights.IMAGENET1K_V1",
    "_COCO_CATEGORIES": "RetinaNet_ResNet50_FPN_Weights.COCO_V1",
    "_COCO_PERSON_CATEGORIES": "KeypointRCNN_ResNet50_FPN_Weights.COCO_V1",
    "_VOC_CATEGORIES": "FCN_ResNet50_Weights.COCO_WITH_VOC_LABELS_V1",
    "_KINETICS400_CATEGORIES": "R3D_18_Weights.KINETICS400_V1",
}


def __getattr__(name: str) -> Any:
    if name in _LISTS:
        return get_weight(_LISTS[name]).meta["categories"]
    if name == "_COCO_PERSON_KEYPOINT_NAMES":
        return get_weight("KeypointRCNN_ResNet50_FPN_Weights.COCO_V1").meta[
            "keypoint_names"
        ]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
