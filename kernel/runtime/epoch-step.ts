import { fromHex } from '../exchange/bytes.ts';
import { readBatchHead } from '../exchange/head.ts';
import type { SentRow } from '../store/rows.ts';
import type { Environment } from './environment.ts';
import { messagesOf } from './open.ts';
import type { OutStream, PendingOut } from './state.ts';
import type { PartitionWriter } from './writer.ts';

/**
 * Begins a stream's next epoch behind the last frame that its receiver holds: frames without a receipt are void, and their messages
 * wait for a frame again. Never while a batch is under way, which may have a frame of the epoch before. False when the stream changed
 * meanwhile: then look again.
 */
export async function beginEpoch(
  env: Environment,
  writer: PartitionWriter,
  stream: OutStream,
  epoch: number,
): Promise<boolean> {
  const voided = [...stream.unreceipted];
  const messages: PendingOut[] = [];
  for (const { row } of voided) messages.push(...(await messagesOf(env, writer.partition, row)));
  return writer.between(() => {
    const isSame = voided.every((one, index) => stream.unreceipted[index] === one);
    if (!isSame || stream.unreceipted.length !== voided.length) return false;
    goBehind(stream, voided[0]?.row);
    stream.unreceipted.length = 0;
    stream.pending.unshift(...messages);
    stream.epoch = epoch;
    return true;
  });
}

/** The stream stands where it stood before a frame was signed. */
function goBehind(stream: OutStream, first: SentRow | undefined): void {
  if (!first) return;
  const head = readBatchHead(first.head);
  const prev = head.ok ? fromHex(head.value.prev, 32) : undefined;
  if (!prev) throw new Error('a stored head cannot be read');
  stream.seq = first.seq - 1;
  stream.link = prev;
  stream.next = first.number;
  stream.framed = first.fromAt;
}
