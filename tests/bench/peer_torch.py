#!/usr/bin/env python3
"""PyTorch's side of the benchmark, at its best: answers run.py as worker.hpp tells.

    peer_torch.py WORK [FOLDER]        cnn-training, cnn-inference, autoencoder-training, gan-step
    peer_torch.py cnn-seconds JSON     the fastest rung's training; JSON says how it goes
    peer_torch.py export FOLDER        writes FOLDER/cnn.onnx, for ONNX Runtime

FOLDER holds our CNN: parameters, images and what we make of them (ours.cpp writes them). The images of a training run
lie in memory as floats in the layout of the variant; a step takes its mini-batch out of them, as ours does out of bytes.
"""
import json
import os
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count())))
torch.set_flush_denormal(True)
BATCH, GAN_BATCH, IMAGES, STEPS = 32, 256, 6400, 20


def layout(variant):
    return torch.channels_last if "channels_last" in variant else torch.contiguous_format


def training_variants():
    return [f"{name}{adam}" for name in ("default", "channels_last") for adam in ("", ", foreach Adam")]


def adam(model, variant, learning_rate=1e-3):
    return torch.optim.Adam(model.parameters(), lr=learning_rate, eps=1e-7, foreach="foreach" in variant)


def require_parameters(model, expected):
    found = sum(p.numel() for p in model.parameters())
    if found != expected:
        raise RuntimeError(f"not the network that was meant: {found} parameters, expected {expected}")
    return model


# ---- the networks of section 7.3 -------------------------------------------------------------------------------------
# Padding is symmetric here, where Keras and we put the odd row of zeros at the end: the same shapes, the same number of
# multiply-adds, and no extra copy for PyTorch.

def make_cnn():
    return require_parameters(nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3), nn.ReLU(inplace=True), nn.Flatten(),
        nn.Linear(3 * 3 * 128, 128), nn.ReLU(inplace=True), nn.Linear(128, 10)), 241546)


def make_autoencoder():
    return require_parameters(nn.Sequential(
        nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.ReLU(inplace=True),
        nn.Conv2d(16, 8, 3, stride=2, padding=1), nn.ReLU(inplace=True),
        nn.ConvTranspose2d(8, 8, 3, stride=2, padding=1, output_padding=1), nn.ReLU(inplace=True),
        nn.ConvTranspose2d(8, 16, 3, stride=2, padding=1, output_padding=1), nn.ReLU(inplace=True),
        nn.Conv2d(16, 1, 3, padding=1), nn.ReLU(inplace=True)), 3217)


class ToMaps(nn.Module):
    """(batch, 12544) to (batch, 256, 7, 7); in channels_last order that is no copy."""

    def __init__(self, channels_last):
        super().__init__()
        self.channels_last = channels_last

    def forward(self, x):
        return x.view(-1, 7, 7, 256).permute(0, 3, 1, 2) if self.channels_last else x.view(-1, 256, 7, 7)


def make_generator(channels_last):
    def norm(kind, features):
        return kind(features, eps=1e-3, momentum=0.01)
    return require_parameters(nn.Sequential(
        nn.Linear(100, 7 * 7 * 256, bias=False), norm(nn.BatchNorm1d, 7 * 7 * 256), nn.LeakyReLU(0.3, inplace=True),
        ToMaps(channels_last),
        nn.ConvTranspose2d(256, 128, 5, padding=2, bias=False), norm(nn.BatchNorm2d, 128),
        nn.LeakyReLU(0.3, inplace=True),
        nn.ConvTranspose2d(128, 64, 5, stride=2, padding=2, output_padding=1, bias=False), norm(nn.BatchNorm2d, 64),
        nn.LeakyReLU(0.3, inplace=True),
        nn.ConvTranspose2d(64, 1, 5, stride=2, padding=2, output_padding=1, bias=False), nn.Tanh()), 2305472)


def make_discriminator():
    return require_parameters(nn.Sequential(
        nn.Conv2d(1, 64, 5, stride=2, padding=2), nn.LeakyReLU(0.3, inplace=True), nn.Dropout(0.3),
        nn.Conv2d(64, 128, 5, stride=2, padding=2), nn.LeakyReLU(0.3, inplace=True), nn.Dropout(0.3),
        nn.Flatten(), nn.Linear(7 * 7 * 128, 1)), 212865)


# ---- the works -------------------------------------------------------------------------------------------------------
# prepare(variant) gives a function that does a little work and returns how many units that was.

def training(model, variant, x, target, loss):
    model = model.to(memory_format=layout(variant))
    x = x.to(memory_format=layout(variant))
    if target.dim() == 4:
        target = target.to(memory_format=layout(variant))
    optimizer = adam(model, variant)

    def steps():
        order = torch.randperm(IMAGES)
        for step in range(STEPS):
            batch = order[step * BATCH:(step + 1) * BATCH]
            optimizer.zero_grad(set_to_none=True)
            loss(model(x[batch]), target[batch]).backward()
            optimizer.step()
        return STEPS * BATCH
    return steps


def cnn_training(variant):
    return training(make_cnn(), variant, torch.rand(IMAGES, 1, 28, 28), torch.randint(10, (IMAGES,)), F.cross_entropy)


def one_cycle(k, steps, peak, rise):
    """As src/optimizers/one_cycle.hpp has it."""
    rising = max(1, int(rise * steps))
    return peak * (k / rising if k <= rising else (steps + 1 - k) / (steps + 1 - rising))


def cnn_seconds(variant, rung):
    """The rung's steps, over and over; a new training begins with the old one's weights, which takes as long."""
    model = make_cnn().to(memory_format=layout(variant))
    optimizer = torch.optim.Adam(model.parameters(), lr=rung["rate"], betas=(0.9, rung["beta2"]), eps=1e-7,
                                 foreach="foreach" in variant)
    x = (rung["white"] * torch.rand(IMAGES, 1, 28, 28)).to(memory_format=layout(variant))
    labels = torch.randint(10, (IMAGES,))
    batch_size, steps = rung["batch size"], rung["images"] // rung["batch size"]
    taken = 0

    def some_steps():
        nonlocal taken
        order = torch.randperm(IMAGES)
        for step in range(STEPS):
            batch = order[step * batch_size:(step + 1) * batch_size]
            optimizer.param_groups[0]["lr"] = one_cycle(taken % steps + 1, steps, rung["rate"], rung["rise"])
            taken += 1
            optimizer.zero_grad(set_to_none=True)
            F.cross_entropy(model(x[batch]), labels[batch], label_smoothing=rung["smoothing"]).backward()
            optimizer.step()
        return STEPS * batch_size
    return some_steps


def autoencoder_training(variant):
    x = torch.rand(IMAGES, 1, 28, 28)
    return training(make_autoencoder(), variant, (x + 0.2 * torch.randn(x.shape)).clamp(0, 1), x, F.mse_loss)


def gan_step(variant):
    """Both losses from the same forward passes (listing 11.1.3); no gradient is computed that is not used."""
    G = make_generator("channels_last" in variant).to(memory_format=layout(variant))
    D = make_discriminator().to(memory_format=layout(variant))
    G_adam, D_adam = adam(G, variant, 1e-4), adam(D, variant, 1e-4)
    real = (2 * torch.rand(1000, 1, 28, 28) - 1).to(memory_format=layout(variant))
    ones, zeros = torch.ones(GAN_BATCH, 1), torch.zeros(GAN_BATCH, 1)
    bce = F.binary_cross_entropy_with_logits

    def update(optimizer, model, gradients):
        for parameter, gradient in zip(model.parameters(), gradients):
            parameter.grad = gradient
        optimizer.step()

    def step():
        x, z = real[torch.randint(1000, (GAN_BATCH,))], torch.randn(GAN_BATCH, 100)
        generated = G(z)
        real_logits, fake_logits = D(x), D(generated)
        D_loss = bce(real_logits, ones) + bce(fake_logits, zeros)
        G_loss = bce(fake_logits, ones)
        G_gradients = torch.autograd.grad(G_loss, list(G.parameters()), retain_graph=True)
        D_gradients = torch.autograd.grad(D_loss, list(D.parameters()))
        update(G_adam, G, G_gradients)
        update(D_adam, D, D_gradients)
        return 1
    return step


class Exported:
    """Our CNN as ours.cpp has written it: kernels (height, width, in, out), dense (in, out), images in rows."""

    def __init__(self, folder):
        self.folder = folder
        self.images = self.floats("images.bin").view(-1, 1, 28, 28)
        self.logits = self.floats("logits.bin").view(-1, 10)

    def floats(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return torch.frombuffer(bytearray(file.read()), dtype=torch.float32)

    def model(self):
        model, flat = make_cnn().eval(), self.floats("parameters.bin")
        with torch.no_grad():
            for layer in model:
                if isinstance(layer, nn.Conv2d):
                    out, channels, height, width = layer.weight.shape
                    kernel, flat = flat[:layer.weight.numel()], flat[layer.weight.numel():]
                    layer.weight.copy_(kernel.view(height, width, channels, out).permute(3, 2, 0, 1))
                elif isinstance(layer, nn.Linear):
                    kernel, flat = flat[:layer.weight.numel()], flat[layer.weight.numel():]
                    if layer.in_features == 3 * 3 * 128:  # we flatten (row, column, channel), they put channels first
                        kernel = kernel.view(3, 3, 128, -1).permute(2, 0, 1, 3).reshape(3 * 3 * 128, -1)
                    layer.weight.copy_(kernel.reshape(layer.in_features, layer.out_features).t())
                else:
                    continue
                layer.bias.copy_(flat[:layer.bias.numel()])
                flat = flat[layer.bias.numel():]
        if flat.numel():
            raise RuntimeError(f"{flat.numel()} parameters left over")
        return model


def cnn_inference(variant, exported):
    kind, batch = variant.split(", batch ")
    batch = int(batch)
    model = exported.model().to(memory_format=layout(variant))
    images = exported.images.to(memory_format=layout(variant))
    logits = torch.empty_like(exported.logits)
    if "optimize_for_inference" in kind:
        with torch.no_grad():
            model = torch.jit.optimize_for_inference(torch.jit.trace(model, images[:batch]))

    def everything():
        with torch.inference_mode():
            for first in range(0, len(images), batch):
                logits[first:first + batch] = model(images[first:first + batch])
        return len(images)

    everything()  # compiles on the way
    difference = (logits - exported.logits).abs().max().item()
    if not difference < 1e-4:
        raise RuntimeError(f"outputs differ from ours by {difference}")
    return everything


def inference_variants():
    kinds = ("optimize_for_inference", "optimize_for_inference, channels_last", "channels_last")
    return [f"{kind}, batch {batch}" for kind in kinds for batch in (16, 32, 64, 128, 256)]


def export(folder):
    exported = Exported(folder)
    torch.onnx.export(exported.model(), exported.images[:2], os.path.join(folder, "cnn.onnx"), opset_version=13,
                      input_names=["images"], output_names=["logits"],
                      dynamic_axes={"images": {0: "batch"}, "logits": {0: "batch"}})


# ---- answering -------------------------------------------------------------------------------------------------------

def measure(once, seconds):
    start = time.perf_counter()
    while True:  # unmeasured: threads that have slept have to find their processors again
        once()
        if time.perf_counter() - start >= min(0.3, seconds):
            break
    count, start = 0, time.perf_counter()
    while True:
        count += once()
        elapsed = time.perf_counter() - start
        if elapsed >= seconds:
            break
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return {"count": count, "seconds": elapsed, "megabytes": megabytes}


def serve(variants, prepare):
    about = {"version": torch.__version__, "threads": torch.get_num_threads(), "variants": variants}
    print(json.dumps(about), flush=True)
    once, prepared = None, None
    for line in sys.stdin:
        seconds, variant = line.rstrip("\n").split(" ", 1)
        if variant != prepared:
            once = None  # its memory first
            once, prepared = prepare(variant), variant
        print(json.dumps(measure(once, float(seconds))), flush=True)


def main(work, folder=None):
    torch.manual_seed(1)
    if work == "export":
        export(folder)
    elif work == "cnn-training":
        serve(training_variants(), cnn_training)
    elif work == "cnn-seconds":
        serve(training_variants(), lambda variant: cnn_seconds(variant, json.loads(folder)))
    elif work == "autoencoder-training":
        serve(training_variants(), autoencoder_training)
    elif work == "gan-step":
        serve(["default", "channels_last"], gan_step)
    elif work == "cnn-inference":
        exported = Exported(folder)
        serve(inference_variants(), lambda variant: cnn_inference(variant, exported))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
