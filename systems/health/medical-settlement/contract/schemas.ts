import { type Fen, f, object, z } from '@yitong/kit';
import {
  type AidRule,
  type Band,
  type BurdenBand,
  type BurdenSet,
  type Catalogue,
  type CatalogueItem,
  type Claim,
  type ClaimItem,
  type DeductibleStep,
  type Filing,
  type FilingTerms,
  filingKinds,
  type GroupLimit,
  type Insured,
  type Policy,
  type PolicyVersion,
  type Rate,
  reductionModes,
  type VisitRules,
  visitKinds,
  type YearToDate,
} from '../rules/types.ts';

/** How amounts are written: `money` zero or more, `item` of a bill's line, `fine` in ten-thousandths. */
export interface Amounts {
  readonly money: z.ZodType<Fen>;
  readonly item: z.ZodType<Fen>;
  readonly fine: z.ZodType<bigint>;
}

/** An identifier of the contract: a policy, catalogue, bill, group, level or status. */
const id = f.line(128);
const prefix = f.code(/^[0-9]{1,12}$/, 12);
/** Groups of visits are keys of plain objects, so the names that every object has are none. */
const group = f.line(40).refine((name) => !(name in {}), 'not a name for a group of visits');
const visits = z.array(z.enum(visitKinds)).describe('Kinds of visit');
/** `MM-DD`, first day of a policy year. */
const yearStart = f
  .code(
    /^(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))$/,
    5,
  )
  .describe('First day of the policy year, MM-DD');
const interval = {
  from: f.day.describe('First day'),
  to: f.day.nullable().describe('Last day, null when open'),
};
const conditions = {
  levels: z.array(id).exactOptional().describe('Levels of the hospital to which the rule applies'),
  statuses: z.array(id).exactOptional().describe('Insurance statuses of the person'),
  categories: z.array(id).exactOptional().describe('Aid categories of the person'),
  ageFrom: f.count.exactOptional().describe('Lowest age in completed years'),
  ageTo: f.count.exactOptional().describe('Highest age in completed years'),
};

/** Schemas of filings, which hold no amount. 异地就医备案 */
export const filingSchema: z.ZodType<Filing> = object({
  kind: z.enum(['long-term', 'referral', 'temporary']).describe('Kind of filing'),
  status: z.enum(['active', 'revoked']).describe('Whether it still stands'),
  places: z.array(prefix).describe('Prefixes of the place codes it covers'),
  ...interval,
}).describe('Declaration of care elsewhere');

/** What the insured place knows of the person. */
const insuredSchema: z.ZodType<Insured> = object({
  status: id.describe('Insurance status: employed, retired, resident or another'),
  birthDate: f.day.describe('Day of birth'),
  category: id.nullable().describe('Aid category: extreme-poverty, low-income or another'),
  civilServant: f.yesNo.describe('Entitled to the civil servants’ top-up'),
  coverage: object(interval).describe('Days on which the person is insured'),
  chronic: z
    .array(object({ code: id.describe('Code of the disease'), ...interval }))
    .describe('Certified chronic diseases'),
}).describe('What the insured place knows of the person');

/** The contract's schemas over one way of writing amounts; the memory form is the same whatever the way. */
export function contractSchemas(amounts: Amounts) {
  return {
    policy: policySchema(amounts),
    version: versionSchema(amounts),
    catalogue: catalogueSchema(amounts),
    catalogueItem: catalogueItemSchema(amounts),
    claim: claimSchema(amounts),
    claimItem: claimItemSchema(amounts),
    yearToDate: yearToDateSchema(amounts),
  };
}

function policySchema(amounts: Amounts): z.ZodType<Policy> {
  return object({
    id: id.describe('Id of the policy'),
    jurisdiction: f.line(12).describe('Code of the insured place (GB/T 2260)'),
    dateRule: z.enum(['discharge', 'admission']).describe('Which day decides'),
    yearStart,
    reversalOrder: z.enum(['any', 'latest-first']).describe('Order in which settlements may be taken back'),
    versions: z.array(versionSchema(amounts)),
  });
}

function versionSchema({ money }: Amounts): z.ZodType<PolicyVersion> {
  const limit = money.nullable().describe('Yearly limit in fen, null for none');
  return object({
    id: id.describe('Id of the version'),
    ...interval,
    filing: filingTermsSchema(),
    visits: visitsSchema(money),
    poolCap: limit.describe('Yearly cap of the pool in fen (统筹基金年度最高支付限额)'),
    supplementary: object({ bp: f.basisPoints, limit, reduced: f.yesNo }).nullable(),
    burdenIncludes: object({ upfront: f.yesNo, filingUpfront: f.yesNo }),
    majorIllness: object({ visits, limit, sets: z.array(burdenSetSchema(money)) }).nullable(),
    civilServant: object({ visits, bp: f.basisPoints, limit }).nullable(),
    medicalAid: object({ visits, rules: z.array(aidRuleSchema(money)) }).nullable(),
    personalAccount: object({ statuses: z.array(id), covers: z.enum(['in-scope', 'all']) }).nullable(),
  });
}

function filingTermsSchema(): z.ZodType<FilingTerms> {
  const terms = object({ allowed: f.yesNo, mode: z.enum(reductionModes), bp: f.basisPoints });
  return object({
    localPlaces: z.array(prefix),
    exemptPlaces: z.array(prefix),
    precedence: z.array(z.enum(filingKinds)),
    kinds: z.record(z.enum(filingKinds), terms),
  });
}

function visitsSchema(money: z.ZodType<Fen>): z.ZodType<PolicyVersion['visits']> {
  const rules = visitRulesSchema(money).exactOptional();
  return object({ inpatient: rules, outpatient: rules, chronic: rules });
}

function visitRulesSchema(money: z.ZodType<Fen>): z.ZodType<VisitRules> {
  const step: z.ZodType<DeductibleStep> = object({ ...conditions, nth: z.array(money).min(1) });
  const rate: z.ZodType<Rate> = object({ ...conditions, bp: f.basisPoints });
  const band: z.ZodType<Band> = object({ upTo: money.nullable(), rates: z.array(rate) });
  const limit: z.ZodType<GroupLimit> = object({ ...conditions, amount: money });
  return object({
    group,
    countsTowardCap: f.yesNo,
    reductionApplies: f.yesNo,
    deductible: object({
      basis: z.enum(['annual', 'claim']),
      annualMax: money.nullable(),
      amounts: z.array(step),
    }),
    bandBasis: z.enum(['claim', 'year']),
    bands: z.array(band).refine(isAscending, ascending),
    limits: z.array(limit),
    diseases: z.array(id).exactOptional(),
  });
}

function burdenSetSchema(money: z.ZodType<Fen>): z.ZodType<BurdenSet> {
  const band: z.ZodType<BurdenBand> = object({ upTo: money.nullable(), bp: f.basisPoints });
  return object({ ...conditions, bands: z.array(band).refine(isAscending, ascending) });
}

function aidRuleSchema(money: z.ZodType<Fen>): z.ZodType<AidRule> {
  return object({ ...conditions, deductible: money, bp: f.basisPoints, limit: money.nullable() });
}

function catalogueSchema(amounts: Amounts): z.ZodType<Catalogue> {
  return object({
    id: id.describe('Id of the catalogue'),
    place: f.line(12).describe('Place code of the place of care'),
    items: z.array(catalogueItemSchema(amounts)),
  });
}

function catalogueItemSchema({ money }: Amounts): z.ZodType<CatalogueItem> {
  return object({
    code: id.describe('National code of the item'),
    name: f.line(500).describe('Name of the item'),
    class: z.enum(['A', 'B', 'C']).describe('Class 甲, 乙 or 丙'),
    upfrontBp: f.basisPoints.describe('Share that the person bears first, class B'),
    priceCap: money.nullable().describe('Highest price of a unit in fen'),
    ...interval,
    restricted: f.yesNo.describe('Paid only within a restriction (限定支付范围)'),
    onlyVisits: visits.nullable().describe('Kinds of visit for which it is paid, null for all'),
  });
}

function claimItemSchema({ item, fine }: Amounts): z.ZodType<ClaimItem> {
  return object({
    code: id.describe('National code of the item'),
    date: f.day.describe('Day on which it was given'),
    unitPrice: fine.describe('Unit price in 1/10,000 fen'),
    quantity: fine.describe('Quantity in 1/10,000 of a unit'),
    amount: item.describe('Amount in fen'),
    restrictionMet: f.yesNo.describe('Whether the restriction of the item is met'),
  });
}

function claimSchema(amounts: Amounts): z.ZodType<Claim> {
  return object({
    id: id.describe('Id of the bill'),
    visit: z.enum(visitKinds).describe('Kind of visit'),
    placeOfCare: f.line(12).describe('Place code of the place of care'),
    hospital: object({ code: id, level: f.line(10), inNetwork: f.yesNo }),
    admission: f.day.describe('Day of admission or of the visit'),
    discharge: f.day.describe('Day of discharge or of the visit'),
    emergency: f.yesNo.describe('Emergency care (异地急诊抢救)'),
    disease: id.nullable().describe('Code of the chronic disease'),
    person: insuredSchema,
    items: z.array(claimItemSchema(amounts)),
    account: object({ requested: amounts.money, available: amounts.money }),
  });
}

function yearToDateSchema({ money }: Amounts): z.ZodType<YearToDate> {
  const groups = z.record(group, money);
  return object({
    year: f.day.describe('First day of the policy year'),
    admissions: f.count.describe('Settled admissions'),
    pool: money.describe('Paid by the pool, towards the cap'),
    supplementary: money.describe('Paid above the cap'),
    burden: money.describe('In-scope burden of the person before major illness insurance'),
    majorIllness: money.describe('Paid by the major illness insurance'),
    civilServant: money.describe('Paid by the civil servants’ top-up'),
    aidBase: money.describe('What medical aid was reckoned on'),
    medicalAid: money.describe('Paid by medical aid'),
    inScope: groups.describe('In-scope amounts by group of visits'),
    deductible: groups.describe('Deductible paid by group of visits'),
    groupPool: groups.describe('Paid by the pool by group of visits'),
  });
}

const ascending = 'bands rise: each upTo is above the one before, and only the last may be open';

function isAscending(bands: readonly { readonly upTo: Fen | null }[]): boolean {
  return bands.every(({ upTo }, i) => {
    const before = bands[i - 1]?.upTo;
    if (i === 0) return upTo === null ? bands.length === 1 : true;
    if (before === null || before === undefined) return false;
    return upTo === null || upTo > before;
  });
}
