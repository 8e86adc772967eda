import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { restoreMember } from '../../node/supervisor/restore.ts';
import type { Run } from '../command.ts';
import { usage } from '../failure.ts';
import { progress, whole } from '../progress.ts';
import { dataFolder } from '../region.ts';

/** Puts a member's database back from a backup. */
export const run: Run = async ({ args, options, env, output, stop }) => {
  const [member = '', file = ''] = args;
  if (!/^[1-9]\d{5}$/.test(member)) throw usage(`${member}: not a member's code of six digits.`);
  const path = resolve(file);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const bars = await progress(output);
  const steps = {
    check: bars.bar(`check ${member}`, size, 'bytes'),
    restore: bars.bar(`restore ${member}`, size, 'bytes'),
  };
  try {
    const { taken, heads } = await restoreMember({
      dataDir: dataFolder(options, env),
      member,
      path,
      postgresUrl: options.text('postgres') ?? env['DATABASE_URL'],
      replace: options.flag('replace'),
      progress: (step, done) => steps[step].update(Math.min(done, size)),
      signal: stop,
    });
    const batches = heads.reduce((sum, { seq }) => sum + BigInt(seq), 0n);
    output.data({ member, file: path, taken, heads });
    output.say(
      `${member}: ${whole(batches)} batches, as of ${taken}, are back. Start the region: its peers say whether that is all.`,
    );
    return 'done';
  } catch (error) {
    if (stop.aborted) return 'interrupted';
    throw error;
  } finally {
    for (const bar of Object.values(steps)) bar.stop();
    bars.stop();
  }
};
