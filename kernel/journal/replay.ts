import type { SystemType } from '@yitong/kit';
import { sameBytes } from '../exchange/bytes.ts';
import type { Suite } from '../exchange/suite.ts';
import { Cache } from '../records/cache.ts';
import { Assembly } from '../runtime/assemble.ts';
import { positionOf } from '../runtime/ids.ts';
import { type NodeScene, Plan } from '../runtime/plan.ts';
import type { PartitionState } from '../runtime/state.ts';
import { sceneOf } from '../service/environment.ts';
import type { HeldRow } from '../store/rows.ts';
import type { JournalBatch } from '../store/store.ts';
import {
  add,
  type Check,
  type Checked,
  type CheckOptions,
  entriesOf,
  suiteOf,
  type Visitor,
  visitBatches,
} from './check.ts';
import { type Entry, entryJson, type PackedEntry } from './entries.ts';
import { FoldedState } from './folded-state.ts';
import { NotAtHand, StoredInputs } from './stored-inputs.ts';

/**
 * Runs the handlers of every batch again over the state that the journal gives, and compares what they do with what they did (K25):
 * an audit, never a repair. Batches whose payloads were erased or whose types are gone are counted as left out. Changes nothing.
 */
export async function replayJournal(
  checked: Checked,
  systems: readonly SystemType[],
  options: CheckOptions = {},
): Promise<Check> {
  const check: Check = { counts: { batches: 0, inputs: 0, 'left out': 0 }, findings: [] };
  await visitBatches(checked, check, options, (partition) => new Replay(checked, systems, partition, check));
  return check;
}

/** One partition, batch after batch: each begins from what the journal says, not from what the run before it made. */
class Replay implements Visitor {
  readonly #checked: Checked;
  readonly #systems: readonly SystemType[];
  readonly #partition: number;
  readonly #check: Check;
  readonly #state: FoldedState;
  #scene: NodeScene | undefined;

  constructor(checked: Checked, systems: readonly SystemType[], partition: number, check: Check) {
    this.#checked = checked;
    this.#systems = systems;
    this.#partition = partition;
    this.#check = check;
    this.#state = new FoldedState(checked.here);
  }

  async batch(batch: JournalBatch): Promise<void> {
    const suite = suiteOf(this.#checked, batch);
    const entries = entriesOf(batch);
    try {
      if (!this.#state.isWhole) throw new NotAtHand('what a handler may have read');
      const made = await this.#run(suite, batch, entries);
      this.#compare(batch.row.seq, entries, made);
    } catch (error) {
      if (!(error instanceof NotAtHand)) throw error;
      add(this.#check, 'left out');
    }
    this.#state.batch(suite, batch.row, entries);
  }

  end(): void {}

  async #run(suite: Suite, { row }: JournalBatch, stored: readonly PackedEntry[]): Promise<readonly Entry[]> {
    const scene = this.#sceneIn(suite);
    const env = { scene, suite, store: this.#checked.store };
    const inputs = await new StoredInputs(env, this.#partition, this.#state.fold).of(row.now, stored);
    add(this.#check, 'inputs', inputs.length);
    const state = this.#before(row.seq, row.now);
    const plan = new Plan(scene, state, inputs, row.now, new Map());
    for (let misses = plan.run(); misses.length > 0; misses = plan.run())
      state.cache.fill(misses, this.#state.load(misses));
    return new Assembly(plan, scene).entries();
  }

  #sceneIn(suite: Suite): NodeScene {
    if (this.#scene?.suite === suite) return this.#scene;
    const { here: member, directory, partitions } = this.#checked;
    this.#scene = sceneOf({ member, directory, partitions, systems: this.#systems }, suite);
    return this.#scene;
  }

  /** The writer's state before a batch, as far as handlers see it. */
  #before(seq: number, now: number): PartitionState {
    // The cast names what the journal's own texts hold.
    const held = [...this.#state.fold.rows.held.values()] as unknown as readonly HeldRow[];
    return {
      partition: this.#partition,
      epoch: 0,
      seq: seq - 1,
      link: new Uint8Array(32),
      now,
      routes: [],
      cache: new Cache(Number.MAX_SAFE_INTEGER),
      streams: new Map(),
      held: new Map(held.map((row) => [row.at, row])),
      nextDue: undefined,
    };
  }

  /** The first entry that differs is named; what follows it in the batch may only follow from it. */
  #compare(seq: number, stored: readonly PackedEntry[], made: readonly Entry[]): void {
    const length = Math.max(stored.length, made.length);
    for (let index = 0; index < length; index += 1) {
      const [was, is] = [stored[index], made[index]];
      if (was?.kind === 'gone') continue;
      if (was && is && was.kind === is.kind && sameBytes(was.bytes, is.bytes)) continue;
      const at = `${this.#partition}.${positionOf(seq, index)}`;
      this.#check.findings.push({ at, code: 'replay', detail: `was ${named(was)}, would be ${named(is)}` });
      return;
    }
  }
}

/** What an entry is, without data of people. */
function named(entry: PackedEntry | undefined): string {
  if (!entry) return 'nothing';
  if (entry.kind === 'did') {
    const { outcome, code } = entryJson(entry);
    return `the outcome ${String(outcome)}${code === undefined ? '' : ` (${String(code)})`}`;
  }
  if (entry.kind !== 'put') return `an entry '${entry.kind}' of ${entry.bytes.length} bytes`;
  const { put, type, version } = entryJson(entry);
  return put === 'record' ? `version ${String(version)} of a ${String(type)}` : `a put of a ${String(put)}`;
}
