import { isObject } from '../json/difference.ts';
import type { Row, RowState } from './rows.ts';

/** What became of all rows so far. */
export class Summary {
  readonly states: Record<RowState, number> = { done: 0, open: 0, held: 0, refused: 0, bad: 0, nothing: 0 };
  /** How often each reason was given: refusals by code, bad lines by field and reason. */
  readonly reasons = new Map<string, number>();
  /** Sums of the amounts (fen) in what the system told, by field. */
  readonly sums = new Map<string, bigint>();
  readonly #money: ReadonlySet<string>;
  lines = 0;
  #last = 0;

  /** `money`: names of fields that hold amounts. */
  constructor(money: ReadonlySet<string>) {
    this.#money = money;
  }

  add(row: Row): void {
    if (row.line !== this.#last) this.lines += 1;
    this.#last = row.line;
    this.states[row.state] += 1;
    const reason = reasonOf(row);
    if (reason !== undefined) this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    if (row.state === 'done') this.#count(row.result, '');
  }

  /** Whether each line came to a good end. */
  get clean(): boolean {
    return this.states.refused === 0 && this.states.bad === 0;
  }

  get unsettled(): number {
    return this.states.open + this.states.held;
  }

  #count(value: unknown, name: string): void {
    if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) this.#count(inner, key);
      return;
    }
    if (!this.#money.has(name)) return;
    const isAmount = typeof value === 'string' ? /^-?\d{1,19}$/.test(value) : Number.isSafeInteger(value);
    if (isAmount) this.sums.set(name, (this.sums.get(name) ?? 0n) + BigInt(String(value)));
  }
}

function reasonOf({ state, refusal, field, reason }: Row): string | undefined {
  if (state === 'refused') return `refused: ${refusal?.code ?? 'unknown'}`;
  if (state !== 'bad') return undefined;
  return `bad: ${field === undefined || field === '' ? '' : `${field.replaceAll(/\/\d+/g, '/*')}: `}${reason ?? ''}`;
}
