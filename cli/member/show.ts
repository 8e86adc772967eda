import { writeFileSync } from 'node:fs';
import { type Directory, type DirectoryState, directoryHash } from '@yitong/kernel';
import type { Run } from '../command.ts';
import { fileFailure } from '../failure.ts';
import type { Output } from '../output.ts';
import { table } from '../table.ts';
import { changesBetween } from './difference.ts';
import { directoryIn, newestOf, regionState } from './state.ts';

/** Members and keys as a node knows them, and what is proposed; with `--output` all signed versions as a file. */
export const run: Run = async (invocation) => {
  const { options, output } = invocation;
  const { state } = await regionState(invocation);
  const newest = newestOf(state);
  output.data({ ...state, hash: directoryHash(newest) });
  const path = options.text('output');
  if (path !== undefined) {
    write(path, state);
    output.say(`${path}: versions 1 to ${newest.version} of region ${newest.region}.`);
    output.say(`Hash of version ${newest.version}, to be told by another way: ${directoryHash(newest)}`);
    return 'done';
  }
  tell(output, newest, state);
  return 'done';
};

function write(path: string, { versions }: DirectoryState): void {
  try {
    writeFileSync(path, `${JSON.stringify({ directories: versions }, undefined, 1)}\n`);
  } catch (error) {
    throw fileFailure(path, error);
  }
}

function tell(output: Output, newest: Directory, state: DirectoryState): void {
  const { version, issued, expires, threshold, signers, region } = newest;
  const waits = version > state.inForce ? `, in force from ${issued} (now: version ${state.inForce})` : '';
  output.say(`Region ${region}, version ${version}${waits}; ${threshold} of ${signers.length} members sign.`);
  output.say(`Issued ${issued}, expires ${expires}, hash ${directoryHash(newest)}`);
  output.say();
  const rows = newest.members.flatMap(({ code, name = '', url, keys, epoch = 1 }) => [
    [code, `${name} ${url}`.trim(), '', `epoch ${epoch}`, signers.includes(code) ? 'votes' : ''],
    ...keys.map(({ id, use, from, until, revoked }) => [
      '',
      id,
      use.includes('batch') ? 'signing' : use.join(' '),
      revoked === undefined
        ? `${from.slice(0, 10)} to ${until.slice(0, 10)}`
        : `REVOKED ${revoked.at.slice(0, 10)}`,
      '',
    ]),
  ]);
  for (const line of table(['MEMBER', 'KEY', 'FOR', 'VALID', ''], rows, output.width)) output.say(line);
  for (const { hash, canonical, by, needs, signatures } of state.drafts) {
    const signed = signatures.map(({ member }) => member).join(', ') || 'nobody';
    output.say();
    output.say(`Draft ${hash.slice(0, 12)} of version ${version + 1}, proposed by ${by}:`);
    for (const line of changesBetween(newest, directoryIn(canonical))) output.say(`  ${line}`);
    output.say(
      `  signed by ${signed}; needs ${needs} more: yitong member sign ${hash.slice(0, 12)} --at <member>`,
    );
  }
  for (const { canonical } of state.conflicts) {
    const other = directoryIn(canonical);
    output.say(
      output.paint.bad(
        `Version ${other.version} exists twice, both signed; the other is ${directoryHash(other)}`,
      ),
    );
  }
}
