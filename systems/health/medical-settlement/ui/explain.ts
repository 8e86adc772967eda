import type { Fields, Settlement, Shares } from './records.ts';

/** A version of an insured place's policy, as far as its numbers are shown. */
export type Version = Fields;

/** One line of a step's small table: what, how it was reckoned, how many fen. */
export interface Line {
  /** A text of the system, or the code of an item. */
  readonly what: string;
  readonly item?: string;
  /** Basis points of the rate that applied to `of`. */
  readonly rate?: number;
  readonly of?: bigint;
  readonly amount: bigint;
}

/** One step of the explanation: its sum, the lines that make it, and the parameters that say so. */
export interface Step {
  readonly name:
    | 'first'
    | 'filing'
    | 'deductible'
    | 'pool'
    | 'supplementary'
    | 'majorIllness'
    | 'civilServant'
    | 'medicalAid'
    | 'you';
  readonly amount: bigint;
  readonly lines: readonly Line[];
  readonly parameters: readonly string[];
}

/** A row of the settlement's own explanation. */
export interface Reason {
  readonly code: string;
  readonly param: string;
  readonly amount: string;
}

const itemCodes = new Set([
  'class-c',
  'item-not-in-catalogue',
  'restriction-not-met',
  'not-for-visit-type',
  'over-price-cap',
  'class-b-upfront',
]);

/** The steps in which a bill was decided, in the order of payment; a layer that pays nothing and has no reason is left out, but for the pool. */
export function stepsOf(
  settlement: Settlement,
  reasons: readonly Reason[],
  version: Version | undefined,
): readonly Step[] {
  const { shares } = settlement;
  const n = (name: keyof Shares): bigint => BigInt(shares[name]);
  const by = (...codes: readonly string[]) => reasons.filter(({ code }) => codes.includes(code));
  const step = (name: Step['name'], amount: bigint, of: readonly Reason[], lines = linesOf(of)): Step => ({
    name,
    amount,
    lines,
    parameters: [...new Set(of.map(({ param }) => param))],
  });
  const items = reasons.filter(({ code }) => itemCodes.has(code));
  const filings = reasons.filter(({ code }) => code.startsWith('filing-'));
  const bands = by('pool-band', 'pool-cap', 'group-limit');
  const steps = [
    step('first', n('outOfScope') + n('overPriceCap') + n('upfront'), items),
    step('filing', n('filingUpfront'), filings, []),
    step('deductible', n('deductible'), by('deductible'), []),
    step('pool', n('pool'), bands, bandLines(bands, settlement, version)),
    step('supplementary', n('supplementary'), by('supplementary'), []),
    step('majorIllness', n('majorIllness'), by('major-illness', 'major-illness-limit'), []),
    step('civilServant', n('civilServant'), by('civil-servant'), []),
    step('medicalAid', n('medicalAid'), by('medical-aid'), []),
    step('you', n('personalAccount') + n('cash'), by('personal-account'), youLines(shares)),
  ] as const;
  return steps.filter(
    ({ name, amount, parameters }) =>
      amount > 0n || name === 'pool' || (parameters.length > 0 && name !== 'filing'),
  );
}

function linesOf(reasons: readonly Reason[]): readonly Line[] {
  return reasons.map(({ code, param, amount }) => ({
    what: `reasons.${code}`,
    item: param.split('#')[1]?.split('@')[0] ?? '',
    amount: BigInt(amount),
  }));
}

function youLines(shares: Shares): readonly Line[] {
  return (['personalAccount', 'cash'] as const)
    .map((name) => ({ what: `shares.${name}`, amount: BigInt(shares[name]) }))
    .filter(({ amount }) => amount > 0n);
}

/** Each stretch of the bands, with the rate that held after the way of filing lowered it; a rate that cannot be read here is left out. */
function bandLines(
  reasons: readonly Reason[],
  { filingKind }: Settlement,
  version: Version | undefined,
): readonly Line[] {
  return reasons.map(({ code, param, amount }) => {
    const of = BigInt(amount);
    const found = version && partAt(version, param.split('#')[1] ?? '');
    const bp = Number(Object(found)['bp']);
    if (code !== 'pool-band' || !Number.isFinite(bp)) return { what: `reasons.${code}`, amount: of };
    const terms = Object(partAt(version, `filing.kinds.${filingKind}`));
    const rate = lowered(bp, terms['mode'], Number(terms['bp'] ?? 0));
    return {
      what: `reasons.${code}`,
      rate,
      of,
      amount: (of * BigInt(Math.round(rate * 100)) + 500_000n) / 1_000_000n,
    };
  });
}

/** A rate in basis points after the way of filing lowered it: by points, or by a factor. */
function lowered(bp: number, mode: unknown, by: number): number {
  if (mode === 'points') return Math.max(0, bp - by);
  return mode === 'factor' ? (bp * by) / 10_000 : bp;
}

/** The part of a value that a path such as `visits.inpatient.bands[0].rates[1]` names. */
export function partAt(value: unknown, path: string): unknown {
  let part = value;
  for (const key of path.split(/[.[\]]+/).filter((step) => step !== '')) {
    if (typeof part !== 'object' || part === null) return undefined;
    part = Reflect.get(part, key);
  }
  return part;
}
