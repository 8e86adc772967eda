import { WifiOff } from 'lucide-react';
import { clockText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { signInHref, useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { diagnosis } from '../office/node-now.tsx';
import { about, type Pulse, usePulse } from './flows.tsx';
import { Icon } from './icon.tsx';
import { Connection, PeersTable } from './peers-table.tsx';
import { PageHead } from './sheet.tsx';
import { AllGood, AsOf, Loaded } from './states.tsx';

/** Whether the node works and whom it reaches, as anybody may know: counts in tens, never of what passed. */
export function PublicStatus() {
  const pulse = usePulse();
  const session = useSession();
  return (
    <>
      <PageHead
        // What waits for a person is told to those who watch the node alone.
        title={pulse.data === undefined ? t('nav.status') : diagnosis({ ...pulse.data, held: 0 })}
        under={session && <p>{t('home.under', { name: placeName(session.member) })}</p>}
      />
      <Loaded of={pulse} lines={4}>
        {(found) => (
          <div className="stack">
            <Away of={found} />
            <Peers of={found} />
            <AsOf at={found.asOf} />
            {session?.who === null && session.canSignIn && (
              <p>
                <a href={signInHref()}>{t('public-status.sign-in')}</a>
              </p>
            )}
          </div>
        )}
      </Loaded>
    </>
  );
}

interface Of {
  readonly of: Pulse;
}

/** Whom the node does not reach, and what becomes of what is for them. */
function Away({ of: { ready, peers } }: Of) {
  const away = peers.filter(({ reachable }) => !reachable);
  if (ready && away.length === 0) return <AllGood>{t('public-status.all-reached')}</AllGood>;
  return (
    <div className="sheet note edge-you" role="status">
      <Icon of={WifiOff} />
      <div>
        {!ready && <p className="strong">{t('public-status.broken')}</p>}
        {away.map(({ member }) => (
          <p key={member}>
            <strong>{t('status.peer-away', { name: placeName(member) })}</strong> {t('public-status.kept')}
          </p>
        ))}
      </div>
    </div>
  );
}

function Peers({ of: { peers } }: Of) {
  const heads = [
    t('status.member'),
    t('status.state'),
    t('public-status.receipt'),
    t('public-status.sent'),
    t('public-status.received'),
  ];
  return (
    <PeersTable heads={heads}>
      {peers.map(({ member, reachable, lastReceipt, sent, received }) => (
        <tr key={member}>
          <td data-label={heads[0]}>{placeName(member)}</td>
          <td data-label={heads[1]}>
            <Connection reachable={reachable} />
          </td>
          <td data-label={heads[2]} className="number">
            {lastReceipt === null ? '–' : clockText(lastReceipt)}
          </td>
          <td data-label={heads[3]} className="number">
            {about(sent)}
          </td>
          <td data-label={heads[4]} className="number">
            {about(received)}
          </td>
        </tr>
      ))}
    </PeersTable>
  );
}
