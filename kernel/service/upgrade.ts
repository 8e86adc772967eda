import type { Actor } from '../api.ts';
import { freshId, itemFor } from '../runtime/door.ts';
import type { Environment } from '../runtime/environment.ts';
import { newerVersion } from '../runtime/open.ts';
import { partitionOf } from '../runtime/partition.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import { speakWish } from '../speech/speech.ts';
import type { Counter } from './counter.ts';
import { heldItem, release } from './quarantine.ts';

const kernel: Actor = { id: 'kernel', roles: [] };

/**
 * What a new program changes, once a partition is open: the peers are told which majors are handled here, where that is not what
 * they were told before, and messages that were held for a newer major are released (K40). What fails is tried at the next opening.
 */
export async function catchUp(
  env: Environment,
  writers: readonly PartitionWriter[],
  counter: Counter,
  partition: number,
): Promise<void> {
  try {
    await speak(env, counter, partition);
    await releaseNewer(env, writers, counter, partition);
  } catch (error) {
    env.log.warn('not caught up with a new program', { partition, error: String(error) });
  }
}

async function speak(env: Environment, counter: Counter, partition: number): Promise<void> {
  const { here, registry, partitions } = env.scene;
  const wish = speakWish(here, registry.systems);
  if (partitionOf(wish.subject, partitions) !== partition) return;
  const told = await env.reader.record(wish.record, wish.subject, '', partition);
  if (told === undefined ? wish.value.handles.length === 0 : told.body === wish.text) return;
  const { type, subject, data, value } = wish;
  await counter.submit(itemFor(env, { type, id: freshId(env), subject, data, actor: kernel }, value), false);
}

async function releaseNewer(
  env: Environment,
  writers: readonly PartitionWriter[],
  counter: Counter,
  partition: number,
): Promise<void> {
  const held = [...(writers[partition]?.state?.held.values() ?? [])];
  for (const { at, kind, reason } of held) {
    if (kind !== 'held' || reason !== newerVersion) continue;
    if ((await heldItem(env, partition, at)).hold === newerVersion) continue;
    const how = { how: 'run', reason: 'its version is handled here now' } as const;
    await release(env, writers, counter, { actor: kernel, position: `${partition}.${at}`, ...how });
    env.log.info('released after an upgrade', { partition, at });
  }
}
