import {
  f,
  memberOf,
  minutes,
  object,
  Person,
  put,
  type Refusal,
  type Reply,
  refuse,
  reply,
  send,
  type View,
  z,
  zero,
} from '@yitong/kit';
import { dossier, pointerInBill } from './claim.ts';
import { billId, chronicCode, filingKind, institutionCode, level, visit } from './fields.ts';
import { Inquiry, medical } from './head.ts';
import type { Law } from './parameters.ts';
import { eligibility, institution } from './records.ts';
import { entitle } from './rules/admission.ts';
import { refusals } from './rules/result.ts';
import { reductionModes } from './rules/types.ts';

const answer = object({
  filingKind,
  mode: z.enum(reductionModes),
  bp: f.basisPoints,
  policyVersion: f.line(40),
});

const question = object({
  bill: billId,
  person: f.citizenId,
  insuredPlace: f.city,
  placeOfCare: f.place,
  hospital: object({ code: institutionCode, level, inNetwork: f.yesNo }),
  visit,
  admission: f.day,
  discharge: f.day,
  emergency: f.yesNo,
  disease: chronicCode.nullable(),
});

/** Whether, and under which title, the insured place would pay. */
function entitlementOf(
  asked: z.output<typeof question>,
  view: View<'person', Law>,
): Reply<z.output<typeof answer>> | Refusal<(typeof refusals)[number]> {
  const known = dossier({ ...asked, items: [], requested: zero }, view);
  if (!known.ok) return refuse(known.code, known.at === undefined ? {} : { at: known.at });
  const entitled = entitle(known);
  if (!entitled.ok) return refuse(entitled.code, { ...pointerInBill(entitled.at), law: known.policy.id });
  const { version, rules, title } = entitled;
  const { mode, bp } = rules.reductionApplies
    ? version.filing.kinds[title]
    : { mode: 'none' as const, bp: 0 };
  return reply({ filingKind: title, mode, bp, policyVersion: version.id });
}

/** The insured place says whether, and under which title, it would pay. 人员待遇享受检查 */
const askEligibility = medical.message('ask-eligibility', {
  purpose: 'medical-settlement',
  from: Inquiry,
  about: Person,
  key: 'person',
  data: question,
  reply: answer,
  refusals,
  handle: entitlementOf,
  replied: (answer, view) => put(eligibility, { ...view.need(eligibility), ...answer, state: 'entitled' }),
  refused(why, view) {
    const refusal = { code: why.code, ...(why.at === undefined ? {} : { at: why.at }) };
    return put(eligibility, { ...view.need(eligibility), state: 'refused', refusal });
  },
  patience: minutes(1),
  waiting: (view) => put(eligibility, { ...view.need(eligibility), state: 'unreachable' }),
});

/** The same, answered at once and without a registration: what the counter shows while a person stands at it. 待遇享受查询 */
medical.question('entitlement', {
  purposes: ['medical-settlement'],
  consent: 'by-law',
  asked: ['cashier'],
  input: question,
  about: Person,
  key: 'person',
  refusals,
  answer,
  handle: entitlementOf,
});

/** Before treatment: the cashier asks whether a person insured elsewhere will be paid for, and on which terms. 待遇核验 */
export const checkEligibility = medical.command('check-eligibility', {
  by: ['cashier'],
  about: Inquiry,
  key: 'inquiry',
  input: object({
    inquiry: billId.describe('Id of the registration'),
    person: f.citizenId.describe('Citizen number'),
    insuredPlace: f.city.describe('City where the person is insured'),
    hospital: institutionCode,
    visit: visit.describe('Kind of visit'),
    day: f.day.describe('Day of the visit or of admission'),
    emergency: f.yesNo.describe('Emergency care (异地急诊抢救)'),
    disease: chronicCode.nullable().describe('Code of the chronic disease, null for other visits'),
  }),
  refusals: ['hospital-unknown', 'insured-place-unknown'],
  handle({ inquiry, day, ...input }, view) {
    const { person, insuredPlace } = input;
    const hospital = view.copy(institution, input.hospital);
    if (hospital === undefined) return refuse('hospital-unknown', { at: '/hospital' });
    const insured = [insuredPlace, memberOf(insuredPlace)].find(
      (one) => one !== undefined && view.members.includes(one),
    );
    if (insured === undefined) return refuse('insured-place-unknown', { at: '/insuredPlace' });
    const { code, level: ofHospital, inNetwork, place } = hospital;
    const stay = { admission: day, discharge: day, placeOfCare: place };
    const asked = { ...input, ...stay, bill: inquiry, hospital: { code, level: ofHospital, inNetwork } };
    return [
      put(eligibility, { inquiry, state: 'asked', person, insuredPlace, hospital: code }),
      send(askEligibility, asked, { to: insured }),
    ];
  },
});
