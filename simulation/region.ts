import { hash } from 'node:crypto';
import {
  access,
  type Deflate,
  type Directory,
  type DirectoryKey,
  type Member as DirectoryMember,
  type DirectorySignature,
  deflate,
  deflateStored,
  madeDirectory,
  publicKey,
  suites as realSuites,
  type SignedDirectory,
  type SigningKey,
  type Suite,
  type Suites,
  signDirectory,
  signingKey,
} from '@yitong/kernel';
import { cities, type SystemType } from '@yitong/kit';

/** Keys of a member: those that its node signs with, and the one that people sign versions of the directory with. */
export interface MemberKeys {
  /** All that were ever made; the first is of the beginning. */
  readonly ring: SigningKey[];
  readonly directory: SigningKey;
}

/** What all members of a simulated region share. */
export interface Agreed {
  /** The first version. */
  readonly directory: Directory;
  readonly signatures: readonly DirectorySignature[];
  /** Every version that stands so far. */
  readonly chain: SignedDirectory[];
  /** Codes of the first members, and of the one that may join them. */
  readonly codes: readonly string[];
  /** Entry of the one that may join. */
  readonly joiner: DirectoryMember | undefined;
  readonly keys: readonly MemberKeys[];
  readonly suites: Suites;
  readonly deflate: Deflate;
}

const provinces = ['310000', '320000', '330000', '340000'];

/** Codes of so many members: up to four provinces, beyond that cities. Errors: more than there are cities. */
export function memberCodes(count: number): readonly string[] {
  if (count <= provinces.length) return provinces.slice(0, count);
  if (count > cities.length) throw new RangeError(`there are ${cities.length} cities at most`);
  return cities.slice(0, count).map((city) => city.code);
}

/** Code of a member that may join so many; undefined when all provinces are members. */
export function joinerCode(members: number): string | undefined {
  return provinces[members];
}

/** The region's directory with keys that are the same in every run. */
export function agreed(
  members: readonly string[],
  systems: readonly SystemType[],
  options: {
    readonly streams: number;
    readonly keys: 'fast' | 'ed25519' | 'sm2';
    readonly joiner?: string | undefined;
  },
): Agreed {
  const suite = options.keys === 'sm2' ? 'sm2-sm3' : 'ed25519-sha256';
  const means = options.keys === 'fast' ? quick : real;
  const codes = [...members, ...(options.joiner === undefined ? [] : [options.joiner])];
  const keys = codes.map((member): MemberKeys => {
    const journal = suite === 'sm2-sm3' ? [keyOf(`${member}-j`, 'ed25519-sha256')] : [];
    return { ring: [keyOf(`${member}-1`, suite), ...journal], directory: keyOf(`${member}-d`, suite) };
  });
  const purposes = [...new Set(['copy', ...systems.flatMap((system) => system.purposes)])];
  const permissions = [...systems, access, { name: 'kernel' }, { name: 'membership' }].map(({ name }) => ({
    type: `${name}/*`,
    from: '*' as const,
    to: '*' as const,
    purposes,
  }));
  const terms = { streams: options.streams, purposes, permissions };
  const madeOf = (some: readonly string[]): Directory => {
    const own = keys.slice(0, some.length);
    const made = madeDirectory(
      some,
      own.map((key) => key.directory),
      terms,
    );
    return { ...made, members: made.members.map((member, k) => withKeys(member, own[k])) };
  };
  const directory = madeOf(members);
  const signers = keys.slice(0, members.length);
  const signatures = signers.map((key) => signDirectory(key.directory, directory, means.suites));
  const joiner = madeOf(codes).members[members.length];
  return { directory, signatures, chain: [{ directory, signatures }], codes, joiner, keys, ...means };
}

/** What a key of a node signs; checkpoints are Ed25519 whatever the other suite. */
export function usesOf(key: SigningKey): DirectoryKey['use'] {
  return key.suite === 'ed25519-sha256' ? ['batch', 'receipt', 'journal'] : ['batch', 'receipt'];
}

function withKeys(member: DirectoryMember, keys: MemberKeys | undefined): DirectoryMember {
  const [made] = member.keys;
  if (!made || !keys) throw new Error('keys for each member');
  const { from, until } = made;
  const [first, ...journal] = keys.ring;
  if (!first) throw new Error('keys for each member');
  return {
    ...member,
    keys: [
      { ...publicKey(first), use: usesOf(first), from, until },
      ...journal.map((key) => ({ ...publicKey(key), use: ['journal' as const], from, until })),
      { ...publicKey(keys.directory), use: ['directory'], from, until },
    ],
  };
}

const known = new Map<string, SigningKey>();

/** The key of this name and suite, the same in every run. */
export function keyOf(id: string, suite: SigningKey['suite']): SigningKey {
  const name = `${id}-${suite}`;
  const found = known.get(name);
  if (found) return found;
  const key = signingKey({ id: name, suite, random: hash('sha256', name, 'buffer') });
  known.set(name, key);
  return key;
}

/** Real hashes, and for a signature a hash keyed by the public key: signing and checking cost a thousandth. */
const fastSuites: Suites = {
  'ed25519-sha256': fast(realSuites['ed25519-sha256']),
  'sm2-sm3': fast(realSuites['sm2-sm3']),
};

function fast(suite: Suite): Suite {
  const seal = (key: { readonly public: string }, bytes: Uint8Array): Uint8Array => {
    const half = suite.digest(Buffer.from(key.public, 'latin1'), bytes);
    return Buffer.concat([half, half]);
  };
  return {
    ...suite,
    sign: (key, bytes) => seal(key, bytes),
    verify: (key, bytes, signature) => Buffer.compare(seal(key, bytes), signature) === 0,
  };
}

/** In most runs nothing is signed and nothing packed: neither can change what a node does, and both would take most of the time. */
const quick = { suites: fastSuites, deflate: deflateStored };
const real = { suites: realSuites, deflate };

/** Accounts `<system>/<name>` that grow on the credit side. */
export function creditAccounts(systems: readonly SystemType[]): ReadonlySet<string> {
  return new Set(
    systems.flatMap((system) =>
      [...system.accounts.values()]
        .filter((account) => account.head.side === 'credit')
        .map((account) => `${system.name}/${account.accountName}`),
    ),
  );
}
