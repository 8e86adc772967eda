import {
  Conflict,
  type Declaration,
  isConflict,
  ProblemText,
  ReceiptLink,
  useIsAsked,
  yuan,
  yuanParts,
} from '@yitong/portal';
import { words } from './counter-texts.ts';
import { WaitingNote } from './counter-waiting.tsx';
import { type DraftLine, totalOf } from './draft.ts';
import type { Shares } from './records.ts';
import { payersOf, SplitBar } from './shares-picture.tsx';
import { words as billWords } from './texts.ts';
import type { CounterTalk } from './use-counter.ts';

interface SplitProps {
  readonly counter: CounterTalk;
  readonly declared: Declaration;
  readonly lines: readonly DraftLine[];
  next(): void;
}

/** How the bill splits, and what is to be paid in cash: the largest thing on the page. */
export function CounterSplit({ counter, declared, lines, next }: SplitProps) {
  const { bill, seen, shares, problem, goOn } = counter;
  const { texts } = declared;
  const [whole, cents] = yuanParts(shares?.cash ?? '0');
  return (
    <section className="sheet counter-split" aria-label={words('split')}>
      <div className="counter-cash" role="status">
        <p className="row between small">
          <span>{words('cash')}</span>
          <span>
            {billWords('total')} {yuan(bill?.total ?? totalOf(lines))}
          </span>
        </p>
        <p className="one-number">
          {shares === undefined ? (
            '–'
          ) : (
            <>
              {whole}
              <small>.{cents}</small>
            </>
          )}
        </p>
        {bill !== undefined && <p className="small">{texts[`#${bill.state}`] ?? bill.state}</p>}
      </div>
      <div className="sheet-body stack">
        {shares === undefined ? <p className="quiet">{words('no-split')}</p> : <Shown shares={shares} />}
        {seen !== undefined && isConflict(problem) && (
          <Conflict {...{ declared, seen, goOn }} isRefused giveUp={next} />
        )}
        {problem !== undefined && !isConflict(problem) && (
          <div className="counter-problem" role="alert">
            <ProblemText problem={problem} />
          </div>
        )}
        {counter.waiting !== undefined && <WaitingNote of={counter.waiting} />}
        <Acts counter={counter} isEmpty={lines.length === 0} next={next} />
        <p className="small quiet">{words('away')}</p>
      </div>
    </section>
  );
}

function Shown({ shares }: { readonly shares: Shares }) {
  return (
    <>
      <SplitBar shares={shares} />
      <ul className="payers">
        {payersOf(shares).map(({ name, amount }) => (
          <li key={name}>
            <span className={`swatch pay-${name}`} />
            <span>{billWords(name)}</span>
            <span className={name === 'account' || name === 'cash' ? 'number you' : 'number'}>
              {yuan(amount)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

interface ActsProps {
  readonly counter: CounterTalk;
  readonly isEmpty: boolean;
  next(): void;
}

/** The one act that is due, and what else may be done. */
function Acts({ counter, isEmpty, next }: ActsProps) {
  const { bill, isUnderWay } = counter;
  const isPriced = bill?.state === 'priced';
  const asking = useIsAsked() ? 'proving' : 'asking';
  return (
    <div className="stack">
      {bill === undefined && counter.waiting === undefined && (
        <button
          type="button"
          className="button button-main counter-act"
          disabled={isEmpty || isUnderWay}
          onClick={counter.preview}
        >
          {words(isUnderWay ? asking : 'preview')} <kbd>F9</kbd>
        </button>
      )}
      {isPriced && (
        <button
          type="button"
          className="button button-main counter-act"
          disabled={isUnderWay}
          onClick={counter.confirm}
        >
          {words(isUnderWay ? asking : 'confirm')} <kbd>Ctrl Enter</kbd>
        </button>
      )}
      {(isPriced || bill?.state === 'settled') && (
        <button type="button" className="button" disabled={isUnderWay} onClick={counter.takeBack}>
          {words(isPriced ? 'cancel' : 'reverse')} <kbd>F8</kbd>
        </button>
      )}
      {(counter.waiting !== undefined || (bill !== undefined && !isPriced)) && (
        <div className="row">
          <button type="button" className="button" onClick={next}>
            {words('next')} <kbd>F7</kbd>
          </button>
          {bill?.state === 'settled' && (
            <ReceiptLink path={`/medical-settlement/bill/${bill.bill}`} purpose="medical-settlement" />
          )}
        </div>
      )}
    </div>
  );
}
