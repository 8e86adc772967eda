import { type Day, type Intake, type IntakeContext, type IntakeLine, isDay, readInput, z } from '@yitong/kit';
import { hospitalsOf } from '../demo/hospitals.ts';
import { residentOf } from '../demo/residents.ts';
import { spread } from '../law/spread.ts';
import { presentBill } from '../visit.ts';
import { asMember, isObject, readBill, resultOf } from './bills.ts';
import { CLAIM_YEAR, type CodeMeaning, fenOfCent, meaningOf } from './fhir-codes.ts';

const money = z.looseObject({ value: z.number(), currency: z.string() });
const concept = z.looseObject({
  coding: z.array(z.looseObject({ system: z.string(), code: z.string() })).min(1),
});
/** The part of a FHIR R4 Claim that becomes a bill. */
const claimSchema = z.looseObject({
  resourceType: z.literal('Claim'),
  id: z.string().min(1),
  status: z.string(),
  patient: z.looseObject({ reference: z.string().min(1) }),
  provider: z.looseObject({ reference: z.string().min(1) }),
  billablePeriod: z.looseObject({ start: z.string(), end: z.string() }),
  item: z.array(z.looseObject({ productOrService: concept, net: money.exactOptional() })).min(1),
  total: money,
});
type FhirClaim = z.infer<typeof claimSchema>;

interface Coded {
  readonly meaning: CodeMeaning;
  readonly net: bigint | undefined;
}

/** HL7 FHIR R4: a resource a line or a bundle a line; each Claim becomes a bill, other resources are left alone. */
export const fhirIntake: Intake = {
  about: 'HL7 FHIR R4 Claims, a resource or a bundle a line, by the code table of the demonstration',
  command: presentBill,
  accepts: (first) => isObject(first) && typeof first['resourceType'] === 'string',
  read: (line, context) => claimsIn(line).map(({ resource, at }) => claimLine(resource, at, context)),
  result: resultOf,
};

function claimsIn(line: unknown): { readonly resource: unknown; readonly at: string }[] {
  if (!isObject(line)) return [{ resource: line, at: '' }];
  if (line['resourceType'] === 'Claim') return [{ resource: line, at: '' }];
  const entries = line['resourceType'] === 'Bundle' && Array.isArray(line['entry']) ? line['entry'] : [];
  return entries.flatMap((entry: unknown, i) => {
    const resource = isObject(entry) ? entry['resource'] : undefined;
    const isClaim = isObject(resource) && resource['resourceType'] === 'Claim';
    return isClaim ? [{ resource, at: `/entry/${i}/resource` }] : [];
  });
}

function claimLine(resource: unknown, at: string, context: IntakeContext): IntakeLine {
  const claim = readInput(claimSchema, resource, { at });
  const wrong = (field: string, reason: string, remedy: string): IntakeLine => ({
    ok: false,
    field: at + field,
    reason,
    remedy,
  });
  if (claim.status !== 'active')
    return wrong('/status', 'only active claims are billed', 'leave the line out');
  const days = daysOf(claim);
  if (days === undefined)
    return wrong('/billablePeriod', 'not a period of two moments', 'write ISO 8601 moments');
  const coded: Coded[] = [];
  for (const [i, { productOrService, net }] of claim.item.entries()) {
    const [coding] = productOrService.coding;
    const meaning = coding && meaningOf(coding.system, coding.code);
    if (meaning === undefined)
      return wrong(
        `/item/${i}/productOrService`,
        'the code is not in the mapping table',
        'add it to fhir-codes.ts',
      );
    const amount = net === undefined ? undefined : fenOf(net);
    if (net !== undefined && amount === undefined)
      return wrong(
        `/item/${i}/net`,
        'the amount is not in hundredths of USD or CNY',
        'convert it before the import',
      );
    coded.push({ meaning, net: amount });
  }
  const total = fenOf(claim.total);
  if (total === undefined)
    return wrong('/total', 'the amount is not in hundredths of USD or CNY', 'convert it');
  const rest = total - coded.reduce((all, { net }) => all + (net ?? 0n), 0n);
  if (rest < 0n) return wrong('/total', 'the lines add up to more than the total', 'check the amounts');
  return readBill(billOf(claim, { coded, total, rest, days, context }));
}

interface Parts {
  readonly coded: readonly Coded[];
  readonly total: bigint;
  /** What no line states, the charge of the encounter: it goes to the first line without an amount. */
  readonly rest: bigint;
  readonly days: readonly [start: Day, end: Day];
  /** The patients of foreign claims are spread among the people of the demonstration's other members. */
  readonly context: IntakeContext;
}

function billOf(claim: FhirClaim, { coded, total, rest, days, context }: Parts): Record<string, unknown> {
  const { scale, seed } = context;
  const member = asMember(context.member);
  const others = context.members.map(asMember).filter((one) => one !== member);
  const insured = others[spread(claim.patient.reference) % others.length] ?? member;
  const index = spread(`resident ${claim.patient.reference}`) % scale;
  const resident = residentOf({ member: insured, index, seed });
  const hospitals = hospitalsOf(member);
  const hospital = hospitals[spread(claim.provider.reference) % hospitals.length];
  const items = coded.flatMap(({ meaning, net }) => ('item' in meaning ? [{ ...meaning, net }] : []));
  const inpatient = items.some((item) => item.visit === 'inpatient');
  const [admission, end] = days;
  const unstated = items.findIndex((item) => item.net === undefined);
  const lines = items.map((item, i) => ({
    code: item.item,
    amount: item.net ?? (i === unstated ? rest : 0n),
  }));
  const charged = unstated < 0 && rest > 0n ? [...lines, { code: '000000000000000', amount: rest }] : lines;
  return {
    bill: claim.id,
    person: resident.person,
    insuredPlace: resident.city,
    hospital: hospital?.code,
    visit: inpatient ? 'inpatient' : 'outpatient',
    admission,
    discharge: inpatient ? end : admission,
    emergency: items.some((item) => item.emergency === true),
    diagnoses: [
      ...new Set(coded.flatMap(({ meaning }) => ('diagnosis' in meaning ? [meaning.diagnosis] : []))),
    ],
    items: charged.map(({ code, amount }) => ({
      code,
      date: admission,
      unitPrice: String(amount * 10_000n),
      quantity: '10000',
      amount: String(amount),
      restrictionMet: true,
    })),
    total: String(total),
  };
}

/** The days of the period as written, moved by whole years into the demonstration's. */
function daysOf({ billablePeriod: { start, end } }: FhirClaim): readonly [Day, Day] | undefined {
  const [begun, ended] = [start.slice(0, 10), end.slice(0, 10)];
  if (!isDay(begun) || !isDay(ended)) return undefined;
  const years = CLAIM_YEAR - Number(begun.slice(0, 4));
  const [first, last] = [moved(begun, years), moved(ended, years)];
  return first === undefined || last === undefined || last < first ? undefined : [first, last];
}

/** Undefined outside the years 1 to 9999. */
function moved(from: Day, years: number): Day | undefined {
  const year = String(Number(from.slice(0, 4)) + years).padStart(4, '0');
  const same = `${year}${from.slice(4)}`;
  const before = `${year}-02-28`;
  if (isDay(same)) return same;
  return isDay(before) ? before : undefined;
}

function fenOf({ value, currency }: z.infer<typeof money>): bigint | undefined {
  const factor = Object.hasOwn(fenOfCent, currency) ? fenOfCent[currency] : undefined;
  const cents = Math.round(value * 100);
  if (
    factor === undefined ||
    value < 0 ||
    !Number.isSafeInteger(cents) ||
    Math.abs(cents - value * 100) > 1e-6
  )
    return undefined;
  return BigInt(cents) * factor;
}
