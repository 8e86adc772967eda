import type { Suite } from '../exchange/suite.ts';
import { segmentLeaf } from '../journal/checkpoint.ts';
import { type MerkleTree, merkleTree } from '../journal/merkle.ts';
import type { Environment } from '../runtime/environment.ts';
import type { CheckpointRow, SegmentRow } from '../store/rows.ts';

/** The node's log as its newest checkpoint has it; undefined before the first one. */
export async function logAt(env: Pick<Environment, 'store' | 'suites'>): Promise<
  | {
      readonly tree: MerkleTree;
      readonly segments: readonly SegmentRow[];
      readonly checkpoint: CheckpointRow;
    }
  | undefined
> {
  const { segments, checkpoint } = await env.store.segments();
  return checkpoint && { tree: treeOf(env.suites['ed25519-sha256'], segments), segments, checkpoint };
}

/** The log tree over segments. */
export function treeOf(suite: Suite, segments: readonly SegmentRow[]): MerkleTree {
  return merkleTree(
    suite,
    segments.map((one) => segmentLeaf(one)),
  );
}
