const hourMs = 3_600_000;
const hoursKept = 24;

/** How many questions a member, and one asker of it, may put within 24 hours. */
export interface QuestionLimits {
  readonly ofMember: number;
  readonly ofAsker: number;
}

/** What asking once more comes to. `whose`: budget that is used up. `unusual`: within an hour the asker used a quarter of its day. */
export type Taken =
  | { readonly granted: true; readonly unusual: boolean }
  | { readonly granted: false; readonly whose: 'member' | 'asker'; readonly againMs: number };

/**
 * Against asking about one person after another (threat 12): each member, and each asker whom it names, has a budget for any 24 hours,
 * counted by the hour. Names of askers are the member's own word, so the member's budget is the one that holds against it. 查询配额
 */
export class QuestionBudget {
  readonly #limits: QuestionLimits;
  /** By member, and by member and asker: questions of each hour. */
  readonly #hours = new Map<string, Map<number, number>>();
  #sweptAt = 0;

  constructor(limits: QuestionLimits) {
    this.#limits = limits;
  }

  /** Counts a question, unless a budget is used up. `nowMs`: of a clock that never jumps. */
  take(member: string, asker: string, nowMs: number): Taken {
    const hour = Math.floor(nowMs / hourMs);
    this.#sweep(hour);
    const [all, one] = [this.#of(member), this.#of(`${member} ${asker}`)];
    const used = [
      ['member', all, this.#limits.ofMember],
      ['asker', one, this.#limits.ofAsker],
    ] as const;
    for (const [whose, hours, most] of used)
      if (sum(hours) >= most) {
        const first = Math.min(...hours.keys());
        return { granted: false, whose, againMs: (first + hoursKept) * hourMs - nowMs };
      }
    for (const hours of [all, one]) hours.set(hour, (hours.get(hour) ?? 0) + 1);
    return { granted: true, unusual: (one.get(hour) ?? 0) > this.#limits.ofAsker / 4 };
  }

  #of(name: string): Map<number, number> {
    const hours = this.#hours.get(name) ?? new Map<number, number>();
    this.#hours.set(name, hours);
    return hours;
  }

  #sweep(hour: number): void {
    if (hour === this.#sweptAt) return;
    this.#sweptAt = hour;
    for (const [name, hours] of this.#hours) {
      for (const at of hours.keys()) if (at <= hour - hoursKept) hours.delete(at);
      if (hours.size === 0) this.#hours.delete(name);
    }
  }
}

function sum(hours: ReadonlyMap<number, number>): number {
  let all = 0;
  for (const count of hours.values()) all += count;
  return all;
}
