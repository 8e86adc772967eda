import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { asked } from '../api/client.ts';
import { clockText, whole } from '../app/format.ts';
import { shortName } from '../app/places.ts';
import { NumberHeads } from '../parts/number-heads.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import type { ChartProps } from './chart.tsx';
import { Charted } from './charted.tsx';
import { say } from './node-words.ts';

/** The last hour, minute by minute. */
interface Rates {
  readonly minutes: readonly {
    readonly at: string;
    readonly batches: Readonly<Record<string, number>>;
    readonly away: readonly string[];
    readonly journal: number;
    readonly memory: number;
  }[];
}

/** Milliseconds after which a new minute is asked for. */
const minuteMs = 60_000;
const bytesInMb = 1_048_576;
const words = () => ({ chart: say('rates.chart'), table: say('rates.table') });

/** What passed between this node and each member, and what it wrote, in the last hour. 吞吐 */
export function RateCharts() {
  const rates = useQuery({ ...asked<Rates>('/status/history'), refetchInterval: minuteMs });
  return (
    <Loaded of={rates} lines={6}>
      {(found) =>
        found.minutes.length === 0 ? (
          <Sheet title={say('rates.title')} aside={say('rates.why')}>
            <Empty why={say('rates.none')} />
          </Sheet>
        ) : (
          <>
            <Batches of={found} />
            <Load of={found} />
          </>
        )
      }
    </Loaded>
  );
}

interface Of {
  readonly of: Rates;
}

function Batches({ of: { minutes } }: Of) {
  const members = Object.keys(minutes.at(-1)?.batches ?? {});
  const chart = useMemo((): ChartProps => {
    const last = Object.values(minutes.at(-1)?.batches ?? {});
    return {
      kind: 'line',
      label: say('rates.sentence', { n: last.reduce((sum, one) => sum + one, 0) }),
      categories: minutes.map(({ at }) => clockText(at)),
      rows: Object.keys(minutes.at(-1)?.batches ?? {}).map((member) => ({
        name: shortName(member),
        values: minutes.map(({ batches }) => batches[member] ?? null),
      })),
      show: whole,
      shaded: awaySpans(minutes),
    };
  }, [minutes]);
  return (
    <Charted title={say('rates.title')} aside={say('rates.why')} chart={chart} words={words()}>
      <MinuteTable
        minutes={minutes}
        heads={members.map(shortName)}
        cells={({ batches }) => members.map((member) => whole(batches[member] ?? 0))}
      />
    </Charted>
  );
}

function Load({ of: { minutes } }: Of) {
  const chart = useMemo((): ChartProps => {
    const last = minutes.at(-1);
    const mb = whole(Math.round((last?.memory ?? 0) / bytesInMb));
    return {
      kind: 'line',
      label: say('load.sentence', { n: last?.journal ?? 0, mb }),
      categories: minutes.map(({ at }) => clockText(at)),
      rows: [{ name: say('load.journal'), values: minutes.map(({ journal }) => journal) }],
      show: whole,
    };
  }, [minutes]);
  return (
    <Charted title={say('load.title')} aside={say('load.why')} chart={chart} words={words()}>
      <MinuteTable
        minutes={minutes}
        heads={[say('load.journal'), say('load.memory')]}
        cells={({ journal, memory }) => [whole(journal), whole(Math.round(memory / bytesInMb))]}
      />
    </Charted>
  );
}

interface MinuteTableProps {
  readonly minutes: Rates['minutes'];
  readonly heads: readonly string[];
  cells(minute: Rates['minutes'][number]): readonly string[];
}

/** The newest minute first, ten of them. */
function MinuteTable({ minutes, heads, cells }: MinuteTableProps) {
  return (
    <table className="table">
      <NumberHeads first={say('rates.minute')} heads={heads} />
      <tbody>
        {[...minutes]
          .reverse()
          .slice(0, 10)
          .map((minute) => (
            <tr key={minute.at}>
              <td>{clockText(minute.at)}</td>
              {cells(minute).map((cell, at) => (
                <td key={at} className="number">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  );
}

/** Stretches of minutes in which a member was away. */
function awaySpans(minutes: Rates['minutes']): readonly (readonly [string, string])[] {
  const spans: (readonly [string, string])[] = [];
  let from: string | undefined;
  for (const [i, { at, away }] of minutes.entries()) {
    if (away.length > 0) from ??= clockText(at);
    const isEnd = from !== undefined && (away.length === 0 || i === minutes.length - 1);
    if (isEnd && from !== undefined) spans.push([from, clockText(at)]);
    if (away.length === 0) from = undefined;
  }
  return spans;
}
