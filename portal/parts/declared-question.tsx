import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../api/client.ts';
import { problemOf } from '../api/problem.ts';
import type { Declaration, Fields, Question, QuestionAnswer } from '../api/types.ts';
import { textOf } from '../app/declaration.ts';
import { members, shortName } from '../app/places.ts';
import { mayUse, useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { NotAllowed } from './declared-command.tsx';
import { Field } from './field.tsx';
import { QuestionAnswers } from './question-answers.tsx';
import { type Fault, type Raw, readRaw } from './read-input.ts';
import { PageHead } from './sheet.tsx';
import { ProblemText, SignInNeeded, Waiting } from './states.tsx';
import '../styles/question.css';

interface QuestionProps {
  readonly declared: Declaration;
  readonly question: Question;
}

/** The page of a question: the purpose first, then what is asked of whom; each member answers for itself. 查询 */
export function DeclaredQuestion({ declared, question }: QuestionProps) {
  const session = useSession();
  const back = { to: `/${declared.name}`, title: textOf(declared, declared.name) };
  const body = () => {
    if (session === undefined) return <Waiting />;
    if (mayUse(session, declared.name, question.asked))
      return <Asking declared={declared} question={question} />;
    return session.who === null ? (
      <SignInNeeded />
    ) : (
      <NotAllowed declared={declared} roles={question.asked} />
    );
  };
  return (
    <>
      <PageHead
        title={textOf(declared, question.name)}
        under={<p>{t(question.consent === 'needed' ? 'question.consent' : 'question.by-law')}</p>}
        back={back}
      />
      {body()}
    </>
  );
}

/** What was asked: of whom, for what, with what. */
interface Wish {
  readonly to: readonly string[];
  readonly purpose: string;
  readonly input: Fields;
}

interface Answered {
  readonly answers: readonly QuestionAnswer[];
}

function Asking({ declared, question }: QuestionProps) {
  const [raw, setRaw] = useState<Readonly<Record<string, Raw>>>({});
  const [purpose, setPurpose] = useState(question.purposes[0] ?? '');
  const [to, setTo] = useState<readonly string[]>([]);
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [wish, setWish] = useState<Wish>();
  const asking = useMutation({ mutationFn: (one: Wish) => post<Answered>(`/${question.type}`, one) });
  const known = new Map(faults.map(({ pointer, text }) => [pointer, text]));
  const send = (event: FormEvent) => {
    event.preventDefault();
    const read = readRaw(question.input, raw);
    const whom = to.length === 0 ? [{ pointer: '/to', text: t('fault.choose') }] : [];
    setFaults([...read.faults, ...whom]);
    if (read.faults.length + whom.length > 0) return;
    const next = { to, purpose, input: read.value as Fields };
    setWish(next);
    asking.mutate(next);
  };
  return (
    <div className="stack">
      <form className="sheet form" noValidate onSubmit={send}>
        {asking.error !== null && (
          <div role="alert">
            <ProblemText problem={problemOf(asking.error)} />
          </div>
        )}
        <Purposes {...{ declared, question, purpose, setPurpose }} />
        {Object.entries(question.input.properties ?? {}).map(([name, of]) => (
          <Field
            key={name}
            {...{ declared, name }}
            of={question.name}
            schema={of}
            pointer={`/${name}`}
            isRequired={question.input.required?.includes(name) ?? false}
            raw={raw[name]}
            faults={known}
            change={(next) => setRaw({ ...raw, [name]: next })}
          />
        ))}
        <Members to={to} setTo={setTo} fault={known.get('/to')} />
        <div>
          <button type="submit" className="button button-main">
            {t(asking.isPending ? 'question.asking' : 'question.ask')}
          </button>
        </div>
      </form>
      {wish !== undefined && asking.isPending && <Waiting lines={3} of={wish.to} />}
      {wish !== undefined && asking.data !== undefined && (
        <QuestionAnswers
          key={asking.submittedAt}
          answers={asking.data.answers}
          again={async (member) => {
            const { answers } = await post<Answered>(`/${question.type}`, { ...wish, to: [member] });
            return answers[0];
          }}
          {...{ declared, question }}
        />
      )}
    </div>
  );
}

function Purposes({
  declared,
  question: { purposes },
  purpose,
  setPurpose,
}: QuestionProps & { readonly purpose: string; readonly setPurpose: (purpose: string) => void }) {
  return (
    <div className="field">
      <label htmlFor="question-purpose">{t('accesses.purpose')}</label>
      <p id="question-purpose-help" className="quiet small">
        {t('question.noted')}
      </p>
      <select
        id="question-purpose"
        aria-describedby="question-purpose-help"
        value={purpose}
        onChange={(event) => setPurpose(event.target.value)}
      >
        {purposes.map((one) => (
          <option key={one} value={one}>
            {textOf(declared, `$${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

function Members({
  to,
  setTo,
  fault,
}: {
  readonly to: readonly string[];
  readonly setTo: (to: readonly string[]) => void;
  readonly fault: string | undefined;
}) {
  const toggle = (code: string) =>
    setTo(to.includes(code) ? to.filter((one) => one !== code) : [...to, code]);
  return (
    <fieldset
      className={fault === undefined ? 'field' : 'field field-wrong'}
      aria-describedby={fault === undefined ? undefined : 'question-to-fault'}
    >
      <legend>{t('question.to')}</legend>
      {fault !== undefined && (
        <p id="question-to-fault" className="fault">
          {fault}
        </p>
      )}
      <div className="choices-wrap">
        {members.map(({ code }) => (
          <label key={code} className="choice">
            <input type="checkbox" checked={to.includes(code)} onChange={() => toggle(code)} />
            <span>{shortName(code)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
