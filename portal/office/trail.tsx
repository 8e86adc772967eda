import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { asked } from '../api/client.ts';
import { momentText } from '../app/format.ts';
import { readsBooks } from '../app/nav.ts';
import { placeName } from '../app/places.ts';
import { useSession } from '../app/session.ts';
import { Go } from '../parts/go.tsx';
import { Icon } from '../parts/icon.tsx';
import { useMessageTitle } from '../parts/message-title.ts';
import { Loaded } from '../parts/states.tsx';
import { Yuan } from '../parts/words.tsx';
import { say } from './money-words.ts';
import '../styles/trail.css';

/** A message as its envelope tells it. */
interface TrailMessage {
  readonly id: string;
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly time: string;
  readonly cause?: string;
}

/** What the node tells of a place in its journal. */
interface Trail {
  readonly at: string;
  readonly time: string;
  readonly batch: number;
  readonly partition: number;
  readonly cause: TrailMessage | null;
  readonly bookings: readonly {
    readonly transfer: string;
    readonly debit: string;
    readonly credit: string;
    readonly fen: string;
  }[];
  readonly made: readonly { readonly type: string; readonly href: string }[];
  readonly sent: readonly TrailMessage[];
}

/** What stands behind a place in the journal: the message that came, what was booked and written, what was sent on. 凭据链 */
export function TrailSteps({ at }: { readonly at: string }) {
  const trail = useQuery(asked<Trail>(`/trails/${at}`));
  return (
    <div className="trail">
      <h3 className="small">{say('trail.title')}</h3>
      <Loaded of={trail} lines={5}>
        {(found) => <Steps trail={found} />}
      </Loaded>
    </div>
  );
}

function Steps({ trail }: { readonly trail: Trail }) {
  const here = useSession()?.member;
  const { cause, sent, made, bookings, batch, partition, time } = trail;
  const isPeers = cause !== null && cause.from !== here;
  return (
    <ol className="timeline trail-steps">
      {cause === null ? (
        <Step title={say('trail.erased')} time={time} />
      ) : (
        <Came cause={cause} at={trail.at} isPeers={isPeers} />
      )}
      <Step title={say('trail.batch', { partition: String(partition), batch })} time={time}>
        {bookings.length > 0 && (
          <details>
            <summary className="small">{say('trail.booked', { n: bookings.length })}</summary>
            <Bookings bookings={bookings} />
          </details>
        )}
        {made.map(({ type, href }) => (
          <p key={href} className="small">
            <Written type={type} />
          </p>
        ))}
      </Step>
      {sent
        .filter(({ to }) => to !== here)
        .map((message) => (
          <Sent key={message.id} message={message} at={trail.at} />
        ))}
    </ol>
  );
}

interface StepProps {
  readonly title: ReactNode;
  readonly time: string;
  readonly children?: ReactNode;
}

function Step({ title, time, children }: StepProps) {
  return (
    <li>
      <p className="trail-title">
        <span>{title}</span>
        <time className="small quiet" dateTime={time}>
          {momentText(time, true)}
        </time>
      </p>
      {children}
    </li>
  );
}

/** The message that came. A peer's own is proved at the peer's node; here the one that it answers is. */
function Came({
  cause,
  at,
  isPeers,
}: {
  readonly cause: TrailMessage;
  readonly at: string;
  readonly isPeers: boolean;
}) {
  const what = useMessageTitle(cause.type);
  const title = say(isPeers ? 'trail.received' : 'trail.given', { name: placeName(cause.from), what });
  return (
    <Step title={title} time={cause.time}>
      <p className="mono quiet">{cause.id}</p>
      {isPeers && cause.cause !== undefined && (
        <p className="small row">
          {say('trail.asked')} <Verify id={cause.cause} at={at} />
        </p>
      )}
    </Step>
  );
}

function Sent({ message, at }: { readonly message: TrailMessage; readonly at: string }) {
  const what = useMessageTitle(message.type);
  return (
    <Step title={say('trail.sent', { name: placeName(message.to), what })} time={message.time}>
      <p className="mono quiet">{message.id}</p>
      <Verify id={message.id} at={at} />
    </Step>
  );
}

/** Only those who read the books may open a message whole. */
function Verify({ id, at }: { readonly id: string; readonly at: string }) {
  if (!readsBooks(useSession())) return null;
  return (
    <Go to={`/evidence/${id}?at=${at}`} className="button button-small">
      <Icon of={ShieldCheck} size={16} />
      {say('trail.verify')}
    </Go>
  );
}

function Written({ type }: { readonly type: string }) {
  return say('trail.made', { what: useMessageTitle(type) });
}

function Bookings({ bookings }: Pick<Trail, 'bookings'>) {
  return (
    <ul className="bookings small">
      {bookings.map(({ transfer, debit, credit, fen }) => (
        <li key={transfer}>
          <span>
            {say('trail.debit')} <AccountName path={debit} />
            <br />
            {say('trail.credit')} <AccountName path={credit} />
          </span>
          <Yuan fen={fen} />
        </li>
      ))}
    </ul>
  );
}

/** `<system>/<account>[:<party>]` in words. */
function AccountName({ path }: { readonly path: string }) {
  const [head = '', party] = path.split(':', 2);
  const title = useMessageTitle(head);
  const whose = party === undefined ? '' : /^\d{6}$/.test(party) ? placeName(party) : party;
  return whose === '' ? title : `${title} · ${whose}`;
}
