"""diffusers: a small UNet learns noise, draws an image, is saved and loaded."""

import tempfile

import torch
from diffusers import DDPMPipeline, DDPMScheduler, UNet2DModel

torch.manual_seed(0)
model = UNet2DModel(
    sample_size=8,
    in_channels=1,
    out_channels=1,
    layers_per_block=1,
    block_out_channels=(32, 32),
    down_block_types=("DownBlock2D", "AttnDownBlock2D"),
    up_block_types=("AttnUpBlock2D", "UpBlock2D"),
    norm_num_groups=8,
)
schedule = DDPMScheduler(num_train_timesteps=50)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
images = torch.ones(4, 1, 8, 8)
losses = []
for _ in range(10):
    noise, times = torch.randn_like(images), torch.randint(0, 50, (4,))
    seen = schedule.add_noise(images, noise, times)
    loss = torch.nn.functional.mse_loss(model(seen, times).sample, noise)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    losses.append(loss.item())
assert losses[-1] < 0.9 * losses[0], losses
pipeline = DDPMPipeline(model, schedule)
pipeline.set_progress_bar_config(disable=True)
drawn = pipeline(batch_size=1, num_inference_steps=3, output_type="np").images
assert drawn.shape == (1, 8, 8, 1)
with tempfile.TemporaryDirectory() as folder:
    model.save_pretrained(folder)
    again = UNet2DModel.from_pretrained(folder)
assert torch.equal(again.conv_in.weight, model.conv_in.weight)
