import { momentText, monthText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { NumberHeads } from './number-heads.tsx';
import type { Voucher } from './verdict-words.ts';
import { Yuan } from './words.tsx';

/** What a voucher of a statement names as its record. */
export const statementRecord = 'ledger/statement';

interface Sums {
  readonly peer: string;
  readonly owed: string;
  readonly due: string;
}

/** The sums that a member signed of its books with others. 往来对账单 */
export function VouchedStatement({ of }: { readonly of: Voucher }) {
  const { period, sums } = of.facts as { readonly period: string; readonly sums: readonly Sums[] };
  const title = period === '' ? t('nav.statement') : t('statement.title', { month: monthText(period) });
  const heads = [t('statement.owed'), t('statement.due'), t('statement.net')];
  return (
    <>
      <p>{t('verify.says', { member: placeName(of.member), time: momentText(of.time, true), title })}</p>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={title}>
        <table className="table">
          <NumberHeads first={t('statement.peer')} heads={heads} />
          <tbody>
            {sums.map(({ peer, owed, due }) => (
              <tr key={peer}>
                <th scope="row">{placeName(peer)}</th>
                {[BigInt(owed), BigInt(due), BigInt(due) - BigInt(owed)].map((fen, at) => (
                  <td key={heads[at]} className="number">
                    <Yuan fen={fen} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="small quiet">
        {t('verify.key', { key: of.key, member: placeName(of.member), n: of.directory })}
      </p>
    </>
  );
}
