import { type Fen, f, object, z } from '@yitong/kit';
import { wireFine } from './contract/amounts.ts';
import { contractSchemas } from './contract/schemas.ts';
import type { Reason, Shares } from './rules/result.ts';
import { filingKinds, visitKinds } from './rules/types.ts';

/** The contract's schemas with amounts as decimal text: what records and messages hold. */
export const wire = contractSchemas({ money: f.money, item: f.money, fine: wireFine });

/** Id of a bill, unique in its member; by custom it begins with the hospital's code. */
export const billId = f
  .code(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 64)
  .describe('Id of the bill at the place of care');
/** The same where it names a bill that was presented. */
export const knownBill = billId.meta({ names: 'bill' });
/** National code of a hospital as it is entered: H, its county or city (GB/T 2260) and five digits. 定点医疗机构代码 */
export const ownInstitutionCode = f.code(/^H[0-9]{11}$/, 12).describe('National code of the hospital');
/** The same where it names a hospital that was entered. */
export const institutionCode = ownInstitutionCode.meta({ names: 'institution' });
/** National code of an item: service (15 digits), drug (X, Z), consumable (C), herbal piece (T). 医保项目代码 */
const itemCode = f.code(
  /^(?:[0-9]{15}|[XZ][0-9A-Z]{19}(?:[0-9A-Z]{3})?|C[0-9A-Z]{14,19}|T[0-9A-Z]{4,14})$/,
  23,
);
/** A diagnosis, ICD-10 医保版, such as `I63.900`, `A00.000x001` or `A17.000+G01*`. 诊断 */
export const diagnosisCode = f
  .code(
    /^[A-Z][0-9]{2}(?:\.[0-9x][0-9]{0,2}(?:x[0-9]{3})?)?[+*]?(?:[A-Z][0-9]{2}(?:\.[0-9x][0-9]{0,2})?\*)?$/,
    24,
  )
  .meta({ names: 'diagnosis' });
/** Code of a chronic disease: M and five digits. 门诊慢特病病种 */
export const chronicCode = f.code(/^M[0-9]{5}$/, 6).meta({ names: 'chronic-disease' });
/** Kind of visit. */
export const visit = f.choice(visitKinds);
/** Level of a hospital: 0 none, 1 to 3. 医院等级 */
export const level = f.choice(['0', '1', '2', '3']);
/** Insurance: 310 employees, 390 residents. 险种 */
export const scheme = f.choice(['310', '390']);
/** Title under which a claim is paid. */
export const filingKind = f.choice(filingKinds);

const share = (text: string): z.ZodType<Fen> => f.money.describe(text);

/** Who bears the total, layer by layer, in fen. */
export const shares: z.ZodType<Shares> = object({
  total: share('All that the hospital charges (医疗费总额)'),
  outOfScope: share('Not paid by any fund (全自费)'),
  overPriceCap: share('Above a price cap (超限价自费)'),
  upfront: share('First share of class B (先行自付)'),
  inScope: share('Within the scope of the policy (符合政策范围)'),
  filingUpfront: share('First share for the way of filing'),
  deductible: share('Deductible (起付标准)'),
  beyondLimit: share('Above a limit of the pool'),
  pool: share('Paid by the pool (统筹基金)'),
  supplementary: share('Paid above the cap (大额补助)'),
  majorIllness: share('Paid by major illness insurance (大病保险)'),
  civilServant: share('Paid by the civil servants’ top-up (公务员补助)'),
  medicalAid: share('Paid by medical aid (医疗救助)'),
  personalAccount: share('Paid from the personal account (个人账户)'),
  cash: share('Paid by the person at the counter (个人现金)'),
});

/** The explanation, row by row. */
export const reasons: z.ZodType<readonly Reason[]> = z.array(
  object({
    code: f.line(60).describe('What happened'),
    param: f.line(200).describe('The parameter that says so'),
    amount: f.money.describe('Fen concerned'),
  }),
);

/** A line of a bill. */
export const billItem = object({
  code: itemCode.describe('National code of the item'),
  date: f.day.describe('Day on which it was given'),
  unitPrice: wireFine.describe('Unit price in 1/10,000 fen'),
  quantity: wireFine.describe('Quantity in 1/10,000 of a unit'),
  amount: f.money.describe('Amount in fen'),
  restrictionMet: f.yesNo.describe('Whether the restriction of the item is met'),
});
