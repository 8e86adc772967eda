/** Refused tokens from one address in ten seconds before it has to wait. */
const failuresMax = 100;
const windowMs = 10_000;
const addressesMax = 10_000;

/** Slows down whoever tries tokens; those that are accepted cost nothing. */
export class SignInLimits {
  readonly #failures = new Map<string, { count: number; since: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  failed(address: string): void {
    const now = this.#now();
    const known = this.#failures.get(address);
    if (known && now - known.since < windowMs) {
      known.count++;
      return;
    }
    if (this.#failures.size >= addressesMax) this.#failures.clear();
    this.#failures.set(address, { count: 1, since: now });
  }

  /** Seconds that the address has to wait; 0 when it has not. */
  wait(address: string): number {
    const known = this.#failures.get(address);
    if (!known || known.count < failuresMax) return 0;
    return Math.max(0, Math.ceil((known.since + windowMs - this.#now()) / 1000));
  }
}
