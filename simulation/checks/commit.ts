import type { Commit } from '@yitong/kernel';
import type { Tables } from '../disk.ts';
import type { Finding } from '../finding.ts';

interface Sums {
  debit: bigint;
  credit: bigint;
  heldDebit: bigint;
  heldCredit: bigint;
}

/** What one partition's commits added up to so far, reckoned beside the kernel. */
class Shadow {
  seq = 0;
  link = '0'.repeat(64);
  now = 0;
  epoch = 0;
  readonly sums = new Map<string, Sums>();
  readonly holds = new Map<string, string>();

  of(account: string): Sums {
    const found = this.sums.get(account) ?? { debit: 0n, credit: 0n, heldDebit: 0n, heldCredit: 0n };
    this.sums.set(account, found);
    return found;
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What of the machine that writes a check has to know. */
export interface Machine {
  /** Whether the node that writes now fires timers: while its clock is in doubt none do (K15). */
  readonly timersRun: () => boolean;
  /** The latest time that its own clock has shown, ms since 1970. */
  readonly newest: () => number;
}

/** What must hold after every commit and is cheap to see (kernel rules 12.1, 12.3, 12.4, 12.9). */
export class CommitCheck {
  readonly #member: string;
  readonly #report: (finding: Finding) => void;
  readonly #timersRun: () => boolean;
  readonly #newest: () => number;
  readonly #shadows = new Map<number, Shadow>();

  constructor(member: string, report: (finding: Finding) => void, machine: Machine) {
    this.#member = member;
    this.#report = report;
    this.#timersRun = machine.timersRun;
    this.#newest = machine.newest;
  }

  /** Called with each commit right after it was written, late ones too. */
  written(commit: Commit, tables: Tables): void {
    const shadow = this.#shadows.get(commit.partition) ?? new Shadow();
    this.#shadows.set(commit.partition, shadow);
    const wrong = (rule: string, detail: string): void =>
      this.#report({ rule, at: `${this.#member} ${commit.partition}.${commit.journal.seq}`, detail });
    chain(commit, shadow, wrong);
    if (commit.journal.now > this.#newest())
      wrong(
        'K15',
        `now is ${commit.journal.now - this.#newest()} ms ahead of all that its own clock has shown`,
      );
    postings(commit, shadow, wrong);
    holds(commit, shadow, wrong);
    balances(commit, shadow, wrong);
    const [late] = lateTimers(commit, tables);
    if (late && this.#timersRun())
      wrong('12.9', `a timer ${late.type} was due before its subject's message and has not fired`);
  }
}

type Wrong = (rule: string, detail: string) => void;

function chain({ journal }: Commit, shadow: Shadow, wrong: Wrong): void {
  if (journal.seq !== shadow.seq + 1) wrong('12.1', `follows ${shadow.seq}`);
  if (hex(journal.prev) !== shadow.link) wrong('12.1', 'its prev is not the link of the batch before');
  if (journal.now < shadow.now) wrong('12.1', 'now falls');
  if (journal.epoch < shadow.epoch) wrong('12.1', 'the epoch falls');
  shadow.seq = journal.seq;
  shadow.link = hex(journal.link);
  shadow.now = journal.now;
  shadow.epoch = journal.epoch;
}

function postings({ postings: rows }: Commit, shadow: Shadow, wrong: Wrong): void {
  const transfers = new Map<string, { fen: bigint; legs: number }>();
  for (const { transfer, account, fen } of rows) {
    const sum = transfers.get(transfer) ?? { fen: 0n, legs: 0 };
    transfers.set(transfer, { fen: sum.fen + fen, legs: sum.legs + 1 });
    const sums = shadow.of(account);
    if (fen > 0n) sums.debit += fen;
    else sums.credit -= fen;
  }
  for (const [transfer, { fen, legs }] of transfers)
    if (fen !== 0n || legs !== 2) wrong('12.3', `transfer ${transfer}: ${legs} legs, sum ${fen}`);
}

function holds({ holds: rows }: Commit, shadow: Shadow, wrong: Wrong): void {
  for (const { transfer, state, debit, credit, fen } of rows) {
    const before = shadow.holds.get(transfer);
    if (before !== undefined && before !== 'open') wrong('12.4', `hold ${transfer} leaves open twice`);
    if (before === undefined) reserve(shadow, debit, credit, fen);
    if (state !== 'open') reserve(shadow, debit, credit, -fen);
    shadow.holds.set(transfer, state);
  }
}

function reserve(shadow: Shadow, debit: string, credit: string, fen: bigint): void {
  shadow.of(debit).heldDebit += fen;
  shadow.of(credit).heldCredit += fen;
}

function balances({ balances: rows }: Commit, shadow: Shadow, wrong: Wrong): void {
  const told = new Map(rows.map((row) => [row.account, row]));
  for (const [account, row] of told) {
    const { debit, credit, heldDebit, heldCredit } = shadow.of(account);
    const isRight =
      row.debit === debit &&
      row.credit === credit &&
      row.heldDebit === heldDebit &&
      row.heldCredit === heldCredit;
    if (!isRight) wrong('12.4', `balance of ${account} is not what its postings and open holds sum to`);
  }
}

/** Timers that were due before a message of their subject; what the batch itself armed for the past fires in the next. */
function lateTimers({ journal, records, timers: { put } }: Commit, tables: Tables) {
  const subjects = new Set(records.filter((row) => row.owner === '').map((row) => row.subject));
  const armed = new Set(put.map((row) => `${row.subject} ${row.name}`));
  return [...tables.timers.values()].filter(
    ({ due, subject, name }) =>
      due <= journal.now && subjects.has(subject) && !armed.has(`${subject} ${name}`),
  );
}
