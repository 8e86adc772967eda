import { type Day, type Fen, negate } from '@yitong/kit';
import { emptyYear, takenBack } from './accumulate.ts';
import { adjudicate } from './adjudicate.ts';
import { decidingDay, policyYear } from './dates.ts';
import { refused } from './refusals.ts';
import type { Adjudicated, Refused, Result, Shares } from './result.ts';
import type { Catalogue, Claim, Filing, Policy, YearToDate } from './types.ts';

/** A settlement of one person as the rules of reversal see it, in order of acceptance. */
export interface Settled {
  readonly claim: string;
  readonly year: Day;
  readonly reversed: boolean;
}

/** Why a settlement is not taken back, in order of precedence. */
export type ReversalRefusal = 'settlement-unknown' | 'already-reversed' | 'later-settlement-exists';

/** Answers of a sequence. */
export type SequenceResult =
  | Result
  | Refused<'already-settled' | ReversalRefusal>
  | { readonly ok: true; readonly shares: Shares; readonly yearToDate: YearToDate };

/** Whether a settlement may be taken back (结算撤销), given the person's settlements in order of acceptance. */
export function reversalRefusal(
  order: Policy['reversalOrder'],
  settlements: readonly Settled[],
  claim: string,
): ReversalRefusal | undefined {
  const at = settlements.findIndex((one) => one.claim === claim);
  const found = settlements[at];
  if (found === undefined) return 'settlement-unknown';
  if (found.reversed) return 'already-reversed';
  if (order === 'any') return undefined;
  const later = settlements.slice(at + 1).some((one) => !one.reversed && one.year === found.year);
  return later ? 'later-settlement-exists' : undefined;
}

/** The shares with every sign turned. */
function negated(shares: Shares): Shares {
  const turned = Object.entries(shares).map(([share, amount]: [string, Fen]) => [share, negate(amount)]);
  return Object.fromEntries(turned) as Shares;
}

/** One person's year after year, in memory: settles and reverses as the insured place does. Begins with no sums in any year. */
export class SettlementBook {
  readonly #policy: Policy;
  readonly #years = new Map<Day, YearToDate>();
  readonly #settled = new Map<string, Adjudicated & { reversed: boolean }>();

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** The sums of the policy year that begins on the day. */
  yearToDate(year: Day): YearToDate {
    return this.#years.get(year) ?? emptyYear(year);
  }

  /** Adjudicates with the sums of the claim's policy year and keeps them; a refusal changes nothing. */
  settle(of: { catalogue: Catalogue; filing: Filing | null; claim: Claim }): SequenceResult {
    if (this.#settled.has(of.claim.id)) return refused('already-settled', '/claim/id');
    const year = policyYear(this.#policy.yearStart, decidingDay(this.#policy, of.claim));
    const answer = adjudicate({ policy: this.#policy, yearToDate: this.yearToDate(year), ...of });
    if (answer.ok) {
      this.#years.set(year, answer.yearToDate);
      this.#settled.set(of.claim.id, { ...answer, reversed: false });
    }
    return answer;
  }

  /** Takes a settlement back: its part leaves the year's sums, and later settlements stand as they are. */
  reverse(claimId: string): SequenceResult {
    const settlements = [...this.#settled].map(([claim, { year, reversed }]) => ({ claim, year, reversed }));
    const no = reversalRefusal(this.#policy.reversalOrder, settlements, claimId);
    const found = this.#settled.get(claimId);
    if (no !== undefined || found === undefined) return refused(no ?? 'settlement-unknown', '/claimId');
    found.reversed = true;
    const yearToDate = takenBack(this.yearToDate(found.year), found.delta);
    this.#years.set(found.year, yearToDate);
    return { ok: true, shares: negated(found.shares), yearToDate };
  }
}
