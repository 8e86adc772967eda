import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmdirSync, statfsSync } from 'node:fs';

/** A disk of the database's own that can be made full: a file system in memory, whose size is shrunk to what it holds. */
export interface SmallDisk {
  fill(): void;
  free(): void;
  /** Its files stay in the folder when they are to be `kept`. */
  unmount(kept?: boolean): void;
}

/** Mounts one at `folder`; undefined where that is not possible: not on Linux, or not root. */
export function mountSmallDisk(folder: string, sizeMb: number): SmallDisk | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  mkdirSync(folder, { recursive: true });
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=755`, 'tmpfs', folder)) return undefined;
  const resize = (bytes: number): boolean => run('mount', '-o', `remount,size=${bytes}`, folder);
  return {
    fill() {
      // The database may write between the look and the new size, which then is too small.
      for (let tries = 0; tries < 50; tries += 1) {
        const { blocks, bfree, bsize } = statfsSync(folder);
        if (resize((blocks - bfree) * bsize)) return;
      }
    },
    free() {
      if (!resize(sizeMb * 2 ** 20)) throw new Error(`${folder} could not be resized`);
    },
    unmount(kept = false) {
      const aside = `${folder}.kept`;
      if (kept && !run('cp', '-a', folder, aside)) throw new Error(`${folder} could not be kept`);
      if (!run('umount', folder) && !run('umount', '-l', folder)) throw new Error(`${folder} stays mounted`);
      if (!kept) return;
      rmdirSync(folder);
      renameSync(aside, folder);
    },
  };
}

function run(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
