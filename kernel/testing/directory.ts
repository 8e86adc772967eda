import { type Directory, type DirectoryKey, quorum } from '../exchange/directory.ts';
import { publicKey, type SigningKey } from '../exchange/suite.ts';

/** The first directory of a region made up for tests: each member signs it, and has one key for all uses, or another for its journal. */
export function madeDirectory(
  members: readonly string[],
  keys: readonly SigningKey[],
  terms: Pick<Directory, 'streams' | 'purposes' | 'permissions'>,
  journalKeys: readonly SigningKey[] = keys,
): Directory {
  const [from, until] = ['2026-01-01T00:00:00.000Z', '2036-01-01T00:00:00.000Z'];
  const keyOf = (key: SigningKey, use: DirectoryKey['use']) => ({ ...publicKey(key), use, from, until });
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
      keys: [
        ...keys.slice(k, k + 1).map((key) => keyOf(key, ['batch', 'receipt', 'directory', 'journal'])),
        ...journalKeys
          .slice(k, k + 1)
          .flatMap((key) => (keys.includes(key) ? [] : [keyOf(key, ['journal'])])),
      ],
    })),
  };
}
