import type { SystemType } from '@yitong/kit';
import type { CommandAnswer, KernelNode } from '../api.ts';
import { fromUtf8 } from '../exchange/bytes.ts';
import {
  type Directory,
  type DirectoryKey,
  directoryBytes,
  type Member,
  quorum,
} from '../exchange/directory.ts';
import { changedDirectory, type DirectoryChange } from '../exchange/directory-draft.ts';
import { type DirectorySignature, directoryHash, signDirectory } from '../exchange/directory-step.ts';
import { instantText } from '../exchange/instant.ts';
import { readSigned, type SignedDirectory } from '../exchange/signed-directory.ts';
import { publicKey, type SigningKey, signingKey, suites } from '../exchange/suite.ts';
import type { Checked } from '../journal/check.ts';
import { kernelSystems } from '../kernel-systems.ts';
import { createNode } from '../node.ts';
import type { Limits } from '../runtime/environment.ts';
import type { BlobAnswer, PeerAnswer } from '../seams.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { MemoryDatabase, openMemoryStore } from '../store/memory.ts';
import { memoryBlobs } from '../store/memory-blobs.ts';
import { clinic } from './clinic.ts';
import { systemClock } from './region.ts';

const dayMs = 86_400_000;
/** Who acts on the nodes of the tests. */
const operator = { id: 'op', roles: ['operator'] };

/** One member of a federation: its keys, its database, and its node while it runs. */
interface Seat {
  readonly code: string;
  readonly database: MemoryDatabase;
  readonly blobs: BlobStore;
  readonly ring: SigningKey[];
  readonly directoryKey: SigningKey;
  node: KernelNode | undefined;
}

/** What a test may say of its federation. */
export interface FederationOptions {
  readonly members: readonly string[];
  readonly systemOf?: (member: string) => SystemType;
  /** Other limits than those of these tests. */
  readonly limits?: Partial<Limits>;
  /** What becomes of a frame on its way; undefined lets it pass. */
  readonly onWay?: (from: string, to: string, frame: Uint8Array) => Promise<PeerAnswer> | undefined;
  /** The same for what else is asked. */
  readonly onAsk?: (from: string, to: string, what: string) => Promise<PeerAnswer> | undefined;
  /** The same for the bytes of a file. */
  readonly onBlob?: (from: string, to: string, given: BlobAnswer) => BlobAnswer;
}

/** Nobody waits long here, and no file is large. */
const quick = { backOffMs: 20, backOffMaxMs: 50, directoryMs: 100, blobBytes: 4 * 1024 * 1024 };

/** Any number of kernels in one process whose members and keys change while they run. */
export class Federation {
  readonly seats = new Map<string, Seat>();
  readonly first: SignedDirectory;
  /** How far the wall clocks are ahead of the process's own, in ms. */
  shiftMs = 0;
  readonly #options: FederationOptions;

  constructor(options: FederationOptions) {
    this.#options = options;
    for (const code of options.members) this.#seat(code);
    const directory = this.#directory(options.members);
    this.first = { directory, signatures: options.members.map((code) => this.signature(code, directory)) };
  }

  /** Starts a member's node, for the first time or again; `given`: the versions in its file. */
  async start(code: string, given: readonly SignedDirectory[] = [this.first]): Promise<KernelNode> {
    const seat = this.seats.get(code) ?? this.#seat(code);
    const newest = given.at(-1) ?? this.first;
    const [key] = seat.ring;
    if (!key) throw new Error('a key for each member');
    const { store, reader } = openMemoryStore({ database: seat.database });
    const node = createNode({
      member: code,
      systems: [this.#options.systemOf?.(code) ?? clinic],
      partitions: 4,
      ...newest,
      former: given.slice(0, -1),
      key,
      keys: () => seat.ring,
      store,
      reader,
      blobs: seat.blobs,
      clock: { ...systemClock, now: () => systemClock.now() + this.shiftMs },
      chance: { bytes: (n) => crypto.getRandomValues(new Uint8Array(n)), unit: () => 0.5 },
      peers: {
        batch: async (to, frame) =>
          (await this.#options.onWay?.(code, to, frame)) ?? this.node(to).receive(code, frame),
        ask: async (to, what, body) =>
          (await this.#options.onAsk?.(code, to, what)) ?? this.node(to).ask(code, what, body),
        blob: async (to, sha256, from) => {
          const given = await this.node(to).blobs.give(code, sha256, from);
          return this.#options.onBlob?.(code, to, given) ?? given;
        },
      },
      limits: { ...quick, ...this.#options.limits },
    });
    seat.node = node;
    await node.start();
    return node;
  }

  async startAll(): Promise<void> {
    for (const code of this.#options.members) await this.start(code);
  }

  async stop(code?: string): Promise<void> {
    for (const seat of this.seats.values()) {
      if (code !== undefined && seat.code !== code) continue;
      await seat.node?.stop();
      seat.node = undefined;
    }
  }

  node(code: string): KernelNode {
    const node = this.seats.get(code)?.node;
    if (!node) throw new Error(`${code} does not run`);
    return node;
  }

  /** The entry of a member that is to join. */
  member(code: string): Member {
    const seat = this.seats.get(code) ?? this.#seat(code);
    return entryOf(seat);
  }

  /** A fresh signing key of a member, at hand from now on. */
  newKey(code: string, id: string): Pick<DirectoryKey, 'id' | 'suite' | 'public' | 'use'> {
    const key = keyOf(`${code}-${id}`);
    this.seats.get(code)?.ring.push(key);
    return { ...publicKey(key), use: ['batch', 'receipt', 'question', 'answer', 'journal'] };
  }

  signature(code: string, directory: Directory): DirectorySignature {
    const seat = this.seats.get(code);
    if (!seat) throw new Error(`${code} has no key`);
    return signDirectory(seat.directoryKey, directory);
  }

  /** The next version with a change in it, effective after `inMs`. */
  draft(at: string, change: DirectoryChange, inMs = 0): Directory {
    const changed = changedDirectory(
      this.newest(at).directory,
      change,
      systemClock.now() + this.shiftMs + inMs,
    );
    if (!changed.ok) throw new Error(changed.code);
    return changed.directory;
  }

  /** Proposed at one member's node and signed by others at theirs. */
  async agree(at: string, change: DirectoryChange, signers: readonly string[]): Promise<Directory> {
    const directory = this.draft(at, change);
    await this.propose(at, directory);
    for (const code of signers) await this.sign(code, directory);
    return directory;
  }

  propose(at: string, directory: Directory): Promise<CommandAnswer> {
    return this.node(at).membership.propose(operator, fromUtf8(directoryBytes(directory)) ?? '');
  }

  /** The draft comes to the signer's node as a copy: as soon as it is there, it is signed. */
  async sign(code: string, directory: Directory, instead = false): Promise<CommandAnswer> {
    const hash = directoryHash(directory);
    const vote = { ...this.signature(code, directory), hash, instead };
    for (;;) {
      const answer = await this.node(code).membership.sign(operator, vote);
      const isThere = answer.state !== 'invalid' || !answer.problem.type.endsWith('unknown-draft');
      if (isThere || this.newest(code).directory.version >= directory.version) return answer;
      await new Promise<void>((resolve) => setTimeout(resolve, 5));
    }
  }

  newest(code: string): SignedDirectory {
    const node = this.node(code);
    for (let version = 1; ; version += 1) {
      const next = node.directory(version + 1);
      if (next) continue;
      const read = readSigned(node.directory(version));
      if (!read.ok) throw new Error(read.detail);
      return read.signed;
    }
  }

  /** What `verify`, `rebuild` and `replay` need of a member. */
  checked(code: string): Checked {
    const seat = this.seats.get(code);
    if (!seat) throw new Error(`${code} is not seated`);
    const { store, reader } = openMemoryStore({ database: seat.database });
    const node = this.node(code);
    const directoryAt = (version: number): Directory | undefined => {
      const read = readSigned(node.directory(version));
      return read.ok ? read.signed.directory : undefined;
    };
    const { directory } = this.newest(code);
    const isUrgent = () => false;
    return {
      store,
      reader,
      here: code,
      directory,
      directoryAt,
      suites,
      partitions: 4,
      isUrgent,
      limited: new Map(),
    };
  }

  #seat(code: string): Seat {
    const system = this.#options.systemOf?.(code) ?? clinic;
    const records = [...kernelSystems, system].flatMap((one) => [...one.records.values()]);
    const database = new MemoryDatabase({ partitions: 4, records, now: () => systemClock.now() });
    const [key, directoryKey] = [keyOf(`${code}-a`), keyOf(`${code}-d`)];
    const blobs = memoryBlobs(() => systemClock.now() + this.shiftMs);
    const seat: Seat = { code, database, blobs, ring: [key], directoryKey, node: undefined };
    this.seats.set(code, seat);
    return seat;
  }

  #directory(codes: readonly string[]): Directory {
    const now = systemClock.now();
    return {
      format: 'yitong-directory/1',
      region: 'csj',
      version: 1,
      prev: '0'.repeat(64),
      issued: instantText(now - dayMs),
      expires: instantText(now + 90 * dayMs),
      threshold: quorum(codes.length),
      signers: codes,
      streams: 4,
      purposes: ['copy', 'settle'],
      permissions: [
        { type: 'clinic/*', from: '*', to: '*', purposes: ['settle'] },
        { type: 'desk/*', from: '*', to: '*', purposes: ['settle'] },
        { type: 'kernel/*', from: '*', to: '*', purposes: ['copy', 'settle'] },
      ],
      members: codes.map((code) => this.member(code)),
    };
  }
}

function entryOf({ code, ring, directoryKey }: Seat): Member {
  const now = systemClock.now();
  const valid = { from: instantText(now - 2 * dayMs), until: instantText(now + 800 * dayMs) };
  const [key = directoryKey] = ring;
  return {
    code,
    url: `https://node-${code}.example`,
    tls: [],
    keys: [
      { ...publicKey(key), use: ['batch', 'receipt', 'question', 'answer', 'journal'], ...valid },
      { ...publicKey(directoryKey), use: ['directory'], ...valid },
    ],
  };
}

function keyOf(id: string): SigningKey {
  const random = suites['ed25519-sha256'].digest(Buffer.from(id));
  return signingKey({ id, suite: 'ed25519-sha256', random });
}
