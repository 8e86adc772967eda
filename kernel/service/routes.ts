import type { Environment } from '../runtime/environment.ts';
import { decodeData } from '../runtime/handle.ts';
import { routesFor } from '../runtime/open.ts';
import { partitionOf } from '../runtime/partition.ts';
import type { Finished } from '../runtime/plan.ts';
import type { PartitionWriter } from '../runtime/writer.ts';

/** Brings a message that partition `partition` journaled at `at` to the writer of its subject's partition (K4). */
export function route(
  env: Environment,
  writers: readonly PartitionWriter[],
  { partition, finished, k, at }: { partition: number; finished: Finished; k: number; at: number },
): void {
  const outgoing = finished.merged?.routes[k];
  const declared = outgoing && env.scene.registry.route(outgoing.message.type);
  if (!outgoing || !declared) return;
  const { message, bytes, leaf, urgent } = outgoing;
  const decoded = decodeData(declared, message);
  const value = decoded.ok ? decoded.value : undefined;
  const item = { message, bytes, leaf, route: declared, from: env.scene.here, value };
  writers[partitionOf(message.subject, writers.length)]?.push('routes', {
    input: { kind: 'route', item, partition, position: at },
    messages: 1,
    bytes: bytes.length,
    urgent,
    dropped: () => undefined,
  });
}

/** Reads back the routes of other partitions that were not taken before the last stop. */
export async function takeRoutes(env: Environment, writer: PartitionWriter): Promise<void> {
  for (const [partition, after] of [...(writer.state?.routes ?? [])].entries())
    for await (const { item, position } of routesFor(env, { partition, after }, writer.partition))
      writer.push('routes', {
        input: { kind: 'route', item, partition, position },
        messages: 1,
        bytes: item.bytes.length,
        urgent: false,
        dropped: () => undefined,
      });
}
