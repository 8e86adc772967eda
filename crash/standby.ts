import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A second process of a member: waits until the first lets its partitions go, and is started again when it ends. */
export class Standby {
  restarts = 0;
  readonly #words: readonly string[];
  readonly #output: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #stopped = false;
  #over: Promise<void> = Promise.resolve();

  /** `words`: Node's flags, the program, the configuration; `output`: file of what it writes. */
  constructor(words: readonly string[], folder: string, output: string) {
    this.#words = words;
    this.#folder = folder;
    this.#output = output;
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#child?.connected) this.#child.send({ type: 'stop' }, () => undefined);
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), 5_000);
    await this.#over;
    clearTimeout(late);
  }

  #start(): void {
    const output = openSync(this.#output, 'a', 0o600);
    const stdio = ['ignore', output, output, 'ipc'] as const;
    const child = spawn(process.execPath, [...this.#words], { stdio: [...stdio], cwd: this.#folder });
    closeSync(output);
    this.#child = child;
    this.#over = new Promise((resolve) => child.once('exit', () => resolve()));
    void this.#over.then(async () => {
      this.#child = undefined;
      await pause(250);
      if (this.#stopped) return;
      this.restarts += 1;
      this.#start();
    });
  }
}
