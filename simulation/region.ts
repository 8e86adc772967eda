import {
  access,
  type Deflate,
  type Directory,
  type DirectorySignature,
  deflate,
  deflateStored,
  madeDirectory,
  suites as realSuites,
  type SigningKey,
  type Suite,
  type Suites,
  signDirectory,
  signingKey,
} from '@yitong/kernel';
import { cities, type SystemType } from '@yitong/kit';

/** What all members of a simulated region share. */
export interface Agreed {
  readonly directory: Directory;
  readonly signatures: readonly DirectorySignature[];
  readonly keys: readonly SigningKey[];
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

/** The region's directory with keys that are the same in every run. */
export function agreed(
  members: readonly string[],
  systems: readonly SystemType[],
  options: { readonly streams: number; readonly keys: 'fast' | 'ed25519' | 'sm2' },
): Agreed {
  const suite = options.keys === 'sm2' ? 'sm2-sm3' : 'ed25519-sha256';
  const keys = members.map((member) => keyOf(member, suite));
  const purposes = [...new Set(['copy', ...systems.flatMap((system) => system.purposes)])];
  const permissions = [...systems, access, { name: 'kernel' }].map(({ name }) => ({
    type: `${name}/*`,
    from: '*' as const,
    to: '*' as const,
    purposes,
  }));
  const directory = madeDirectory(members, keys, { streams: options.streams, purposes, permissions });
  const signatures = keys.map((key) => signDirectory(key, directory));
  return { directory, signatures, keys, ...(options.keys === 'fast' ? quick : real) };
}

const known = new Map<string, SigningKey>();

function keyOf(member: string, suite: SigningKey['suite']): SigningKey {
  const id = `${member}-${suite}`;
  const found = known.get(id);
  if (found) return found;
  const random = Uint8Array.from({ length: 32 }, (_, k) => (Number(member) >> (k % 16)) & 0x7f);
  const key = signingKey({ id, suite, random });
  known.set(id, key);
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
