import type { FrameAnswer } from '../api.ts';
import { sameBytes, toBase64, toUtf8 } from '../exchange/bytes.ts';
import { canonicalBytes } from '../exchange/canonical.ts';
import { problemAnswer } from '../exchange/problem-answer.ts';
import { type Checkpoint, cosign, witnessName, writeNoteLine } from '../journal/checkpoint.ts';
import { verifyConsistency } from '../journal/merkle.ts';
import type { Environment } from '../runtime/environment.ts';
import type { WitnessedRow } from '../store/rows.ts';
import { type CosignAsk, readCosignAsk } from '../witness/ask.ts';
import { logAt } from '../witness/log-at.ts';
import { journalKeys, signedState, signedTextOf } from '../witness/logs.ts';

/** What is wrong with a member's log: two states of one size, or a later one that does not continue the earlier. */
export type LogFault = 'two-pasts' | 'inconsistent-log';

/** What was witnessed of a log, and its state unless the key that signed it is no longer good. */
interface Known {
  readonly row: WitnessedRow;
  readonly state: Checkpoint | undefined;
}

/** Told when two notes that a member signed contradict each other or are not proven to continue one another; or are by now (no fault). */
export type Contradicted = (
  member: string,
  notes: readonly [string, string],
  fault: LogFault | undefined,
) => void;

/** Answers peers about logs (exchange protocol B9): cosigns theirs, proves this node's own, shows what it witnessed. 检查点见证 */
export class WitnessDesk {
  readonly #env: Environment;
  readonly #contradicted: Contradicted;

  constructor(env: Environment, contradicted: Contradicted) {
    this.#env = env;
    this.#contradicted = contradicted;
  }

  /** `what` is the address below `/exchange/v1/`; undefined for one that is not about logs. */
  async answer(peer: string, what: string, body?: Uint8Array): Promise<FrameAnswer | undefined> {
    if (what === 'checkpoints') return this.#asked(peer, body ?? new Uint8Array());
    if (what === 'checkpoints/witnessed') return this.#witnessed();
    const [, from, to] = /^checkpoints\/from\/([1-9][0-9]{0,14})\/to\/([1-9][0-9]{0,14})$/.exec(what) ?? [];
    return from === undefined ? undefined : this.#proof(Number(from), Number(to));
  }

  /** Statuses as C2SP's tlog-witness has them. */
  async #asked(peer: string, body: Uint8Array): Promise<FrameAnswer> {
    const { journalKey, directory, scene } = this.#env;
    const ask = readCosignAsk(body);
    if (!ask) return problemAnswer(400, 'bad-request', 'not a size, a proof and a note');
    if (!journalKey) return problemAnswer(503, 'busy', 'no Ed25519 key of this member may cosign now');
    const log = { region: scene.region, member: peer, keys: journalKeys(directory, peer) };
    const state = signedState(ask.note, log);
    if (!state) return problemAnswer(403, 'not-signed', 'no journal key of yours signed this note');
    if (ask.old > state.size) return problemAnswer(400, 'bad-request', 'the old size is above the new one');
    const known = (await this.#env.store.witnessed()).find(({ member }) => member === peer);
    // A log whose key was revoked begins anew under the next one: the region has agreed to it.
    return this.#cosigned(peer, ask, state, known && { row: known, state: signedState(known.note, log) });
  }

  async #cosigned(
    peer: string,
    ask: CosignAsk,
    state: Checkpoint,
    known: Known | undefined,
  ): Promise<FrameAnswer> {
    const { store, journalKey, clock, scene } = this.#env;
    const before = known?.state;
    const fault = before && this.#fault(before, state, ask);
    if (fault) {
      this.#contradicted(peer, [known.row.note, ask.note], fault);
      return problemAnswer(
        422,
        fault,
        `what I cosigned of your log, ${before.size} entries, is no beginning of this`,
      );
    }
    const size = before?.size ?? 0;
    if (ask.old !== size) return { status: 409, type: 'text/x.tlog.size', body: toUtf8(`${size}\n`) };
    if (known) this.#contradicted(peer, [known.row.note, ask.note], undefined);
    const row = { member: peer, size: state.size, note: ask.note, at: clock.now() };
    if (!journalKey || !(await store.witness(row, known?.row.size ?? 0)))
      return problemAnswer(503, 'busy', 'another state of your log is being cosigned');
    const witness = { name: witnessName(scene.region, scene.here), key: journalKey };
    const line = cosign(witness, signedTextOf(ask.note), Math.floor(clock.now() / 1000));
    return { status: 200, type: 'text/plain', body: toUtf8(writeNoteLine(line)) };
  }

  #fault(before: Checkpoint, state: Checkpoint, { old, proof }: CosignAsk): LogFault | undefined {
    if (before.size === state.size) return sameBytes(before.root, state.root) ? undefined : 'two-pasts';
    if (old !== before.size) return undefined;
    const claim = { from: old, to: state.size, fromRoot: before.root, toRoot: state.root, path: proof };
    return verifyConsistency(this.#env.suites['ed25519-sha256'], claim) ? undefined : 'inconsistent-log';
  }

  async #witnessed(): Promise<FrameAnswer> {
    const notes = (await this.#env.store.witnessed()).map(({ note }) => note);
    return { status: 200, type: 'application/json', body: canonicalBytes({ notes }) };
  }

  async #proof(from: number, to: number): Promise<FrameAnswer> {
    const log = await logAt(this.#env);
    if (!log || from > to || to > log.tree.size)
      return problemAnswer(404, 'no-such-sizes', 'this log has no such two sizes');
    const proof = log.tree.consistency(from, to).map(toBase64);
    return { status: 200, type: 'application/json', body: canonicalBytes({ proof }) };
  }
}
