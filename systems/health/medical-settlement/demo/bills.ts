import { addDays, type Day, type Member } from '@yitong/kit';
import { codedItems } from '../data/code-lists.ts';
import { ordinaryPrice } from '../law/demonstration-catalogue.ts';
import { spread } from '../law/spread.ts';
import { type Hospital, hospitalsOf } from './hospitals.ts';
import { type Resident, residentOf } from './residents.ts';

/** Which bills to make: `count` of them at the member's hospitals, for the first `scale` residents of each of `insured`. */
export interface BillsOptions {
  readonly member: Member;
  readonly insured: readonly Member[];
  readonly count: number;
  readonly scale: number;
  /** Of the people; and of the bills, where `lineSeed` gives no other. */
  readonly seed: number;
  readonly lineSeed?: number;
}

/** A bill in the JSON form of the command that presents it. */
export type BillJson = Readonly<Record<string, unknown>> & { readonly bill: string };

type Draw = (what: string, of: number) => number;

/** A line of a bill before its day. */
interface Line {
  readonly code: string;
  readonly quantity: number;
}

const FIRST_DAY: Day = '2026-01-05';
const DAYS = 290; // up to 2026-10-21
/** Residents looked at for one with a declaration; one in six has it. */
const SEARCH = 60;
const diagnosesOf = {
  outpatient: ['J06.900', 'K29.700', 'M54.500', 'J20.900', 'R10.400'],
  inpatient: ['I63.900', 'K80.200', 'J18.900', 'I25.103', 'S72.000', 'C34.900'],
  chronic: ['I10.x00', 'E11.900'],
} as const;

const codesWith = (...prefixes: readonly string[]): readonly string[] =>
  codedItems.filter(({ code }) => prefixes.some((prefix) => code.startsWith(prefix))).map(({ code }) => code);
const laboratory = codesWith('0025');
const imaging = codesWith('0021', '0022', '0023');
const treatment = codesWith('0012', '0031', '0034');
const surgery = codesWith('0033');
const drugs = codesWith('X', 'Z');

/** Made-up bills, one after another, the same for the same options: outpatient, stays, chronic disease, in the proportions of practice. */
export function* demonstrationBills(options: BillsOptions): Generator<BillJson> {
  const hospitals = hospitalsOf(options.member);
  for (let index = 0; index < options.count; index += 1) yield billOf(options, hospitals, index);
}

function billOf(options: BillsOptions, hospitals: readonly Hospital[], index: number): BillJson {
  const seed = options.lineSeed ?? options.seed;
  const draw: Draw = (what, of) => spread(`${seed} bill ${options.member} ${index} ${what}`) % of;
  const member = options.insured[draw('member', options.insured.length)] ?? options.member;
  const admission = addDays(FIRST_DAY, draw('day', DAYS));
  const resident = patientOf(options, member, admission, draw);
  const hospital = hospitals[draw('hospital', hospitals.length)];
  if (hospital === undefined) throw new RangeError(`${options.member} has no hospitals`);
  const visit = visitOf(resident, draw('visit', 100));
  const stay = visit === 'inpatient' ? 2 + draw('stay', 12) : 0;
  const lines = visit === 'inpatient' ? stayLines(stay, draw) : visitLines(visit, draw);
  const items = lines.map((line, i) =>
    itemOf(line, addDays(admission, stay === 0 ? 0 : i % (stay + 1)), hospital),
  );
  const total = items.reduce((all, item) => all + Number(item.amount), 0);
  return {
    bill: `${hospital.code}-${seed}-${String(index).padStart(6, '0')}`,
    person: resident.person,
    insuredPlace: resident.city,
    hospital: hospital.code,
    visit,
    admission,
    discharge: addDays(admission, stay),
    emergency: draw('emergency', 20) === 0,
    disease: visit === 'chronic' ? (resident.chronic[0]?.code ?? null) : null,
    diagnoses: [diagnosesOf[visit][draw('diagnosis', diagnosesOf[visit].length)]],
    items,
    total: String(total),
    requested: resident.scheme === '310' && draw('account', 3) > 0 ? String(5_000 * draw('asked', 20)) : '0',
    confirm: 'automatic',
  };
}

/** Who comes: mostly somebody whose declaration covers care here on that day, one in eight anybody. */
function patientOf(
  { member: here, scale, seed }: BillsOptions,
  member: Member,
  day: Day,
  draw: Draw,
): Resident {
  const first = draw('resident', scale);
  const anybody = draw('anybody', 8) === 0;
  for (let step = 0; !anybody && step < SEARCH; step += 1) {
    const one = residentOf({ member, index: (first + step) % scale, seed });
    if (one.filing?.places.includes(here) && (one.filing.to ?? day) >= day) return one;
  }
  return residentOf({ member, index: first, seed });
}

function visitOf(resident: Resident, place: number): 'outpatient' | 'inpatient' | 'chronic' {
  if (place < 14) return 'inpatient';
  return place < 24 && resident.chronic.length > 0 ? 'chronic' : 'outpatient';
}

function visitLines(visit: 'outpatient' | 'chronic', draw: Draw): Line[] {
  const consultation = { code: '001102000010000', quantity: 1 };
  const medicines = some(drugs, 1 + draw('drugs', 3), draw, 4);
  if (visit === 'chronic') return [consultation, ...medicines];
  return [
    consultation,
    ...some(laboratory, draw('tests', 3), draw, 1),
    ...some(imaging, draw('images', 2), draw, 1),
    ...medicines,
  ];
}

function stayLines(stay: number, draw: Draw): Line[] {
  return [
    { code: '001102000050000', quantity: stay },
    { code: '001109000010300', quantity: stay },
    ...some(laboratory, 4 + draw('tests', 6), draw, 2),
    ...some(imaging, 1 + draw('images', 3), draw, 1),
    ...some(treatment, 1 + draw('treatments', 4), draw, 6),
    ...some(surgery, draw('operations', 3), draw, 1),
    ...some(drugs, 3 + draw('drugs', 6), draw, 20),
  ];
}

function some(codes: readonly string[], count: number, draw: Draw, most: number): Line[] {
  return Array.from({ length: count }, (_, i) => ({
    code: codes[draw(`${codes[0]} ${i}`, codes.length)] ?? '001102000010000',
    quantity: 1 + draw(`${codes[0]} ${i} quantity`, most),
  }));
}

/** Prices of hospitals of the third level lie above the ordinary, those of the first below. */
function itemOf({ code, quantity }: Line, date: Day, { level }: Hospital) {
  const percent = level === '3' ? 115 : level === '2' ? 100 : 90;
  const price = (Number(ordinaryPrice(code)) * percent) / 100;
  const fenOfUnit = Math.round(price);
  return {
    code,
    date,
    unitPrice: String(fenOfUnit * 10_000),
    quantity: String(quantity * 10_000),
    amount: String(fenOfUnit * quantity),
    restrictionMet: spread(`${code} ${date}`) % 4 > 0,
  };
}
