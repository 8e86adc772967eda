/** Questions to one peer at most at once; failures within a time that open the circuit; how often an open one is probed (B11). */
const underWayMax = 32;
const failuresMax = 5;
const failuresMs = 30_000;
const probeMs = 10_000;

/**
 * Keeps a member that does not answer from making every clerk wait: after five failures in half a minute nobody asks it, but one
 * every ten seconds, until it answers again.
 */
export class Breaker {
  #failures: number[] = [];
  #underWay = 0;
  #nextProbe = 0;

  /** Whether it may be asked at this time (monotonic milliseconds); if so it counts as under way until `ended`. */
  begin(nowMs: number): boolean {
    if (this.#underWay >= underWayMax) return false;
    if (this.isOpen(nowMs)) {
      if (nowMs < this.#nextProbe) return false;
      this.#nextProbe = nowMs + probeMs;
    }
    this.#underWay += 1;
    return true;
  }

  ended(nowMs: number, answered: boolean): void {
    this.#underWay -= 1;
    if (answered) this.#failures = [];
    else {
      this.#failures = [...this.#failures.slice(1 - failuresMax), nowMs];
      if (this.isOpen(nowMs)) this.#nextProbe = nowMs + probeMs;
    }
  }

  /** Open: five failures lay within half a minute, and it has not answered since. */
  isOpen(nowMs: number): boolean {
    const [first = 0] = this.#failures;
    const last = this.#failures.at(-1) ?? 0;
    return this.#failures.length >= failuresMax && last - first <= failuresMs && nowMs >= last;
  }
}
