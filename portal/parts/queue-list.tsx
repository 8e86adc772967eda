import { useEffect, useRef, useState } from 'react';
import { isOver, type Queued, takeBack } from '../api/queue.ts';
import { clockText } from '../app/format.ts';
import { t } from '../app/texts.ts';
import { outcomeTexts } from './outcome-texts.ts';
import { ProblemText } from './states.tsx';

/** What this person sent while the node could not be reached: what it is, since when it waits, or what became of it. 待发送 */
export function QueueList({ queue }: { readonly queue: readonly Queued[] }) {
  return (
    <section className="wrap queue" aria-label={t('queue.title')}>
      <ul className="sheet list">
        {queue.map((one) => (
          <Line key={one.id} of={one} />
        ))}
      </ul>
    </section>
  );
}

/** One that may have arrived is taken back only by who was told what that means. */
function Line({ of: one }: { readonly of: Queued }) {
  const [isAsking, setAsking] = useState(false);
  const isDoubtful = one.isTried && !isOver(one);
  const leave = () => (isDoubtful ? setAsking(true) : takeBack(one.id));
  return (
    <li className={`sheet-body queue-line ${edgeOf(one)}`}>
      <div>
        <p>
          <span className="strong">{one.title}</span> <span className="quiet small">{one.brief}</span>
        </p>
        <div className="small" role="status">
          <State of={one} />
        </div>
      </div>
      {isAsking && isDoubtful ? (
        <Doubt of={one} stay={() => setAsking(false)} />
      ) : (
        <button type="button" className="button button-small" disabled={one.isLeaving} onClick={leave}>
          {t(isOver(one) ? 'queue.put-away' : 'queue.take-back')}
        </button>
      )}
    </li>
  );
}

/** What taking back means for what may have arrived, before it is done. */
function Doubt({ of: one, stay }: { readonly of: Queued; stay(): void }) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <div className="queue-doubt" role="group" aria-label={t('queue.take-back')}>
      <p>{t('queue.doubt')}</p>
      <div className="row">
        <button type="button" className="button button-small" ref={first} onClick={stay}>
          {t('queue.stay')}
        </button>
        <button
          type="button"
          className="button button-small"
          disabled={one.isLeaving}
          onClick={() => takeBack(one.id)}
        >
          {t('queue.take-back-still')}
        </button>
      </div>
    </div>
  );
}

function edgeOf(one: Queued): string {
  if (!isOver(one)) return 'edge-you';
  return one.problem !== undefined || one.answer?.problem !== undefined ? 'edge-bad' : 'edge-good';
}

function State({
  of: { title, since, isLeaving, answer, problem = answer?.problem },
}: {
  readonly of: Queued;
}) {
  if (problem !== undefined) return <ProblemText problem={problem} />;
  if (answer !== undefined) return t(outcomeTexts[answer.state], { what: title });
  return isLeaving === true ? t('form.sending') : t('queue.since', { time: clockText(since) });
}
