import { type Day, f, fen, object, type Rule, readInput, type z } from '@yitong/kit';
import { plainJson } from './contract/amounts.ts';
import { withinRange } from './contract/decide.ts';
import { caseOf, examples, type Told } from './examples.ts';
import { filingKind, level, reasons, scheme, shares, visit } from './fields.ts';
import { adjudicate } from './rules/adjudicate.ts';
import type { Filing } from './rules/types.ts';

const filings = ['none', 'long-term', 'referral', 'temporary'] as const;

/** What somebody says who wants to know what a bill would cost: a few facts, not a case. */
const facts = object({
  pool: f.city.describe('City where the person is insured'),
  scheme: scheme.describe('Insurance'),
  care: f.city.describe('City of the hospital'),
  on: f.day.describe('Day of the visit'),
  amount: f.money.describe('All that the hospital charges'),
  visit: visit.describe('Kind of visit'),
  level: level.describe('Level of the hospital'),
  filing: f.choice(filings).describe('Kind of filing'),
  emergency: f.yesNo.describe('Emergency away from home'),
  status: f.choice(['employed', 'retired', 'resident']).describe('Insurance status'),
  category: f.choice(['extreme-poverty', 'low-income']).nullable().describe('Category of medical aid'),
  admissions: f.count.describe('Stays before in the year'),
});

type Facts = z.output<typeof facts>;

const answer = object({
  policyVersion: f.line(40).describe('Version of the policy that decided'),
  filingKind: filingKind.describe('Title under which it is paid'),
  decidingDate: f.day.describe('Day that decides'),
  nthAdmission: f.count.nullable().describe('Number of the stay in the year'),
  shares: shares.describe('Who bears what'),
  reasons: reasons.describe('Rows of the explanation'),
});

/** A zone smaller than a city, which these facts cannot name. */
const exemptZone = '320509';

/** What a bill would cost by the demonstration's law, and why: the whole adjudication, on a case made of a few facts. 试算 */
export const tryBill: Rule = {
  about: 'What a bill would cost and why, by the demonstration’s law, from a few facts',
  input: facts,
  answer,
  examples: examples
    .filter(
      ({ told }) => told.before?.pool === undefined && told.disease === undefined && told.care !== exemptZone,
    )
    .map(({ name, zh, on, member, told }) => ({
      title: { 'zh-CN': zh, en: name },
      on,
      member,
      input: factsOf(told),
    })),
  decide(input) {
    const told = toldOf(readInput(facts, input));
    return plainJson(withinRange(() => adjudicate(caseOf(told))));
  },
};

function factsOf(told: Told): unknown {
  const resident = told.scheme === '390';
  return {
    pool: cityOf(told.pool),
    scheme: told.scheme ?? '310',
    care: cityOf(told.care),
    on: told.on,
    amount: String(told.fen),
    visit: told.visit ?? 'inpatient',
    level: '3',
    filing: told.filing?.kind ?? 'none',
    emergency: told.emergency ?? false,
    status: resident ? 'resident' : 'employed',
    category: null,
    admissions: told.before?.admissions ?? 0,
  };
}

/** Shanghai is one city; elsewhere the city of a district. */
function cityOf(place: string): string {
  return place.startsWith('31') ? '310000' : `${place.slice(0, 4)}00`;
}

function toldOf({ pool, scheme: of, care, on, amount, filing, admissions, ...rest }: Facts): Told {
  const filed = filing === 'none' ? undefined : filingOn(filing, care, on);
  return {
    ...rest,
    pool,
    scheme: of,
    care,
    on,
    fen: Number(fen(amount)),
    before: { admissions },
    ...(filed === undefined ? {} : { filing: filed }),
  };
}

/** A filing that stands on the day. */
function filingOn(kind: Filing['kind'], care: string, on: Day): Filing {
  return { kind, status: 'active', places: [care.slice(0, 2)], from: on, to: null };
}
