import { yuan } from '@yitong/portal';
import type { Shares } from './records.ts';
import { words } from './texts.ts';

/** One of those who pay: who, how much, and how it is drawn everywhere. */
export interface Payer {
  readonly name: 'pool' | 'funds' | 'account' | 'cash';
  readonly amount: bigint;
}

/** Who pays a bill, in the fixed order: pool, other funds, account, cash. */
export function payersOf(shares: Shares): readonly Payer[] {
  const n = (name: keyof Shares): bigint => BigInt(shares[name]);
  const funds = n('supplementary') + n('majorIllness') + n('civilServant') + n('medicalAid');
  const all = [
    { name: 'pool', amount: n('pool') },
    { name: 'funds', amount: funds },
    { name: 'account', amount: n('personalAccount') },
    { name: 'cash', amount: n('cash') },
  ] as const;
  return all.filter(({ amount }) => amount > 0n);
}

/** A bar of who pays: the same order and colours everywhere, to scale. */
export function SplitBar({ shares }: { readonly shares: Shares }) {
  return (
    <div className="split-bar" role="img" aria-label={sentence(shares)}>
      {payersOf(shares).map(({ name, amount }) => (
        <span key={name} className={`pay-${name}`} style={{ flexGrow: Number(amount) }} />
      ))}
    </div>
  );
}

/** The picture in words. */
function sentence(shares: Shares): string {
  const parts = payersOf(shares).map(({ name, amount }) => `${words(name)} ${yuan(amount)}`);
  return `${words('total')} ${yuan(shares.total)}${words('colon')}${parts.join(words('comma'))}`;
}

interface Bar {
  readonly at: string;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly className: string;
}

interface Ribbon {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  readonly height: number;
  readonly className: string;
}

const picture = { width: 820, height: 300, bar: 10, gap: 16, top: 8 } as const;

/** Fen to picture units: what remains of the height once the gaps of the fullest column are taken. */
const scaleOf = (total: bigint): number =>
  (picture.height - 3 * picture.gap - picture.top) / Math.max(1, Number(total));

/** The whole way of the money: the total divides, the funds take their part, what is left is paid. Widths are to scale. */
export function Channels({ shares }: { readonly shares: Shares }) {
  const { bars, ribbons, labels } = channels(shares);
  return (
    <svg
      viewBox={`0 0 ${picture.width} ${picture.height + 24}`}
      className="channels"
      role="img"
      aria-label={sentence(shares)}
    >
      {ribbons.map((ribbon) => (
        <path
          key={`${ribbon.from.join()} ${ribbon.to.join()}`}
          d={ribbonPath(ribbon)}
          className={ribbon.className}
        />
      ))}
      {bars.map(({ at, x, y, height, className }) => (
        <rect key={at} x={x} y={y} width={picture.bar} height={Math.max(1.5, height)} className={className} />
      ))}
      {labels.map(({ at, x, y, isBeside, text, amount }) => (
        <text key={at} x={x} y={y} className="channel-label" textAnchor={isBeside ? 'end' : 'start'}>
          {text}
          <tspan {...(isBeside ? { dx: 8 } : { x, dy: 17 })} className="channel-amount">
            {yuan(amount)}
          </tspan>
        </text>
      ))}
    </svg>
  );
}

function ribbonPath({ from: [x1, y1], to: [x2, y2], height }: Ribbon): string {
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}v${height}C${middle} ${y2 + height} ${middle} ${y1 + height} ${x1} ${y1 + height}Z`;
}

interface Label {
  readonly at: string;
  readonly x: number;
  readonly y: number;
  /** Before its bar, in one line: the bar is lower than two. */
  readonly isBeside: boolean;
  readonly text: string;
  readonly amount: bigint;
}

/** Height of a bar from which both lines of its label have room, with the gap below it. */
const twoLines = 24;

/** Columns: the total; what the pool looks at, the deductible, what is paid first; the pool's part and what it leaves; who pays. */
function channels(shares: Shares) {
  const [total, middle, taken, payers] = columns(shares);
  const ribbons = [
    ...joined(total, middle, 'ribbon-quiet'),
    ...poolRibbons(middle, taken, BigInt(shares.pool)),
    ...leftRibbons(taken, payers),
  ];
  const labels = [...total, ...middle, ...taken].map(({ at, x, y, height, amount }): Label => {
    const isBeside = height < twoLines;
    const place = isBeside ? { x: x - 8, y: y + height / 2 + 5 } : { x: x + 18, y: y + height / 2 - 6 };
    return { at, ...place, isBeside, text: labelOf(at), amount };
  });
  return { bars: [...total, ...middle, ...taken, ...payers], ribbons, labels };
}

type Part = readonly [at: string, amount: bigint, className: string];

function columns(shares: Shares) {
  const n = (name: keyof Shares): bigint => BigInt(shares[name]);
  const first = n('outOfScope') + n('overPriceCap') + n('upfront') + n('filingUpfront');
  const base = n('total') - first - n('deductible');
  const scale = scaleOf(n('total'));
  const middle: readonly Part[] = [
    ['base', base, 'bar-quiet'],
    ['deductible', n('deductible'), 'bar-quiet'],
    ['first', first, 'bar-quiet'],
  ];
  const taken: readonly Part[] = [
    ['taken', n('pool'), 'pay-pool'],
    ['left', n('total') - n('pool'), 'pay-cash'],
  ];
  const payers = payersOf(shares).map(({ name, amount }): Part => [name, amount, `pay-${name}`]);
  return [
    column(0, [['total', n('total'), 'bar-text']], scale),
    column(250, middle, scale),
    column(530, taken, scale),
    column(810, payers, scale),
  ] as const;
}

function column(x: number, parts: readonly Part[], scale: number): readonly Placed[] {
  let y: number = picture.top;
  return parts
    .filter(([, amount]) => amount > 0n)
    .map(([at, amount, className]) => {
      const bar = { at, x, y, height: Number(amount) * scale, className, amount };
      y += bar.height + picture.gap;
      return bar;
    });
}

type Placed = Bar & { readonly amount: bigint };

function labelOf(at: string): string {
  return words(at as 'total');
}

/** From one bar to each of the next column, in order. */
function joined(from: readonly Placed[], to: readonly Placed[], className: string): readonly Ribbon[] {
  const [start] = from;
  if (start === undefined) return [];
  let y = start.y;
  return to.map((bar) => {
    const ribbon: Ribbon = {
      from: [start.x + picture.bar, y],
      to: [bar.x, bar.y],
      height: bar.height,
      className,
    };
    y += bar.height;
    return ribbon;
  });
}

/** From what the pool looks at to what it takes; the rest of it, and all besides, to what is left. */
function poolRibbons(middle: readonly Placed[], taken: readonly Placed[], pool: bigint): readonly Ribbon[] {
  const base = middle.find(({ at }) => at === 'base');
  const [funded, left] = [taken.find(({ at }) => at === 'taken'), taken.find(({ at }) => at === 'left')];
  const ribbons: Ribbon[] = [];
  if (base !== undefined && funded !== undefined)
    ribbons.push({
      from: [base.x + picture.bar, base.y],
      to: [funded.x, funded.y],
      height: funded.height,
      className: 'ribbon-pool',
    });
  if (left === undefined) return ribbons;
  let y = left.y;
  for (const bar of middle) {
    const own = bar.at === 'base' ? bar.amount - pool : bar.amount;
    const height = bar.height * (Number(own) / Math.max(1, Number(bar.amount)));
    const begin = bar.y + bar.height - height;
    if (own > 0n)
      ribbons.push({ from: [bar.x + picture.bar, begin], to: [left.x, y], height, className: 'ribbon-cash' });
    y += height;
  }
  return ribbons;
}

function leftRibbons(taken: readonly Placed[], payers: readonly Placed[]): readonly Ribbon[] {
  const others = payers.filter(({ at }) => at !== 'pool');
  const pool = payers.filter(({ at }) => at === 'pool');
  const rest = joined(
    taken.filter(({ at }) => at === 'left'),
    others,
    '',
  ).map((ribbon, i) => ({
    ...ribbon,
    className: `ribbon-${others[i]?.at}`,
  }));
  return [
    ...joined(
      taken.filter(({ at }) => at === 'taken'),
      pool,
      'ribbon-pool',
    ),
    ...rest,
  ];
}
