import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Directory, keyAt, memberOf, type SigningKey } from '@yitong/kernel';
import { readSigningKey } from '../../node/key-files.ts';
import { keyFilesAt } from '../../node/key-ring.ts';
import { ensureCertificate } from '../../node/supervisor/certificate.ts';
import { memberFiles } from '../../node/supervisor/layout.ts';
import { ensureSigningKey } from '../../node/supervisor/member-keys.ts';
import { Failure } from '../failure.ts';

/** The key that votes on the directory now: of the files at hand the one that the newest version lets sign. Errors: none is. */
export function votingKey(data: string | undefined, member: string, directory: Directory): SigningKey {
  const { directoryKey } = filesOf(data, member);
  const timeMs = Date.now();
  for (const path of [...keyFilesAt(directoryKey)].reverse()) {
    const key = readSigningKey(path);
    const listed = keyAt(directory, { member, key: key.id, use: 'directory', timeMs });
    if (listed?.public === key.public) return key;
  }
  throw new Failure(
    'no',
    `No directory key of ${member} in ${dirname(directoryKey)} may sign by version ${directory.version}.`,
    'Put the key file back from its safe, or have another member revoke the old key and list a new one.',
  );
}

/** A new signing or directory key of a member, in a file beside the old one. */
export function newKey(
  data: string | undefined,
  member: string,
  which: 'signing' | 'directory',
  directory: Directory,
): SigningKey {
  const files = filesOf(data, member);
  const taken = new Set(directory.members.flatMap(({ keys }) => keys.map(({ id }) => id)));
  const year = new Date().getUTCFullYear();
  const mark = which === 'directory' ? 'd' : '';
  let count = 2;
  while (taken.has(`${member}-${year}${mark}-${count}`)) count += 1;
  const id = `${member}-${year}${mark}-${count}`;
  const path = which === 'directory' ? files.directoryKey : files.batchKey;
  return ensureSigningKey(path.replace(/\.json$/, `-${id}.json`), id);
}

/** A new TLS key and certificate beside the old ones; SHA-256 of its SPKI, hex. */
export async function newCertificate(data: string | undefined, member: string, url: string): Promise<string> {
  const { tlsKey } = filesOf(data, member);
  const folder = dirname(tlsKey);
  const stem = (count: number) => join(folder, `tls-${count}`);
  let count = 2;
  while (existsSync(`${stem(count)}.key.pem`)) count += 1;
  const files = { tlsKey: `${stem(count)}.key.pem`, tlsCertificate: `${stem(count)}.cert.pem` };
  return await ensureCertificate(files, member, new URL(url).hostname);
}

/** Whether the key files of a member lie in this data folder. */
export function hasKeys(data: string | undefined, member: string): boolean {
  return data !== undefined && existsSync(memberFiles(data, member).directoryKey);
}

function filesOf(data: string | undefined, member: string) {
  const files = data === undefined ? undefined : memberFiles(data, member);
  if (
    files !== undefined &&
    existsSync(dirname(files.batchKey)) &&
    readdirSync(dirname(files.batchKey)).length > 0
  )
    return files;
  throw new Failure(
    'usage',
    `The keys of ${member} are not on this machine.`,
    'Run this where its node runs, with --data and --at.',
  );
}

/** The member's entry. Errors: it is none. */
export function entryIn(directory: Directory, member: string) {
  const entry = memberOf(directory, member);
  if (entry !== undefined) return entry;
  throw new Failure(
    'no',
    `${member} is no member by version ${directory.version}.`,
    'yitong member show lists them.',
  );
}
