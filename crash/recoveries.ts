import type { Heard } from './clients.ts';

/** How long members took to answer again after each fault; a fault that came on top of another begins anew. */
export class Recoveries {
  /** In ms, by kind of fault. */
  readonly longest: Record<string, number> = {};
  readonly #heard: Heard;
  readonly #since = new Map<string, { readonly ms: number; readonly fault: string }>();

  constructor(heard: Heard) {
    this.#heard = heard;
  }

  /** Members from which nothing was heard since a fault hit them. */
  get open(): readonly string[] {
    this.look();
    return [...this.#since.keys()];
  }

  hit(members: readonly string[], fault: string): void {
    this.look();
    for (const member of members) this.#since.set(member, { ms: performance.now(), fault });
  }

  /** Takes note of who was heard meanwhile: of an attempt that began after the fault. */
  look(): void {
    for (const [member, { ms, fault }] of this.#since) {
      const heard = this.#heard.get(member);
      if (!heard || heard.begunMs < ms) continue;
      this.#since.delete(member);
      this.longest[fault] = Math.max(this.longest[fault] ?? 0, heard.endedMs - ms);
    }
  }
}
