import { instantOf } from '@yitong/kit';
import { toUtf8 } from '../exchange/bytes.ts';
import { canonical } from '../exchange/canonical.ts';
import type { TimerRow } from '../store/rows.ts';
import type { Environment } from './environment.ts';
import type { Item } from './handle.ts';
import { timedId } from './ids.ts';
import type { Input } from './input.ts';
import { itemOf } from './open.ts';
import type { PartitionState } from './state.ts';

/** Most timers of one batch. */
export const timersMax = 1_000;

/** Timers due at `nowMs`, oldest first, none while the clock is in doubt; notes when the next one is. */
export async function dueTimers(env: Environment, state: PartitionState, nowMs: number): Promise<Input[]> {
  if (state.nextDue === undefined || state.nextDue > nowMs || env.clock.jumped() !== undefined) return [];
  const { timers, nextDue } = await env.store.due(state.partition, nowMs, timersMax);
  state.nextDue = nextDue;
  return timers.map((row) => ({
    kind: 'timer',
    item: timerItem(env, row),
    subject: row.subject,
    name: row.name,
  }));
}

/** A due timer as a message; its id comes from what armed it and when it is due (K21). */
function timerItem(env: Environment, row: TimerRow): Item {
  const { here } = env.scene;
  const text = canonical({
    causationid: row.cause,
    data: JSON.parse(row.data),
    datacontenttype: 'application/json',
    dataschema: `yitong:${row.type}/${row.version}`,
    id: timedId(row.due, 'yitong-timer/1', row.cause, row.subject, row.name, row.due),
    purpose: 'internal',
    source: `yitong:${here}`,
    specversion: '1.0',
    subject: row.subject,
    time: instantOf(row.due),
    to: here,
    type: row.type,
  });
  return itemOf(env, toUtf8(text), here);
}
