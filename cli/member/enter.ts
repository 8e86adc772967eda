import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { directoryHash } from '@yitong/kernel';
import { membersKept } from '../../node/supervisor/members.ts';
import { readDirectories, writeVersions } from '../../node/supervisor/region-directory.ts';
import type { Run } from '../command.ts';
import { Failure } from '../failure.ts';
import { dataFolder } from '../region.ts';

/** Checks each signed version of a region's file against the one before and puts them where this member's start finds them. */
export const run: Run = async ({ args, options, env, output }) => {
  const [path = ''] = args;
  const data = dataFolder(options, env);
  if (!existsSync(path))
    throw new Failure(
      'usage',
      `${path}: no such file.`,
      'A member makes it: yitong member show -o region.json',
    );
  const versions = readDirectories(path);
  const newest = versions.at(-1)?.directory;
  const own = membersKept(data).filter((code) => newest?.members.some((member) => member.code === code));
  if (newest === undefined || own.length === 0)
    throw new Failure(
      'no',
      `Version ${newest?.version ?? 0} names no member whose keys are in ${data}.`,
      'Wait until the members have signed the joining, and take the file anew.',
    );
  const hash = directoryHash(newest);
  const told = options.text('hash')?.toLowerCase();
  if (told !== undefined && !hash.startsWith(told))
    throw new Failure(
      'no',
      `The file's newest version has the hash ${hash}.`,
      'Ask the member that told you the other one; do not start.',
    );
  mkdirSync(data, { recursive: true, mode: 0o711 });
  writeVersions(join(data, 'directory.json'), versions);
  output.data({ members: own, version: newest.version, hash });
  output.say(`Region ${newest.region}, version ${newest.version}, hash ${hash}`);
  if (told === undefined) output.say('Compare the hash with what another member tells you by telephone.');
  output.say(`${own.join(', ')} is a member of it: yitong up --data ${data} starts its node.`);
  return 'done';
};
