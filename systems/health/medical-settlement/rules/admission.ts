import type { Day } from '@yitong/kit';
import { age, decidingDay, policyYear } from './dates.ts';
import { titleOf } from './filing-kind.ts';
import { entriesOf } from './items.ts';
import { type Circumstances, firstMatch } from './matching.ts';
import { entitlement, faultOfBill, refused, versionInForce } from './refusals.ts';
import type { Case, Refused } from './result.ts';
import type { CatalogueItem, FilingKind, PolicyVersion, VisitRules } from './types.ts';

/** What a person is entitled to at a place of care, whatever the bill. */
export interface Entitled {
  readonly ok: true;
  readonly version: PolicyVersion;
  readonly rules: VisitRules;
  readonly on: Day;
  readonly year: Day;
  readonly title: FilingKind;
}

/** A claim that will be paid, with the parameters that decide on it. */
export interface Admitted extends Entitled {
  readonly who: Circumstances;
  /** For each line its catalogue entry. */
  readonly entries: readonly (CatalogueItem | undefined)[];
  /** Place of the deductible's rule. */
  readonly step: number;
  /** For each band the place of its rate. */
  readonly rates: readonly number[];
}

/** Rows 6 to 14: version, policy year, coverage, hospital, visit, disease and title of payment. 待遇享受检查 */
export function entitle(of: Omit<Case, 'catalogue'>): Entitled | Refused {
  const { policy, claim } = of;
  const on = decidingDay(policy, claim);
  const version = versionInForce(policy, on);
  if ('ok' in version) return version;
  const year = policyYear(policy.yearStart, on);
  if (of.yearToDate.year !== year) return refused('year-mismatch', '/yearToDate/year');
  const rules = entitlement(version, claim, on);
  if ('ok' in rules) return rules;
  const title = titleOf(version.filing, of.filing, claim);
  return typeof title === 'string' ? { ok: true, version, rules, on, year, title } : title;
}

/** Holds a claim against every ground of refusal, in order of precedence. 受理审核 */
export function admit(of: Case): Admitted | Refused {
  const { claim, catalogue } = of;
  const fault = faultOfBill(claim);
  if (fault !== undefined) return fault;
  const entitled = entitle(of);
  if (!entitled.ok) return entitled;
  if (catalogue.place !== claim.placeOfCare) return refused('catalogue-wrong-place', '/catalogue/place');
  const entries = entriesOf(catalogue, claim);
  if ('ok' in entries) return entries;
  const who = circumstances(of, entitled.on);
  const parameters = ratesOf(entitled.rules, who);
  return 'ok' in parameters ? parameters : { ...entitled, who, entries, ...parameters };
}

function circumstances({ claim }: Pick<Case, 'claim'>, on: Day): Circumstances {
  const { status, category, birthDate } = claim.person;
  return { level: claim.hospital.level, status, category, age: age(birthDate, on) };
}

/** A gap in the law's parameters must never become a silent zero: every band is checked, also those the claim does not reach. */
function ratesOf(rules: VisitRules, who: Circumstances): Pick<Admitted, 'step' | 'rates'> | Refused {
  const step = firstMatch(rules.deductible.amounts, who);
  if (step < 0) return refused('no-deductible-rule', '/policy');
  const rates = rules.bands.map((band) => firstMatch(band.rates, who));
  return rates.includes(-1) ? refused('no-rate-rule', '/policy') : { step, rates };
}
