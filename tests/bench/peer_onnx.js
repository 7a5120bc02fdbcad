// ONNX Runtime on our CNN's inference: answers run.py as worker.hpp tells.
//   node peer_onnx.js FOLDER     FOLDER holds cnn.onnx, images.bin, logits.bin; node_modules/ is found by NODE_PATH
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const {serve, fail} = require('./worker.js');

let ort;
try {
  ort = require('onnxruntime-node');
} catch (problem) {
  console.error(problem.message.split('\n')[0]);
  process.exit(1);
}

const folder = process.argv[2];
const threads = Number(process.env.OMP_NUM_THREADS || os.cpus().length);
const pixels = 28 * 28, classes = 10;

function floats(name) {
  const bytes = fs.readFileSync(path.join(folder, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

const images = floats('images.bin'), expected = floats('logits.bin');
const count = images.length / pixels;

// The batch size is given to the session, so that it can plan for it; the last batch is a session of its own if it is
// smaller.
async function session(batch) {
  return ort.InferenceSession.create(path.join(folder, 'cnn.onnx'), {
    intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
    enableCpuMemArena: true, enableMemPattern: true, freeDimensionOverrides: {batch},
  });
}

async function prepare(variant) {
  const batch = Number(variant.split(' ').pop());
  const whole = await session(batch), rest = count % batch ? await session(count % batch) : null;
  const logits = new Float32Array(count * classes);
  const everything = async () => {
    for (let first = 0; first < count; first += batch) {
      const size = Math.min(batch, count - first);
      const x = new ort.Tensor('float32', images.subarray(first * pixels, (first + size) * pixels), [size, 1, 28, 28]);
      const result = await (size === batch ? whole : rest).run({images: x});
      logits.set(result.logits.data, first * classes);
    }
    return count;
  };
  await everything();
  let difference = 0;
  for (let i = 0; i < logits.length; ++i) difference = Math.max(difference, Math.abs(logits[i] - expected[i]));
  if (!(difference < 1e-4)) throw new Error(`outputs differ from ours by ${difference}`);
  return everything;
}

const version = require('onnxruntime-node/package.json').version;
const variants = [8, 16, 32, 64, 128, 256].map((batch) => `batch ${batch}`);
serve({version, threads, variants}, prepare).catch((problem) => fail('onnx', problem));
