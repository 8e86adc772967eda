import type { SystemType } from '@yitong/kit';
import { type Deflate, deflate } from '../exchange/deflate.ts';
import { type Directory, type KeyUse, streamsOf } from '../exchange/directory.ts';
import type { DirectorySignature } from '../exchange/directory-step.ts';
import { signingKeyOf } from '../exchange/key-ring.ts';
import type { SignedDirectory } from '../exchange/signed-directory.ts';
import { suites as realSuites, type SigningKey, type Suite, type Suites } from '../exchange/suite.ts';
import { checkpointSuite } from '../journal/checkpoint.ts';
import { kernelSystems } from '../kernel-systems.ts';
import { limitedAccounts } from '../ledger/limits.ts';
import { defaultLimits, type Environment, type Limits, type Log } from '../runtime/environment.ts';
import { Laws } from '../runtime/law.ts';
import type { NodeScene } from '../runtime/plan.ts';
import { Registry } from '../runtime/registry.ts';
import type { Chance, Clock, Peers, Point, Watch } from '../seams.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Eraser, Reader, Store } from '../store/store.ts';
import { GuardedClock } from './guarded-clock.ts';
import type { Share } from './siblings.ts';

/** What a node is made of. */
export interface NodeOptions {
  readonly member: string;
  readonly systems: readonly SystemType[];
  readonly partitions: number;
  readonly directory: Directory;
  /** Signatures of the directory, for evidence files. */
  readonly signatures: readonly DirectorySignature[];
  /** Versions before it, oldest first, and theirs. */
  readonly former?: readonly SignedDirectory[];
  /** Told of each version that is taken into the chain, so that it can be kept outside the database too. */
  readonly keepDirectory?: (signed: SignedDirectory) => void;
  readonly key: SigningKey;
  /**
   * All signing keys at hand: of the suite of `key` the newest that the directory lets sign is used. Checkpoints are signed by an
   * Ed25519 key, which a member of the other suite has beside its own. Only `key` when absent.
   */
  readonly keys?: () => readonly SigningKey[];
  readonly store: Store;
  readonly reader: Reader;
  /** Nothing is ever erased without it. */
  readonly eraser?: Eraser;
  /** Where files' bytes lie; a node without keeps none and fetches none. */
  readonly blobs?: BlobStore;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly peers: Peers;
  readonly suites?: Suites;
  readonly point?: Point;
  /** How bodies are packed; by zlib unless it says otherwise. */
  readonly deflate?: Deflate;
  readonly watch?: Watch;
  readonly limits?: Partial<Limits>;
  readonly log?: Log;
  /** Name of this process in the leases. */
  readonly holder?: string;
  /** Its share of the partitions, where the node has several processes that work at once; all of them when absent. */
  readonly share?: Share;
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The environment of a node's loops, made of what the node was given. */
export function environmentOf(options: NodeOptions): Environment & { readonly clock: GuardedClock } {
  const { store, reader, clock, chance, peers, directory } = options;
  const suites = options.suites ?? realSuites;
  const suite = suites[options.key.suite];
  const guarded = new GuardedClock(clock);
  const ring = options.keys ?? (() => [options.key]);
  // A new version may let another key sign: keys at hand are looked at again with each.
  let known = { version: 0, keys: ring() };
  const signing = (
    name = suite.name,
    use: KeyUse = 'batch',
    untilRevoked = false,
  ): SigningKey | undefined => {
    const { version } = env.directory;
    if (known.version !== version) known = { version, keys: ring() };
    const at = { member: options.member, directory: env.directory, nowMs: guarded.now(), use, untilRevoked };
    return signingKeyOf(known.keys, name, at);
  };
  const env: ReturnType<typeof environmentOf> = {
    scene: sceneOf(options, suite),
    store,
    reader,
    blobs: options.blobs,
    clock: guarded,
    chance,
    peers,
    suites,
    suite,
    get key() {
      // A receipt can be signed again with a fresh key, a frame cannot.
      return signing() ?? signing(suite.name, 'receipt', true) ?? options.key;
    },
    get canSign() {
      return signing() !== undefined;
    },
    get journalKey() {
      return signing(checkpointSuite.name, 'journal');
    },
    outdated: undefined,
    point: options.point ?? (() => undefined),
    directory,
    limits: { ...defaultLimits, ...options.limits },
    counters: new Map(),
    log: options.log ?? silent,
  };
  return env;
}

const unwatched: Watch = { enter: () => undefined, leave: () => undefined, hung: new Set() };

/** What is the same for all partitions of a node that is a member with these systems. */
export function sceneOf(
  options: Pick<NodeOptions, 'member' | 'directory' | 'partitions' | 'systems' | 'watch' | 'deflate'>,
  suite: Suite,
): NodeScene {
  const { member, directory, partitions, systems } = options;
  const registry = new Registry([...kernelSystems, ...systems]);
  const mirrored = registry.systems.map(({ name, accounts }) => {
    const names = [...accounts.values()].filter((a) => a.head.mirror !== undefined).map((a) => a.accountName);
    return [name, new Set(names)] as const;
  });
  return {
    here: member,
    region: directory.region,
    members: directory.members.map((one) => one.code),
    partitions,
    streams: streamsOf(directory),
    suite,
    watch: options.watch ?? unwatched,
    deflate: options.deflate ?? deflate,
    registry,
    laws: new Laws(),
    mirrored: new Map(mirrored),
    limited: limitedAccounts(registry.systems),
  };
}
