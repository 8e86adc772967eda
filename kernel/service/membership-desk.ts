import { type Problem, problem } from '@yitong/kit';
import type { Actor, CommandAnswer } from '../api.ts';
import { fromHex, toUtf8 } from '../exchange/bytes.ts';
import { type Directory, keyAt } from '../exchange/directory.ts';
import { readDirectory } from '../exchange/directory-read.ts';
import {
  type DirectorySignature,
  directoryHash,
  directorySignedBytes,
  verifyStep,
} from '../exchange/directory-step.ts';
import { instantMs } from '../exchange/instant.ts';
import { readSigned, type SignedDirectoryText, signedText } from '../exchange/signed-directory.ts';
import { draftRecord, voteRecord } from '../membership/membership.ts';
import { admit } from '../runtime/door.ts';
import type { Environment } from '../runtime/environment.ts';
import type { RecordRow } from '../store/rows.ts';
import type { Counter } from './counter.ts';
import type { Directories } from './directories.ts';

/** A draft of the next version, with the signatures that stand. */
export interface DraftState {
  readonly version: number;
  readonly hash: string;
  readonly canonical: string;
  readonly at: string;
  readonly by: string;
  readonly signatures: readonly { readonly member: string; readonly key: string; readonly at: string }[];
  /** Signers that are still needed: undefined when nobody's signature could make it stand. */
  readonly needs: number;
}

/** The region's directory as an operator sees it. */
export interface DirectoryState {
  readonly inForce: number;
  readonly newest: number;
  readonly versions: readonly SignedDirectoryText[];
  readonly drafts: readonly DraftState[];
  readonly conflicts: readonly SignedDirectoryText[];
}

/** Where the next version of the directory is proposed and signed; what was signed by enough members takes effect by itself. */
export interface MembershipDesk {
  state(): Promise<DirectoryState>;
  /** A draft, as canonical text. */
  propose(actor: Actor, canonical: string): Promise<CommandAnswer>;
  /** This member's signature on a draft; `instead`: though it has signed another of that number. */
  sign(
    actor: Actor,
    vote: DirectorySignature & { readonly hash: string; readonly instead: boolean },
  ): Promise<CommandAnswer>;
  /** A version that was signed elsewhere, as its file has it. */
  bring(value: unknown): Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: Problem }>;
  /** Looks whether a draft has signatures enough. */
  look(): void;
  committed(rows: readonly RecordRow[]): void;
}

interface Parts {
  readonly env: Environment;
  readonly counter: Counter;
  readonly directories: Directories;
}

/** Makes the desk of a node. */
export function membershipDesk(parts: Parts): MembershipDesk {
  return new Desk(parts);
}

interface Proposed {
  readonly directory: Directory;
  readonly hash: string;
  readonly canonical: string;
  readonly at: string;
  readonly by: string;
  readonly votes: readonly (DirectorySignature & { readonly at: string })[];
}

class Desk implements MembershipDesk {
  readonly #env: Environment;
  readonly #counter: Counter;
  readonly #directories: Directories;

  constructor({ env, counter, directories }: Parts) {
    this.#env = env;
    this.#counter = counter;
    this.#directories = directories;
  }

  async state(): Promise<DirectoryState> {
    const { chain, conflicts } = this.#directories;
    const drafts = await this.#drafts();
    return {
      inForce: this.#env.directory.version,
      newest: chain.newest.directory.version,
      versions: chain.all.map(signedText),
      drafts: drafts.map((draft) => this.#draftState(draft)),
      conflicts: conflicts.map(signedText),
    };
  }

  async propose(actor: Actor, canonical: string): Promise<CommandAnswer> {
    const read = readDirectory(toUtf8(canonical));
    if (!read.ok) return refused('bad-draft', read.detail);
    const { directory } = this.#directories.chain.newest;
    const step = verifyStep(directory, read.directory, [], this.#env.suites);
    if (!step.ok && step.code !== 'too-few-signatures')
      return refused('bad-draft', step.detail, remedies[step.code]);
    const { version } = read.directory;
    return this.#give('membership/propose', actor, {
      version,
      hash: directoryHash(read.directory),
      canonical,
    });
  }

  async sign(
    actor: Actor,
    vote: DirectorySignature & { readonly hash: string; readonly instead: boolean },
  ): Promise<CommandAnswer> {
    const draft = (await this.#drafts()).find(({ hash }) => hash === vote.hash);
    if (!draft)
      return refused(
        'unknown-draft',
        'no draft of the next version has this hash',
        'See yitong member show.',
      );
    const { here } = this.#env.scene;
    if (this.#voter(draft.directory, vote) !== here)
      return refused(
        'bad-signature',
        `not signed with a directory key of ${here}`,
        'Sign with the key of this node.',
      );
    const { version } = draft.directory;
    return this.#give('membership/sign', actor, { version, ...vote });
  }

  async bring(value: unknown): ReturnType<MembershipDesk['bring']> {
    const read = readSigned(value);
    if (!read.ok) return { ok: false, problem: fault('bad-directory', read.detail) };
    const taken = await this.#directories.take([read.signed]);
    if (taken.is === 'taken' || taken.is === 'known') return { ok: true };
    const detail = 'detail' in taken ? taken.detail : 'versions before it are missing here';
    const code = taken.is === 'refused' ? taken.code : taken.is;
    return { ok: false, problem: fault('bad-directory', `${code}: ${detail}`, remedies[code]) };
  }

  committed(rows: readonly RecordRow[]): void {
    if (rows.some(({ type }) => type === voteRecord.type || type === draftRecord.type)) this.look();
  }

  look(): void {
    void this.#tally().catch((error: unknown) =>
      this.#env.log.warn('signatures not counted', { error: String(error) }),
    );
  }

  /** A draft that enough members signed is the next version; each node finds that by itself. */
  async #tally(): Promise<void> {
    const { directory: newest } = this.#directories.chain.newest;
    for (const { directory, votes } of await this.#drafts())
      if (verifyStep(newest, directory, votes, this.#env.suites).ok)
        await this.#directories.take([{ directory, signatures: votes }]);
  }

  /** Drafts of the next version: this member's and the copies of others'. */
  async #drafts(): Promise<readonly Proposed[]> {
    const next = this.#directories.chain.newest.directory.version + 1;
    const [drafts, votes] = await Promise.all([
      this.#records(draftRecord.type, next),
      this.#records(voteRecord.type, next),
    ]);
    return drafts.flatMap((value): Proposed[] => {
      const { canonical, hash, at, by } = textsOf(value);
      const read = readDirectory(toUtf8(canonical ?? ''));
      if (!read.ok || read.directory.version !== next || directoryHash(read.directory) !== hash) return [];
      const own = votes.map(textsOf).filter((vote) => vote['hash'] === hash);
      const signed = own.map(({ key = '', signature = '', at: when = '' }) => ({ key, signature, at: when }));
      return [
        {
          directory: read.directory,
          hash,
          canonical: canonical ?? '',
          at: at ?? '',
          by: by ?? '',
          votes: signed,
        },
      ];
    });
  }

  async #records(type: string, version: number): Promise<readonly unknown[]> {
    const query = {
      type,
      subject: `edition:${version}`,
      where: [],
      sort: undefined,
      after: undefined,
    } as const;
    const { rows } = await this.#env.reader.list({ ...query, limit: 1_000, owner: 'all' });
    const bodies = rows.map(({ body }): unknown => JSON.parse(body ?? 'null'));
    return [...new Map(bodies.map((body) => [JSON.stringify(body), body])).values()];
  }

  #draftState({ directory, hash, canonical, at, by, votes }: Proposed): DraftState {
    const { directory: newest } = this.#directories.chain.newest;
    const step = verifyStep(newest, directory, votes, this.#env.suites);
    const signatures = votes.flatMap((vote) => {
      const member = this.#voter(directory, vote);
      return member === undefined ? [] : [{ member, key: vote.key, at: vote.at }];
    });
    const signed = new Set(signatures.map(({ member }) => member));
    const lacks = ({ signers, threshold }: Directory) =>
      Math.max(0, threshold - signers.filter((code) => signed.has(code)).length);
    const needs = step.ok ? 0 : Math.max(1, lacks(newest), lacks(directory));
    return { version: directory.version, hash, canonical, at, by, signatures, needs };
  }

  /** The member whose directory key signed a draft, by the newest version or by the draft itself. */
  #voter(draft: Directory, { key: id, signature }: DirectorySignature): string | undefined {
    const bytes = directorySignedBytes(draft);
    const timeMs = instantMs(draft.issued) ?? Number.NaN;
    const sealed = fromHex(signature, 64);
    if (!sealed) return undefined;
    for (const by of [this.#directories.chain.newest.directory, draft])
      for (const { code } of by.members) {
        const key = keyAt(by, { member: code, key: id, use: 'directory', timeMs });
        if (key && this.#env.suites[key.suite].verify(key, bytes, sealed)) return code;
      }
    return undefined;
  }

  async #give(type: string, actor: Actor, input: unknown): Promise<CommandAnswer> {
    const admitted = admit(this.#env, { type, input, actor: { ...actor, roles: ['operator'] } });
    if (!admitted.ok) return { state: 'invalid', problem: admitted.problem };
    return (await this.#counter.submit(admitted.item, false)).answer;
  }
}

/** What to do about a version that does not follow. */
const remedies: Readonly<Record<string, string>> = {
  'wrong-version': 'Make the draft anew from the newest version: yitong member show.',
  'wrong-prev': 'Make the draft anew from the newest version: yitong member show.',
  'issued-earlier': 'Let it take effect later than the version before it.',
  'key-changed': 'Give a new key a new id.',
  'revocation-lost': 'A revoked key stays revoked: give the member another key.',
  'too-few-signatures': 'Have more members sign it: yitong member sign.',
  'too-few-new-signatures': 'Have more of the new signers sign it: yitong member sign.',
  gap: 'Bring the versions before it first, in order.',
  conflict: 'Two versions of one number are signed: keep both files, and ask the signers of both.',
  'streams-changed': 'The number of streams cannot be changed while the region runs.',
};

function textsOf(value: unknown): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(Object(value)).flatMap(([name, one]) => (typeof one === 'string' ? [[name, one]] : [])),
  );
}

function refused(code: string, detail: string, remedy?: string): CommandAnswer {
  return { state: 'invalid', problem: fault(code, detail, remedy) };
}

function fault(code: string, detail: string, remedy?: string): Problem {
  const title = 'This version of the directory cannot be taken';
  return problem({ code, status: 422, title, detail, ...(remedy === undefined ? {} : { remedy }) });
}
