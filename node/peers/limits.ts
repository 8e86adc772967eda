/** Bytes of frames that one peer may have under way: 64 MiB (exchange protocol B7). */
const bytesMax = 64 * 1024 * 1024;
/** Frames wrong in themselves that a peer may send in ten seconds before it is made to wait. */
const strikesMax = 50;
const windowMs = 10_000;

/** Requests that one peer may have under way, on all its connections: its client sends the next when one has ended. */
const requestsMax = 64;
/** Connections that one peer may hold open; its client needs eight. */
const connectionsMax = 32;

interface Usage {
  requests: number;
  connections: number;
  bytes: number;
  strikes: number;
  since: number;
}

/** What each peer uses of the exchange door, so that a hostile one cannot take it from the others. */
export class PeerLimits {
  readonly #usage = new Map<string, Usage>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether the peer may have one more request under way; if so it is counted until `leave`. */
  enter(peer: string): boolean {
    const usage = this.#of(peer);
    if (usage.requests >= requestsMax) return false;
    usage.requests++;
    return true;
  }

  leave(peer: string): void {
    this.#of(peer).requests--;
  }

  /** Whether a peer may hold one more connection; if so it is counted until `disconnected`. */
  connected(peer: string): boolean {
    const usage = this.#of(peer);
    if (usage.connections >= connectionsMax) return false;
    usage.connections++;
    return true;
  }

  disconnected(peer: string): void {
    this.#of(peer).connections--;
  }

  add(peer: string, bytes: number): void {
    this.#of(peer).bytes += bytes;
  }

  fits(peer: string): boolean {
    return this.#of(peer).bytes <= bytesMax;
  }

  /** Counts a frame that was wrong in itself: a bad signature, a wrong party, a broken body. */
  strike(peer: string): void {
    const usage = this.#of(peer);
    if (this.#now() - usage.since > windowMs) {
      usage.since = this.#now();
      usage.strikes = 0;
    }
    usage.strikes++;
  }

  /** Seconds that the peer has to wait; 0 when it has not. */
  throttled(peer: string): number {
    const usage = this.#of(peer);
    const left = usage.since + windowMs - this.#now();
    return usage.strikes > strikesMax && left > 0 ? Math.ceil(left / 1000) : 0;
  }

  #of(peer: string): Usage {
    let usage = this.#usage.get(peer);
    if (usage === undefined) {
      usage = { requests: 0, connections: 0, bytes: 0, strikes: 0, since: this.#now() };
      this.#usage.set(peer, usage);
    }
    return usage;
  }
}
