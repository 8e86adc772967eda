import { resolve } from 'node:path';
import { backUp } from '../../node/backup/write.ts';
import { readNodeConfig } from '../../node/config.ts';
import { secretFiles } from '../../node/supervisor/restore.ts';
import type { Run } from '../command.ts';
import { progress, whole } from '../progress.ts';
import { dataFolder, localMembers, memberAt } from '../region.ts';

/** Writes a member's whole database, as it is at one moment, to a file. */
export const run: Run = async ({ args, options, env, output, stop }) => {
  const [name = '', file = ''] = args;
  const data = dataFolder(options, env);
  const member = memberAt(localMembers(data), name);
  const path = resolve(file);
  const bars = await progress(output);
  const bar = bars.bar(`backup ${member.code}`, 1, 'steps');
  try {
    const manifest = await backUp(readNodeConfig(member.config), path, {
      progress: (done, total) => bar.update(total === 0 ? 1 : Math.min(1, done / total)),
      signal: stop,
      ...(options.flag('withKeys') && { files: secretFiles(data, member.code) }),
    });
    bar.update(1);
    const batches = manifest.heads.reduce((sum, { seq }) => sum + BigInt(seq), 0n);
    output.data({ member: member.code, file: path, taken: manifest.taken, heads: manifest.heads });
    output.say(`${member.code} ${member.zh}: ${whole(batches)} batches, as of ${manifest.taken}, in ${path}`);
    return 'done';
  } catch (error) {
    if (stop.aborted) return 'interrupted';
    throw error;
  } finally {
    bar.stop();
    bars.stop();
  }
};
