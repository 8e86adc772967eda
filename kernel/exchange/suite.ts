import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  hash as oneShot,
  sign,
  verify,
} from 'node:crypto';
import { concat, fromHex, toHex } from './bytes.ts';
import { isSm2Public, sm2Public, sm2Signature, sm2Verified } from './sm2.ts';

/** Cryptographic suites of the region: Ed25519 with SHA-256, and SM2 with SM3 (国密). */
export type SuiteName = 'ed25519-sha256' | 'sm2-sm3';

/** One-byte prefixes that keep the uses of the hash apart (exchange protocol B1). */
export const hashPrefix = { leaf: 0, node: 1, link: 2, refusals: 3, directory: 4, body: 5 } as const;

/** A key to verify with: `public` is hex, 32 bytes for Ed25519, 65 (`04‖x‖y`) for SM2. */
export interface PublicKey {
  readonly id: string;
  readonly suite: SuiteName;
  readonly public: string;
}

/** A key to sign with: `secret` is hex, the 32-byte Ed25519 seed or the SM2 scalar. */
export interface SigningKey extends PublicKey {
  readonly secret: string;
}

/** Hash and signature of one suite, as pure functions: digests have 32 bytes, signatures 64. */
export interface Suite {
  readonly name: SuiteName;
  /** H(prefix‖parts) */
  hash(prefix: number, ...parts: readonly Uint8Array[]): Uint8Array;
  /** H(parts), for the empty tree and for files. */
  digest(...parts: readonly Uint8Array[]): Uint8Array;
  /** Throws when the key is another suite's. */
  sign(key: SigningKey, bytes: Uint8Array): Uint8Array;
  /** False for a wrong signature and for anything malformed. */
  verify(key: PublicKey, bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** A suite for each name; a simulation may pass cheaper ones. */
export type Suites = Readonly<Record<SuiteName, Suite>>;

/** The two real suites. */
export const suites: Suites = {
  'ed25519-sha256': {
    name: 'ed25519-sha256',
    hash: hasher('sha256'),
    digest: (...parts) => digest('sha256', parts),
    sign: (key, bytes) => sign(null, bytes, privateKey(owned(key, 'ed25519-sha256'))),
    verify: (key, bytes, signature) => verifiedEd25519(key, bytes, signature),
  },
  'sm2-sm3': {
    name: 'sm2-sm3',
    hash: hasher('sm3'),
    digest: (...parts) => digest('sm3', parts),
    sign: (key, bytes) => sm2Signature(owned(key, 'sm2-sm3'), bytes),
    verify: (key, bytes, signature) => key.suite === 'sm2-sm3' && sm2Verified(key.public, bytes, signature),
  },
};

/** Whether a text names a suite. */
export function isSuiteName(text: string): text is SuiteName {
  return text === 'ed25519-sha256' || text === 'sm2-sm3';
}

/** A key made of 32 random bytes; throws when an SM2 draw falls outside the group order (2⁻³²: draw again). */
export function signingKey(key: { id: string; suite: SuiteName; random: Uint8Array }): SigningKey {
  if (key.random.length !== 32) throw new RangeError(`a key needs 32 random bytes, not ${key.random.length}`);
  const secret = toHex(key.random);
  const publicHex = key.suite === 'sm2-sm3' ? sm2Public(secret) : ed25519Public(secret);
  return { id: key.id, suite: key.suite, public: publicHex, secret };
}

/** Without the secret. */
export function publicKey(key: PublicKey): PublicKey {
  return { id: key.id, suite: key.suite, public: key.public };
}

/** Whether hex digits are a public key of a suite that signatures can be trusted with: a canonical point of large order. */
export function isPublicKey(suite: SuiteName, hex: string): boolean {
  if (suite === 'sm2-sm3') return isSm2Public(hex);
  const bytes = fromHex(hex, 32);
  return bytes !== undefined && !hasSmallOrder(bytes) && ed25519Key(hex) !== undefined;
}

function owned(key: SigningKey, suite: SuiteName): SigningKey {
  if (key.suite !== suite) throw new TypeError(`key ${key.id} is of suite ${key.suite}, not ${suite}`);
  return key;
}

const scratch = Buffer.allocUnsafe(8192);
/** The first `length` bytes of it, made once for each length. */
const beginnings: Buffer[] = [];

function hasher(algorithm: string): Suite['hash'] {
  return (prefix, ...parts) => {
    let length = 1;
    for (const part of parts) length += part.length;
    if (length > scratch.length) return digest(algorithm, [Uint8Array.of(prefix), ...parts]);
    scratch[0] = prefix;
    let at = 1;
    for (const part of parts) {
      scratch.set(part, at);
      at += part.length;
    }
    beginnings[length] ??= scratch.subarray(0, length);
    const begun = beginnings[length] ?? scratch;
    // A digest as a buffer of its own costs twice the hash: memory outside the heap, which is collected one by one.
    return Buffer.from(oneShot(algorithm, begun, 'binary'), 'latin1');
  };
}

function digest(algorithm: string, parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function verifiedEd25519(key: PublicKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (key.suite !== 'ed25519-sha256' || signature.length !== 64) return false;
  const point = ed25519Key(key.public);
  return point !== undefined && verify(null, bytes, point, signature);
}

// ASN.1 around raw keys (RFC 8410): PKCS #8 before a seed, SubjectPublicKeyInfo before a point.
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const spki = Buffer.from('302a300506032b6570032100', 'hex');

const publicKeys = new Map<string, KeyObject>();
const privateKeys = new WeakMap<SigningKey, KeyObject>();

function ed25519Key(hex: string): KeyObject | undefined {
  const known = publicKeys.get(hex);
  if (known !== undefined) return known;
  const raw = fromHex(hex, 32);
  if (raw === undefined) return undefined;
  const key = createPublicKey({ key: Buffer.concat([spki, raw]), format: 'der', type: 'spki' });
  if (publicKeys.size >= 1024) publicKeys.clear();
  publicKeys.set(hex, key);
  return key;
}

function privateKey(key: SigningKey): KeyObject {
  const known = privateKeys.get(key);
  if (known !== undefined) return known;
  const made = seedKey(key.secret);
  privateKeys.set(key, made);
  return made;
}

function seedKey(secret: string): KeyObject {
  const seed = fromHex(secret, 32);
  if (seed === undefined) throw new TypeError('an Ed25519 secret is 32 bytes in lower-case hex');
  return createPrivateKey({ key: Buffer.from(concat(pkcs8, seed)), format: 'der', type: 'pkcs8' });
}

function ed25519Public(secret: string): string {
  return toHex(
    createPublicKey(seedKey(secret)).export({ format: 'der', type: 'spki' }).subarray(spki.length),
  );
}

// y of the points whose order divides 8, little-endian, sign bit off; whoever uses one as a key can deny any signature.
const smallOrder = new Set([
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '00'.repeat(32),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);
const fieldPrime = 2n ** 255n - 19n;

function hasSmallOrder(point: Uint8Array): boolean {
  const y = Buffer.from(point);
  y[31] = (y[31] ?? 0) & 0x7f;
  const isCanonical = BigInt(`0x${toHex(Buffer.from(y).reverse())}`) < fieldPrime;
  return !isCanonical || smallOrder.has(toHex(y));
}
