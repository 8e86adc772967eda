import { setTimeout as pause } from 'node:timers/promises';
import type { KernelNode } from '@yitong/kernel';
import { newId } from './ids.ts';

/** A command of the bench: its type and its input in JSON form. */
export interface Wish {
  readonly type: string;
  readonly input: unknown;
}

/** How much is done: `until` says when to stop, `underWay` how many commands wait for their answer at a time. */
export interface Drive {
  readonly underWay: number;
  readonly until: (done: number) => boolean;
  /** The commands of the n-th piece of work, one after another. */
  readonly work: (n: number) => readonly Wish[];
}

const actor = { id: 'bench', roles: ['clerk'] };
let pieces = 0;

/** Keeps a fixed number of pieces of work under way until it is told to stop, then lets them end; how many were done. */
export async function drive(node: KernelNode, { underWay, until, work }: Drive): Promise<number> {
  let count = 0;
  const one = async (): Promise<void> => {
    while (!until(count)) {
      for (const { type, input } of work(pieces++)) {
        const wish = { type, id: newId(), input, actor };
        let answer = await node.command(wish, 0);
        // What a client does that is told to come later: a checkpoint of the database may hold everyone up for seconds.
        for (; answer.state === 'busy'; answer = await node.command(wish, 0))
          await pause(answer.retryAfterMs);
        if (answer.state !== 'done')
          throw new Error(`a command ended as ${answer.state}: ${JSON.stringify(answer)}`);
      }
      count++;
    }
  };
  await Promise.all(Array.from({ length: underWay }, one));
  return count;
}

/** Stops after so many seconds from now. */
export function forSeconds(seconds: number): () => boolean {
  const end = performance.now() + seconds * 1000;
  return () => performance.now() >= end;
}
