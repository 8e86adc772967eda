import { sameBytes, toHex, toUtf8 } from '../../kernel/exchange/bytes.ts';
import { directoryBytes } from '../../kernel/exchange/directory.ts';
import { readDirectory } from '../../kernel/exchange/directory-read.ts';
import { directoryHash, signDirectory, verifyStep } from '../../kernel/exchange/directory-step.ts';
import { buildEvidence, readEvidence } from '../../kernel/exchange/evidence.ts';
import { sealReceipt } from '../../kernel/exchange/receipt.ts';
import { chainFault, readSigned, signedText } from '../../kernel/exchange/signed-directory.ts';
import { suites } from '../../kernel/exchange/suite.ts';
import {
  memberKey,
  testBatch,
  testDirectory,
  vectorMessages,
  vectors,
} from '../../kernel/exchange/testing.ts';
import { verifyEvidence } from '../../kernel/exchange/verify-evidence.ts';
import {
  checkpointOrigin,
  cosign,
  readCheckpoint,
  readNote,
  readNoteLine,
  signCheckpoint,
  verifyCheckpoint,
  verifyCosignature,
  witnessName,
  writeCheckpoint,
  writeNote,
  writeNoteLine,
} from '../../kernel/journal/checkpoint.ts';
import { leafHash, merkleTree } from '../../kernel/journal/merkle.ts';
import { holds, kindOf, type Target } from '../target.ts';
import { lenient } from './wire.ts';

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const codes = ['310000', '320000', '330000', '340000'];
const first = testDirectory({ version: 16 });
const second = testDirectory({ version: 17, prev: directoryHash(first), issued: '2026-11-08T00:00:00.000Z' });
const signed = (of: typeof first) => ({
  directory: of,
  signatures: codes.map((code) => signDirectory(memberKey(code), of)),
});
const directoryWords = [
  '"revoked":{"at":',
  '"threshold":',
  '"streams":',
  '"use":["batch"]',
  '"permissions":',
  '"*"',
  '"epoch":',
];

/** A version of the directory (B8), and the step to it. */
const directory: Target = {
  name: 'directory',
  seeds: [
    ...[vectors.directory.version16, vectors.directory.version17].map((one) => toUtf8(one.canonical)),
    directoryBytes(second),
  ],
  words: directoryWords,
  run(bytes) {
    const read = readDirectory(bytes);
    if (!read.ok) return kindOf(read.detail);
    holds(sameBytes(directoryBytes(read.directory), bytes), 'a directory is written as it was read');
    const step = verifyStep(first, read.directory, signed(read.directory).signatures, lenient);
    return step.ok ? 'step' : step.code;
  },
};

/** A signed version, as files and peers give it. */
const signedDirectory: Target = {
  name: 'signed-directory',
  seeds: [first, second].map((of) => toUtf8(JSON.stringify(signedText(signed(of))))),
  words: ['"canonical":', '"signatures":', '{}', ...directoryWords],
  run(bytes) {
    let value: unknown;
    try {
      value = JSON.parse(utf8(bytes));
    } catch {
      return 'not JSON'; // the callers' own parsers are targets of their own
    }
    const read = readSigned(value);
    if (!read.ok) return kindOf(read.detail);
    holds(chainFault(read.signed.directory, read.signed) !== undefined, 'no version follows itself');
    return kindOf(chainFault(first, read.signed, lenient) ?? 'ok');
  },
};

const batch = testBatch();
const leaves = vectorMessages.map((message) => leafHash(suites['ed25519-sha256'], message));
const receipt = sealReceipt(
  { ...batch, refusals: [{ at: '/data/fund', code: 'no-valid-filing', id: null, index: 2 }] },
  {
    suite: suites['ed25519-sha256'],
    key: memberKey('330000'),
    time: '2026-11-23T02:00:07.600Z',
    directory: 17,
  },
);
const origin = checkpointOrigin('csj', '310000');
const root = suites['ed25519-sha256'].digest(toUtf8('root'));
const note = signCheckpoint(memberKey('310000'), { origin, size: 42, root });
const witness = { name: witnessName('csj', '320000'), key: memberKey('320000') };
const cosigned = `${note}${writeNoteLine(cosign(witness, note.slice(0, note.indexOf('\n\n') + 1), 1_795_399_208))}`;
const evidenceOf = (index: number, more: object) =>
  buildEvidence({
    message: vectorMessages[index] ?? new Uint8Array(),
    index,
    size: 7,
    path: merkleTree(suites['ed25519-sha256'], leaves).inclusion(index),
    head: batch.headBytes,
    headSignature: batch.signature,
    receipt,
    directories: [signed(first), signed(second)],
    more,
  });
const hash = '0'.repeat(64);
const journal = {
  ...{ index: 0, path: [hash], head: '', headPath: [], at: 0, segmentPath: [hash] },
  segment: { partition: 0, first: 1, last: 1, root: hash },
};
const blobs = [{ sha256: hash, content: 'aGFsbG8=' }];

/** An evidence file (B12), read and verified. */
const evidence: Target = {
  name: 'evidence',
  seeds: [
    evidenceOf(4, {}),
    evidenceOf(1, { checkpoint: cosigned, cosignatures: ['— a b'], journal, blobs }),
  ].map((one) => toUtf8(JSON.stringify(one))),
  words: [
    '"index":',
    '"size":',
    '"path":[]',
    '"refusals":',
    '"checkpoint":',
    '"journal":',
    '"blobs":[]',
    '"cosignatures":',
  ],
  run(bytes) {
    const text = utf8(bytes);
    const read = readEvidence(text);
    const result = verifyEvidence(text, directoryHash(first), lenient);
    holds(result.ok === (result.says !== undefined), 'only what stands says something');
    if (!read.ok) {
      holds(!result.ok, 'what is not read is not proven');
      return kindOf(read.detail);
    }
    const again = readEvidence(JSON.stringify(read.value));
    holds(again.ok, 'evidence that was read is read again');
    const last = result.steps.at(-1);
    return `${last?.step} ${last?.ok} ${kindOf(last?.detail ?? '')}`;
  },
};

/** A checkpoint's note with its signatures and cosignatures (B9, C2SP). */
const checkpoint: Target = {
  name: 'checkpoint',
  seeds: [toUtf8(note), toUtf8(cosigned)],
  words: ['\n\n', '— ', '\u2014', ' ', '+', '\n0\n', origin],
  run(bytes) {
    const text = utf8(bytes);
    const lineRead = readNoteLine(text);
    if (lineRead) holds(writeNoteLine(lineRead) === `${text}\n`, 'a line is written as it was read');
    const read = readNote(text);
    if (read === undefined) return 'no note';
    holds(writeNote(read) === text, 'a note is written as it was read');
    const found = readCheckpoint(read.text);
    if (found) holds(writeCheckpoint(found) === read.text, 'a checkpoint is written as it was read');
    const verified = verifyCheckpoint(text, { origin, key: memberKey('310000') });
    holds(!verified.ok || toHex(verified.checkpoint.root) === toHex(root), 'only what was signed verifies');
    const seconds = verifyCosignature(read, witness);
    return `${found !== undefined} ${verified.ok || verified.code} ${seconds !== undefined}`;
  },
};

/** Documents that travel as files, and between members. */
export const targets: readonly Target[] = [directory, signedDirectory, evidence, checkpoint];
