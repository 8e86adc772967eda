import {
  afterInstant,
  type Effect,
  f,
  hold,
  instantOf,
  later,
  less,
  minutes,
  msOf,
  object,
  Person,
  put,
  refuse,
  reply,
  send,
  type View,
  zero,
} from '@yitong/kit';
import { insuredEntries, owed } from './books.ts';
import { type Dossier, dossier, pointerInBill, type Request, requestSchema } from './claim.ts';
import { filingKind, reasons, shares } from './fields.ts';
import { medical, Visit } from './head.ts';
import type { Law } from './parameters.ts';
import { account, bill, grounds, receipt, settlement, yearSums } from './records.ts';
import { adjudicate } from './rules/adjudicate.ts';
import { faultOfBill } from './rules/refusals.ts';
import { type Adjudicated, refusals } from './rules/result.ts';
import { lapse, settle, settlementKey, transferName, unconfirmed } from './settling.ts';

/** The insured place's answer: the shares with their reasons, and until when they stand. */
const priced = object({
  policyVersion: f.line(40),
  catalogue: f.line(40),
  decidingDate: f.day,
  filingKind,
  nthAdmission: f.count.nullable(),
  shares,
  reasons,
  until: f.instant,
});

/** The insured place decides under its own law and sets its share aside. 待遇计算 */
export const price = medical.message('price', {
  purpose: 'medical-settlement',
  from: Visit,
  about: Person,
  key: 'person',
  data: requestSchema,
  reply: priced,
  refusals: ['already-settled', ...refusals],
  handle(request, view) {
    const before = view.get(settlement, settlementKey(view.from, request));
    if (before !== undefined && before.state !== 'void') return refuse('already-settled', { at: '/bill' });
    const known = dossier(request, view);
    if (!known.ok) {
      const { code, at } = known;
      return refuse(code, at === undefined ? {} : { at });
    }
    const fault = faultOfBill(known.claim);
    if (fault !== undefined) return refuse(fault.code, pointerInBill(fault.at));
    const answer = adjudicate({ ...known, catalogue: request.catalogue });
    if (!answer.ok) return refuse(answer.code, { ...pointerInBill(answer.at), law: known.policy.id });
    const { confirmMinutes } = view.law(view.today);
    const until = instantOf(afterInstant(msOf(view.now), minutes(confirmMinutes)));
    const { policyVersion, catalogue, decidingDate, nthAdmission } = answer;
    const told = { policyVersion, catalogue, decidingDate, nthAdmission, filingKind: answer.filingKind };
    return [
      ...heldFor(request, known, answer, view),
      reply({ ...told, shares: answer.shares, reasons: answer.reasons, until }),
    ];
  },
  replied({ until, ...answer }, view, request) {
    const { refusal: _, ...b } = view.need(bill);
    const of = { person: request.person, bill: request.bill, attempt: request.attempt };
    const { person } = request;
    const { shares: own, policyVersion } = answer;
    const automatic = b.confirm === 'automatic';
    const { confirmMinutes } = view.law(view.today);
    const next = { ...b, policyVersion, owed: owed(own), cash: own.cash };
    return [
      put(receipt, { person, ...answer }),
      put(bill, automatic ? { ...next, state: 'confirming' } : { ...next, state: 'priced', until }),
      automatic ? send(settle, of, { to: b.insured }) : later(minutes(confirmMinutes), unconfirmed, of),
    ];
  },
  refused(why, view) {
    const { code, at } = why;
    return put(bill, {
      ...view.need(bill),
      state: 'refused',
      refusal: { code, ...(at === undefined ? {} : { at }) },
    });
  },
  patience: minutes(1),
  waiting(view) {
    const b = view.need(bill);
    return b.state === 'presented' ? put(bill, { ...b, state: 'waiting' }) : [];
  },
});

/** What the insured place writes down and sets aside for a price. */
function heldFor(
  request: Request,
  known: Dossier,
  answer: Adjudicated,
  view: View<'person', Law>,
): (Effect<'person'> | false)[] {
  const { person, bill: of, attempt, hospital, visit } = request;
  const care = view.from;
  const id = settlementKey(care, request);
  const { confirmMinutes, graceHours } = view.law(view.today);
  const entries = insuredEntries(answer.shares, { insured: view.here, care, hospital: hospital.code });
  const used = answer.shares.personalAccount;
  const number = known.accepted + 1;
  return [
    put(settlement, {
      id,
      state: 'held',
      care: f.member.parse(care),
      hospital: hospital.code,
      attempt,
      visit,
      city: request.insuredPlace,
      key: known.key,
      number,
      policyVersion: answer.policyVersion,
      filingKind: answer.filingKind,
      decidingDate: answer.decidingDate,
      total: answer.shares.total,
      owed: owed(answer.shares),
      shares: answer.shares,
      delta: answer.delta,
    }),
    put(grounds, { id, reasons: answer.reasons }),
    put(yearSums, { key: known.key, accepted: number, sums: answer.yearToDate }),
    used > zero && put(account, { available: less(known.available, used) }),
    entries.length > 0 && hold(transferName(care, request), entries),
    later(minutes(confirmMinutes + 60 * graceHours), lapse, {
      person,
      bill: of,
      attempt,
      care: f.member.parse(care),
    }),
  ];
}
