import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leafHash } from '../journal/merkle.ts';
import { concat, toHex, toUtf8 } from './bytes.ts';
import { sm2Signature, sm2Z } from './sm2.ts';
import { isPublicKey, publicKey, signingKey, suites } from './suite.ts';
import { bytesOfBase64, bytesOfHex, vectorKey, vectors } from './testing.ts';

const seed = 20261123;
const ed25519 = suites['ed25519-sha256'];
const sm2 = suites['sm2-sm3'];
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

describe('hashes', () => {
  test('the leaf of the canonical message in both suites', () => {
    const message = bytesOfBase64(vectors.canonical.canonical_base64);
    expect(toHex(leafHash(ed25519, message))).toBe(vectors.canonical.leaf_sha256);
    expect(toHex(leafHash(sm2, message))).toBe(vectors.canonical.leaf_sm3);
  });

  test('parts are hashed as one run of bytes behind the prefix, below and above the buffered size', () => {
    for (const suite of [ed25519, sm2])
      for (const length of [0, 1, 32, 8191, 8192, 100_000]) {
        const bytes = new Uint8Array(length).fill(7);
        const half = length >> 1;
        const whole = suite.digest(Uint8Array.of(3), bytes);
        expect(suite.hash(3, bytes.subarray(0, half), bytes.subarray(half))).toEqual(whole);
      }
  });
});

describe('Ed25519', () => {
  test.for(['310000-2026a', '330000-2026a', '340000-2026a', '340000-2026b'])(
    'the seed of %s has its public key',
    (id) => {
      const key = vectorKey(id);
      expect(signingKey({ id, suite: 'ed25519-sha256', random: bytesOfHex(key.secret) })).toEqual(key);
      expect(isPublicKey('ed25519-sha256', key.public)).toBe(true);
    },
  );

  test('signatures of the vectors are reproduced byte for byte', () => {
    const { batch, answer } = vectors;
    const rows = [
      ['310000-2026a', batch.head_text, batch.signature],
      ['310000-2026a', batch.second.head_text, batch.second.signature],
      ['330000-2026a', answer['receipt_text'], answer['receipt_signature']],
      ['330000-2026a', answer['question_text'], answer['question_signature']],
      ['310000-2026a', answer['answer_text'], answer['answer_signature']],
    ] as const;
    for (const [id, text = '', signature = ''] of rows) {
      const key = vectorKey(id);
      expect(toHex(ed25519.sign(key, toUtf8(text)))).toBe(signature);
      expect(ed25519.verify(publicKey(key), toUtf8(text), bytesOfHex(signature))).toBe(true);
      expect(ed25519.verify(vectorKey('340000-2026a'), toUtf8(text), bytesOfHex(signature))).toBe(false);
    }
  });

  test('a signature with S beyond the group order is refused', () => {
    const key = vectorKey('310000-2026a');
    const signature = ed25519.sign(key, toUtf8('x'));
    const s =
      BigInt(`0x${toHex(Uint8Array.from(signature.subarray(32)).reverse())}`) +
      2n ** 252n +
      27742317777372353535851937790883648493n;
    const more = bytesOfHex(s.toString(16).padStart(64, '0')).reverse();
    expect(ed25519.verify(key, toUtf8('x'), concat(signature.subarray(0, 32), more))).toBe(false);
  });

  test.for([
    ['the neutral point', `01${'00'.repeat(31)}`],
    ['the neutral point with the sign bit', `01${'00'.repeat(30)}80`],
    ['order 2', `ec${'ff'.repeat(30)}7f`],
    ['order 4', '00'.repeat(32)],
    ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['order 8, negative', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
    ['a second spelling of the neutral point', `ee${'ff'.repeat(30)}7f`],
    ['31 bytes', '11'.repeat(31)],
    ['upper-case digits', 'AA'.repeat(32)],
  ])('%s is no public key', ([, hex = '']) => {
    expect(isPublicKey('ed25519-sha256', hex)).toBe(false);
  });

  test('the refused points are those whose order divides eight', () => {
    for (const y of [
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    ])
      expect(isOfOrderEight(BigInt(`0x${toHex(bytesOfHex(y).reverse())}`))).toBe(true);
  });
});

describe('SM2', () => {
  const key = vectorKey('310000-2026sm');
  const { sm2: vector } = vectors;

  test('Z of the key, with the default user id', () => {
    expect(sm2Z(key.public)).toBe(vector.z);
  });

  test('the known answer of GB/T 32918.5', () => {
    const { message_utf8, k, signature_rs } = vector.known_answer;
    expect(toHex(sm2Signature(key, toUtf8(message_utf8), BigInt(`0x${k}`)))).toBe(signature_rs);
    expect(sm2.verify(key, toUtf8(message_utf8), bytesOfHex(signature_rs))).toBe(true);
  });

  test('the signature of the vector verifies, one made with an empty id does not', () => {
    const head = toUtf8(vector.head_text);
    expect(sm2.verify(key, head, bytesOfHex(vector.signature_rs))).toBe(true);
    for (const { signature_rs } of vector.must_fail)
      expect(sm2.verify(key, head, bytesOfHex(signature_rs))).toBe(false);
  });

  test("Node's own SM2 does not pass for ours", () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'SM2' });
    const der = pair.publicKey.export({ type: 'spki', format: 'der' });
    const other = { id: 'node', suite: 'sm2-sm3' as const, public: toHex(der.subarray(-65)) };
    expect(isPublicKey('sm2-sm3', other.public)).toBe(true);
    expect(sm2.verify(other, toUtf8('x'), rawOf(sign('sm3', toUtf8('x'), pair.privateKey)))).toBe(false);
  });

  test('signing needs no chance: the same bytes give the same signature, other bytes another nonce', () => {
    expect(sm2.sign(key, toUtf8('a'))).toEqual(sm2.sign(key, toUtf8('a')));
    expect(toHex(sm2.sign(key, toUtf8('a')).subarray(0, 32))).not.toBe(
      toHex(sm2.sign(key, toUtf8('b')).subarray(0, 32)),
    );
  });

  test('what is signed verifies, whatever the length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const signature = sm2.sign(key, bytes);
        expect(signature.length).toBe(64);
        expect(sm2.verify(key, bytes, signature)).toBe(true);
        expect(sm2.verify(key, concat(bytes, Uint8Array.of(0)), signature)).toBe(false);
      }),
      { seed, numRuns: 20 },
    );
  });

  test.for([
    ['r = 0', 0n, 1n],
    ['s = 0', 1n, 0n],
    ['r = n', order, 1n],
    ['s above n', 1n, order + 5n],
    ['r + s = n', order - 1n, 1n],
  ] as const)('%s is refused without a throw', ([, r, s]) => {
    const hex = (n: bigint) => n.toString(16).padStart(64, '0');
    expect(sm2.verify(key, toUtf8('x'), bytesOfHex(hex(r) + hex(s)))).toBe(false);
  });

  test('a second spelling of s is refused', () => {
    for (let i = 0; i < 20; i++) {
      const signature = sm2.sign(key, Uint8Array.of(i));
      const s = BigInt(`0x${toHex(signature.subarray(32))}`) + order;
      if (s >= 2n ** 256n) continue;
      const other = concat(signature.subarray(0, 32), bytesOfHex(s.toString(16).padStart(64, '0')));
      expect(sm2.verify(key, Uint8Array.of(i), other)).toBe(false);
    }
  });

  test.for([
    ['a point off the curve', `04${'11'.repeat(64)}`],
    ['a compressed point', `02${'09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020'}`],
    ['nothing', ''],
  ])('%s is no public key and verifies nothing', ([, hex = '']) => {
    expect(isPublicKey('sm2-sm3', hex)).toBe(false);
    expect(sm2.verify({ ...key, public: hex }, toUtf8('x'), new Uint8Array(64).fill(1))).toBe(false);
  });
});

describe('keys', () => {
  test('a new SM2 key signs and verifies; a draw outside the order throws', () => {
    const key = signingKey({ id: 'k', suite: 'sm2-sm3', random: new Uint8Array(32).fill(9) });
    expect(sm2.verify(publicKey(key), toUtf8('x'), sm2.sign(key, toUtf8('x')))).toBe(true);
    expect(publicKey(key)).not.toHaveProperty('secret');
    for (const fill of [0, 255])
      expect(() =>
        signingKey({ id: 'k', suite: 'sm2-sm3', random: new Uint8Array(32).fill(fill) }),
      ).toThrow();
    expect(() => signingKey({ id: 'k', suite: 'ed25519-sha256', random: new Uint8Array(31) })).toThrow(
      '32 random bytes',
    );
  });

  test('a key signs and verifies in its own suite only', () => {
    const [a, b] = [vectorKey('310000-2026a'), vectorKey('310000-2026sm')];
    expect(() => sm2.sign(a, toUtf8('x'))).toThrow('of suite');
    expect(() => ed25519.sign(b, toUtf8('x'))).toThrow('of suite');
    expect(sm2.verify(a, toUtf8('x'), ed25519.sign(a, toUtf8('x')))).toBe(false);
    expect(ed25519.verify(b, toUtf8('x'), sm2.sign(b, toUtf8('x')))).toBe(false);
  });
});

/** r‖s of an ASN.1 signature. */
function rawOf(der: Uint8Array): Uint8Array {
  const rLength = der[3] ?? 0;
  const r = der.subarray(4, 4 + rLength);
  const s = der.subarray(6 + rLength);
  const fixed = (part: Uint8Array) =>
    bytesOfHex(
      BigInt(`0x${toHex(part)}`)
        .toString(16)
        .padStart(64, '0'),
    );
  return concat(fixed(r), fixed(s));
}

/** Doubles the points of Edwards25519 with this y three times, in y alone: y(2P) = (y² + x²)/(2 − (y² − x²)) with x² of the curve. */
function isOfOrderEight(y: bigint): boolean {
  const p = 2n ** 255n - 19n;
  const mod = (n: bigint) => ((n % p) + p) % p;
  const inverse = (n: bigint) => power(mod(n), p - 2n, p);
  const d = mod(-121665n * inverse(121666n));
  let now = y;
  for (let doubled = 0; doubled < 3; doubled++) {
    const y2 = mod(now * now);
    const x2 = mod((y2 - 1n) * inverse(d * y2 + 1n));
    now = mod((y2 + x2) * inverse(2n - y2 + x2));
  }
  return now === 1n;
}

function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n;
  for (let b = base, e = exponent; e > 0n; e >>= 1n, b = (b * b) % p) if (e & 1n) result = (result * b) % p;
  return result;
}
