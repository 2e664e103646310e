"""Wasserstein GAN with gradient penalty on eight Gaussians."""

import argparse
import math

import numpy as np
import torch
import torch.autograd as autograd
import torch.nn as nn
from torch.autograd import Variable

parser = argparse.ArgumentParser()
parser.add_argument("--n_iters", type=int, default=40)
parser.add_argument("--batch_size", type=int, default=64)
parser.add_argument("--lr", type=float, default=1e-3)
parser.add_argument("--b1", type=float, default=0.5)
parser.add_argument("--b2", type=float, default=0.9)
parser.add_argument("--latent_dim", type=int, default=2)
parser.add_argument("--n_critic", type=int, default=5)
parser.add_argument("--lambda_gp", type=float, default=10)
opt = parser.parse_args()

cuda = True if torch.cuda.is_available() else False
torch.manual_seed(0)
np.random.seed(0)
Tensor = torch.cuda.FloatTensor if cuda else torch.FloatTensor


class Generator(nn.Module):
    def __init__(self):
        super().__init__()

        def block(in_feat, out_feat, normalize=True):
            layers = [nn.Linear(in_feat, out_feat)]
            if normalize:
                layers.append(nn.BatchNorm1d(out_feat, 0.8))
            layers.append(nn.LeakyReLU(0.2, inplace=True))
            return layers

        self.model = nn.Sequential(
            *block(opt.latent_dim, 32, normalize=False),
            *block(32, 64),
            nn.Linear(64, 2),
        )

    def forward(self, z):
        return self.model(z)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Linear(2, 64),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(64, 64),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Linear(64, 1),
        )

    def forward(self, x):
        return self.model(x)


generator = Generator()
discriminator = Discriminator()
if cuda:
    generator.cuda()
    discriminator.cuda()


def sample_real(n):
    angle = np.random.randint(0, 8, n) * math.pi / 4
    return (
        np.stack([np.cos(angle), np.sin(angle)], 1) * 2 + np.random.randn(n, 2) * 0.05
    )


optimizer_G = torch.optim.Adam(
    generator.parameters(), lr=opt.lr, betas=(opt.b1, opt.b2)
)
optimizer_D = torch.optim.Adam(
    discriminator.parameters(), lr=opt.lr, betas=(opt.b1, opt.b2)
)


def compute_gradient_penalty(D, real_samples, fake_samples):
    alpha = Tensor(np.random.random((real_samples.size(0), 1)))
    interpolates = (alpha * real_samples + ((1 - alpha) * fake_samples)).requires_grad_(
        True
    )
    d_interpolates = D(interpolates)
    fake = Variable(Tensor(real_samples.shape[0], 1).fill_(1.0), requires_grad=False)
    gradients = autograd.grad(
        outputs=d_interpolates,
        inputs=interpolates,
        grad_outputs=fake,
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    gradients = gradients.view(gradients.size(0), -1)
    return ((gradients.norm(2, dim=1) - 1) ** 2).mean()


for i in range(opt.n_iters):
    for p in discriminator.parameters():
        p.requires_grad = True
    for _ in range(opt.n_critic):
        real_imgs = Variable(Tensor(sample_real(opt.batch_size)))
        optimizer_D.zero_grad()
        z = Variable(torch.randn(opt.batch_size, opt.latent_dim))
        fake_imgs = generator(z)
        real_validity = discriminator(real_imgs)
        fake_validity = discriminator(fake_imgs)
        gradient_penalty = compute_gradient_penalty(
            discriminator, real_imgs.data, fake_imgs.data
        )
        d_loss = (
            -torch.mean(real_validity)
            + torch.mean(fake_validity)
            + opt.lambda_gp * gradient_penalty
        )
        d_loss.backward()
        optimizer_D.step()
    for p in discriminator.parameters():
        p.requires_grad = False
    optimizer_G.zero_grad()
    fake_imgs = generator(z)
    g_loss = -torch.mean(discriminator(fake_imgs))
    g_loss.backward()
    optimizer_G.step()
    if i % 10 == 9:
        print(
            "[Iter %d/%d] [D loss: %f] [G loss: %f]"
            % (i, opt.n_iters, d_loss.item(), g_loss.item())
        )

radius = generator(torch.randn(256, opt.latent_dim)).norm(dim=1)
print("mean radius %.3f" % radius.mean().item())
