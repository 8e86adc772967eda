import { f, object, Person, years, z } from '@yitong/kit';
import { billStates } from './bill-states.ts';
import {
  billId,
  billItem,
  chronicCode,
  diagnosisCode,
  filingKind,
  institutionCode,
  level,
  ownInstitutionCode,
  reasons,
  scheme,
  shares,
  visit,
  wire,
} from './fields.ts';
import { Inquiry, Institution, medical, Visit } from './head.ts';
import { reductionModes } from './rules/types.ts';

const interval = {
  from: f.day.describe('First day'),
  to: f.day.nullable().describe('Last day, null when open'),
};
/** Refusal as it is kept beside a bill. */
const refusal = object({
  code: f.code(/^[a-z0-9]+(-[a-z0-9]+)*$/, 80).describe('Why'),
  at: f.line(200).exactOptional().describe('JSON pointer into the bill'),
});

/** How long, and by which rule; where none was read the number is the demonstration's. */
const term = {
  insurance: 'Demonstration value: the archive rule of social insurance was not read',
  care: '医疗机构病历管理规定 (2013): 15 years at least after the last visit, 30 after the last discharge; one term for both',
  shortest: 'Demonstration value: answered, it needs nothing; kept for questions about it',
  ownChoice: 'Demonstration value: of a hospital, not of a person',
} as const;

/** What the insured place knows of a person. 参保信息 */
export const coverageSchema = object({
  person: f.citizenId.describe('Citizen number'),
  name: f.line(60).describe('Name'),
  city: f.city.describe('City of the insurance pool'),
  scheme: scheme.describe('Insurance'),
  status: f.choice(['employed', 'retired', 'resident']).describe('Insurance status'),
  birthDate: f.day.describe('Day of birth'),
  category: f.choice(['extreme-poverty', 'low-income']).nullable().describe('Category of medical aid'),
  civilServant: f.yesNo.describe('Entitled to the civil servants’ top-up'),
  coverage: object(interval).describe('Days on which the person is insured'),
  chronic: z
    .array(object({ code: chronicCode.describe('Code of the disease'), ...interval }))
    .max(40)
    .describe('Certified chronic diseases'),
});

/** Registered insurance of a person. */
export const coverage = medical.record('coverage', {
  about: Person,
  schema: coverageSchema,
  keep: years(15),
  keptBy: term.insurance,
  readers: ['clerk', 'self'],
  // Who lies unconscious at the emergency room cannot say where they are insured.
  breakGlass: ['cashier'],
  list: ['city', 'scheme', 'status', 'coverage'],
  find: ['city', 'scheme', 'status'],
});

/** What a person has in the personal account, less what is held. 个人账户余额 */
export const account = medical.record('account', {
  about: Person,
  schema: object({ available: f.money.describe('Fen that can still be used') }),
  keep: years(15),
  keptBy: term.insurance,
  readers: ['clerk', 'self'],
  list: ['available'],
});

/** A declaration of care elsewhere. 异地就医备案 */
export const filing = medical.record('filing', {
  about: Person,
  each: 'id',
  schema: object({
    id: f.id.describe('Id of the filing'),
    kind: f.choice(['long-term', 'referral', 'temporary']).describe('Kind of filing'),
    status: f.choice(['active', 'revoked']).describe('Whether it still stands'),
    places: z.array(f.place).max(50).describe('Divisions where care is covered'),
    prefixes: z
      .array(f.code(/^[0-9]{2,6}$/, 6))
      .max(50)
      .describe('Prefixes of the codes of those divisions'),
    declared: f.instant.describe('When it was declared'),
    ...interval,
  }),
  keep: years(10),
  keptBy: term.insurance,
  readers: ['clerk', 'self'],
  list: ['kind', 'status', 'places', 'from', 'to'],
  find: ['kind', 'status', 'from', 'to'],
});

/** Sums of one policy's year with what is held counted in. 年度累计 */
export const yearSums = medical.record('year-sums', {
  about: Person,
  each: 'key',
  schema: object({
    key: f.line(40).describe('Policy and first day of its year'),
    accepted: f.count.describe('Settlements accepted so far, those taken back included'),
    sums: wire.yearToDate.describe('Sums of the year'),
  }),
  keep: years(10),
  keptBy: term.insurance,
  readers: ['clerk', 'self'],
  list: ['key', 'accepted'],
});

/** A claim as the insured place decided on it. 待遇结算 */
export const settlement = medical.record('settlement', {
  about: Person,
  each: 'id',
  schema: object({
    id: f.line(80).describe('Member of the place of care, a point, and the id of the bill'),
    state: f.choice(['held', 'settled', 'void', 'reversed']).describe('State'),
    care: f.member.describe('Member of the place of care'),
    hospital: institutionCode,
    attempt: f.count.describe('How often the bill was presented'),
    visit: visit.describe('Kind of visit'),
    city: f.city.describe('City of the insurance pool'),
    key: f.line(40).describe('Policy and first day of its year'),
    number: f.count.describe('Place among the settlements of the year, in order of acceptance'),
    policyVersion: f.line(40).describe('Version of the policy that decided'),
    filingKind: filingKind.describe('Title under which it is paid'),
    decidingDate: f.day.describe('Day that decides'),
    total: f.money.describe('All that the hospital charges'),
    owed: f.money.describe('Owed to the place of care'),
    shares: shares.describe('Who bears what'),
    delta: wire.yearToDate.describe('What it added to the sums of the year'),
    period: f.month.exactOptional().describe('Month in which it is cleared'),
  }),
  keep: years(30),
  keptBy: term.insurance,
  readers: ['clerk', 'self'],
  list: ['hospital', 'state', 'decidingDate', 'total', 'owed', 'visit', 'period'],
  find: ['state', 'care', 'hospital', 'decidingDate', 'period', 'total'],
  paper: [
    'state',
    'hospital',
    'visit',
    'decidingDate',
    'city',
    'filingKind',
    'policyVersion',
    'shares',
    'owed',
    'period',
  ],
});

/** Why the shares are what they are, kept at the insured place. 计算依据 */
export const grounds = medical.record('grounds', {
  about: Person,
  each: 'id',
  schema: object({
    id: f.line(80).describe('Id of the settlement'),
    reasons: reasons.describe('Rows of the explanation'),
  }),
  keep: years(30),
  keptBy: term.insurance,
  readers: ['clerk', 'self'],
});

/** A networked hospital, known to every member. 联网定点医疗机构 */
export const institution = medical.record('institution', {
  about: Institution,
  schema: object({
    code: ownInstitutionCode,
    name: f.line(100).describe('Name'),
    place: f.place.describe('Division where it lies'),
    level: level.describe('Level'),
    inNetwork: f.yesNo.describe('Settles across provinces'),
  }),
  keep: years(5),
  keptBy: term.ownChoice,
  readers: ['public'],
  copies: 'all',
  list: ['name', 'code', 'place', 'level', 'inNetwork'],
  find: ['place', 'level', 'inNetwork'],
  search: ['name', 'code'],
});

/** A hospital's question whether a person will be paid for. 待遇核验 */
export const eligibility = medical.record('eligibility', {
  about: Inquiry,
  person: 'person',
  schema: object({
    inquiry: billId.describe('Id of the registration'),
    state: f.choice(['asked', 'entitled', 'refused', 'unreachable']).describe('State'),
    person: f.citizenId.describe('Citizen number'),
    insuredPlace: f.city.describe('City where the person is insured'),
    hospital: institutionCode,
    filingKind: filingKind.exactOptional().describe('Title under which it would be paid'),
    mode: f.choice(reductionModes).exactOptional().describe('How that title lowers the benefit'),
    bp: f.basisPoints.exactOptional().describe('By how much'),
    policyVersion: f.line(40).exactOptional().describe('Version of the policy'),
    refusal: refusal.exactOptional().describe('Why not'),
  }),
  keep: years(1),
  keptBy: term.shortest,
  readers: ['cashier', 'self'],
  list: ['state', 'insuredPlace', 'hospital', 'filingKind', 'policyVersion'],
  find: ['state', 'hospital'],
});

/** A bill at the place of care. 就诊结算 */
export const bill = medical.record('bill', {
  about: Visit,
  person: 'person',
  schema: object({
    bill: billId,
    state: f.choice(billStates).describe('State'),
    person: f.citizenId.describe('Citizen number'),
    insuredPlace: f.city.describe('City where the person is insured'),
    insured: f.member.describe('Member of the insured place'),
    hospital: institutionCode,
    place: f.place.describe('Division where the hospital lies'),
    visit: visit.describe('Kind of visit'),
    admission: f.day.describe('Day of admission or of the visit'),
    discharge: f.day.describe('Day of discharge or of the visit'),
    total: f.money.describe('All that the hospital charges'),
    confirm: f.choice(['cashier', 'automatic']).describe('Who confirms the price'),
    attempt: f.count.describe('How often the bill was presented'),
    owed: f.money.exactOptional().describe('Owed by the insured place'),
    cash: f.money.exactOptional().describe('Paid by the person at the counter'),
    policyVersion: f.line(40).exactOptional().describe('Version of the policy that decided'),
    until: f.instant.exactOptional().describe('Until when the price can be confirmed'),
    period: f.month.exactOptional().describe('Month in which it is cleared'),
    refusal: refusal.exactOptional().describe('Why it is not settled'),
  }),
  keep: years(30),
  keptBy: term.care,
  readers: ['cashier', 'clerk', 'self'],
  list: ['hospital', 'state', 'insuredPlace', 'discharge', 'total', 'cash', 'visit', 'period', 'bill'],
  find: ['state', 'insuredPlace', 'hospital', 'discharge', 'period', 'total'],
  search: ['bill'],
});

/** The lines and diagnoses of a bill. 费用明细 */
export const billContent = medical.record('bill-content', {
  about: Visit,
  person: 'person',
  schema: object({
    person: f.citizenId.describe('Citizen number'),
    diagnoses: z.array(diagnosisCode).max(20).describe('Diagnoses, the main one first'),
    items: z.array(billItem).describe('Lines of the bill'),
  }),
  keep: years(30),
  keptBy: term.care,
  readers: ['cashier', 'clerk', 'self'],
});

/** The shares with their reasons, as the person sees them at the counter. 结算单 */
export const receipt = medical.record('receipt', {
  about: Visit,
  person: 'person',
  schema: object({
    person: f.citizenId.describe('Citizen number'),
    policyVersion: f.line(40).describe('Version of the policy that decided'),
    catalogue: f.line(40).describe('Catalogue of the place of care'),
    decidingDate: f.day.describe('Day that decides'),
    filingKind: filingKind.describe('Title under which it is paid'),
    nthAdmission: f.count.nullable().describe('Number of the stay in the year'),
    shares: shares.describe('Who bears what'),
    reasons: reasons.describe('Rows of the explanation'),
  }),
  keep: years(30),
  keptBy: term.care,
  readers: ['cashier', 'clerk', 'self'],
});
