import {
  changedDirectory,
  type Directory,
  type DirectoryChange,
  type Member as DirectoryMember,
  directoryBytes,
  directoryHash,
  fromUtf8,
  instantText,
  publicKey,
  readSigned,
  type SignedDirectory,
  signDirectory,
} from '@yitong/kernel';
import type { Draws } from './chance.ts';
import { epochMs } from './clock.ts';
import type { Finding } from './finding.ts';
import type { Member } from './member.ts';
import { type Agreed, keyOf, usesOf } from './region.ts';
import type { World } from './world.ts';

/** How the directory changes in a run: another key beside the old one, or instead of one that is known to strangers; or only its dates. */
export type Change = 'rotate' | 'revoke' | 'reissue';

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const operator = { id: 'operator-1', roles: ['operator'] };

/** The people who look after the region's directory: one change after another is proposed at a node, and signed at as many as it takes. */
export class Office {
  readonly #world: World;
  readonly #members: readonly Member[];
  readonly #agreed: Agreed;
  readonly #draws: Draws;
  readonly #report: (finding: Finding) => void;
  #newest: SignedDirectory;
  #line: Promise<void> = Promise.resolve();
  /** The newest version that each member's node had. */
  readonly #had = new Map<Member, number>();

  constructor(
    world: World,
    { members, agreed }: { readonly members: readonly Member[]; readonly agreed: Agreed },
    report: (finding: Finding) => void,
  ) {
    this.#world = world;
    this.#members = members;
    this.#agreed = agreed;
    this.#draws = world.draws('office');
    this.#report = report;
    this.#newest = agreed;
  }

  /** Number of the newest version that stands. */
  get version(): number {
    return this.#newest.directory.version;
  }

  /** Makes a change at a member, once those before it are made; resolves when enough have signed it. */
  change(kind: Change, member: Member): Promise<void> {
    return this.#next(() => this.#wished(kind, member));
  }

  /** Admits the member that stands ready, with a vote of its own where its signature is not needed to admit it. */
  admit(joiner: DirectoryMember): Promise<void> {
    return this.#next(() => ({ is: 'join', member: joiner, votes: this.#members.length > 2 }));
  }

  /** A member leaves: the others need not ask it, but it may sign as well. */
  dismiss(member: Member): Promise<void> {
    return this.#next(() => ({ is: 'leave', member: member.code }));
  }

  #next(wished: () => DirectoryChange): Promise<void> {
    const made = this.#line.then(() => this.#make(wished()));
    this.#line = made;
    return made;
  }

  /** A version that a node once had it never lacks again, whatever happened to it (B8). */
  look(): void {
    for (const member of this.#members) {
      const { node, code } = member;
      const had = this.#had.get(member) ?? 1;
      if (!node) continue;
      if (!node.directory(had))
        this.#report({ rule: 'B8', at: code, detail: `directory ${had} was known here and is not any more` });
      if (node.directory(this.version)) this.#had.set(member, this.version);
    }
  }

  /** Who lacks the newest version; undefined when all have it. */
  get lacking(): string | undefined {
    return this.#members.find(({ node }) => node && !node.directory(this.version))?.code;
  }

  #wished(kind: Change, member: Member): DirectoryChange {
    if (kind === 'reissue') return { is: 'reissue' };
    const ring = this.#agreed.keys[this.#members.indexOf(member)]?.ring;
    const first = ring?.[0];
    if (!ring || !first) throw new Error(`${member.code} has no keys`);
    const own = this.#newest.directory.members.find(({ code }) => code === member.code);
    const old = own?.keys.findLast(({ use, revoked }) => use.includes('batch') && !revoked);
    const fresh = keyOf(`${member.code}-v${this.version + 1}`, first.suite);
    ring.push(fresh);
    const key = { ...publicKey(fresh), use: usesOf(fresh) };
    if (kind === 'rotate')
      return {
        is: 'rotate',
        member: member.code,
        key,
        // As people do: longer than a member is ever cut off, who signs with the old key meanwhile.
        overlapMs: Math.floor(this.#draws.spread(5 * dayMs, 30 * dayMs)),
      };
    if (!old) throw new Error(`${member.code} has no key to revoke`);
    const at = instantText(epochMs + Math.floor(this.#world.now));
    return { is: 'revoke', member: member.code, key: old.id, at, reason: 'stolen', instead: key };
  }

  async #make(change: DirectoryChange): Promise<void> {
    const world = this.#world;
    const atMs = Math.floor(epochMs + world.now);
    const changed = changedDirectory(this.#newest.directory, change, atMs);
    if (!changed.ok) throw new Error(`the directory cannot change: ${changed.code}`);
    const { directory } = changed;
    world.note('directory', change.is, directory.version);
    const signed = new Set<Member>();
    for (let pauseMs = 2_000; !this.#takenBy(directory); pauseMs = Math.min(2 * pauseMs, 30 * minuteMs)) {
      for (const member of this.#members) await this.#sign(member, directory, signed);
      await world.sleep(pauseMs * (0.5 + this.#draws.unit()));
    }
    world.count(`directory.${change.is}`);
    this.look();
  }

  /** Whether some node has found the version signed by enough; it is the newest then. */
  #takenBy({ version }: Directory): boolean {
    const found = this.#members.map(({ node }) => node?.directory(version)).find((one) => one !== undefined);
    const read = found && readSigned(found);
    if (!read?.ok) return false;
    if (read.signed.directory.version > this.version) this.#agreed.chain.push(read.signed);
    this.#newest = read.signed;
    return true;
  }

  /** The first one proposes the draft; every other signs what reached it of the draft. */
  async #sign(member: Member, directory: Directory, signed: Set<Member>): Promise<void> {
    const { node } = member;
    const key = this.#agreed.keys[this.#members.indexOf(member)]?.directory;
    if (!node || !key || signed.has(member)) return;
    if (member === this.#members[0]) {
      const canonical = fromUtf8(directoryBytes(directory)) ?? '';
      await this.#within(node.membership.propose(operator, canonical));
    }
    const vote = { ...signDirectory(key, directory, this.#agreed.suites), hash: directoryHash(directory) };
    const answer = await this.#within(node.membership.sign(operator, { ...vote, instead: false }));
    if (answer && answer.state !== 'invalid' && answer.state !== 'busy') signed.add(member);
  }

  /** What came back, if anything did: a process that dies answers nothing. */
  #within<T>(answer: Promise<T>): Promise<T | undefined> {
    return Promise.race([answer.catch(() => undefined), this.#world.sleep(minuteMs).then(() => undefined)]);
  }
}
