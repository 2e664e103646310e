"""A dataset of one's own: an annotations file, images, transforms, a loader."""

import csv
import os

import matplotlib.pyplot as plt
import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms, utils
from torchvision.transforms import Lambda, ToTensor

torch.manual_seed(0)
np.random.seed(0)
os.makedirs("faces", exist_ok=True)
with open("faces/landmarks.csv", "w", newline="") as f:
    writer = csv.writer(f)
    writer.writerow(
        ["image_name", "label"] + [f"part_{i}_{c}" for i in range(4) for c in "xy"]
    )
    for i in range(12):
        h, w = np.random.randint(40, 60, 2)
        Image.fromarray(np.random.randint(0, 255, (h, w, 3), dtype=np.uint8)).save(
            f"faces/{i}.png"
        )
        points = np.random.rand(4, 2) * (w, h)
        writer.writerow([f"{i}.png", i % 3] + [f"{p:.3f}" for p in points.reshape(-1)])


class CustomImageDataset(Dataset):
    def __init__(
        self, annotations_file, img_dir, transform=None, target_transform=None
    ):
        with open(annotations_file) as f:
            self.img_labels = [
                (r["image_name"], int(r["label"])) for r in csv.DictReader(f)
            ]
        self.img_dir = img_dir
        self.transform = transform
        self.target_transform = target_transform

    def __len__(self):
        return len(self.img_labels)

    def __getitem__(self, idx):
        img_path = os.path.join(self.img_dir, self.img_labels[idx][0])
        image = Image.open(img_path)
        label = self.img_labels[idx][1]
        if self.transform:
            image = self.transform(image)
        if self.target_transform:
            label = self.target_transform(label)
        return image, label


class FaceLandmarksDataset(Dataset):
    def __init__(self, csv_file, root_dir, transform=None):
        with open(csv_file) as f:
            self.rows = list(csv.reader(f))[1:]
        self.root_dir = root_dir
        self.transform = transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, idx):
        if torch.is_tensor(idx):
            idx = idx.tolist()
        image = np.array(Image.open(os.path.join(self.root_dir, self.rows[idx][0])))
        landmarks = np.array([self.rows[idx][2:]], dtype=float).reshape(-1, 2)
        sample = {"image": image, "landmarks": landmarks}
        if self.transform:
            sample = self.transform(sample)
        return sample


class Rescale(object):
    def __init__(self, output_size):
        assert isinstance(output_size, (int, tuple))
        self.output_size = output_size

    def __call__(self, sample):
        image, landmarks = sample["image"], sample["landmarks"]
        h, w = image.shape[:2]
        new_h, new_w = (
            (self.output_size * h / w, self.output_size)
            if h > w
            else (self.output_size, self.output_size * w / h)
        )
        new_h, new_w = int(new_h), int(new_w)
        img = np.array(Image.fromarray(image).resize((new_w, new_h)))
        return {"image": img, "landmarks": landmarks * [new_w / w, new_h / h]}


class RandomCrop(object):
    def __init__(self, output_size):
        self.output_size = (output_size, output_size)

    def __call__(self, sample):
        image, landmarks = sample["image"], sample["landmarks"]
        h, w = image.shape[:2]
        new_h, new_w = self.output_size
        top = torch.randint(0, h - new_h + 1, (1,)).item()
        left = torch.randint(0, w - new_w + 1, (1,)).item()
        return {
            "image": image[top : top + new_h, left : left + new_w],
            "landmarks": landmarks - [left, top],
        }


class ArrayToTensor(object):
    def __call__(self, sample):
        image = sample["image"].transpose((2, 0, 1))
        return {
            "image": torch.from_numpy(image),
            "landmarks": torch.from_numpy(sample["landmarks"]),
        }


dataset = CustomImageDataset(
    "faces/landmarks.csv",
    "faces",
    transform=transforms.Compose([transforms.Resize((32, 32)), ToTensor()]),
    target_transform=Lambda(
        lambda y: torch.zeros(3, dtype=torch.float).scatter_(
            0, torch.tensor(y), value=1
        )
    ),
)
loader = DataLoader(dataset, batch_size=5, shuffle=True)
train_features, train_labels = next(iter(loader))
print(f"Feature batch shape: {train_features.size()} mean {train_features.mean():.4f}")
print(f"Labels batch shape: {train_labels.size()}")
print(train_labels)
img = train_features[0].squeeze()
plt.imshow(img.permute(1, 2, 0))
plt.title(int(train_labels[0].argmax()))
plt.savefig("sample.png")

transformed = FaceLandmarksDataset(
    "faces/landmarks.csv",
    "faces",
    transforms.Compose([Rescale(36), RandomCrop(32), ArrayToTensor()]),
)
for i, sample in enumerate(transformed):
    print(
        i, sample["image"].size(), sample["landmarks"].size(), sample["landmarks"].dtype
    )
    if i == 3:
        break
dataloader = DataLoader(transformed, batch_size=4, shuffle=True, num_workers=2)
for i_batch, sample_batched in enumerate(dataloader):
    print(i_batch, sample_batched["image"].size(), sample_batched["landmarks"].size())
    if i_batch == 1:
        grid = utils.make_grid(sample_batched["image"])
        plt.figure()
        plt.imshow(grid.numpy().transpose((1, 2, 0)))
        plt.scatter(
            sample_batched["landmarks"][0, :, 0].numpy(),
            sample_batched["landmarks"][0, :, 1].numpy(),
            s=10,
        )
        plt.savefig("batch.png")
        utils.save_image(sample_batched["image"].float() / 255, "grid.png", nrow=2)
        print(grid.shape, grid.float().mean().item())
print(sorted(os.listdir(".")))
