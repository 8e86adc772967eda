import { useQuery } from '@tanstack/react-query';
import { asked } from '../api/client.ts';
import { whole } from '../app/format.ts';
import { shortName } from '../app/places.ts';
import { Sheet } from '../parts/sheet.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { say } from './node-words.ts';

interface Stream {
  readonly partition: number;
  readonly peer: string;
  readonly stream: string;
  readonly sentSeq: number;
  readonly receiptedSeq: number;
  readonly receivedSeq: number;
}

/** How far each stream is in both directions. 交换流 */
export function Streams() {
  const streams = useQuery(asked<{ readonly data: readonly Stream[] }>('/streams'));
  const heads = [say('streams.stream'), say('streams.sent'), say('streams.open'), say('streams.received')];
  return (
    <Sheet title={say('streams.title')} aside={say('streams.why')}>
      <Loaded of={streams}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty why={say('streams.none')} />
          ) : (
            <div className="table-scroll streams" tabIndex={0} role="group" aria-label={say('streams.title')}>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{say('streams.peer')}</th>
                    {heads.map((head, at) => (
                      <th key={head} scope="col" className={at === 0 ? '' : 'number'}>
                        {head}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {data.map((stream) => (
                    <StreamRow key={`${stream.partition} ${stream.peer} ${stream.stream}`} of={stream} />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </Sheet>
  );
}

function StreamRow({ of: { peer, stream, sentSeq, receiptedSeq, receivedSeq } }: { readonly of: Stream }) {
  const open = sentSeq - receiptedSeq;
  return (
    <tr>
      <td>{shortName(peer)}</td>
      <td>
        <code>{stream}</code>
      </td>
      <td className="number">{whole(sentSeq)}</td>
      <td className={open > 0 ? 'number you' : 'number quiet'}>{whole(open)}</td>
      <td className="number">{whole(receivedSeq)}</td>
    </tr>
  );
}
