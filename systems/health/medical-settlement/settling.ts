import {
  type Effect,
  f,
  object,
  Person,
  post,
  put,
  refuse,
  release,
  reply,
  send,
  sum,
  transfer,
  type View,
  type z,
  zero,
} from '@yitong/kit';
import { careEntries, insuredEntries } from './books.ts';
import { billId } from './fields.ts';
import { medical, Visit } from './head.ts';
import type { Law } from './parameters.ts';
import { account, bill, receipt, settlement, yearSums } from './records.ts';
import { takenBack } from './rules/accumulate.ts';

/** Which settlement is meant: by the person, the bill and how often it was presented. */
export const reference = object({
  person: f.citizenId.describe('Citizen number'),
  bill: billId,
  attempt: f.count,
});
/** Key of a settlement at the insured place: bills of two members may bear one id. */
export const settlementKey = (care: string, of: { readonly bill: string }): string => `${care}.${of.bill}`;
/** Name of a settlement's transfers, the same on both sides and never used twice. */
export const transferName = (care: string, of: { readonly bill: string; readonly attempt: number }): string =>
  `${care}.${of.bill}.${of.attempt}`;

type Settlement = z.infer<typeof settlement.schema>;
type InsuredView = View<'person', Law>;

/** The insured place takes a settlement's part out of the year's sums and gives the account back its share. */
export function undone(s: Settlement, view: InsuredView): Effect<'person'>[] {
  const year = view.need(yearSums, s.key);
  const used = s.shares.personalAccount;
  const effects: Effect<'person'>[] = [put(yearSums, { ...year, sums: takenBack(year.sums, s.delta) })];
  if (used > zero) effects.push(put(account, { available: sum(view.need(account).available, used) }));
  return effects;
}

/** A price that nobody took: what was held is free again. */
function freed(s: Settlement, view: InsuredView, expired: boolean): (Effect<'person'> | false)[] {
  return [
    put(settlement, { ...s, state: 'void' }),
    s.owed > zero && release(transferName(s.care, nameOf(s)), { expired }),
    ...undone(s, view),
  ];
}

/** The bill and attempt of a settlement. */
function nameOf(s: Settlement): { readonly bill: string; readonly attempt: number } {
  return { bill: s.id.slice(s.care.length + 1), attempt: s.attempt };
}

/** The hospital confirms, and both places book the same amounts in the same month, or neither does. 结算 */
export const settle = medical.message('settle', {
  purpose: 'medical-settlement',
  from: Visit,
  about: Person,
  key: 'person',
  data: reference,
  reply: object({ period: f.month }),
  refusals: ['settlement-unknown', 'hold-lapsed'],
  handle(of, view) {
    const s = view.get(settlement, settlementKey(view.from, of));
    if (s === undefined || s.attempt !== of.attempt) return refuse('settlement-unknown');
    if (s.state !== 'held') return refuse('hold-lapsed');
    const period = f.month.parse(view.period);
    return [
      s.owed > zero && post(transferName(view.from, of)),
      put(settlement, { ...s, state: 'settled', period }),
      reply({ period }),
    ];
  },
  replied({ period }, view, of) {
    const b = view.need(bill);
    const { shares } = view.need(receipt);
    const { until: _, ...settled } = b;
    const entries = careEntries(shares, { insured: b.insured, care: view.here, hospital: b.hospital });
    return [
      put(bill, { ...settled, state: 'settled', period }),
      entries.length > 0 && transfer(entries, { name: transferName(view.here, of), period }),
    ];
  },
  refused: (why, view) => put(bill, { ...view.need(bill), state: 'void', refusal: { code: why.code } }),
});

/** The hospital gives a price up; the insured place frees what it held. 取消结算 */
export const giveUp = medical.message('give-up', {
  purpose: 'medical-settlement',
  from: Visit,
  about: Person,
  key: 'person',
  data: reference,
  reply: object({}),
  refusals: ['already-settled'],
  handle(of, view) {
    const s = view.get(settlement, settlementKey(view.from, of));
    if (s === undefined || s.attempt !== of.attempt || s.state === 'void') return reply({});
    if (s.state !== 'held') return refuse('already-settled');
    return [...freed(s, view, false), reply({})];
  },
  replied: (_, view, of) => gaveUp(view, of.attempt),
  refused: (why, view) => put(bill, { ...view.need(bill), refusal: { code: why.code } }),
});

/** At the place of care: nobody confirmed the price in time. */
export const unconfirmed = medical.message('unconfirmed', {
  about: Visit,
  key: 'bill',
  data: reference,
  handle(of, view) {
    const b = view.get(bill);
    if (b?.state !== 'priced' || b.attempt !== of.attempt) return [];
    return [put(bill, { ...b, state: 'cancelling' }), send(giveUp, of, { to: b.insured })];
  },
});

/** The insured place tells the place of care that it no longer holds the money. */
const lapsed = medical.message('lapsed', {
  purpose: 'medical-settlement',
  about: Visit,
  key: 'bill',
  data: object({ bill: billId, attempt: f.count }),
  handle(of, view) {
    const b = view.get(bill);
    const open = b?.state === 'priced' || b?.state === 'cancelling' || b?.state === 'waiting';
    return b !== undefined && open && b.attempt === of.attempt ? gaveUp(view, of.attempt) : [];
  },
});

/** At the insured place: the time to confirm and the grace after it are over. */
export const lapse = medical.message('lapse', {
  about: Person,
  key: 'person',
  data: reference.extend({ care: f.member }),
  handle({ care, ...of }, view) {
    const s = view.get(settlement, settlementKey(care, of));
    if (s?.state !== 'held' || s.attempt !== of.attempt) return [];
    const told = { bill: of.bill, attempt: of.attempt };
    return [...freed(s, view, true), send(lapsed, told, { to: care })];
  },
});

function gaveUp(view: View<'visit', Law>, attempt: number): Effect<'visit'>[] {
  const { until: _, ...b } = view.need(bill);
  if (b.attempt !== attempt || b.state === 'settled') return [];
  return [
    put(bill, { ...b, state: 'void', refusal: { code: b.state === 'priced' ? 'hold-lapsed' : 'given-up' } }),
  ];
}

/** The insured place's entries of a settlement. */
export function entriesOf(s: Settlement, here: string) {
  return insuredEntries(s.shares, { insured: here, care: s.care, hospital: s.hospital });
}
