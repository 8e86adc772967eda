import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chainFault, type SignedDirectory } from '@yitong/kernel';
import { readDirectories, writeVersions } from './region-directory.ts';

/** The versions of the directory that a node has taken, beside its database: the next start of a region begins with them. */
export class VersionFile {
  readonly #path: string;
  readonly #versions: SignedDirectory[];

  constructor(folder: string) {
    this.#path = join(folder, 'versions.json');
    this.#versions = readDirectories(this.#path);
  }

  /** Adds the version that follows the last one; others are there already. */
  keep(signed: SignedDirectory): void {
    const last = this.#versions.at(-1);
    if (last !== undefined && chainFault(last.directory, signed) !== undefined) return;
    this.#versions.push(signed);
    writeVersions(this.#path, this.#versions);
  }
}

/**
 * The longest chain of versions that a data folder has: in its own file, or in that of one of its nodes. Throws `SetupError`
 * `bad-directory` when a file is damaged.
 */
export function newestVersions(dataDir: string): readonly SignedDirectory[] {
  const nodes = join(dataDir, 'nodes');
  const codes = existsSync(nodes) ? readdirSync(nodes).filter((name) => /^\d{6}$/.test(name)) : [];
  const files = [join(dataDir, 'directory.json'), ...codes.map((code) => join(nodes, code, 'versions.json'))];
  const chains = files.map((file) => readDirectories(file));
  return chains.reduce((best, chain) => (newest(chain) > newest(best) ? chain : best));
}

const newest = (chain: readonly SignedDirectory[]): number => chain.at(-1)?.directory.version ?? 0;
