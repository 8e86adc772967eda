import { useQuery } from '@tanstack/react-query';
import {
  type Answer,
  asked,
  type Declaration,
  type Envelope,
  Loaded,
  mayUse,
  NotAllowed,
  PageHead,
  type Row,
  SignInNeeded,
  today,
  useDeclaration,
  useSession,
  useTitle,
} from '@yitong/portal';
import { useEffect, useState } from 'react';
import { CounterLines } from './counter-lines.tsx';
import { CounterPerson } from './counter-person.tsx';
import { CounterSplit } from './counter-split.tsx';
import { words } from './counter-texts.ts';
import { Parked } from './counter-waiting.tsx';
import { emptyDraft, emptyLine } from './draft.ts';
import type { Institution } from './records.ts';
import { useCounter, type WaitingBill } from './use-counter.ts';
import './bill.css';
import './counter.css';

/** The hospital's counter: who, what, how it splits, paid. 收费窗口 */
export function Page() {
  const session = useSession();
  const declaration = useDeclaration('medical-settlement');
  const hospitals = useQuery(
    asked<Envelope<Row<Institution>>>('/medical-settlement/institution?owner=own&limit=200'),
  );
  useTitle(words('counter'));
  if (session !== undefined && !mayUse(session, 'medical-settlement', ['cashier']))
    return (
      <>
        <PageHead title={words('counter')} />
        {session.who === null ? (
          <SignInNeeded />
        ) : (
          <Loaded of={declaration}>
            {(declared) => <NotAllowed declared={declared} roles={['cashier']} />}
          </Loaded>
        )}
      </>
    );
  return (
    <Loaded of={hospitals} lines={10}>
      {({ data }) => (
        <Loaded of={declaration}>
          {(declared) => (
            <Counter
              hospitals={data.map(({ value }) => value)}
              declared={declared}
              here={session?.member ?? ''}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

interface CounterProps {
  readonly hospitals: readonly Institution[];
  readonly declared: Declaration;
  readonly here: string;
}

function Counter({ hospitals, declared, here }: CounterProps) {
  const [draft, setDraft] = useState(() => emptyDraft(hospitals[0]?.code ?? '', today()));
  const [parked, setParked] = useState<readonly WaitingBill[]>([]);
  const counter = useCounter(draft, hospitals);
  const addLine = () => setDraft({ ...draft, lines: [...draft.lines, emptyLine()] });
  const { waiting } = counter;
  const next = () => {
    if (waiting !== undefined) setParked([...parked, waiting]);
    setDraft(emptyDraft(draft.hospital, today()));
    counter.restart();
    document.getElementById('counter-person')?.focus();
  };
  useKeys([
    ['F2', () => document.getElementById('counter-person')?.focus()],
    ['F4', addLine],
    ['F7', next],
    ['F9', counter.preview],
    ['F8', counter.takeBack],
    ['Control+Enter', counter.confirm],
  ]);
  const resume = (of: WaitingBill, answer: Answer) => {
    setParked(parked.filter(({ bill }) => bill !== of.bill));
    setDraft(of.draft);
    counter.resume(answer);
  };
  const isOver = counter.bill !== undefined || waiting !== undefined;
  return (
    <>
      <h1 className="hidden">{words('counter')}</h1>
      <div className="counter">
        <CounterPerson draft={draft} change={setDraft} {...{ hospitals, counter }} texts={declared.texts} />
        <CounterLines draft={draft} change={setDraft} {...{ addLine, here, isOver }} />
        <CounterSplit {...{ counter, declared }} lines={draft.lines} next={next} />
      </div>
      <Parked bills={parked} resume={resume} />
    </>
  );
}

/** Acts by key, as the buttons say. */
function useKeys(acts: readonly (readonly [key: string, act: () => void])[]): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const key = event.ctrlKey ? `Control+${event.key}` : event.key;
      const act = acts.find(([of]) => of === key)?.[1];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  });
}
