import { useCallback } from 'react';
import type { Way, WayStep, WayWait } from '../api/types.ts';
import { momentText } from '../app/format.ts';
import { useChanges } from '../app/live.ts';
import { placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { messageName, useMessageTitle } from './message-title.ts';
import { Sheet } from './sheet.tsx';
import '../styles/way.css';

/** What a way belongs to: the record's type and its subject as addresses have it, and what reads it again. */
interface WayOf {
  readonly type: string;
  readonly subject: string;
  readonly again: () => void;
}

/** The way of a record over the members, step by step, each with who says so, and what still waits for whom. 办理经过 */
export function WaySheet({ way, of }: { readonly way: Way; readonly of?: WayOf }) {
  const { steps, waits, isCut } = way;
  return (
    <Sheet title={t('way.title')} aside={waits.length > 0 && of !== undefined && <Live {...of} />}>
      <div className="sheet-body stack">
        {isCut && <p className="small quiet">{t('way.cut')}</p>}
        <ol className="timeline way">
          {steps.map((step) => (
            <Step key={`${step.id} ${step.step} ${step.member}`} step={step} />
          ))}
          {waits.map((wait) => (
            <Wait key={`${wait.id} ${wait.wait} ${wait.since}`} wait={wait} />
          ))}
        </ol>
        <p className="small quiet">{t('way.why')}</p>
      </div>
    </Sheet>
  );
}

/** While something waits, the record's next change is shown as it happens. */
function Live({ type, subject, again }: WayOf) {
  const state = useChanges(
    type,
    useCallback(() => again(), [again]),
    subject,
  );
  return state === 'lost' ? t('list.stale') : t('list.live');
}

function Step({ step }: { readonly step: WayStep }) {
  const { member, peer, time, type } = step;
  const what = useMessageTitle(type);
  const values = { member: placeName(member), peer: placeName(peer ?? member), what };
  return (
    <li>
      <p className="way-line">
        <span>{t(`way.step.${nameOf(step)}`, values)}</span>
        <time className="small quiet" dateTime={time}>
          {momentText(time, true)}
        </time>
      </p>
      <Says step={step} />
    </li>
  );
}

/** An answer and what is done with it have words of their own. */
function nameOf({ step, type }: WayStep) {
  const { isAnswer, isRefusal, isCopy } = messageName(type);
  if (step === 'answered' && isRefusal) return 'refused';
  if (isAnswer && (step === 'sent' || step === 'received' || step === 'handled'))
    return `answer-${step}` as const;
  if (isCopy && (step === 'sent' || step === 'received' || step === 'handled'))
    return `copy-${step}` as const;
  return type === '' ? 'erased' : step;
}

/** By whose word the step is known: a node tells its own journal, and of others only what they signed. */
function Says({ step: { says, frame, at } }: { readonly step: WayStep }) {
  const name = placeName(says.member);
  return (
    <p className="small quiet">
      {t(`way.says.${says.by}`, { name })}{' '}
      {says.by === 'journal' ? <code>{at}</code> : frame && <code>{`${frame.stream} #${frame.seq}`}</code>}
    </p>
  );
}

function Wait({ wait: { wait, member, since, type, awaySince } }: { readonly wait: WayWait }) {
  const values = { member: placeName(member), what: useMessageTitle(type ?? '') };
  return (
    <li className="way-wait">
      <p className="way-line">
        <span className="strong you">{t(`way.wait.${wait}`, values)}</span>
        <span className="small quiet">
          {t('way.since')} <time dateTime={since}>{momentText(since, true)}</time>
        </span>
      </p>
      {awaySince !== undefined && (
        <p className="small">{t('way.away', { ...values, time: momentText(awaySince, true) })}</p>
      )}
    </li>
  );
}
