import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { outcomeOf } from './hunt.ts';
import { inputMax, mutated } from './mutate.ts';
import type { Target } from './target.ts';
import { groups } from './targets.ts';

const seed = 20_261_126;
const targets = Object.values(groups).flat();

test('each target has a name of its own, and good inputs that it takes', async () => {
  expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
  for (const target of targets) expect(target.seeds.length).toBeGreaterThan(0);
});

/** Inputs that were once mishandled: `npm run fuzz` writes them, and each stays. */
function corpusOf({ name }: Target): readonly { readonly file: string; readonly input: Uint8Array }[] {
  const folder = join(import.meta.dirname, 'corpus', name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((file) => ({ file, input: readFileSync(join(folder, file)) }));
}

/** Good inputs and words of the form, over and over: what costs more than in proportion shows. */
function grown({ seeds, words }: Target): readonly Uint8Array[] {
  const parts = [
    '[',
    '{"a":',
    '"',
    '\\',
    ' ',
    '\n',
    'a',
    '0',
    '9',
    '-',
    '{}',
    '[],',
    '\u00e9',
    '=',
    '%41',
    ...words,
  ];
  const repeated = (text: string | Uint8Array) => {
    const part = Buffer.from(text);
    const times = Math.ceil((inputMax - 1_000) / part.length);
    return Buffer.concat(Array.from({ length: times }, () => part));
  };
  const [first = new Uint8Array()] = seeds;
  const middle = first.length >> 1;
  return [
    ...[...parts, ...seeds].map(repeated),
    ...parts.map((part) =>
      Buffer.concat([first.subarray(0, middle), repeated(part), first.subarray(middle)]),
    ),
  ];
}

describe.for(targets.map((target) => [target.name, target] as const))('%s', ([, target]) => {
  test('keeps its promises on good inputs, and on those that it once mishandled', async () => {
    for (const input of target.seeds) expect((await outcomeOf(target, input)).finding).toBeUndefined();
    for (const { file, input } of corpusOf(target))
      expect([file, (await outcomeOf(target, input)).finding]).toEqual([file, undefined]);
  });

  test('throws nothing but its own problems, changes no prototype, and writes what it read', async () => {
    const words = target.words.map((word) => Buffer.from(word));
    const stock = { inputs: target.seeds, words };
    const changed = fc
      .tuple(fc.constantFrom(...target.seeds), fc.integer())
      .map(([from, chance]) => mutated(from, stock, new Chance(chance)));
    const input = fc.oneof({ weight: 9, arbitrary: changed }, { weight: 1, arbitrary: fc.uint8Array() });
    const keeps = fc.asyncProperty(input, async (bytes) => {
      expect((await outcomeOf(target, bytes)).finding).toBeUndefined();
    });
    await fc.assert(keeps, { seed, numRuns: 300 });
  });

  test('takes time in proportion to its input', { timeout: 240_000 }, async () => {
    for (const input of grown(target)) expect((await outcomeOf(target, input)).finding).toBeUndefined();
  });
});
