import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin.mjs', import.meta.url));

/** A command that runs, and what it said on standard output when it has ended. */
export interface Begun {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string }>;
}

/** A region of real processes in a folder of its own, worked with by real commands. */
export class TestRegion {
  readonly folder = mkdtempSync(join(tmpdir(), 'yitong-region-'));
  readonly #data = join(this.folder, 'data');
  #up: ChildProcess | undefined;

  constructor() {
    chmodSync(this.folder, 0o755); // PostgreSQL runs as another user when the test is root's.
  }

  /** Starts it; resolves when it is ready. Errors: throws when `yitong up` ends before that. */
  async start(...options: readonly string[]): Promise<void> {
    const args = [bin, 'up', '--data', this.#data, '--json', ...options];
    const up = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#up = up;
    for await (const line of createInterface({ input: up.stdout }))
      if (JSON.parse(line).ready === true) return;
    throw new Error('yitong up ended before the region was ready');
  }

  /** Starts one command. */
  begin(...args: readonly string[]): Begun {
    const child = spawn(process.execPath, [bin, ...args, '--data', this.#data], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
    });
    const ended = new Promise<{ code: number | null; out: string }>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, out }));
    });
    return { child, ended };
  }

  /** Runs one command with `--json`: its exit code, and the values it printed. */
  async run(...args: readonly string[]) {
    const { code, out } = await this.begin(...args, '--json').ended;
    const lines = out.split('\n').filter((line) => line !== '');
    return { code, out, values: lines.map((line) => JSON.parse(line)) };
  }

  /** The process that a file of the data folder names; undefined while there is none. */
  pid(path: string): number | undefined {
    try {
      const [pid] = /\d+/.exec(readFileSync(join(this.#data, path), 'utf8')) ?? [];
      return pid === undefined ? undefined : Number(pid);
    } catch {
      return undefined;
    }
  }

  /** Stops everything and removes the folder. */
  async stop(): Promise<void> {
    if (this.#up !== undefined && this.#up.exitCode === null) {
      const over = once(this.#up, 'exit');
      this.#up.kill('SIGINT');
      await over;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
