import { type Fen, f, object, type View, z, zero } from '@yitong/kit';
import { billId, billItem, chronicCode, institutionCode, level, visit, wire } from './fields.ts';
import { poolKey } from './law/pools.ts';
import type { Law } from './parameters.ts';
import { account, coverage, filing, yearSums } from './records.ts';
import { emptyYear } from './rules/accumulate.ts';
import { decidingDay, policyYear } from './rules/dates.ts';
import { filingFor } from './rules/filing-kind.ts';
import { versionInForce } from './rules/refusals.ts';
import type { Refusal } from './rules/result.ts';
import type { Claim, Filing, Insured, Policy, YearToDate } from './rules/types.ts';

/** What the place of care asks a price for: the bill, and of its catalogue the entries that the bill names. */
export const requestSchema = object({
  bill: billId,
  attempt: f.count.describe('How often the bill was presented'),
  person: f.citizenId.describe('Citizen number'),
  insuredPlace: f.city.describe('City where the person is insured'),
  placeOfCare: f.place.describe('Division where the hospital lies'),
  hospital: object({ code: institutionCode, level, inNetwork: f.yesNo }),
  visit,
  admission: f.day,
  discharge: f.day,
  emergency: f.yesNo,
  disease: chronicCode.nullable(),
  requested: f.money.describe('Fen asked of the personal account'),
  items: z.array(billItem).max(10_000),
  catalogue: wire.catalogue.describe('Entries of the place of care’s catalogue'),
});
/** A request for a price. */
export type Request = z.infer<typeof requestSchema>;

/** All that the insured place knows of a claim, or why it knows too little. */
export interface Dossier {
  readonly ok: true;
  readonly policy: Policy;
  readonly filing: Filing | null;
  readonly claim: Claim;
  /** Key of the year's sums. */
  readonly key: string;
  readonly accepted: number;
  readonly yearToDate: YearToDate;
  readonly available: Fen;
}

/** Gathers policy, filing, sums and account of the person whom the request is about. */
export function dossier(
  of: Omit<Request, 'attempt' | 'catalogue'>,
  view: View<'person', Law>,
): Dossier | { readonly ok: false; readonly code: Refusal; readonly at?: string } {
  const insured = view.get(coverage);
  if (insured === undefined) return { ok: false, code: 'not-insured', at: '/person' };
  if (insured.city !== of.insuredPlace) return { ok: false, code: 'not-insured', at: '/insuredPlace' };
  const policy = view.law(view.today).policies[poolKey(insured.city, insured.scheme)];
  if (policy === undefined) return { ok: false, code: 'policy-not-in-force' };
  const on = decidingDay(policy, of);
  const year = policyYear(policy.yearStart, on);
  const key = `${policy.id}@${year}`;
  const sums = view.get(yearSums, key);
  const available = view.get(account)?.available ?? zero;
  const version = versionInForce(policy, on);
  return {
    ok: true,
    policy,
    filing: 'ok' in version ? null : chosenFiling(version.filing, of, view),
    claim: claimOf(of, insured, available),
    key,
    accepted: sums?.accepted ?? 0,
    yearToDate: sums?.sums ?? emptyYear(year),
    available,
  };
}

/** A claim as the rules see it: the bill, and the person as the insured place knows them. */
export function claimOf(of: Omit<Request, 'attempt' | 'catalogue'>, person: Insured, available: Fen): Claim {
  const { status, birthDate, category, civilServant, coverage: covered, chronic } = person;
  return {
    id: of.bill,
    visit: of.visit,
    placeOfCare: of.placeOfCare,
    hospital: of.hospital,
    admission: of.admission,
    discharge: of.discharge,
    emergency: of.emergency,
    disease: of.disease,
    person: { status, birthDate, category, civilServant, coverage: covered, chronic },
    items: of.items,
    account: { requested: of.requested, available },
  };
}

function chosenFiling(
  terms: Parameters<typeof filingFor>[0],
  of: Pick<Request, 'placeOfCare' | 'admission' | 'discharge'>,
  view: View<'person', Law>,
): Filing | null {
  const declared = [...view.all(filing)].sort((a, b) => (a.declared < b.declared ? -1 : 1));
  const filings = declared.map(({ kind, status, prefixes, from, to }) => ({
    kind,
    status,
    places: prefixes,
    from,
    to,
  }));
  return filingFor(terms, filings, of);
}

/** A pointer of the rules as one into the bill; of what lies outside it, none. */
export function pointerInBill(at: string): { at?: string } {
  if (at.startsWith('/claim/person')) return { at: '/person' };
  return at.startsWith('/claim/') ? { at: at.slice('/claim'.length) } : {};
}
