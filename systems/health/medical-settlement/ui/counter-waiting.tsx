import { type Answer, Icon, momentText, yuan } from '@yitong/portal';
import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { words } from './counter-texts.ts';
import { totalOf } from './draft.ts';
import { followed, type WaitingBill } from './use-counter.ts';

/** The insured place does not answer: what is safe, what goes on by itself, what the cashier does now. */
export function WaitingNote({ of }: { readonly of: WaitingBill }) {
  return (
    <div className="counter-answer edge-you" role="alert">
      <p className="strong mark-word">
        <Icon of={WifiOff} size={18} />
        {words('waits')}
      </p>
      <ul className="small counter-do">
        <li>{words('waits.safe', { bill: of.bill, time: momentText(of.since, true) })}</li>
        <li>{words('waits.now')}</li>
        <li>{words('waits.then')}</li>
      </ul>
    </div>
  );
}

interface ParkedProps {
  readonly bills: readonly WaitingBill[];
  resume(of: WaitingBill, answer: Answer): void;
}

/** Bills that were set aside because the insured place did not answer: each says when it has, and is taken up again. */
export function Parked({ bills, resume }: ParkedProps) {
  if (bills.length === 0) return null;
  return (
    <section className="sheet counter-parked" aria-label={words('parked')}>
      <div className="sheet-head">
        <h2>{words('parked')}</h2>
        <span className="small quiet">{words('parked.why')}</span>
      </div>
      <ul className="list">
        {bills.map((of) => (
          <ParkedBill key={of.bill} of={of} resume={resume} />
        ))}
      </ul>
    </section>
  );
}

function ParkedBill({ of, resume }: { readonly of: WaitingBill; resume: ParkedProps['resume'] }) {
  const [answer, setAnswer] = useState<Answer>();
  useEffect(() => {
    const over = new AbortController();
    void followed(of, over.signal).then((found) => found !== undefined && setAnswer(found));
    return () => over.abort();
  }, [of]);
  return (
    <li className={answer === undefined ? 'row between edge-you' : 'row between edge-good'}>
      <span>
        <span className="mono">{of.bill}</span> · {yuan(totalOf(of.draft.lines))} {words('yuan')}
        <span className="small quiet block" role="status">
          {words(answer === undefined ? 'parked.waits' : 'parked.answered')}
        </span>
      </span>
      {answer !== undefined && (
        <button type="button" className="button" onClick={() => resume(of, answer)}>
          {words('parked.resume')}
        </button>
      )}
    </li>
  );
}
