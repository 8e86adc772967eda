import type { History } from '@yitong/kit';
import { demonstrationCatalogue, type MemberCatalogue } from './law/demonstration-catalogue.ts';
import { chronicDiseases, demonstrationPolicies, firstChronicDiseases, type Policies } from './law/pools.ts';

/** The law as handlers read it on a day. */
export interface Law {
  /** This member's pools as insured places. 参保地政策 */
  readonly policies: Policies;
  /** This member's catalogue as a place of care. 就医地目录 */
  readonly catalogue: MemberCatalogue;
  /** Months that a temporary filing holds at least, and when no end is stated. 备案有效期 */
  readonly filingMonths: number;
  /** Chronic diseases settled across provinces. 跨省联网结算的门诊慢特病病种 */
  readonly chronicDiseases: readonly string[];
  /** Minutes in which a hospital confirms a price. */
  readonly confirmMinutes: number;
  /** Hours after those when the insured place frees what it holds, if it has heard nothing: a confirmation in time may come late. */
  readonly graceHours: number;
}

const demonstration = { source: 'demonstration value', mark: 'demonstration' } as const;

/** Parameters of the region; a member's own stand in `overlays`. */
export const parameters: { readonly [N in keyof Law]: History<Law[N]> } = {
  policies: [{ from: '2024-01-01', value: {}, ...demonstration }],
  catalogue: [{ from: '2024-01-01', value: { id: 'YT-none', items: [] }, ...demonstration }],
  filingMonths: [
    {
      from: '2023-01-01',
      value: 6,
      source: '医保发〔2022〕22号，基本医疗保险跨省异地就医直接结算经办规程（据多地通知转引）',
    },
  ],
  chronicDiseases: [
    {
      from: '2023-01-01',
      value: firstChronicDiseases,
      source:
        '医保发〔2022〕22号：高血压、糖尿病、恶性肿瘤门诊治疗、尿毒症透析、器官移植术后抗排异治疗（代码未核对）',
      mark: 'to-check',
    },
    {
      from: '2024-12-01',
      value: chronicDiseases,
      source:
        '国家医保局 2024 年通知：慢性阻塞性肺疾病、类风湿关节炎、冠心病、病毒性肝炎、强直性脊柱炎（日期和代码未核对）',
      mark: 'to-check',
    },
  ],
  confirmMinutes: [{ from: '2024-01-01', value: 30, ...demonstration }],
  graceHours: [{ from: '2024-01-01', value: 24, ...demonstration }],
};

/** The four members' own pools and catalogues. */
export const overlays = Object.fromEntries(
  ['310000', '320000', '330000', '340000'].map((member) => [member, overlayOf(`${Number(member)}`)]),
);

function overlayOf(member: `${number}`): { readonly [N in keyof Law]?: History<Law[N]> } {
  return {
    policies: [{ from: '2024-01-01', value: demonstrationPolicies(member), ...demonstration }],
    catalogue: [{ from: '2024-01-01', value: demonstrationCatalogue(member), ...demonstration }],
  };
}
