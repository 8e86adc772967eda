import { sameBytes } from '../exchange/bytes.ts';
import { memberOf } from '../exchange/directory.ts';
import type { SegmentRow } from '../store/rows.ts';
import { treeOf } from '../witness/log-at.ts';
import { add, type Check, type Checked } from './check.ts';
import { checkpointOrigin, segmentOf, verifyCheckpoint } from './checkpoint.ts';

/** The node's log tree against the journals: each segment's root over its heads, the newest checkpoint over the segments (K29). */
export class LogTree {
  readonly #checked: Checked;
  readonly #check: Check;
  readonly #segments: readonly SegmentRow[];
  readonly #text: string | undefined;
  readonly #heads = new Map<SegmentRow, Uint8Array[]>();
  /** By partition its segments that are still to come, the next one last: heads come in their order. */
  readonly #ahead = new Map<number, SegmentRow[]>();
  readonly #size: number | undefined;

  private constructor(
    checked: Checked,
    check: Check,
    { segments, checkpoint }: Awaited<ReturnType<Checked['store']['segments']>>,
  ) {
    this.#checked = checked;
    this.#check = check;
    this.#segments = segments;
    const falling = [...segments].sort((a, b) => b.first - a.first);
    for (const segment of falling) {
      const list = this.#ahead.get(segment.partition);
      if (list) list.push(segment);
      else this.#ahead.set(segment.partition, [segment]);
    }
    this.#text = checkpoint?.text;
    this.#size = checkpoint?.number;
  }

  static async read(checked: Checked, check: Check): Promise<LogTree> {
    return new LogTree(checked, check, await checked.store.segments());
  }

  /** The next head of a partition. */
  head(partition: number, seq: number, head: Uint8Array): void {
    const ahead = this.#ahead.get(partition) ?? [];
    while ((ahead.at(-1)?.last ?? seq) < seq) ahead.pop();
    const segment = ahead.at(-1);
    if (!segment || segment.first > seq) return;
    const heads = this.#heads.get(segment) ?? [];
    heads.push(head);
    this.#heads.set(segment, heads);
    if (seq !== segment.last) return;
    this.#heads.delete(segment);
    add(this.#check, 'segments');
    const made = segmentOf(partition, segment.first, heads);
    if (made.last !== segment.last || !sameBytes(made.root, segment.root))
      this.#wrong(`segment ${segment.number}`, 'its root is not that of the heads it names');
  }

  end(region: string): void {
    const next = new Map<number, number>();
    for (const [number, { partition, first, last, ...segment }] of this.#segments.entries()) {
      if (segment.number !== number || first !== (next.get(partition) ?? 1))
        this.#wrong(`segment ${segment.number}`, 'does not follow the segment before it');
      next.set(partition, last + 1);
    }
    for (const segment of this.#heads.keys())
      this.#wrong(`segment ${segment.number}`, 'names batches that the journal has not');
    if (this.#text !== undefined) this.#signed(region, this.#text);
  }

  #signed(region: string, text: string): void {
    const origin = checkpointOrigin(region, this.#checked.here);
    const keys = memberOf(this.#checked.directory, this.#checked.here)?.keys ?? [];
    const verified = keys
      .filter((key) => key.use.includes('journal') && key.suite === 'ed25519-sha256')
      .map((key) => verifyCheckpoint(text, { origin, key }))
      .find((one) => one.ok);
    if (!verified?.ok) return this.#wrong('checkpoint', 'is not signed by a journal key of this member');
    const { size, root } = verified.checkpoint;
    const tree = treeOf(this.#checked.suites['ed25519-sha256'], this.#segments);
    if (size !== this.#size || size !== tree.size || !sameBytes(root, tree.root()))
      this.#wrong('checkpoint', 'is not of the segments that are there');
  }

  #wrong(at: string, detail: string): void {
    this.#check.findings.push({ at, code: 'log-tree', detail });
  }
}
