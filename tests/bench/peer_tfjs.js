// TensorFlow.js on our CNN, one of its back ends that need no graphics card: answers run.py as worker.hpp tells.
//   node peer_tfjs.js FOLDER cpu|wasm     FOLDER holds parameters.bin, images.bin, logits.bin; node_modules/ by NODE_PATH
'use strict';
const fs = require('fs');
const path = require('path');
const {serve, fail} = require('./worker.js');

const [folder, backend] = process.argv.slice(2);
const count = 1000, classes = 10;
// Its advice to run on Node's own TensorFlow is no answer to a request.
console.warn = () => {};

function floats(name) {
  const bytes = fs.readFileSync(path.join(folder, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

// The network of section 7.3.1; kernels (height, width, in, out) and rows of values are laid out as ours.
function makeCnn(tf) {
  const {conv2d, maxPooling2d, flatten, dense} = tf.layers, activation = 'relu';
  const cnn = tf.sequential({layers: [
    conv2d({filters: 32, kernelSize: 3, activation, inputShape: [28, 28, 1]}), maxPooling2d({poolSize: 2}),
    conv2d({filters: 64, kernelSize: 3, activation}), maxPooling2d({poolSize: 2}),
    conv2d({filters: 128, kernelSize: 3, activation}), flatten(),
    dense({units: 128, activation}), dense({units: classes}),
  ]});
  if (cnn.countParams() !== 241546) throw new Error(`not the network that was meant: ${cnn.countParams()} parameters`);
  return cnn;
}

function training(tf, batch) {
  const cnn = makeCnn(tf);
  cnn.compile({optimizer: tf.train.adam(1e-3), loss: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits)});
  const images = tf.randomUniform([count, 28, 28, 1]);
  const labels = tf.oneHot(tf.randomUniform([count], 0, classes, 'int32'), classes);
  let first = 0;
  return async () => {
    if (first + batch > count) first = 0;
    const x = images.slice([first, 0, 0, 0], [batch, 28, 28, 1]), y = labels.slice([first, 0], [batch, classes]);
    await cnn.trainOnBatch(x, y);
    tf.dispose([x, y]);
    first += batch;
    return batch;
  };
}

function inference(tf, batch) {
  const cnn = makeCnn(tf), parameters = floats('parameters.bin');
  let at = 0;
  cnn.setWeights(cnn.getWeights().map(({shape, size}) => tf.tensor(parameters.subarray(at, at += size), shape)));
  const images = tf.tensor(floats('images.bin').subarray(0, count * 28 * 28), [count, 28, 28, 1]);
  const logits = () => tf.tidy(() => cnn.predict(images, {batchSize: batch}).dataSync());
  const expected = floats('logits.bin');
  const difference = logits().reduce((most, logit, i) => Math.max(most, Math.abs(logit - expected[i])), 0);
  if (!(difference < 1e-4)) throw new Error(`outputs differ from ours by ${difference}`);
  return () => {
    logits();
    return count;
  };
}

async function main() {
  const tf = require('@tensorflow/tfjs');
  if (backend === 'wasm') require('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend(backend);
  await tf.ready();
  const variants = ['training, batch 32', ...[8, 32, 128].map((batch) => `inference, batch ${batch}`)];
  await serve({version: tf.version.tfjs, variants}, (variant) => {
    const [kind, batch] = variant.split(', batch ');
    return (kind === 'training' ? training : inference)(tf, Number(batch));
  });
}

main().catch((problem) => fail(`TensorFlow.js, ${backend}`, problem));
