import type { RunningNode } from './compose.ts';
import { runProcess, runUntil, type SystemsOf } from './process.ts';

const ours: SystemsOf = async (wish) => {
  const { systemsOf } = await import('./systems.ts');
  return systemsOf(wish);
};

/** Runs one node of a configuration file until `stop` is called off; `ready` hears its addresses. Throws `SetupError` when it cannot start. */
export async function runNode(
  configPath: string,
  stop: AbortSignal,
  ready: (node: RunningNode) => void = () => undefined,
): Promise<void> {
  await runUntil(configPath, ours, stop, ready);
}

// Imported by the command line it does nothing; as the program of a process it runs.
const [, program = '', configPath = ''] = process.argv;
if (/(^|[\\/])(main\.mjs|node[\\/]main\.ts)$/.test(program) && configPath.endsWith('.json'))
  await runProcess(configPath, ours);
