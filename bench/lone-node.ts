import {
  type Commit,
  createNode,
  type Directory,
  type KernelNode,
  kernelSystems,
  type NodeOptions,
  publicKey,
  type Store,
  signingKey,
} from '@yitong/kernel';
import { openPostgresStore, systemChance, systemClock } from '@yitong/node';
import type { Address } from './database.ts';
import { notes } from './notes.ts';

const member = '310000';
/** While the batch of one is being written, those of the others are prepared: nothing here goes from one to another. */
const partitions = 4;
const writers = 4;

const key = signingKey({ id: 'bench', suite: 'ed25519-sha256', random: new Uint8Array(32).fill(7) });
const directory: Directory = {
  format: 'yitong-directory/1',
  region: 'bench',
  version: 1,
  prev: '0'.repeat(64),
  issued: '2026-01-01T00:00:00.000Z',
  expires: '2036-01-01T00:00:00.000Z',
  threshold: 1,
  signers: [member],
  streams: partitions,
  members: [
    {
      code: member,
      url: 'https://bench.example',
      tls: [],
      keys: [
        {
          ...publicKey(key),
          use: ['batch', 'receipt', 'directory', 'journal'],
          from: '2026-01-01T00:00:00.000Z',
          until: '2036-01-01T00:00:00.000Z',
        },
      ],
    },
  ],
};

/** A store on PostgreSQL for the records of the small system, as a node opens it. */
export function openStore(connection: Address) {
  const records = [...kernelSystems, notes].flatMap((system) => [...system.records.values()]);
  return openPostgresStore({ connection, partitions, records, writers });
}

/** A node without peers in this process; `wrote` is told each commit that became durable. */
export async function openLoneNode(
  connection: Address,
  wrote: (commit: Commit) => void,
  more: Partial<NodeOptions> = {},
): Promise<{ readonly node: KernelNode; close(): Promise<void> }> {
  const { store, reader, close } = await openStore(connection);
  const told: Store = {
    ...store,
    async commit(commit) {
      const result = await store.commit(commit);
      if (result.result === 'done') wrote(commit);
      return result;
    },
  };
  const alone = () => Promise.reject(new Error('a node without peers'));
  const node = createNode({
    member,
    systems: [notes],
    partitions,
    directory,
    signatures: [],
    key,
    store: told,
    reader,
    clock: systemClock,
    chance: systemChance(),
    peers: { batch: alone, ask: alone },
    ...more,
  });
  await node.start();
  return {
    node,
    async close() {
      await node.stop();
      await close();
    },
  };
}
