import { fromBase64, fromUtf8, sameBytes } from '../exchange/bytes.ts';
import { type Checkpoint, readNoteLine, verifyCosignature, witnessName } from '../journal/checkpoint.ts';
import { verifyConsistency } from '../journal/merkle.ts';
import type { Environment } from '../runtime/environment.ts';
import type { PeerAnswer } from '../seams.ts';
import { writeCosignAsk } from '../witness/ask.ts';
import { logAt } from '../witness/log-at.ts';
import { journalKeys, memberOfNote, signedState, signedTextOf } from '../witness/logs.ts';
import type { Contradicted } from './witness-desk.ts';

/** As many members cosign each checkpoint (exchange protocol B9). */
export const cosignersMin = 2;

type Log = NonNullable<Awaited<ReturnType<typeof logAt>>>;

/** Has members cosign this node's checkpoints, and compares with them what each saw of the others' logs (exchange protocol B9). 检查点会签 */
export class Cosigning {
  readonly #env: Environment;
  readonly #contradicted: Contradicted;
  readonly #ownLost: (peer: string, detail: string) => void;
  /** By member: size that it cosigned last, as far as is known. */
  readonly #old = new Map<string, number>();
  /** Since when the log is this database's, and who has shown since then what it witnessed. */
  #since = { epoch: -1, at: 0 };
  readonly #heard = new Set<string>();

  constructor(env: Environment, contradicted: Contradicted, ownLost: (peer: string, detail: string) => void) {
    this.#env = env;
    this.#contradicted = contradicted;
    this.#ownLost = ownLost;
  }

  /**
   * After a checkpoint: the views of all are compared, then two members cosign it. What cannot be reached is asked the next time.
   * A database that was put back from a backup may have signed its log's next states before: nothing of it is shown before all members have
   * said what they cosigned, or while one of them cosigned what is not in it. `epoch` is the lease's under which the log is written.
   */
  async round(epoch: number): Promise<void> {
    this.#begin(epoch);
    const log = await logAt(this.#env);
    if (!log) return;
    const lost = await Promise.all(this.#others().map((peer) => this.#compare(peer, log)));
    if (!lost.includes(true) && this.#isHeard()) await this.#cosign(log);
  }

  #begin(epoch: number): void {
    if (this.#since.epoch === epoch) return;
    this.#since = { epoch, at: this.#env.clock.monotonic() };
    this.#heard.clear();
  }

  /** One that never answers must not keep all others' logs from being cosigned. */
  #isHeard(): boolean {
    const { clock, limits, log } = this.#env;
    const away = this.#others().filter((peer) => !this.#heard.has(peer));
    if (away.length === 0 || clock.monotonic() - this.#since.at >= limits.hearingMs) return true;
    log.info('a checkpoint is not shown before all members were heard', { away });
    return false;
  }

  /** Members behind this one in the directory's order first: each witnesses for as many as the others. */
  #others(): readonly string[] {
    const { here } = this.#env.scene;
    const codes = this.#env.directory.members.map(({ code }) => code);
    const at = codes.indexOf(here);
    return [...codes.slice(at + 1), ...codes.slice(0, Math.max(0, at))];
  }

  async #cosign({ tree, checkpoint: { number, text: note } }: Log): Promise<void> {
    const { store, clock } = this.#env;
    let cosigned = 0;
    for (const peer of this.#others()) {
      if (cosigned === cosignersMin) return;
      const line = await this.#cosignedBy(peer, tree, note);
      if (line === undefined) continue;
      await store.cosign([{ number, witness: peer, line, at: clock.now() }]);
      cosigned += 1;
    }
  }

  /** The cosignature, asked for once more when the member has another size in mind. */
  async #cosignedBy(peer: string, tree: Log['tree'], note: string): Promise<string | undefined> {
    for (let tries = 0; tries < 2; tries += 1) {
      const old = Math.min(this.#old.get(peer) ?? 0, tree.size);
      const ask = writeCosignAsk({ old, proof: tree.consistency(old), note });
      const answer = await this.#ask(peer, 'checkpoints', ask);
      const said = answer && fromUtf8(answer.body);
      if (said === undefined) return undefined;
      if (answer?.status === 200) return this.#taken(peer, tree.size, note, said);
      const size =
        answer?.status === 409 ? Number(/^(\d{1,15})\n$/.exec(said)?.[1] ?? Number.NaN) : Number.NaN;
      if (Number.isNaN(size)) {
        this.#env.log.warn('a checkpoint was not cosigned', {
          peer,
          status: answer?.status,
          said: said.slice(0, 200),
        });
        return undefined;
      }
      // More than there is: said under nobody's signature, so what that member witnessed decides, in #compare.
      if (size > tree.size) return undefined;
      this.#old.set(peer, size);
    }
    return undefined;
  }

  #taken(peer: string, size: number, note: string, line: string): string | undefined {
    const { directory, scene } = this.#env;
    const read = readNoteLine(line.trimEnd());
    const name = witnessName(scene.region, peer);
    const signed = { text: signedTextOf(note), signatures: read ? [read] : [] };
    if (!journalKeys(directory, peer).some((key) => verifyCosignature(signed, { name, key }) !== undefined)) {
      this.#env.log.warn('a cosignature does not verify', { peer });
      return undefined;
    }
    this.#old.set(peer, size);
    return line;
  }

  /** Whether the member cosigned what is not in this log. */
  async #compare(peer: string, own: Log): Promise<boolean> {
    const answer = await this.#ask(peer, 'checkpoints/witnessed');
    if (answer?.status !== 200) return false;
    this.#heard.add(peer);
    let isLost = false;
    const { scene, directory, store } = this.#env;
    const mine = await store.witnessed();
    for (const note of notesIn(answer.body)) {
      const member = memberOfNote(note, directory);
      if (member === undefined || member === peer) continue;
      const known = mine.find((one) => one.member === member);
      // Verified when it was taken, and no other view than theirs.
      if (known?.note === note) continue;
      const log = { region: scene.region, member, keys: journalKeys(directory, member) };
      const theirs = signedState(note, log);
      if (!theirs) continue;
      if (member === scene.here) isLost ||= await this.#isLost(peer, own, theirs);
      else if (known) await this.#twoViews(member, [known.note, note], signedState(known.note, log), theirs);
    }
    return isLost;
  }

  /** Another process of this member may have gone on since the log was read: it is read again before anybody is alarmed. */
  async #isLost(peer: string, read: Log, theirs: Checkpoint): Promise<boolean> {
    if (lostOf(read, theirs) === undefined) return false;
    const lost = lostOf((await logAt(this.#env)) ?? read, theirs);
    if (lost !== undefined) this.#ownLost(peer, lost);
    return lost !== undefined;
  }

  async #twoViews(
    member: string,
    notes: readonly [string, string],
    ours: Checkpoint | undefined,
    theirs: Checkpoint,
  ): Promise<void> {
    if (!ours || (ours.size === theirs.size && sameBytes(ours.root, theirs.root))) return;
    if (ours.size === theirs.size) return this.#contradicted(member, notes, 'two-pasts');
    const [a, b] = ours.size < theirs.size ? [ours, theirs] : [theirs, ours];
    const answer = await this.#ask(member, `checkpoints/from/${a.size}/to/${b.size}`);
    if (answer === undefined || answer.status >= 500 || answer.status === 429) return;
    const path = answer.status === 200 ? proofIn(answer.body) : undefined;
    const claim = { from: a.size, to: b.size, fromRoot: a.root, toRoot: b.root, path: path ?? [] };
    const isProven = path !== undefined && verifyConsistency(this.#env.suites['ed25519-sha256'], claim);
    this.#contradicted(member, notes, isProven ? undefined : 'inconsistent-log');
  }

  /** Undefined when nothing came back. */
  async #ask(peer: string, what: string, body?: Uint8Array): Promise<PeerAnswer | undefined> {
    try {
      return await this.#env.peers.ask(peer, what, body);
    } catch (error) {
      this.#env.log.info('a witness could not be asked', { peer, error: String(error) });
      return undefined;
    }
  }
}

/** What a member holds of this log that is not in it, in words. */
function lostOf({ tree }: Log, { size, root }: Checkpoint): string | undefined {
  if (size > tree.size) return `it cosigned ${size} entries of this log, which has ${tree.size}`;
  return sameBytes(tree.root(size), root)
    ? undefined
    : `it holds another state of ${size} entries, signed by a key of this member`;
}

function notesIn(body: Uint8Array): readonly string[] {
  const { notes }: { notes?: unknown } = Object(jsonIn(body));
  return Array.isArray(notes) ? notes.filter((note) => typeof note === 'string').slice(0, 1_000) : [];
}

function proofIn(body: Uint8Array): readonly Uint8Array[] | undefined {
  const { proof }: { proof?: unknown } = Object(jsonIn(body));
  if (!Array.isArray(proof) || proof.length > 63) return undefined;
  const hashes = proof.map((one) => (typeof one === 'string' ? fromBase64(one) : undefined));
  return hashes.every((one) => one?.length === 32) ? hashes.filter((one) => one !== undefined) : undefined;
}

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(body) ?? '');
  } catch {
    return undefined;
  }
}
