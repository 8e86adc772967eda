import { type Check, type CheckOptions, rebuildState, suites, verifyJournal } from '@yitong/kernel';
import { addressOf, creditAccounts, recordsOf } from './compose.ts';
import type { NodeConfig } from './config.ts';
import { openPostgresStore } from './store/postgres.ts';
import { systemsOf } from './systems.ts';

export type { Check } from '@yitong/kernel';

/** Checks a node's journals against themselves, its transfers and its ids; changes nothing. */
export async function verifyNode(config: NodeConfig, options: CheckOptions): Promise<Check> {
  return checked(config, options, verifyJournal);
}

/** Folds a node's journals again without running a handler and compares with its tables; changes nothing. */
export async function rebuildNode(config: NodeConfig, options: CheckOptions): Promise<Check> {
  return checked(config, options, rebuildState);
}

async function checked(config: NodeConfig, options: CheckOptions, run: typeof verifyJournal): Promise<Check> {
  const systems = systemsOf(config.systems);
  const opened = await openPostgresStore({
    connection: addressOf(config),
    partitions: config.partitions,
    records: recordsOf(systems),
    writers: 1,
    creditAccounts: creditAccounts(systems),
  });
  try {
    const { store, reader } = opened;
    return await run(
      { store, reader, suite: suites['ed25519-sha256'], partitions: config.partitions },
      options,
    );
  } finally {
    await opened.close();
  }
}
