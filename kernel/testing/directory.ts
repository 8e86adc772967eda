import { type Directory, quorum } from '../exchange/directory.ts';
import { publicKey, type SigningKey } from '../exchange/suite.ts';

/** The first directory of a region made up for tests: each member signs it, and has one key for all uses. */
export function madeDirectory(
  members: readonly string[],
  keys: readonly SigningKey[],
  terms: Pick<Directory, 'streams' | 'purposes' | 'permissions'>,
): Directory {
  const [from, until] = ['2026-01-01T00:00:00.000Z', '2036-01-01T00:00:00.000Z'];
  return {
    format: 'yitong-directory/1',
    region: 'csj',
    version: 1,
    prev: '0'.repeat(64),
    issued: from,
    expires: until,
    threshold: quorum(members.length),
    signers: [...members],
    ...terms,
    members: members.map((code, k) => ({
      code,
      url: `https://node-${code}.example`,
      tls: [],
      keys: keys.slice(k, k + 1).map((key) => ({
        ...publicKey(key),
        use: ['batch', 'receipt', 'directory', 'journal'],
        from,
        until,
      })),
    })),
  };
}
