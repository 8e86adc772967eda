import { useQuery } from '@tanstack/react-query';
import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { asked } from '../api/client.ts';
import { clockText, whole } from '../app/format.ts';
import { initial, members, shortName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { Icon, StateMark } from './icon.tsx';

/** What `/pulse` tells: which members a node reaches and how many signed batches passed, in tens; receipts by the quarter of an hour. */
export interface Pulse {
  readonly member: string;
  readonly ready: boolean;
  readonly asOf: string;
  readonly peers: readonly {
    readonly member: string;
    readonly reachable: boolean;
    readonly lastReceipt: string | null;
    readonly sent: number;
    readonly received: number;
    readonly sentPerMinute: number | null;
    readonly receivedPerMinute: number | null;
  }[];
}

/** Places of the four members: east, north, south, west. */
const places: Readonly<Record<string, readonly [x: number, y: number]>> = {
  '310000': [470, 190],
  '320000': [280, 55],
  '330000': [280, 325],
  '340000': [90, 190],
};
/** Where their words stand, and how they are aligned. */
const words: Readonly<Record<string, readonly [x: number, y: number, anchor: 'start' | 'end' | 'middle']>> = {
  '310000': [510, 184, 'start'],
  '320000': [322, 48, 'start'],
  '330000': [322, 330, 'start'],
  '340000': [50, 184, 'end'],
};

/** Live picture of what passes between this node's member and the others: counts of signed batches, nothing of what is in them. */
export function Flows({ pulse, isLost }: { readonly pulse: Pulse | undefined; readonly isLost: boolean }) {
  const [isStill, setStill] = useState(false);
  const shown = members.filter(({ code }) => places[code] !== undefined);
  return (
    <figure className="flows" data-still={isStill || isLost}>
      <svg viewBox="-60 20 700 350" role="img" aria-label={sentence(pulse, isLost)}>
        {shown.flatMap((from) =>
          shown
            .filter((to) => to.code !== from.code)
            .map((to) => (
              <Channel key={`${from.code}${to.code}`} from={from.code} to={to.code} pulse={pulse} />
            )),
        )}
        {shown.map(({ code }) => (
          <Member key={code} code={code} pulse={pulse} />
        ))}
      </svg>
      <ul className="flows-list">
        {shown.map(({ code }) => (
          <MemberWords key={code} code={code} pulse={pulse} />
        ))}
      </ul>
      <figcaption>
        <span className="mark-word">
          <StateMark state={isLost || pulse === undefined ? 'away' : 'good'} />
          {isLost
            ? t('flows.lost')
            : t('flows.live', { time: pulse === undefined ? '…' : clockText(pulse.asOf, true) })}
        </span>
        <button type="button" onClick={() => setStill(!isStill)} aria-pressed={isStill}>
          <Icon of={isStill ? Play : Pause} size={16} />
          {t(isStill ? 'flows.move' : 'flows.pause')}
        </button>
      </figcaption>
    </figure>
  );
}

/** Milliseconds between two looks at what passes. */
const pulseMs = 10_000;

/** What passes, looked at again and again. */
export function usePulse() {
  return useQuery({ ...asked<Pulse>('/pulse'), refetchInterval: pulseMs, staleTime: pulseMs });
}

/** A count that the node rounded down to tens, as small counts would tell of single people. */
export function about(count: number): string {
  return count === 0 ? t('flows.few') : t('flows.about', { n: whole(count) });
}

function sentence(pulse: Pulse | undefined, isLost: boolean): string {
  if (pulse === undefined || isLost) return t('flows.lost');
  const parts = pulse.peers.map(({ member, sent, received, reachable }) =>
    t(reachable ? 'flows.peer' : 'flows.peer-away', {
      name: shortName(member),
      sent: about(sent),
      received: about(received),
    }),
  );
  return `${t('flows.title', { name: shortName(pulse.member) })} ${parts.join(t('list.and'))}`;
}

interface ChannelProps {
  readonly from: string;
  readonly to: string;
  readonly pulse: Pulse | undefined;
}

/** A curve that bows to the right of its direction; wide by count; one that this node knows nothing of is faint. */
function Channel({ from, to, pulse }: ChannelProps) {
  const path = curve(from, to);
  const peer = pulse?.peers.find(({ member }) =>
    from === pulse.member ? member === to : to === pulse.member && member === from,
  );
  if (peer === undefined) return <path d={path} className="channel channel-others" />;
  const isOut = from === pulse?.member;
  const count = isOut ? peer.sent : peer.received;
  const pace = isOut ? peer.sentPerMinute : peer.receivedPerMinute;
  const dots = peer.reachable ? Math.min(4, 1 + Math.round(Math.log10(1 + (pace ?? 0) + count / 1_000))) : 0;
  const width = Math.min(7, 2 + Math.log10(1 + count));
  return (
    <>
      <path d={path} className={peer.reachable ? 'channel' : 'channel channel-away'} strokeWidth={width} />
      {Array.from({ length: dots }, (_, i) => (
        <circle
          key={i}
          r="3.5"
          className="dot"
          style={{ offsetPath: `path('${path}')`, animationDelay: `${(-4 * i) / dots}s` }}
        />
      ))}
    </>
  );
}

/** How far a curve's middle lies off the straight line. */
const bow = 26;

function curve(from: string, to: string): string {
  const [x1, y1] = places[from] ?? [0, 0];
  const [x2, y2] = places[to] ?? [0, 0];
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [across, down] = [((y1 - y2) / length) * bow, ((x2 - x1) / length) * bow];
  const [mx, my] = [(x1 + x2) / 2 + across, (y1 + y2) / 2 + down];
  return `M${x1} ${y1}Q${mx.toFixed(1)} ${my.toFixed(1)} ${x2} ${y2}`;
}

interface Figures {
  readonly isOwn: boolean;
  /** What went out and what came in, or that it is away. */
  readonly texts: readonly string[];
}

/** What passed at a member: of this node's own all, of another what went between the two. */
function figuresOf(code: string, pulse: Pulse | undefined): Figures {
  const peer = pulse?.peers.find(({ member }) => member === code);
  const isOwn = pulse?.member === code;
  const total = (of: 'sent' | 'received') => (pulse?.peers ?? []).reduce((sum, one) => sum + one[of], 0);
  const [out, into] = isOwn ? [total('sent'), total('received')] : [peer?.received ?? 0, peer?.sent ?? 0];
  const isAway = peer !== undefined && !peer.reachable;
  const counts = [t('flows.out', { n: about(out) }), t('flows.into', { n: about(into) })];
  return { isOwn, texts: isAway ? [t('flows.unreachable')] : counts };
}

interface MemberProps {
  readonly code: string;
  readonly pulse: Pulse | undefined;
}

function Member({ code, pulse }: MemberProps) {
  const [x, y] = places[code] ?? [0, 0];
  const [wx, wy, anchor] = words[code] ?? [0, 0, 'start'];
  const { isOwn, texts } = figuresOf(code, pulse);
  return (
    <g>
      <circle cx={x} cy={y} r="28" className={isOwn ? 'member member-own' : 'member'} />
      <text x={x} y={y + 7} textAnchor="middle" className="member-initial">
        {initial(code)}
      </text>
      <g className="flows-words">
        <text x={wx} y={wy} textAnchor={anchor} className="member-name">
          {shortName(code)}
        </text>
        <text x={wx} y={wy + 22} textAnchor={anchor} className="member-count">
          {texts.join(' ')}
        </text>
      </g>
    </g>
  );
}

/** The same words below the picture, where a phone has no room beside it. */
function MemberWords({ code, pulse }: MemberProps) {
  return (
    <li>
      <strong>
        {initial(code)} {shortName(code)}
      </strong>
      {figuresOf(code, pulse).texts.map((text) => (
        <span key={text}>{text}</span>
      ))}
    </li>
  );
}
