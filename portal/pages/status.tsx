import { useQuery } from '@tanstack/react-query';
import { Siren, WifiOff } from 'lucide-react';
import { asked } from '../api/client.ts';
import { clockText, dayText, whole } from '../app/format.ts';
import { useFeed } from '../app/live.ts';
import { isWatcher } from '../app/nav.ts';
import { placeName } from '../app/places.ts';
import { useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { diagnosis } from '../office/node-now.tsx';
import { NodeTabs } from '../office/node-tabs.tsx';
import { say } from '../office/node-words.ts';
import { RateCharts } from '../office/rates.tsx';
import { Streams } from '../office/streams.tsx';
import { Go } from '../parts/go.tsx';
import { Held } from '../parts/held.tsx';
import { Icon, StateMark } from '../parts/icon.tsx';
import { Connection, PeersTable } from '../parts/peers-table.tsx';
import { PublicStatus } from '../parts/public-status.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { AllGood, Loaded, Waiting } from '../parts/states.tsx';
import '../styles/office.css';

/** What a node tells its operators. */
interface Status {
  readonly member: string;
  readonly directory: { readonly version: number; readonly issued: string; readonly expires: string };
  readonly partitions: readonly {
    readonly partition: number;
    readonly epoch: number;
    readonly seq: number;
    readonly queue: number;
    readonly writing: boolean;
  }[];
  readonly peers: readonly {
    readonly member: string;
    readonly reachable: boolean;
    readonly lastReceipt?: number;
    readonly skewMs?: number;
    readonly unreceipted: number;
    readonly alarms: readonly { readonly stream: string; readonly code: string; readonly detail: string }[];
  }[];
  readonly held: number;
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly warnings?: readonly string[];
  /** Records that were read in emergencies within a day; a feed does not say it. */
  readonly emergencies?: number;
}

/** Whether the node is well, and where it is not: the title says it. Whoever watches the node sees all of it, everybody else whom it reaches. 运行状态 */
export function Page() {
  const session = useSession();
  if (session === undefined) return <Waiting />;
  return isWatcher(session) ? <Watched /> : <PublicStatus />;
}

function Watched() {
  const feed = useFeed<Status & { readonly asOf: string }>('/status/feed', 'status');
  // The first look is asked for: a feed tells nothing of why it does not begin.
  const first = useQuery(asked<Status>('/status'));
  const found = feed.data ?? first.data;
  if (found === undefined)
    return (
      <>
        <PageHead title={t('nav.status')} />
        <Loaded of={first}>{() => null}</Loaded>
      </>
    );
  return (
    <>
      <PageHead title={diagnosis(found)} under={<p>{t('status.directory', directoryOf(found))}</p>}>
        <span className={found.ready ? 'chip chip-good' : 'chip chip-bad'}>
          {t(found.ready ? 'status.writes' : 'status.no-writes')}
        </span>
        <LiveMark at={feed.data?.asOf} isLost={feed.isLost} />
        <NodeTabs at="overview" />
      </PageHead>
      <div className="stack">
        <Faults of={found} />
        <Emergencies n={first.data?.emergencies ?? 0} />
        <Tiles of={found} />
        <div className="two">
          <div className="stack">
            <Peers of={found} />
            <Held n={found.held} />
            <RateCharts />
          </div>
          <div className="stack">
            <Partitions of={found} />
            <Streams />
          </div>
        </div>
      </div>
    </>
  );
}

/** Since when the figures are of now, or of when they are while nothing arrives. */
function LiveMark({ at, isLost }: { readonly at: string | undefined; readonly isLost: boolean }) {
  if (at === undefined) return null;
  const time = clockText(at, true);
  return (
    <span className={isLost ? 'mark-word small you' : 'mark-word small quiet'}>
      <StateMark state={isLost ? 'away' : 'good'} />
      {say(isLost ? 'lost' : 'live', { time })}
    </span>
  );
}

function directoryOf({ directory }: Status): Record<string, string | number> {
  return { n: directory.version, until: dayText(directory.expires.slice(0, 10)) };
}

interface Of {
  readonly of: Status;
}

/** Each fault in a sentence, with what still works; a green sentence when there is none. */
function Faults({ of: { peers, reasons, held, warnings = [] } }: Of) {
  const away = peers.filter(({ reachable }) => !reachable);
  if (away.length + reasons.length + warnings.length === 0)
    return <AllGood>{t(held === 0 ? 'status.all-good' : 'status.all-reached')}</AllGood>;
  return (
    <div className="sheet note edge-you" role="status">
      <Icon of={WifiOff} />
      <div>
        {[...reasons, ...warnings].map((reason) => (
          <p key={reason} className="strong" lang="en">
            {reason}
          </p>
        ))}
        {away.map(({ member, unreceipted }) => (
          <p key={member}>
            <strong>{t('status.peer-away', { name: placeName(member) })}</strong>{' '}
            {t('status.peer-waits', { n: unreceipted })}
          </p>
        ))}
      </div>
    </div>
  );
}

/** Somebody broke the glass: an auditor looks at each within a day. */
function Emergencies({ n }: { readonly n: number }) {
  if (n === 0) return null;
  return (
    <div className="sheet note edge-you" role="status">
      <Icon of={Siren} />
      <p>
        {say('emergencies', { n })} <Go to="/status/glasses">{say('emergencies.look')}</Go>
      </p>
    </div>
  );
}

function Tiles({ of: { partitions, peers, held } }: Of) {
  const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
  const waiting = sum(peers.map(({ unreceipted }) => unreceipted));
  const tiles = [
    [t('status.batches'), whole(sum(partitions.map(({ seq }) => seq))), false],
    [t('status.queue'), whole(sum(partitions.map(({ queue }) => queue))), false],
    [t('status.waiting'), whole(waiting), waiting > 0],
    [t('status.held'), whole(held), held > 0],
  ] as const;
  return (
    <dl className="sheet tiles">
      {tiles.map(([what, number, isLate]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd className={isLate ? 'is-late' : ''}>{number}</dd>
        </div>
      ))}
    </dl>
  );
}

function Peers({ of: { peers } }: Of) {
  const heads = [
    t('status.member'),
    t('status.state'),
    t('status.unreceipted'),
    t('status.receipt'),
    t('status.skew'),
  ];
  return (
    <PeersTable heads={heads}>
      {peers.map((peer) => (
        <Peer key={peer.member} peer={peer} heads={heads} />
      ))}
    </PeersTable>
  );
}

function Peer({
  peer,
  heads,
}: {
  readonly peer: Status['peers'][number];
  readonly heads: readonly string[];
}) {
  const { member, reachable, unreceipted, lastReceipt, skewMs, alarms } = peer;
  return (
    <tr>
      <td data-label={heads[0]}>
        <span>
          <strong>{member}</strong> {placeName(member)}
        </span>
      </td>
      <td data-label={heads[1]}>
        <Connection reachable={reachable}>
          {alarms.map(({ stream, code, detail }) => (
            <span key={stream} className="chip chip-bad">{`${stream}: ${code}, ${detail}`}</span>
          ))}
        </Connection>
      </td>
      <td className="number" data-label={heads[2]}>
        {whole(unreceipted)}
      </td>
      <td className="number" data-label={heads[3]}>
        {lastReceipt === undefined ? '–' : clockText(lastReceipt, true)}
      </td>
      <td className="number" data-label={heads[4]}>
        {skewMs === undefined ? '–' : t('status.ms', { ms: whole(skewMs) })}
      </td>
    </tr>
  );
}

function Partitions({ of: { partitions } }: Of) {
  return (
    <Sheet title={t('status.chains')} aside={t('status.chains-why')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('status.partition')}</th>
            <th scope="col" className="number">
              {t('status.batches')}
            </th>
            <th scope="col" className="number">
              {t('status.epoch')}
            </th>
          </tr>
        </thead>
        <tbody>
          {partitions.map(({ partition, seq, epoch }) => (
            <tr key={partition}>
              <td>{partition}</td>
              <td className="number">{whole(seq)}</td>
              <td className="number">{whole(epoch)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}
