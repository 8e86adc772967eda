import { type Fen, fen } from '@yitong/kit';
import type { Admitted } from './admission.ts';
import type { PoolPayment, Stretch } from './bands.ts';
import type { ItemGroup } from './items.ts';
import type { UpperLayers } from './layers.ts';
import type { Case, Reason } from './result.ts';

/** What the explanation is made of. */
export interface Computed {
  readonly groups: readonly ItemGroup[];
  readonly filingUpfront: bigint;
  readonly deductible: bigint;
  readonly nth: number;
  readonly parts: readonly Stretch[];
  readonly pool: PoolPayment;
  readonly limit: number;
  readonly upper: UpperLayers;
  readonly personalAccount: bigint;
}

/** The explanation in the order of payment; rows of nothing are left out, but for the filing's. 计算依据 */
export function reasonsOf(of: Case, admitted: Admitted, computed: Computed): readonly Reason[] {
  const { version, title } = admitted;
  const { upper, pool } = computed;
  const visit = `${version.id}#visits.${of.claim.visit}`;
  const rows: Reason[] = itemReasons(of.catalogue.id, computed.groups);
  const add = (code: string, param: string, amount: bigint) => {
    if (amount > 0n) rows.push({ code, param, amount: amount as Fen });
  };
  rows.push({
    code: `filing-${title}`,
    param: `${version.id}#filing.kinds.${title}`,
    amount: fen(computed.filingUpfront),
  });
  add(
    'deductible',
    `${visit}.deductible.amounts[${admitted.step}].nth[${computed.nth}]`,
    computed.deductible,
  );
  for (const part of computed.parts)
    add('pool-band', `${visit}.bands[${part.band}].rates[${part.rate}]`, part.length);
  if (pool.cut === 'cap') add('pool-cap', `${version.id}#poolCap`, pool.beyondLimit);
  else add('group-limit', `${visit}.limits[${computed.limit}]`, pool.beyondLimit);
  add('supplementary', `${version.id}#supplementary`, upper.supplementary);
  const { majorIllness, medicalAid } = upper;
  for (const { band, length } of majorIllness.parts)
    add('major-illness', `${version.id}#majorIllness.sets[${majorIllness.rule}].bands[${band}]`, length);
  add('major-illness-limit', `${version.id}#majorIllness.limit`, majorIllness.cut);
  add('civil-servant', `${version.id}#civilServant`, upper.civilServant);
  add('medical-aid', `${version.id}#medicalAid.rules[${medicalAid.rule}]`, medicalAid.paid);
  add('personal-account', `${version.id}#personalAccount`, computed.personalAccount);
  return rows;
}

function itemReasons(catalogue: string, groups: readonly ItemGroup[]): Reason[] {
  const rows: Reason[] = [];
  for (const { code, entry, treatment, amount, overPriceCap, upfront } of groups) {
    const param = entry === undefined ? `${catalogue}#${code}` : `${catalogue}#${code}@${entry.from}`;
    const add = (reason: string, fenOfIt: bigint) => {
      if (fenOfIt > 0n) rows.push({ code: reason, param, amount: fenOfIt as Fen });
    };
    if (treatment !== 'in-catalogue') add(treatment, amount);
    add('over-price-cap', overPriceCap);
    add('class-b-upfront', upfront);
  }
  return rows;
}
