import { fromHex } from '../exchange/bytes.ts';
import { readBatchHead } from '../exchange/head.ts';
import type { Environment } from './environment.ts';
import { messagesOf } from './open.ts';
import type { OutStream, PendingOut } from './state.ts';

/**
 * Begins a stream's next epoch behind the last frame that its receiver holds: frames without a receipt are void, and their messages
 * wait for a frame again. False when the stream changed meanwhile: then look again.
 */
export async function beginEpoch(
  env: Environment,
  partition: number,
  stream: OutStream,
  epoch: number,
): Promise<boolean> {
  const voided = [...stream.unreceipted];
  const messages: PendingOut[] = [];
  for (const { row } of voided) messages.push(...(await messagesOf(env, partition, row)));
  const isSame = voided.every((one, index) => stream.unreceipted[index] === one);
  if (!isSame || stream.unreceipted.length !== voided.length) return false;
  const first = voided[0]?.row;
  if (first) {
    const head = readBatchHead(first.head);
    const prev = head.ok ? fromHex(head.value.prev, 32) : undefined;
    if (!prev) throw new Error('a stored head cannot be read');
    stream.seq = first.seq - 1;
    stream.link = prev;
    stream.next = first.number;
    stream.framed = first.fromAt;
  }
  stream.unreceipted.length = 0;
  stream.pending.unshift(...messages);
  stream.epoch = epoch;
  return true;
}
