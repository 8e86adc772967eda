import type { Commit } from '@yitong/kernel';
import type { Line } from './line.ts';

/** The tables of months, made before the first commit that needs them and never inside one. */
export class Months {
  readonly #line: Line;
  readonly #known = new Set<string>();
  #making: Promise<void> = Promise.resolve();

  constructor(line: Line) {
    this.#line = line;
  }

  /** What a commit needs and may lack. Throws for a month that is none. */
  missing(commit: Commit): readonly string[] {
    if (this.#has(commit)) return [];
    const months = [...new Set([...commit.bodies, ...commit.seen].map((row) => row.month))];
    for (const month of months) checkMonth(month);
    return months.filter((month) => !this.#known.has(month));
  }

  #has(commit: Commit): boolean {
    const known = (row: { month: string }) => this.#known.has(row.month);
    return commit.bodies.every(known) && commit.seen.every(known);
  }

  /** Makes the tables of these months, `YYYY-MM`, one after another. */
  async make(months: readonly string[]): Promise<void> {
    const wanted = [...new Set(months)].filter((month) => !this.#known.has(month)).sort();
    const making = this.#making.then(async () => {
      for (const month of wanted) if (!this.#known.has(month)) await this.#makeOne(month);
    });
    this.#making = making.catch(() => undefined);
    await making;
  }

  /** A function of the tables' owner makes them: the node's role may not. */
  async #makeOne(month: string): Promise<void> {
    checkMonth(month);
    await this.#line.ask({ text: 'select yitong_month($1::text)', values: [month] });
    this.#known.add(month);
  }
}

function checkMonth(month: string): void {
  if (!/^[0-9]{4}-(0[1-9]|1[0-2])$/.test(month)) throw new Error(`'${month}' is no month`);
}
