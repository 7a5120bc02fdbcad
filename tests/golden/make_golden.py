#!/usr/bin/env python3
"""Golden values from PyTorch, for tests/test_golden.cpp.

Run from the top folder with Debian's python3-torch 1.13:  python3 tests/golden/make_golden.py
It writes tests/golden/*.txt. The tests need no Python: only this script does.

Weights and inputs are not random numbers of PyTorch's but a formula that both sides compute exactly (value()), so that
nothing large has to be committed. Layouts are Keras's, as in src/: images NHWC, kernels HWIO, dense (inputs, outputs).
Of large results only checksums (sum, sum of absolute values, sum weighted by value()) and a few values are kept.
"""
import math
import os

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
FOLDER = os.path.dirname(os.path.abspath(__file__))


def value(i, salt):
    """A number in [-0.5, 0.5) from an index: a linear congruence, exact in any language."""
    return ((i * 7919 + salt * 104729 + 12345) % 65536) / 65536.0 - 0.5


def tensor(shape, salt, scale=1.0):
    count = math.prod(shape)
    return torch.tensor([scale * value(i, salt) for i in range(count)]).reshape(shape)


class Writer:
    def __init__(self, name):
        self.lines = []
        self.path = os.path.join(FOLDER, name)

    def put(self, name, t):
        flat = t.detach().reshape(-1)
        weights = torch.tensor([value(i, 77) for i in range(flat.numel())])
        sums = [flat.sum().item(), flat.abs().sum().item(), (flat * weights).sum().item()]
        picked = [flat[i * (flat.numel() - 1) // 7].item() for i in range(8)]
        self.lines.append(" ".join([name, str(flat.numel())] + [repr(float(v)) for v in sums + picked]))

    def close(self):
        with open(self.path, "w") as out:
            out.write("\n".join(self.lines) + "\n")


def nchw(x):
    return x.permute(0, 3, 1, 2)


def nhwc(x):
    return x.permute(0, 2, 3, 1)


def conv(x, kernel, bias=None, stride=1, same=False):
    """Keras's Conv2D on NHWC with an HWIO kernel; PyTorch pads `same` as Keras does only if told how."""
    x = nchw(x)
    if same:
        pads = []
        for extent, k in ((x.shape[3], kernel.shape[1]), (x.shape[2], kernel.shape[0])):
            total = max((-(-extent // stride) - 1) * stride + k - extent, 0)
            pads += [total // 2, total - total // 2]
        x = F.pad(x, pads)
    return nhwc(F.conv2d(x, kernel.permute(3, 2, 0, 1), bias, stride=stride))


def conv_transpose(x, kernel, bias=None, stride=1):
    """Keras's Conv2DTranspose, padding same: kernel (height, width, outputs, inputs)."""
    k = kernel.shape[0]
    height, width = x.shape[1] * stride, x.shape[2] * stride
    full = F.conv_transpose2d(nchw(x), kernel.permute(3, 2, 0, 1), stride=stride)
    total = max((x.shape[1] - 1) * stride + k - height, 0)
    before = total // 2
    if full.shape[2] < before + height:  # a stride greater than the kernel leaves the far edge untouched
        missing = before + height - full.shape[2]
        full = F.pad(full, [0, missing, 0, missing])
    y = nhwc(full[:, :, before:before + height, before:before + width])
    return y if bias is None else y + bias


def leaf(t):
    return t.clone().requires_grad_(True)


def cnn():
    out = Writer("cnn.txt")
    shapes = [("conv2d/kernel", (3, 3, 1, 32)), ("conv2d/bias", (32,)), ("conv2d_1/kernel", (3, 3, 32, 64)),
              ("conv2d_1/bias", (64,)), ("conv2d_2/kernel", (3, 3, 64, 128)), ("conv2d_2/bias", (128,)),
              ("dense/kernel", (1152, 128)), ("dense/bias", (128,)), ("dense_1/kernel", (128, 10)),
              ("dense_1/bias", (10,))]
    scales = [0.7, 0.1, 0.12, 0.1, 0.085, 0.1, 0.06, 0.1, 0.2, 0.1]
    p = {n: leaf(tensor(s, i, scales[i])) for i, (n, s) in enumerate(shapes)}
    x = tensor((4, 28, 28, 1), 50) + 0.5
    labels = torch.tensor([5, 0, 4, 1])

    def forward():
        h = torch.relu(conv(x, p["conv2d/kernel"], p["conv2d/bias"]))
        h = nhwc(F.max_pool2d(nchw(h), 2))
        h = torch.relu(conv(h, p["conv2d_1/kernel"], p["conv2d_1/bias"]))
        h = nhwc(F.max_pool2d(nchw(h), 2))
        h = torch.relu(conv(h, p["conv2d_2/kernel"], p["conv2d_2/bias"]))
        h = h.reshape(4, -1)
        h = torch.relu(h @ p["dense/kernel"] + p["dense/bias"])
        return h @ p["dense_1/kernel"] + p["dense_1/bias"]

    adam = torch.optim.Adam(p.values(), lr=0.001, eps=1e-7)
    for step in range(3):
        adam.zero_grad()
        logits = forward()
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        out.put(f"step{step}/logits", logits)
        out.put(f"step{step}/loss", loss)
        if step == 0:
            for n in p:
                out.put("gradient/" + n, p[n].grad)
        adam.step()
        for n in p:
            out.put(f"step{step}/" + n, p[n])
    out.close()


def layers():
    """Forward, input gradient and parameter gradients of the layers of section 7.3.2 and 7.3.3, one by one."""
    out = Writer("layers.txt")

    def case(name, f, x, params):
        x = leaf(x)
        params = {n: leaf(t) for n, t in params.items()}
        y = f(x, params)
        upstream = tensor(tuple(y.shape), 60)
        (y * upstream).sum().backward()
        out.put(name + "/y", y)
        out.put(name + "/dx", x.grad)
        for n in params:
            out.put(f"{name}/d{n}", params[n].grad)

    for stride in (1, 2):
        case(f"conv2d_same_stride{stride}", lambda x, p: conv(x, p["kernel"], p["bias"], stride, True),
             tensor((2, 14, 14, 3), 1), {"kernel": tensor((5, 5, 3, 4), 2), "bias": tensor((4,), 3)})
        case(f"conv2d_transpose_stride{stride}", lambda x, p: conv_transpose(x, p["kernel"], p["bias"], stride),
             tensor((2, 7, 7, 3), 1), {"kernel": tensor((5, 5, 4, 3), 2), "bias": tensor((4,), 3)})
    case("conv2d_transpose_28", lambda x, p: conv_transpose(x, p["kernel"], p["bias"], 2),
         tensor((2, 14, 14, 8), 1), {"kernel": tensor((3, 3, 16, 8), 2), "bias": tensor((16,), 3)})
    case("batch_normalization",
         lambda x, p: nhwc(F.batch_norm(nchw(x), None, None, p["gamma"], p["beta"], training=True, eps=1e-3)),
         tensor((3, 4, 5, 6), 1), {"gamma": tensor((6,), 2) + 1, "beta": tensor((6,), 3)})
    case("leaky_re_lu", lambda x, p: F.leaky_relu(x, 0.3), tensor((3, 10), 1), {})
    case("tanh", lambda x, p: torch.tanh(3 * x), tensor((3, 10), 1), {})
    case("mean_squared_error", lambda x, p: F.mse_loss(x, tensor((3, 10), 4)), tensor((3, 10), 1), {})
    case("binary_cross_entropy_1", lambda x, p: F.binary_cross_entropy_with_logits(20 * x, torch.ones(3, 10)),
         tensor((3, 10), 1), {})
    case("binary_cross_entropy_0", lambda x, p: F.binary_cross_entropy_with_logits(20 * x, torch.zeros(3, 10)),
         tensor((3, 10), 1), {})
    out.close()


def autoencoder():
    out = Writer("autoencoder.txt")
    shapes = [("conv2d/kernel", (3, 3, 1, 16)), ("conv2d/bias", (16,)), ("conv2d_1/kernel", (3, 3, 16, 8)),
              ("conv2d_1/bias", (8,)), ("conv2d_transpose/kernel", (3, 3, 8, 8)), ("conv2d_transpose/bias", (8,)),
              ("conv2d_transpose_1/kernel", (3, 3, 16, 8)), ("conv2d_transpose_1/bias", (16,)),
              ("conv2d_2/kernel", (3, 3, 16, 1)), ("conv2d_2/bias", (1,))]
    p = {n: leaf(tensor(s, i, 0.6) + (0.1 if "bias" in n else 0)) for i, (n, s) in enumerate(shapes)}
    x, target = tensor((2, 28, 28, 1), 50) + 0.5, tensor((2, 28, 28, 1), 51) + 0.5
    h = torch.relu(conv(x, p["conv2d/kernel"], p["conv2d/bias"], 2, True))
    h = torch.relu(conv(h, p["conv2d_1/kernel"], p["conv2d_1/bias"], 2, True))
    out.put("code", h)
    h = torch.relu(conv_transpose(h, p["conv2d_transpose/kernel"], p["conv2d_transpose/bias"], 2))
    h = torch.relu(conv_transpose(h, p["conv2d_transpose_1/kernel"], p["conv2d_transpose_1/bias"], 2))
    r = torch.relu(conv(h, p["conv2d_2/kernel"], p["conv2d_2/bias"], 1, True))
    out.put("reconstruction", r)
    loss = F.mse_loss(r, target)
    loss.backward()
    out.put("loss", loss)
    for n in p:
        out.put("gradient/" + n, p[n].grad)
    out.close()


def gan():
    """One training step (listing 11.1.3) of generator and discriminator at batch 2, without dropout (whose mask is random)."""
    out = Writer("gan.txt")
    g_shapes = [("dense/kernel", (100, 12544), 0.3), ("batch_normalization/gamma", (12544,), 1),
                ("batch_normalization/beta", (12544,), 0.2), ("conv2d_transpose/kernel", (5, 5, 128, 256), 0.05),
                ("batch_normalization_1/gamma", (128,), 1), ("batch_normalization_1/beta", (128,), 0.2),
                ("conv2d_transpose_1/kernel", (5, 5, 64, 128), 0.1), ("batch_normalization_2/gamma", (64,), 1),
                ("batch_normalization_2/beta", (64,), 0.2), ("conv2d_transpose_2/kernel", (5, 5, 1, 64), 0.2)]
    d_shapes = [("conv2d/kernel", (5, 5, 1, 64), 0.4), ("conv2d/bias", (64,), 0.1),
                ("conv2d_1/kernel", (5, 5, 64, 128), 0.1), ("conv2d_1/bias", (128,), 0.1),
                ("dense/kernel", (6272, 1), 0.1), ("dense/bias", (1,), 0.1)]

    def make(shapes):
        return {n: leaf(tensor(s, i, c) + (1 if "gamma" in n else 0)) for i, (n, s, c) in enumerate(shapes)}

    G, D = make(g_shapes), make(d_shapes)
    x, z = 2 * tensor((2, 28, 28, 1), 50), 3 * tensor((2, 100), 51)

    def norm(h, i):
        name = "batch_normalization" + (f"_{i}" if i else "")
        h4 = h if h.dim() == 2 else nchw(h)
        y = F.batch_norm(h4, None, None, G[name + "/gamma"], G[name + "/beta"], training=True, eps=1e-3)
        return F.leaky_relu(y if h.dim() == 2 else nhwc(y), 0.3)

    def generate():
        h = norm(z @ G["dense/kernel"], 0).reshape(2, 7, 7, 256)
        h = norm(conv_transpose(h, G["conv2d_transpose/kernel"]), 1)
        h = norm(conv_transpose(h, G["conv2d_transpose_1/kernel"], stride=2), 2)
        return torch.tanh(conv_transpose(h, G["conv2d_transpose_2/kernel"], stride=2))

    def discriminate(h):
        h = F.leaky_relu(conv(h, D["conv2d/kernel"], D["conv2d/bias"], 2, True), 0.3)
        h = F.leaky_relu(conv(h, D["conv2d_1/kernel"], D["conv2d_1/bias"], 2, True), 0.3)
        return h.reshape(2, -1) @ D["dense/kernel"] + D["dense/bias"]

    bce = F.binary_cross_entropy_with_logits
    fake = generate()
    real_logits, fake_logits = discriminate(x), discriminate(fake)
    d_loss = bce(real_logits, torch.ones(2, 1)) + bce(fake_logits, torch.zeros(2, 1))
    g_loss = bce(fake_logits, torch.ones(2, 1))
    g_gradients = torch.autograd.grad(g_loss, G.values(), retain_graph=True)
    d_gradients = torch.autograd.grad(d_loss, D.values())
    out.put("generated", fake)
    out.put("real_logits", real_logits)
    out.put("fake_logits", fake_logits)
    out.put("discriminator_loss", d_loss)
    out.put("generator_loss", g_loss)
    for prefix, parameters, gradients in (("generator/", G, g_gradients), ("discriminator/", D, d_gradients)):
        adam = torch.optim.Adam(parameters.values(), lr=1e-4, eps=1e-7)
        for (n, t), g in zip(parameters.items(), gradients):
            out.put(prefix + "gradient/" + n, g)
            t.grad = g
        adam.step()
        for n, t in parameters.items():
            out.put(prefix + "after/" + n, t)
    out.close()


if __name__ == "__main__":
    cnn()
    layers()
    autoencoder()
    gan()
