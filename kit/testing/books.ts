import { type Account, available, type Balance, type Effect, type Entry, fen, limitCode } from '../index.ts';

interface Booked {
  readonly entry: Entry;
  reversed: boolean;
}

/** One member's books in memory: holds, transfers and reversals under the kernel's rules. */
export class MemoryBooks {
  readonly #balances = new Map<
    string,
    { debit: bigint; credit: bigint; heldDebit: bigint; heldCredit: bigint }
  >();
  readonly #holds = new Map<string, { entries: readonly Entry[]; open: boolean }>();
  readonly #booked = new Map<string, Booked>();

  /** The balance of an account. */
  balance(account: Account): Balance {
    const { debit, credit, heldDebit, heldCredit } = this.#of(account);
    return { debit: fen(debit), credit: fen(credit), heldDebit: fen(heldDebit), heldCredit: fen(heldCredit) };
  }

  /** Books a ledger effect of a handler about `subject`; throws where the kernel would hold or refuse the message. */
  apply(
    subject: string,
    effect: Extract<Effect, { effect: 'transfer' | 'hold' | 'post' | 'release' }>,
  ): void {
    if (effect.effect === 'transfer') return this.#transfer(subject, effect);
    const name = `${subject} ${effect.name}`;
    const known = this.#holds.get(name);
    if (effect.effect === 'hold') {
      if (known !== undefined) throw new Error(`a hold named ${effect.name} was made before`);
      this.#holds.set(name, { entries: effect.entries, open: true });
      for (const entry of effect.entries) this.#reserve(entry, 1n);
      return;
    }
    if (known?.open !== true) throw new Error(`no open hold is named ${effect.name}`);
    known.open = false;
    for (const [i, entry] of known.entries.entries()) {
      this.#reserve(entry, -1n);
      if (effect.effect === 'post') this.#book(`${name} ${i}`, entry);
    }
  }

  #transfer(subject: string, effect: Extract<Effect, { effect: 'transfer' }>): void {
    for (const [i, entry] of effect.entries.entries()) {
      if (entry.amount <= 0n) throw new Error('an entry needs an amount above zero');
      if (entry.debit.mirror !== undefined && effect.name === undefined)
        throw new Error('a mirrored entry needs a name');
      if (effect.reverses !== undefined) this.#reverse(`${subject} ${effect.reverses} ${i}`, entry);
      this.#book(`${subject} ${effect.name ?? `${this.#booked.size}`} ${i}`, entry);
    }
  }

  #reverse(name: string, entry: Entry): void {
    const before = this.#booked.get(name);
    if (before === undefined || before.reversed) throw new Error(`nothing to reverse is named ${name}`);
    const { debit, credit, amount } = before.entry;
    if (debit.id !== entry.credit.id || credit.id !== entry.debit.id || amount !== entry.amount)
      throw new Error('a reversal takes the same entry the other way round');
    before.reversed = true;
  }

  #book(name: string, entry: Entry): void {
    if (this.#booked.has(name)) throw new Error(`a transfer named ${name} was booked before`);
    this.#booked.set(name, { entry, reversed: false });
    this.#of(entry.debit).debit += entry.amount;
    this.#of(entry.credit).credit += entry.amount;
    checkLimits(entry, (account) => this.#of(account));
  }

  #reserve({ debit, credit, amount }: Entry, sign: bigint): void {
    this.#of(debit).heldDebit += sign * amount;
    this.#of(credit).heldCredit += sign * amount;
    checkLimits({ debit, credit }, (account) => this.#of(account));
  }

  #of(account: Account) {
    const known = this.#balances.get(account.id) ?? { debit: 0n, credit: 0n, heldDebit: 0n, heldCredit: 0n };
    this.#balances.set(account.id, known);
    return known;
  }
}

function checkLimits(
  { debit, credit }: Pick<Entry, 'debit' | 'credit'>,
  of: (account: Account) => Record<keyof Balance, bigint>,
): void {
  for (const account of [debit, credit])
    if (account.about !== undefined && available(account, of(account)) < 0n)
      throw new Error(`${limitCode}: ${account.id}`);
}
