/** What has been started, to be ended in the opposite order: all of it, also when one part fails. */
export class Undo {
  readonly #parts: ((force: boolean) => Promise<void> | void)[] = [];

  add(end: (force: boolean) => Promise<void> | void): void {
    this.#parts.push(end);
  }

  /** Ends everything; throws the first failure when all is done. Called again it has nothing left to do. */
  async run(force: boolean): Promise<void> {
    const failures: unknown[] = [];
    for (let end = this.#parts.pop(); end !== undefined; end = this.#parts.pop()) {
      try {
        await end(force);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** Waits for both, also when one fails, so that nothing begins to run after its end was asked for. */
export async function both<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}
