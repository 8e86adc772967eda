import { type Directory, type DirectoryState, readDirectory } from '@yitong/kernel';
import type { Invocation } from '../command.ts';
import { type Connection, connect } from '../connect.ts';
import { Failure } from '../failure.ts';
import { expectJson } from '../http/api.ts';
import { isObject } from '../json/difference.ts';

/** What a body in JSON says of itself. */
export const asJson = { 'content-type': 'application/json' } as const;

/** A node and what it knows of the directory. Errors: usage, unreachable, forbidden. */
export async function regionState(
  invocation: Invocation,
): Promise<{ readonly connection: Connection; readonly state: DirectoryState }> {
  const connection = await connect(invocation, { roles: ['node/operator', 'node/auditor'] });
  const json = expectJson(await connection.api.call({ method: 'GET', path: '/directory' }));
  if (!isObject(json) || !Array.isArray(json['versions']))
    throw new Failure('no', 'The node’s answer is not a directory.', 'Update the older of the two programs.');
  // The cast names what the node's own page of addresses says.
  return { connection, state: json as unknown as DirectoryState };
}

/** The directory of a canonical text. Errors: a text that is none. */
export function directoryIn(canonical: string): Directory {
  const read = readDirectory(Buffer.from(canonical, 'utf8'));
  if (read.ok) return read.directory;
  throw new Failure('no', `This is no directory: ${read.detail}`, 'Take it anew with yitong member show.');
}

/** The newest version that a node knows. */
export function newestOf(state: DirectoryState): Directory {
  return directoryIn(state.versions.at(-1)?.canonical ?? '');
}
