import {
  type Check,
  type Checked,
  type CheckOptions,
  limitedAccounts,
  rebuildState,
  replayJournal,
  storedDirectories,
  suites,
  verifyJournal,
} from '@yitong/kernel';
import type { SystemType } from '@yitong/kit';
import { addressOf, creditAccounts, newestDirectory, recordsOf } from './compose.ts';
import type { NodeConfig } from './config.ts';
import { oversight } from './oversight/oversight.ts';
import { openPostgresStore } from './store/postgres.ts';
import { systemsOf } from './systems.ts';

export type { Check } from '@yitong/kernel';

/** Checks a node's journals, tables, frames and log tree against each other; changes nothing. */
export async function verifyNode(config: NodeConfig, options: CheckOptions): Promise<Check> {
  return checked(config, options, verifyJournal);
}

/** Folds a node's journals again without running a handler and compares with its tables; changes nothing. */
export async function rebuildNode(config: NodeConfig, options: CheckOptions): Promise<Check> {
  return checked(config, options, rebuildState);
}

/** Runs the handlers of a node's journals again and compares with what they did; changes nothing. */
export async function replayNode(config: NodeConfig, options: CheckOptions): Promise<Check> {
  const systems = [...systemsOf(config.systems), oversight];
  return checked(config, options, (node, told) => replayJournal(node, systems, told));
}

async function checked(
  config: NodeConfig,
  options: CheckOptions,
  run: (checked: Checked, options: CheckOptions) => Promise<Check>,
): Promise<Check> {
  const systems = systemsOf(config.systems);
  const opened = await openPostgresStore({
    connection: addressOf(config),
    partitions: config.partitions,
    records: recordsOf(systems),
    writers: 1,
    moment: true,
    creditAccounts: creditAccounts(systems),
  });
  try {
    const { store, reader } = opened;
    const stored = (await storedDirectories(store)).versions.map((signed) => signed.directory);
    const directory = stored.at(-1) ?? newestDirectory(config).directory;
    const directoryAt = (version: number) => stored.find((one) => one.version === version);
    const { member: here, partitions } = config;
    const urgent = urgentTypes(systems);
    const isUrgent = (type: string) => urgent.has(type);
    const limited = limitedAccounts(systems);
    const known = { directory, directoryAt, suites, isUrgent, limited };
    return await run({ store, reader, here, partitions, ...known }, options);
  } finally {
    await opened.close();
  }
}

/** Types of messages and of their answers that travel in the urgent lane. */
function urgentTypes(systems: readonly SystemType[]): ReadonlySet<string> {
  const messages = systems.flatMap((system) => [...system.messages.values()]);
  return new Set(messages.filter((one) => one.urgent).flatMap(({ type }) => [type, `${type}/reply`]));
}
