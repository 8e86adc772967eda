import { fromUtf8, toHex } from '../exchange/bytes.ts';
import type { Evidence } from '../exchange/evidence.ts';
import { readJournalHead } from '../exchange/head.ts';
import type { Environment } from '../runtime/environment.ts';
import { placeOf } from '../runtime/ids.ts';
import { entriesIn } from '../runtime/open.ts';
import { cosignersMin } from '../service/cosigning.ts';
import { treeOf } from '../witness/log-at.ts';
import { leafOf } from './chain.ts';
import { leafHash, merkleTree } from './merkle.ts';

/**
 * The way from an entry of the journal to the newest checkpoint that enough members cosigned (step 8 of B12); undefined while no such
 * checkpoint covers it.
 */
export async function underCheckpoint(
  env: Pick<Environment, 'store' | 'suites'>,
  partition: number,
  at: number,
): Promise<Pick<Evidence, 'checkpoint' | 'cosignatures' | 'journal'> | undefined> {
  const { store, suites } = env;
  const cosigned = await store.cosigned(cosignersMin);
  if (!cosigned) return undefined;
  const { seq, index } = placeOf(at);
  const segments = (await store.segments()).segments.slice(0, cosigned.checkpoint.number);
  const place = segments.findIndex(
    (one) => one.partition === partition && one.first <= seq && seq <= one.last,
  );
  const segment = segments[place];
  const [batch] = await store.read(partition, seq, 1);
  const head = batch && readJournalHead(batch.row.head);
  if (!segment || batch?.row.seq !== seq || !head?.ok) return undefined;
  const suite = suites[head.value.suite];
  const entries = merkleTree(
    suite,
    entriesIn(batch).map((entry) => leafOf(suite, entry)),
  );
  const logSuite = suites['ed25519-sha256'];
  const heads = merkleTree(
    logSuite,
    (await store.heads(partition, segment.first, segment.last)).map((one) => leafHash(logSuite, one)),
  );
  const { first, last, root } = segment;
  return {
    checkpoint: cosigned.checkpoint.text,
    cosignatures: cosigned.cosignatures.map(({ line }) => line),
    journal: {
      index,
      path: entries.inclusion(index).map(toHex),
      head: fromUtf8(batch.row.head) ?? '',
      headPath: heads.inclusion(seq - first).map(toHex),
      segment: { partition, first, last, root: toHex(root) },
      at: place,
      segmentPath: treeOf(logSuite, segments).inclusion(place).map(toHex),
    },
  };
}
