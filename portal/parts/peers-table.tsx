import type { ReactNode } from 'react';
import { t } from '../app/texts.ts';
import { StateMark } from './icon.tsx';
import { Sheet } from './sheet.tsx';

/** A row for each peer of a node; of the heads, those from the third on stand above numbers. */
export function PeersTable({
  heads,
  children,
}: {
  readonly heads: readonly string[];
  readonly children: ReactNode;
}) {
  return (
    <Sheet title={t('status.peers')}>
      <div className="table-scroll">
        <table className="table cards">
          <thead>
            <tr>
              {heads.map((head, at) => (
                <th key={head} scope="col" className={at > 1 ? 'number' : ''}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </Sheet>
  );
}

/** Whether a peer is reached, and what else is to be said of that. */
export function Connection({
  reachable,
  children,
}: {
  readonly reachable: boolean;
  readonly children?: ReactNode;
}) {
  return (
    <span className={reachable ? 'mark-word' : 'mark-word you'}>
      <StateMark state={reachable ? 'good' : 'away'} />
      {t(reachable ? 'status.connected' : 'status.unreachable')}
      {children}
    </span>
  );
}
