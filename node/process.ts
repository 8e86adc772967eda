import type { SystemType } from '@yitong/kit';
import type { RunningNode } from './compose.ts';
import { type NodeConfig, readNodeConfig } from './config.ts';
import { maskForLog } from './http/mask.ts';
import { describe } from './postgres/setup-error.ts';
import { type Resting, restWhenQuiet } from './rest.ts';
import { onStopSignals } from './supervisor/signals.ts';

/** Longest that an orderly end may take. */
const graceMs = 4_500;

/** Which systems a node runs by its configuration. */
export type SystemsOf = (wish: NodeConfig['systems']) => Promise<readonly SystemType[]>;

/** Runs one node until `stop` is called off; `ready` hears its addresses. Throws `SetupError` when it cannot start. */
export async function runUntil(
  configPath: string,
  systemsOf: SystemsOf,
  stop: AbortSignal,
  ready: (node: RunningNode) => void,
): Promise<void> {
  const config = readNodeConfig(configPath);
  const [{ openNode }, systems] = await Promise.all([import('./compose.ts'), systemsOf(config.systems)]);
  const node = await openNode(config, systems);
  try {
    ready(node);
    const awake = restWhenQuiet(node);
    stop.addEventListener('abort', awake, { once: true });
    if (!stop.aborted)
      await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
  } finally {
    await node.close(graceMs);
  }
}

/** A node as a process of its own: told to stop by a message, a signal, or the end of whoever started it. */
export async function runProcess(configPath: string, systemsOf: SystemsOf): Promise<void> {
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
    setTimeout(() => process.exit(1), 5_000).unref();
  };
  onStopSignals(end, () => process.exit(1));
  process.on('disconnect', end);
  let resting: Resting | undefined;
  process.on('message', (message: unknown) => {
    if (typeof message !== 'object' || message === null || !('type' in message)) return;
    if (message.type === 'stop') end();
    if (message.type === 'rest')
      void resting
        ?.rest()
        .catch(() => 0) // The connections come back by themselves.
        .then((batches) => tell({ type: 'rested', batches }));
  });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      const what = error instanceof Error ? (error.stack ?? error.message) : describe(error);
      process.stderr.write(`${event}: ${maskForLog(what)}\n`);
      process.exit(1);
    });
  try {
    await runUntil(configPath, systemsOf, stop.signal, (node) => {
      resting = node;
      tell({ type: 'ready', http: node.http, exchange: node.exchange });
    });
    process.exit(0);
  } catch (error) {
    process.stderr.write(`Error: ${maskForLog(describe(error))}\n`);
    tell({ type: 'failed', reason: describe(error) }, () => process.exit(1));
  }
}

function tell(message: Readonly<Record<string, string | number>>, told: () => void = () => undefined): void {
  if (process.send && process.connected) process.send(message, told);
  else told();
}
