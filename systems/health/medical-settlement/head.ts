import { subject, system } from '@yitong/kit';
import { texts } from './messages/texts.ts';
import { type Law, overlays, parameters } from './parameters.ts';

/** 异地就医直接结算: a resident insured in one place is treated in another and pays only their own share at the counter. */
export const medical = system<'cashier' | 'clerk', 'medical-settlement', Law>('medical-settlement', {
  roles: ['cashier', 'clerk'],
  purposes: ['medical-settlement'],
  parameters,
  overlays,
  texts,
});

/** One visit and its bill at the place of care; the key is the bill's id there. 就诊 */
export const Visit = subject('visit');
/** A hospital of the member; the key is its national code. 定点医疗机构 */
export const Institution = subject('institution');
/** A question at registration, before there is a bill. 待遇核验 */
export const Inquiry = subject('inquiry');
