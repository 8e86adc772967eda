import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type Answer,
  asked,
  choiceText,
  type Envelope,
  Go,
  give,
  Icon,
  mayUse,
  PageHead,
  type Problem,
  ProblemText,
  placeName,
  problemOf,
  type Row,
  SignInNeeded,
  today,
  useDeclaration,
  useSession,
  uuid7,
} from '@yitong/portal';
import { CircleCheck } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { type FilingDraft, FilingFields } from './filing-fields.tsx';
import { FilingLine, type FilingRow, inForce } from './filing-line.tsx';
import { words } from './filing-texts.ts';
import { filingsPath } from './paths.ts';
import './filing.css';

/** A person declares care elsewhere in three steps on one page. 异地就医备案 */
export function Page() {
  const session = useSession();
  useDeclaration('medical-settlement'); // Asked for while the form is filled in: the words of the answer are then there.
  const [answer, setAnswer] = useState<Answer>();
  if (session !== undefined && !mayUse(session, 'medical-settlement', ['self']))
    return (
      <>
        <PageHead title={words('filing')} />
        <SignInNeeded />
      </>
    );
  return (
    <>
      <PageHead title={words('filing')} under={<p>{words('filing.free')}</p>} />
      {answer === undefined ? (
        <div className="stack">
          <Standing />
          <Form done={setAnswer} />
        </div>
      ) : (
        <Done answer={answer} />
      )}
    </>
  );
}

/** What stands already is told before anything is entered: for the same place nothing more is needed. */
function Standing() {
  const filings = useQuery(asked<Envelope<Row<FilingRow>>>(filingsPath));
  const texts = useDeclaration('medical-settlement').data?.texts ?? {};
  const standing = (filings.data?.data ?? []).filter(({ value }) => inForce(value));
  if (standing.length === 0) return null;
  return (
    <section className="sheet note edge-news" aria-label={words('filing.mine')}>
      <div className="stack">
        <p className="strong">{words('filing.stands')}</p>
        <ul className="list">
          {standing.map(({ href, value }) => (
            <li key={href}>
              <Go to={href} className="list-link">
                <FilingLine of={value} kind={choiceText({ texts }, value.kind)} />
              </Go>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Form({ done }: { done(answer: Answer): void }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<FilingDraft>({ place: '', kind: '', day: today() });
  const [isTried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [isUnderWay, setUnderWay] = useState(false);
  const id = useRef(uuid7());
  const isWhole = draft.place !== '' && draft.kind !== '';
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isWhole) {
      document.getElementById(draft.place === '' ? 'filing-place' : 'filing-kind-long-term')?.focus();
      return;
    }
    if (isUnderWay) return;
    setUnderWay(true);
    setProblem(undefined);
    const { place, kind, day: from } = draft;
    const input = { kind, places: [place], from, to: null };
    try {
      const answer = await give('medical-settlement/declare-filing', input, id.current);
      await queries.invalidateQueries();
      done(answer);
    } catch (error) {
      setProblem(problemOf(error));
      id.current = uuid7();
    } finally {
      setUnderWay(false);
    }
  };
  return (
    <form className="sheet form filing" noValidate onSubmit={(event) => void send(event)}>
      <FilingFields draft={draft} change={setDraft} isTried={isTried} />
      {problem !== undefined && (
        <div className="note edge-bad" role="alert">
          <div>
            <ProblemText problem={problem} />
          </div>
        </div>
      )}
      <button type="submit" className="button button-main">
        {words(isUnderWay ? 'filing.sending' : 'filing.send')}
      </button>
    </form>
  );
}

function Done({ answer }: { readonly answer: Answer }) {
  const texts = useDeclaration('medical-settlement').data?.texts ?? {};
  const made = answer.records?.find(({ type }) => type === 'medical-settlement/filing')?.value as
    | FilingRow
    | undefined;
  return (
    <div className="sheet note edge-good" role="status">
      <Icon of={CircleCheck} size={24} />
      <div className="stack">
        <h2>{words(made === undefined ? 'filing.waits' : 'filing.done')}</h2>
        {made !== undefined && (
          <>
            <FilingLine of={made} kind={choiceText({ texts }, made.kind)} />
            <p>{words('filing.done.why', { place: made.places.map((one) => placeName(one)).join(', ') })}</p>
          </>
        )}
        <div>
          <Go to="/home" className="button">
            {words('filing.home')}
          </Go>
        </div>
      </div>
    </div>
  );
}
