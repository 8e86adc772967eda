import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands before the processes of a member, as a balancer does: other members find whichever of them is ready. */
export class Front {
  readonly #server: Server;
  readonly #backends: readonly { readonly ready: string; readonly port: number }[];
  readonly #open = new Set<Socket>();
  #current: number | undefined;
  #looking: NodeJS.Timeout | undefined;

  /** `ready`: address that answers 200 when the process can take work; `port`: where it takes what others send. */
  constructor(backends: readonly { readonly ready: string; readonly port: number }[]) {
    this.#backends = backends;
    this.#server = createServer({ noDelay: true }, (one) => this.#accept(one));
  }

  /** Takes a port over as soon as whoever held it has ended. */
  async listen(port: number): Promise<void> {
    for (;;) {
      try {
        await new Promise<void>((resolve, reject) => {
          this.#server.once('error', reject);
          this.#server.listen(port, '127.0.0.1', () => {
            this.#server.removeListener('error', reject);
            resolve();
          });
        });
        break;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    this.#looking = setInterval(() => void this.#look(), 250);
    await this.#look();
  }

  /** Cuts everything that is under way between this member and others. */
  cut(): number {
    const { size } = this.#open;
    for (const one of this.#open) one.resetAndDestroy();
    return size;
  }

  close(): void {
    clearInterval(this.#looking);
    this.#server.close();
    this.cut();
  }

  async #look(): Promise<void> {
    const ready = await Promise.all(this.#backends.map((one) => isReady(one.ready)));
    const first = ready.indexOf(true);
    const found = first < 0 ? undefined : this.#backends[first]?.port;
    if (found === undefined || found === this.#current) return;
    this.#current = found;
    this.cut();
  }

  #accept(one: Socket): void {
    one.on('error', () => one.destroy());
    if (this.#current === undefined) return void one.destroy();
    const other = connect(this.#current, '127.0.0.1');
    this.#open.add(one);
    one.pipe(other);
    other.pipe(one);
    other.on('error', () => one.destroy());
    other.on('close', () => one.destroy());
    one.on('close', () => {
      this.#open.delete(one);
      other.destroy();
    });
  }
}

/** Whether a process says that it can take work, within a second. */
export async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}
