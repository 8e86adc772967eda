import {
  type Directory,
  directoryHash,
  type KernelNode,
  signingKey,
  signVoucher,
  suites,
  verifyEvidence,
  verifyVoucher,
} from '@yitong/kernel';

const voucherKey = signingKey({
  id: '310000-1',
  suite: 'ed25519-sha256',
  random: new Uint8Array(32).fill(7),
});
const always = { from: '2026-01-01T00:00:00.000Z', until: '2036-01-01T00:00:00.000Z' };
const { secret: _, ...listedKey } = voucherKey;
const oneDirectory: Directory = {
  format: 'yitong-directory/1',
  region: 'csj',
  version: 1,
  prev: '0'.repeat(64),
  issued: always.from,
  expires: always.until,
  threshold: 1,
  signers: [voucherKey.id],
  members: [
    {
      code: '310000',
      url: 'https://node.test',
      tls: [],
      keys: [{ ...listedKey, ...always, use: ['answer', 'directory'] }],
    },
  ],
};

/** Signs and verifies in earnest, by a directory of one member. */
export const standInVouching: KernelNode['vouching'] = {
  vouch(of) {
    const time = '2026-11-24T00:00:00.000Z';
    const signed = { region: 'csj', member: '310000', time, directory: 1, key: voucherKey.id };
    return signVoucher(suites, voucherKey, { ...of, ...signed });
  },
  judge: (voucher) =>
    verifyVoucher(voucher, {
      suites,
      newest: oneDirectory,
      directoryAt: (version) => (version === 1 ? oneDirectory : undefined),
    }),
  evidenceOf: async () => undefined,
  judgeEvidence: (json) => verifyEvidence(json, directoryHash(oneDirectory)),
};
