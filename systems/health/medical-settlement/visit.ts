import { f, memberOf, object, put, refuse, send, sum, type View, z } from '@yitong/kit';
import { billStatesBut } from './bill-states.ts';
import { claimOf, pointerInBill, type Request } from './claim.ts';
import { diagnosisCategory } from './data/code-lists.ts';
import { billId, billItem, chronicCode, diagnosisCode, institutionCode, knownBill, visit } from './fields.ts';
import { medical, Visit } from './head.ts';
import type { Law } from './parameters.ts';
import { price } from './pricing.ts';
import { bill, billContent, institution } from './records.ts';
import { reverse } from './reversal.ts';
import { catalogueExcerpt } from './rules/items.ts';
import { faultOfBill } from './rules/refusals.ts';
import { giveUp, settle } from './settling.ts';

/** A bill as the hospital sends it. 费用明细上传 */
export const billInput = object({
  bill: billId,
  person: f.citizenId.describe('Citizen number'),
  insuredPlace: f.city.describe('City where the person is insured'),
  hospital: institutionCode,
  visit: visit.describe('Kind of visit'),
  admission: f.day.describe('Day of admission or of the visit'),
  discharge: f.day.describe('Day of discharge; of the visit unless inpatient'),
  emergency: f.yesNo.describe('Emergency care (异地急诊抢救)'),
  disease: chronicCode.nullable().describe('Code of the chronic disease, null for other visits'),
  diagnoses: z.array(diagnosisCode).max(20).describe('Diagnoses, the main one first'),
  items: z.array(billItem).max(10_000).describe('Lines of the bill'),
  total: f.money.describe('Sum of the lines in fen'),
  requested: f.money.describe('Fen asked of the personal account'),
  confirm: f.choice(['cashier', 'automatic']).describe('Who confirms the price'),
});

const faults = [
  'claim-empty',
  'claim-dates-invalid',
  'item-invalid',
  'item-date-outside-stay',
  'item-amount-mismatch',
] as const;

/** The hospital presents a bill: checked, classed by the place of care's catalogue, and sent to the insured place. */
export const presentBill = medical.command('present-bill', {
  by: ['cashier'],
  about: Visit,
  key: 'bill',
  input: billInput,
  refusals: [
    'bill-exists',
    'hospital-unknown',
    'insured-place-unknown',
    'discharge-in-future',
    'diagnosis-unknown',
    'total-mismatch',
    ...faults,
  ],
  handle(input, view) {
    const before = view.get(bill);
    if (before !== undefined && !['refused', 'void'].includes(before.state))
      return refuse('bill-exists', { at: '/bill', state: before.state });
    const hospital = view.copy(institution, input.hospital);
    if (hospital === undefined) return refuse('hospital-unknown', { at: '/hospital' });
    const insured = memberIn(view, input.insuredPlace);
    if (insured === undefined) return refuse('insured-place-unknown', { at: '/insuredPlace' });
    if (input.discharge > view.today)
      return refuse('discharge-in-future', { at: '/discharge', today: view.today });
    const unknown = input.diagnoses.findIndex((code) => diagnosisCategory(code) === undefined);
    if (unknown >= 0) return refuse('diagnosis-unknown', { at: `/diagnoses/${unknown}` });
    const total = sum(...input.items.map((item) => item.amount));
    if (total !== input.total) return refuse('total-mismatch', { at: '/total', ofLines: total });
    const { code, level, inNetwork, place } = hospital;
    const attempt = (before?.attempt ?? 0) + 1;
    const { diagnoses, confirm, total: _, hospital: __, ...rest } = input;
    const catalogue = catalogueExcerpt(view.law(view.today).catalogue, place, input.items);
    const request: Request = {
      ...rest,
      attempt,
      placeOfCare: place,
      hospital: { code, level, inNetwork },
      catalogue,
    };
    const fault = faultOfBill(claimOf(request, nobody, input.requested));
    if (fault !== undefined) return refuse(isFault(fault.code), pointerInBill(fault.at));
    const { person, insuredPlace, admission, discharge } = input;
    const head = {
      bill: input.bill,
      person,
      insuredPlace,
      insured,
      hospital: code,
      place,
      visit: input.visit,
    };
    return [
      put(bill, { ...head, state: 'presented', admission, discharge, total, confirm, attempt }),
      put(billContent, { person, diagnoses, items: input.items }),
      send(price, request, { to: insured }),
    ];
  },
});

const onBill = object({ bill: knownBill });

/** Only a price that nobody confirmed yet is confirmed or given up. */
const unlessPriced = {
  record: 'bill',
  field: 'state',
  when: billStatesBut('priced', () => 'bill-not-priced' as const),
};
/** Only what was settled is taken back, and once. */
const unlessSettled = {
  record: 'bill',
  field: 'state',
  when: billStatesBut('settled', (state) =>
    state === 'reversed' ? 'bill-already-reversed' : 'bill-not-settled',
  ),
};

/** The person has seen the shares and pays theirs; the insured place books the rest. 结算确认 */
export const confirmBill = medical.command('confirm-bill', {
  by: ['cashier'],
  stepUp: true,
  about: Visit,
  key: 'bill',
  input: onBill,
  refusals: ['bill-unknown', 'bill-not-priced', 'hold-lapsed'],
  closed: unlessPriced,
  handle(_, view) {
    const b = view.get(bill);
    if (b === undefined) return refuse('bill-unknown', { at: '/bill' });
    const why = unlessPriced.when[b.state];
    if (why !== undefined) return refuse(why, { at: '/bill', state: b.state });
    // The insured place holds the money a little longer than it promised: a late confirmation must never cross its timer.
    if (b.until !== undefined && view.now > b.until) return refuse('hold-lapsed', { until: b.until });
    return [put(bill, { ...b, state: 'confirming' }), send(settle, referenceOf(b), { to: b.insured })];
  },
});

/** The person or the hospital does not want the price; nothing was booked. 取消结算 */
export const cancelBill = medical.command('cancel-bill', {
  by: ['cashier'],
  stepUp: true,
  about: Visit,
  key: 'bill',
  input: onBill,
  refusals: ['bill-unknown', 'bill-not-priced'],
  closed: unlessPriced,
  handle(_, view) {
    const b = view.get(bill);
    if (b === undefined) return refuse('bill-unknown', { at: '/bill' });
    const why = unlessPriced.when[b.state];
    if (why !== undefined) return refuse(why, { at: '/bill', state: b.state });
    return [put(bill, { ...b, state: 'cancelling' }), send(giveUp, referenceOf(b), { to: b.insured })];
  },
});

/** The hospital takes a settled bill back and gives the person the cash back; a corrected one comes under a new id. 结算撤销 */
export const reverseBill = medical.command('reverse-bill', {
  by: ['cashier'],
  stepUp: true,
  about: Visit,
  key: 'bill',
  input: onBill,
  refusals: ['bill-unknown', 'bill-already-reversed', 'bill-not-settled'],
  closed: unlessSettled,
  handle(_, view) {
    const b = view.get(bill);
    if (b === undefined) return refuse('bill-unknown', { at: '/bill' });
    const why = unlessSettled.when[b.state];
    if (why !== undefined) return refuse(why, { at: '/bill', state: b.state });
    const { refusal: _refusal, ...clean } = b;
    return [put(bill, { ...clean, state: 'reversing' }), send(reverse, referenceOf(b), { to: b.insured })];
  },
});

/** The member whose node keeps a city's insurance: the city itself when it runs one, else its province. */
function memberIn(view: View<'visit', Law>, city: string) {
  const province = memberOf(city);
  const code = [city, province].find((one) => one !== undefined && view.members.includes(one));
  return code === undefined ? undefined : f.member.parse(code);
}

function referenceOf(b: { readonly person: string; readonly bill: string; readonly attempt: number }) {
  return { person: b.person, bill: b.bill, attempt: b.attempt };
}

function isFault(code: string): (typeof faults)[number] {
  const found = faults.find((one) => one === code);
  if (found === undefined) throw new Error(`'${code}' is no fault of a bill`);
  return found;
}

/** The place of care knows nothing of the person's insurance, and the checks of a bill ask nothing of it. */
const nobody = {
  status: '',
  birthDate: '2000-01-01',
  category: null,
  civilServant: false,
  coverage: { from: '2000-01-01', to: null },
  chronic: [],
} as const;
