"""Write the letters of a made-up play as ids in files of 16-bit integers."""

import os
import pickle
import random

import numpy as np

draw = random.Random(0)
names = ["ANNA", "BORIS", "CLARA"]
verbs = "sees hears follows forgets".split()
lines = []
for _ in range(400):
    a, b = draw.sample(names, 2)
    lines.append(f"{a}:\n{b.title()} {draw.choice(verbs)} the sea.\n")
data = "\n".join(lines)
chars = sorted(list(set(data)))
vocab_size = len(chars)
print("all the unique characters:", "".join(chars).strip())
print(f"vocab size: {vocab_size:,}")
stoi = {ch: i for i, ch in enumerate(chars)}
itos = {i: ch for i, ch in enumerate(chars)}
n = len(data)
os.makedirs("data", exist_ok=True)
for split, text in (("train", data[: int(n * 0.9)]), ("val", data[int(n * 0.9) :])):
    ids = np.array([stoi[c] for c in text], dtype=np.uint16)
    print(f"{split} has {len(ids):,} tokens")
    ids.tofile(os.path.join("data", f"{split}.bin"))
with open(os.path.join("data", "meta.pkl"), "wb") as f:
    pickle.dump({"vocab_size": vocab_size, "itos": itos, "stoi": stoi}, f)
