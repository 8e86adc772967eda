import { parentPort } from 'node:worker_threads';
import { pdfOf } from './pdf.ts';
import type { Delivery, Order } from './press.ts';

// The thread in which papers are made, see `press.ts`.

if (parentPort === null) throw new Error('this is the program of a thread');
const port = parentPort;

port.on('message', ({ n, paper }: Order) => {
  pdfOf(paper).then(
    (pdf) => port.postMessage({ n, pdf } satisfies Delivery),
    (error: unknown) => port.postMessage({ n, fault: String(error) } satisfies Delivery),
  );
});
