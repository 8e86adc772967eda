import { streamsOf } from './directory.ts';
import { directoryHash, verifyStep } from './directory-step.ts';
import { instantMs } from './instant.ts';
import { chainFault, type SignedDirectory } from './signed-directory.ts';
import type { Suites } from './suite.ts';

/**
 * What became of a version that was shown. `known`: the very same is in the chain. `conflict`: its number is taken by another that
 * is signed as well, a fork. `gap`: versions before it are missing.
 */
export type Taken =
  | { readonly is: 'taken' | 'known' | 'gap' }
  | { readonly is: 'conflict'; readonly detail: string }
  | { readonly is: 'refused'; readonly code: string; readonly detail: string };

/** The versions of a region's directory that a node has verified, each signed for by the one before; none is ever taken back. 目录链 */
export class DirectoryChain {
  readonly #versions: SignedDirectory[];
  readonly #suites: Suites;

  /** `first`: where trust begins: checked by people, or by this node before. */
  constructor(first: SignedDirectory, suites: Suites) {
    this.#versions = [first];
    this.#suites = suites;
  }

  get newest(): SignedDirectory {
    return this.#versions.at(-1) ?? this.first;
  }

  get first(): SignedDirectory {
    const [first] = this.#versions;
    if (!first) throw new Error('a chain begins with a version');
    return first;
  }

  get all(): readonly SignedDirectory[] {
    return this.#versions;
  }

  at(version: number): SignedDirectory | undefined {
    return this.#versions[version - this.first.directory.version];
  }

  /** The newest version, at most `upto`, that is in force at a time (milliseconds since 1970); the first before any is. */
  inForce(nowMs: number, upto: number): SignedDirectory {
    const isIn = ({ directory }: SignedDirectory): boolean =>
      directory.version <= upto && (instantMs(directory.issued) ?? Number.POSITIVE_INFINITY) <= nowMs;
    return this.#versions.findLast(isIn) ?? this.first;
  }

  /** The newest version takes effect then, in milliseconds since 1970. */
  startsMs(version: number): number {
    return instantMs(this.at(version)?.directory.issued ?? '') ?? 0;
  }

  take(signed: SignedDirectory): Taken {
    const { version } = signed.directory;
    const { directory: newest } = this.newest;
    if (version > newest.version + 1) return { is: 'gap' };
    if (version <= newest.version) return this.#again(signed);
    const step = verifyStep(newest, signed.directory, signed.signatures, this.#suites);
    if (!step.ok) return { is: 'refused', code: step.code, detail: step.detail };
    if (streamsOf(signed.directory) !== streamsOf(newest))
      return {
        is: 'refused',
        code: 'streams-changed',
        detail: 'the number of streams changes only while all members stand still',
      };
    this.#versions.push(signed);
    return { is: 'taken' };
  }

  /** A number that is taken: the same version, a rollback to nothing, or a fork. */
  #again(signed: SignedDirectory): Taken {
    const { version } = signed.directory;
    const mine = this.at(version);
    if (mine && directoryHash(mine.directory) === directoryHash(signed.directory)) return { is: 'known' };
    const before = this.at(version - 1);
    const fault = before && chainFault(before.directory, signed, this.#suites);
    if (before && fault === undefined)
      return { is: 'conflict', detail: `two versions ${version} are signed by enough signers` };
    const detail = `version ${version} is not newer than ${this.newest.directory.version}`;
    return { is: 'refused', code: 'wrong-version', detail };
  }
}
