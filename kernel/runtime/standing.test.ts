import { expect, test } from 'vitest';
import { suites } from '../exchange/suite.ts';
import { EntryList } from './entry-list.ts';
import type { Item } from './handle.ts';
import { positionOf } from './ids.ts';
import type { Slot } from './input.ts';
import type { Plan } from './plan.ts';
import { Standing } from './standing.ts';

/** A batch of so many messages that each sent one to another subject of the partition; `looks` counts how often a slot's message is looked at. */
function batch(pairs: number): { readonly plan: Pick<Plan, 'slots' | 'seq' | 'scene'>; looks: number } {
  const counted = { looks: 0, plan: { slots: [] as Slot[], seq: 7, scene: {} as Plan['scene'] } };
  for (let index = 0; index < 2 * pairs; index += 1) {
    const origin = index < pairs ? ('command' as const) : ('local' as const);
    counted.plan.slots.push({
      ...{ index, root: index, origin, leaf: new Uint8Array(), depth: 0, input: undefined },
      get item() {
        counted.looks += 1;
        return { message: { id: `m${index}` } } as Item;
      },
    });
  }
  return counted;
}

test.for([10, 1_000])(
  'of %i local messages that are to be answered each is looked at twice at most',
  (pairs) => {
    const counted = batch(pairs);
    const standing = new Standing(counted.plan, new EntryList(suites['ed25519-sha256']));
    for (const cause of counted.plan.slots.slice(0, pairs)) {
      const message = `m${pairs + cause.index}`;
      const row = {
        message,
        peer: '310000',
        conversation: '',
        subject: 'a:b',
        type: 's/m',
        version: 1,
        data: '{}',
        at: 0,
      };
      expect(standing.localAwaited(row, cause)).toBe(pairs + cause.index);
    }
    expect(counted.looks).toBeLessThanOrEqual(2 * 2 * pairs);
    const rows = standing.rows().awaited.put;
    expect(rows.map(({ at }) => at)).toEqual(
      Array.from({ length: pairs }, (_, k) => positionOf(7, pairs + k)),
    );
  },
);
