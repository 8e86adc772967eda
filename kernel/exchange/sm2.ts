import { createHmac, hash } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import { concat, fromHex, toHex } from './bytes.ts';

/** Default user id of GM/T 0009-2012, which enters each signature; Node's own SM2 signs with an empty one and fits nobody. */
const userId = '1234567812345678';

/** Order of the SM2 group (GB/T 32918.5). */
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

type Point = ReturnType<typeof sm2.precomputePublicKey>;

/** A public key prepared once: its point with a table of multiples, and Z, the hash of user id, curve and key. */
interface Prepared {
  readonly point: Point;
  readonly z: Uint8Array;
}

const prepared = new Map<string, Prepared>();

/** Whether hex digits are an uncompressed point `04‖x‖y` of the SM2 curve. */
export function isSm2Public(hex: string): boolean {
  return prepare(hex) !== undefined;
}

/** The public key of a secret scalar; throws unless 1 ≤ scalar ≤ order − 2. */
export function sm2Public(secret: string): string {
  const scalar = BigInt(`0x${secret}`);
  if (scalar < 1n || scalar > order - 2n)
    throw new RangeError('not an SM2 scalar: draw 32 other random bytes');
  return sm2.getPublicKeyFromPrivateKey(secret);
}

/**
 * r‖s, 32 bytes each, over SM3(Z‖bytes) (GB/T 32918.2). The nonce is derived from secret and digest as in RFC 6979 with
 * HMAC-SHA-256, so signing needs no randomness; `nonce` replaces it in the standard's example only.
 */
export function sm2Signature(
  key: { readonly secret: string; readonly public: string },
  bytes: Uint8Array,
  nonce?: bigint,
): Uint8Array {
  const secret = fromHex(key.secret, 32);
  const ready = prepare(key.public);
  if (secret === undefined || ready === undefined) throw new TypeError('not an SM2 key in lower-case hex');
  const digest = hash('sm3', concat(ready.z, bytes), 'buffer');
  const k = nonce ?? derivedNonce(secret, digest);
  const point = sm2.getPublicKeyFromPrivateKey(k.toString(16).padStart(64, '0'));
  const pointPool = [{ k, x1: BigInt(`0x${point.slice(2, 66)}`) }];
  const signature = fromHex(sm2.doSignature(digest, key.secret, { pointPool, der: false, hash: false }), 64);
  if (signature === undefined) throw new TypeError('the SM2 library returned no 64-byte signature');
  return signature;
}

/** Whether r‖s is the signature of bytes; false for anything malformed, also for r or s outside 1 … order − 1. */
export function sm2Verified(publicHex: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  const ready = prepare(publicHex);
  if (ready === undefined || signature.length !== 64) return false;
  const rs = toHex(signature);
  if (!inOrder(rs.slice(0, 64)) || !inOrder(rs.slice(64))) return false;
  const digest = hash('sm3', concat(ready.z, bytes), 'buffer');
  return sm2.doVerifySignature(digest, rs, ready.point, { der: false, hash: false });
}

/** Z of a public key in lower-case hex (GB/T 32918.2 §5.5), or undefined when it is no point. */
export function sm2Z(publicHex: string): string | undefined {
  const ready = prepare(publicHex);
  return ready === undefined ? undefined : toHex(ready.z);
}

function inOrder(hex: string): boolean {
  const n = BigInt(`0x${hex}`);
  return n > 0n && n < order;
}

function prepare(hex: string): Prepared | undefined {
  const known = prepared.get(hex);
  if (known !== undefined) return known;
  if (!hex.startsWith('04') || fromHex(hex, 65) === undefined) return undefined;
  let ready: Prepared;
  try {
    ready = { point: sm2.precomputePublicKey(hex), z: sm2.getZ(hex, userId) };
  } catch {
    return undefined; // not on the curve
  }
  if (prepared.size >= 256) prepared.clear();
  prepared.set(hex, ready);
  return ready;
}

/** RFC 6979 §3.2 with q = the SM2 order: digest and order both have 256 bits, so no truncation is needed. */
function derivedNonce(secret: Uint8Array, digest: Uint8Array): bigint {
  const h = fromHex((BigInt(`0x${toHex(digest)}`) % order).toString(16).padStart(64, '0')) ?? digest;
  let v: Uint8Array = new Uint8Array(32).fill(1);
  let k: Uint8Array = new Uint8Array(32);
  for (const step of [0, 1]) {
    k = mac(k, v, Uint8Array.of(step), secret, h);
    v = mac(k, v);
  }
  for (;;) {
    v = mac(k, v);
    if (inOrder(toHex(v))) return BigInt(`0x${toHex(v)}`);
    k = mac(k, v, Uint8Array.of(0));
    v = mac(k, v);
  }
}

function mac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}
