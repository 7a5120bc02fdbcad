// Our CNN as a browser has it: the module of docs/interactive in Node. Answers run.py as worker.hpp tells.
//   node ours_wasm.js MODULE DATA     DATA holds the four files of a data set, .gz
'use strict';
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const {serve, fail} = require('./worker.js');

const [module_file, data] = process.argv.slice(2);

// An IDX file with the first entry only: the number of entries stands in its bytes 4 to 7.
function firstOf(file, header, size) {
  const result = Buffer.from(file.subarray(0, header + size));
  result.writeUInt32BE(1, 4);
  return result;
}

async function main() {
  const networks = await require(path.resolve(module_file))();
  const file = (name) => zlib.gunzipSync(fs.readFileSync(path.join(data, `${name}-ubyte.gz`)));
  const test = {images: file('t10k-images-idx3'), labels: file('t10k-labels-idx1')};
  networks.read_images('train', file('train-images-idx3'), file('train-labels-idx1'));

  await serve({variants: ['training, batch 32', 'inference']}, (variant) => {
    if (variant === 'inference') {
      const count = networks.read_images('test', test.images, test.labels);
      return () => {
        networks.test_accuracy();
        return count;
      };
    }
    // An epoch ends with the test images; with a single one that takes no time.
    networks.read_images('test', firstOf(test.images, 16, 28 * 28), firstOf(test.labels, 8, 1));
    networks.start(false);
    return () => networks.train(50).images;
  });
}

main().catch((problem) => fail('ours in WebAssembly', problem));
