import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const program = fileURLToPath(new URL('./foreign-issuer.ts', import.meta.url));

/** What the process is told when it starts. */
export interface ForeignWish {
  readonly audience: string;
  readonly node: string;
  readonly jwk: object;
  readonly program: { readonly id: string; readonly secret: string };
}

/** A second issuer, in a process of its own. */
export class ForeignIssuer {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(wish: ForeignWish): Promise<ForeignIssuer> {
    // Its remarks on the version of Node and its store in memory are known.
    const stdio: ('ignore' | 'inherit' | 'ipc')[] = ['ignore', 'ignore', 'ignore', 'ipc'];
    const words = ['--import', 'tsx', program, JSON.stringify(wish)];
    const child = spawn(process.execPath, words, { stdio });
    const said = await heard(child);
    return new ForeignIssuer(child, z.object({ url: z.string() }).parse(said).url);
  }

  /** Signs from now on with a new key, and shows the old ones beside it. */
  async newKey(): Promise<void> {
    await this.#ask({ type: 'new-key' });
  }

  /** Shows none but the newest. */
  async dropOldKeys(): Promise<void> {
    await this.#ask({ type: 'drop-old-keys' });
  }

  /** Whatever claims, signed by its newest key: what an issuer could sign by mistake, or for others. */
  async sign(claims: object, header: object = {}): Promise<string> {
    return z.object({ token: z.string() }).parse(await this.#ask({ type: 'sign', claims, header })).token;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const over = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await over;
  }

  async #ask(order: object): Promise<unknown> {
    const answer = heard(this.#child);
    this.#child.send(order);
    return answer;
  }
}

/** The next thing that it says. Throws when it ends instead. */
async function heard(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const ended = once(child, 'exit', over).then(([code]) => {
    throw new Error(`the issuer has ended with ${String(code)}`);
  });
  ended.catch(() => undefined); // Called off once it has said something.
  try {
    const [said] = await Promise.race([once(child, 'message', over), ended]);
    return said;
  } finally {
    over.abort();
  }
}
