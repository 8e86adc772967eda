import type { SystemType } from '@yitong/kit';
import type { KernelNode } from '../api.ts';
import type { Directory } from '../exchange/directory.ts';
import { signDirectory } from '../exchange/directory-step.ts';
import { type SuiteName, signingKey, suites } from '../exchange/suite.ts';
import type { Checked } from '../journal/check.ts';
import { kernelSystems } from '../kernel-systems.ts';
import { limitedAccounts } from '../ledger/limits.ts';
import { createNode } from '../node.ts';
import type { Chance, Clock, Peers } from '../seams.ts';
import type { NodeOptions } from '../service/environment.ts';
import { openMemoryStore } from '../store/memory.ts';
import type { Reader, Store } from '../store/store.ts';
import { clinic } from './clinic.ts';
import { madeDirectory } from './directory.ts';

/** The two members of the tests' region: bills are presented at the second and priced at the first. */
export const members = ['310000', '340000'] as const;
/** One of them. */
export type TestMember = (typeof members)[number];

/** A member's database. */
interface Stores {
  readonly store: Store;
  readonly reader: Reader;
}

/** What a test may say of its region; `storeOf` gives a member another store than one in memory. */
export interface RegionOptions {
  readonly suiteOf?: (member: TestMember) => SuiteName;
  readonly storeOf?: (member: TestMember, systems: readonly SystemType[]) => Stores | undefined;
  readonly systemOf?: (member: TestMember) => SystemType;
  readonly more?: Partial<NodeOptions>;
  readonly moreOf?: (member: TestMember) => Partial<NodeOptions>;
  /** Starts this member alone. */
  readonly only?: TestMember;
  /** How far the wall clock is from the process's own, in ms. */
  readonly shiftMs?: () => number;
}

/** The process's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

const chance: Chance = { bytes: (n) => crypto.getRandomValues(new Uint8Array(n)), unit: () => 0.5 };

const terms = {
  streams: 4,
  purposes: ['settle', 'copy'],
  permissions: [
    { type: 'clinic/*', from: '*', to: '*', purposes: ['settle'] },
    { type: 'desk/*', from: '*', to: '*', purposes: ['settle'] },
    { type: 'kernel/*', from: '*', to: '*', purposes: ['settle', 'copy'] },
  ],
} as const;

/** Two kernels that speak to each other in one process, each with its own store. */
export class TestRegion {
  readonly nodes = new Map<TestMember, KernelNode>();
  readonly stores = new Map<TestMember, Stores>();
  readonly directory: Directory;
  readonly #options: RegionOptions;
  readonly #keys;
  readonly #journalKeys;

  constructor(options: RegionOptions = {}) {
    this.#options = options;
    this.#keys = members.map((member, k) => {
      const suite = options.suiteOf?.(member) ?? 'ed25519-sha256';
      return signingKey({ id: `${member}-a`, suite, random: new Uint8Array(32).fill(k + 1) });
    });
    this.#journalKeys = this.#keys.map((key, k) =>
      key.suite === 'ed25519-sha256'
        ? key
        : signingKey({ id: `${key.id}j`, suite: 'ed25519-sha256', random: new Uint8Array(32).fill(k + 101) }),
    );
    this.directory = madeDirectory(members, this.#keys, terms, this.#journalKeys);
  }

  async start(): Promise<void> {
    const { only } = this.#options;
    for (const [k, member] of members.entries())
      if (only === undefined || member === only) this.nodes.set(member, this.#node(member, k));
    for (const node of this.nodes.values()) await node.start();
  }

  /** Ends a member's node and starts it again on what it has stored, as `systemOf` says now. */
  async restart(member: TestMember): Promise<void> {
    await this.node(member).stop();
    const node = this.#node(member, members.indexOf(member), this.#store(member));
    this.nodes.set(member, node);
    await node.start();
  }

  async stop(): Promise<void> {
    for (const node of this.nodes.values()) await node.stop();
  }

  /** Resolves once it is so: looked at again and again. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise<void>((resolve) => setTimeout(resolve, 5));
  }

  /** Whether every frame of every member has a receipt that is stored. */
  async isReceipted(): Promise<boolean> {
    const open = await Promise.all(
      [...this.stores.values()].map(async ({ reader }) =>
        (await reader.streams()).some((one) => one.receiptedSeq < one.sentSeq),
      ),
    );
    return !open.includes(true);
  }

  node(member: TestMember): KernelNode {
    const node = this.nodes.get(member);
    if (!node) throw new Error(`${member} is not started`);
    return node;
  }

  reader(member: TestMember): Reader {
    return this.#store(member).reader;
  }

  /** What `verify` and `rebuild` need of a member. */
  checked(member: TestMember, stores = this.#store(member)): Checked {
    const { directory } = this;
    const isUrgent = () => false;
    const limited = limitedAccounts([this.#options.systemOf?.(member) ?? clinic]);
    return { ...stores, here: member, directory, suites, partitions: 4, isUrgent, limited };
  }

  #store(member: TestMember): Stores {
    const found = this.stores.get(member);
    if (!found) throw new Error(`${member} is not started`);
    return found;
  }

  #node(member: TestMember, k: number, kept?: Stores): KernelNode {
    const key = this.#keys[k];
    if (!key) throw new Error('a key for each member');
    const system = this.#options.systemOf?.(member) ?? clinic;
    const records = [...kernelSystems, system].flatMap((one) => [...one.records.values()]);
    const stores =
      kept ??
      this.#options.storeOf?.(member, [...kernelSystems, system]) ??
      openMemoryStore({ partitions: 4, records, now: () => Date.now() });
    this.stores.set(member, stores);
    const peers: Peers = {
      batch: async (to, frame) => this.node(to as TestMember).receive(member, frame),
      ask: async (to, what, body) => this.node(to as TestMember).ask(member, what, body),
      blob: async (to, sha256, from) => this.node(to as TestMember).blobs.give(member, sha256, from),
    };
    const signatures = this.#keys.map((one) => signDirectory(one, this.directory));
    return createNode({
      member,
      systems: [system],
      partitions: 4,
      directory: this.directory,
      signatures,
      key,
      keys: () => [key, ...this.#journalKeys.slice(k, k + 1)],
      ...stores,
      clock: { ...systemClock, now: () => systemClock.now() + (this.#options.shiftMs?.() ?? 0) },
      chance,
      peers,
      ...this.#options.more,
      ...this.#options.moreOf?.(member),
    });
  }
}

/** Who presents bills in the tests. */
export const cashier = { id: 'c1', roles: ['cashier'] };
/** Whom the bills of the tests are about. */
export const person = '310101200002290015';
/** A bill to present; one of 6.66 yuan meets a fault in the rules of the member that prices it. */
export const bill = (id: string, total = '1000') => ({ id, person, to: '310000', total, state: 'new' });
