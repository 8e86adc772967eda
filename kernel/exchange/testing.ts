import { fromBase64, fromHex, toUtf8 } from './bytes.ts';
import type { Directory, KeyUse, Member } from './directory.ts';
import { type BatchPlace, type SealedBatch, sealBatch } from './frame.ts';
import { noLink } from './head.ts';
import { publicKey, type SigningKey, type SuiteName, signingKey, suites } from './suite.ts';
import file from './vectors/exchange-vectors.json' with { type: 'json' };

const [canonicalVector, merkleVector, batchVector, sm2Vector, answerVector, directoryVector] = file.vectors;

/** The reference vectors by what they are about, exactly as in the file. */
export const vectors = {
  canonical: canonicalVector as unknown as {
    input: Record<string, unknown>;
    canonical_utf8: string;
    canonical_base64: string;
    length: number;
    leaf_sha256: string;
    leaf_sm3: string;
    stream_partition: number;
    refuse: { why: string; json: string }[];
  },
  merkle: merkleVector as unknown as {
    messages_base64: string[];
    sha256: {
      leaves: string[];
      root: string;
      inclusion: { index: number; size: number; path: string[] };
      roots_by_size: string[];
      consistency: { from: number; to: number; path: string[] };
    };
    sm3: { root: string; inclusion: { index: number; size: number; path: string[] } };
  },
  batch: batchVector as unknown as {
    head_text: string;
    head_sha256: string;
    signature: string;
    link: string;
    second: { head_text: string; signature: string; link: string };
    frame_length: number;
    frame_sha256: string;
    frame_prefix_hex: string;
    body_length: number;
    body_sha256: string;
  },
  sm2: sm2Vector as unknown as {
    head_text: string;
    signature_rs: string;
    z: string;
    link_sm3: string;
    known_answer: { message_utf8: string; k: string; signature_rs: string };
    must_fail: { why: string; signature_rs: string }[];
  },
  answer: answerVector as unknown as Record<string, string>,
  directory: directoryVector as unknown as Record<
    'version16' | 'version17',
    { canonical: string; hash: string; signatures: Record<string, string> }
  >,
};

const keyVectors: Record<string, { suite: string; seed?: string; private?: string; public: string }> =
  file.keys;

/** A key of the vectors by its id. */
export function vectorKey(id: string): SigningKey {
  const key = keyVectors[id];
  if (key === undefined) throw new Error(`no key ${id} in the vectors`);
  return { id, suite: key.suite as SuiteName, public: key.public, secret: key.seed ?? key.private ?? '' };
}

/** The seven messages of vector 2. */
export const vectorMessages: readonly Uint8Array[] = vectors.merkle.messages_base64.map(bytesOfBase64);

/** Bytes of hex that a test knows to be good. */
export function bytesOfHex(hex: string): Uint8Array {
  return fromHex(hex) ?? fail(hex);
}

/** Bytes of base64 that a test knows to be good. */
export function bytesOfBase64(base64: string): Uint8Array {
  return fromBase64(base64) ?? fail(base64);
}

/** 2026-11-23T02:00:08.000Z, just after the vectors' first head. */
export const vectorNowMs = 1_795_399_208_000;

const uses: readonly KeyUse[] = ['batch', 'receipt', 'question', 'answer', 'directory', 'journal'];

/** A demonstration member's signing key, made of its code. */
export function memberKey(code: string, suite: SuiteName = 'ed25519-sha256'): SigningKey {
  const random = suites['ed25519-sha256'].digest(toUtf8(`${code} ${suite}`));
  return signingKey({ id: `${code}-2026${suite === 'sm2-sm3' ? 'sm' : 'a'}`, suite, random });
}

/** A member with one key of each suite. */
export function testMember(code: string): Member {
  const valid = { use: uses, from: '2026-01-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z' };
  const keys = [memberKey(code), memberKey(code, 'sm2-sm3')].map((key) => ({ ...publicKey(key), ...valid }));
  const tls = [suites['ed25519-sha256'].digest(toUtf8(`tls ${code}`))].map((bytes) =>
    Buffer.from(bytes).toString('hex'),
  );
  return { code, name: `成员 ${code}`, url: `https://n${code}.example:8443`, tls, keys };
}

/** A directory of four members, threshold three, in which everything may be sent for `settlement`. */
export function testDirectory(change: Partial<Directory> = {}): Directory {
  const members = ['310000', '320000', '330000', '340000'].map(testMember);
  return {
    format: 'yitong-directory/1',
    region: 'csj',
    version: 17,
    prev: noLink,
    issued: '2026-11-01T00:00:00.000Z',
    expires: '2027-02-01T00:00:00.000Z',
    threshold: 3,
    signers: members.map((member) => member.code),
    members,
    purposes: ['settlement', 'treatment'],
    permissions: [{ type: 'medical-settlement/*', from: '*', to: '*', purposes: ['settlement'] }],
    streams: 16,
    ...change,
  };
}

/** The vectors' messages as a batch of 310000 for 330000. */
export function testBatch(
  change: Partial<BatchPlace> = {},
  key: SigningKey = memberKey('310000'),
): SealedBatch {
  const place: BatchPlace = {
    region: 'csj',
    from: '310000',
    to: '330000',
    stream: 'main.3',
    epoch: 1,
    seq: 1,
    first: 1,
    prev: noLink,
    time: '2026-11-23T02:00:07.250Z',
    directory: 17,
    ...change,
  };
  return sealBatch({ suite: suites[key.suite], key, place, messages: vectorMessages });
}

function fail(text: string): never {
  throw new Error(`not a test's bytes: ${text.slice(0, 20)}`);
}
