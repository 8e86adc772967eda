import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.ts';
import { hunt } from './hunt.ts';
import type { Target } from './target.ts';

/** What a worker is told: the target and its file, the seed, how long (milliseconds), and memory in which it notes the input under way. */
export interface Orders {
  readonly group: string;
  readonly target: string;
  readonly seed: number;
  readonly forMs: number;
  /** Executions so far and the length of the input, as two 32-bit numbers; then the input. */
  readonly underWay: SharedArrayBuffer;
}

/** What a worker tells when it is done. */
export interface Result {
  readonly executions: number;
  readonly inputs: number;
  readonly functions: number;
  readonly unreached: number;
  readonly findings: readonly { readonly input: Uint8Array; readonly why: string }[];
}

const { group, target: name, seed, forMs, underWay }: Orders = workerData;
const path = `./targets/${group}.ts`;
const { targets }: { readonly targets: readonly Target[] } = await import(path);
const target = targets.find((one) => one.name === name);
if (target === undefined) throw new Error(`no target is called ${name}`);
const [counts, memory] = [new Int32Array(underWay, 0, 2), new Uint8Array(underWay, 8)];
const top = new URL('..', import.meta.url).href;
const coverage = new Coverage(
  (url) => url.startsWith(top) && !url.includes('/node_modules/') && !url.startsWith(`${top}fuzz/`),
);
const search = await hunt(target, coverage, seed);
const begun = performance.now();
while (performance.now() - begun < forMs && search.findings.length < 10)
  await search.step((input) => {
    memory.set(input);
    Atomics.store(counts, 1, input.length);
    Atomics.add(counts, 0, 1);
  });
const { executions, inputs, findings } = search;
const result: Result = { executions, inputs: inputs.length, ...coverage.figures, findings };
parentPort?.postMessage(result);
