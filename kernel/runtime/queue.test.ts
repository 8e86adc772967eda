import { expect, test } from 'vitest';
import { Queue, type Waiting } from './queue.ts';

function waiting(messages: number): Waiting {
  const input = { kind: 'skipped', skip: 'bad', leaf: new Uint8Array(), code: undefined } as const;
  return { input, messages, bytes: messages, urgent: false, dropped: () => undefined };
}

const sizes = (taken: readonly Waiting[]): number[] =>
  taken.map(({ messages }) => messages).sort((a, b) => a - b);

test('while others wait a peer has one turn a batch, however much of it waits; alone it fills the batch', () => {
  const queue = new Queue();
  for (let n = 0; n < 10; n += 1) queue.push('330000', waiting(100));
  queue.push('340000', waiting(3));
  queue.push('local', waiting(1));
  expect(sizes(queue.take())).toEqual([1, 3, 100]);
  expect(sizes(queue.take())).toEqual([100, 100]);
});

test('local commands fill what peers leave of a batch', () => {
  const queue = new Queue();
  for (let n = 0; n < 300; n += 1) queue.push('local', waiting(1));
  queue.push('340000', waiting(80));
  const taken = sizes(queue.take());
  expect(taken.at(-1)).toBe(80);
  expect(taken.length).toBe(1 + 250 - 80);
});
