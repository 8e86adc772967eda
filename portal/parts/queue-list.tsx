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
          <li key={one.id} className={`sheet-body queue-line ${edgeOf(one)}`}>
            <div>
              <p>
                <span className="strong">{one.title}</span> <span className="quiet small">{one.brief}</span>
              </p>
              <div className="small" role="status">
                <State of={one} />
              </div>
            </div>
            <button
              type="button"
              className="button button-small"
              disabled={one.isLeaving}
              onClick={() => takeBack(one.id)}
            >
              {t(isOver(one) ? 'queue.put-away' : 'queue.take-back')}
            </button>
          </li>
        ))}
      </ul>
    </section>
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
