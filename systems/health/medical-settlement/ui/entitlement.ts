import { cities, get, post, uuid7 } from '@yitong/portal';
import type { BillDraft } from './draft.ts';
import type { Institution } from './records.ts';

/** What the insured place said about a person before there is a bill. */
export interface Eligibility {
  readonly state: 'entitled' | 'refused' | 'unreachable';
  readonly filingKind?: string;
  readonly policyVersion?: string;
  /** Why not, as the insured place names it. */
  readonly code?: string;
  /** Milliseconds from question to answer. */
  readonly tookMs: number;
}

interface Answered {
  readonly answers: readonly {
    readonly state: 'answered' | 'refused' | 'unknown-subject' | 'busy' | 'no-answer';
    readonly value?: { readonly filingKind: string; readonly policyVersion: string };
    readonly code?: string;
  }[];
}

/** Asks the insured place at once whether, and under which title, it would pay. 待遇享受查询 */
export async function entitlementOf(
  draft: BillDraft,
  hospitals: readonly Institution[],
): Promise<Eligibility> {
  const begun = performance.now();
  const { insuredPlace, visit, admission, discharge } = draft;
  const hospital = hospitals.find(({ code }) => code === draft.hospital);
  const { code = '', level = '', inNetwork = true, place = '' } = hospital ?? {};
  const input = {
    bill: `Q-${uuid7()}`,
    person: draft.person.trim(),
    insuredPlace,
    placeOfCare: place,
    hospital: { code, level, inNetwork },
    visit,
    admission: visit === 'inpatient' ? admission : discharge,
    discharge,
    emergency: false,
    disease: null,
  };
  const to = await memberFor(insuredPlace);
  const { answers } = await post<Answered>('/medical-settlement/entitlement', { to, input });
  const [answer] = answers;
  const tookMs = performance.now() - begun;
  if (answer?.state === 'answered') return { state: 'entitled', ...answer.value, tookMs };
  if (answer?.state === 'unknown-subject') return { state: 'refused', code: 'not-insured', tookMs };
  if (answer?.state === 'refused')
    return { state: 'refused', ...(answer.code === undefined ? {} : { code: answer.code }), tookMs };
  return { state: 'unreachable', tookMs };
}

/** The member whose node keeps a city's insurance: the city itself where it runs one, else its province. */
async function memberFor(city: string): Promise<string> {
  const { member, peers } = await get<{
    readonly member: string;
    readonly peers: readonly { readonly member: string }[];
  }>('/pulse');
  const members = [member, ...peers.map((one) => one.member)];
  const province = cities.find(({ code }) => code === city)?.member ?? city;
  return members.includes(city) ? city : province;
}
