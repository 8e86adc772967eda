import { CircleAlert } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Problem } from '../api/problem.ts';
import type { Answer, Command, Declaration } from '../api/types.ts';
import { useGo } from '../app/address.ts';
import { labelOf, textOf } from '../app/declaration.ts';
import { clockText } from '../app/format.ts';
import { draftKey } from '../app/kept.ts';
import { useQueued } from '../app/reach.ts';
import { useSession } from '../app/session.ts';
import { useIsAsked } from '../app/sign-in-window.ts';
import { t } from '../app/texts.ts';
import { briefOf } from './brief.ts';
import { Concerned, wholeNumber } from './concerned.ts';
import { Conflict, isConflict } from './conflict.tsx';
import { controlId } from './controls.tsx';
import { type Draft, useDraft } from './draft.ts';
import { Field } from './field.tsx';
import { Given } from './given.ts';
import { Icon } from './icon.tsx';
import { type Fault, type Raw, readRaw } from './read-input.ts';
import type { Seen } from './seen.ts';
import { ProblemText } from './states.tsx';
import { useSending } from './use-sending.ts';

/** What a form is for, and what follows. */
export interface CommandFormProps {
  readonly declared: Declaration;
  readonly command: Command;
  /** What stands in it from the beginning, by field. */
  readonly preset?: Readonly<Record<string, Raw>>;
  /** The version of a record that it was opened from. */
  readonly seen?: Seen | undefined;
  /** Heard once the command has ended, or is durable and goes on by itself. */
  done(answer: Answer): void;
}

type Group = Readonly<Record<string, Raw>>;

/** A form made of a command's declaration: one column, checked when it is sent, kept on this device until then. */
export function CommandForm({ declared, command, preset = {}, seen, done }: CommandFormProps) {
  const session = useSession();
  const go = useGo();
  const who = session?.who?.id ?? '';
  const place = `${who} ${command.type}`;
  const [raw, setRaw, draft] = useDraft<Group>(place, preset, seen?.at);
  const [isRestored] = useState(draft.savedAt !== undefined);
  const relied = seen && { ...seen, at: draft.seen ?? seen.at };
  const schema = leaveOut(command.input, isForSelf(session, declared, command) ? command.person : null);
  const wish = { ...wishOf(declared, command), seen: relied, who, draft: draftKey(place) };
  const sending = useSending(wish, (answer) => {
    draft.clear();
    done(answer);
  });
  const { faults, problem, isUnderWay } = sending;
  const known = new Map(faults.map((fault) => [fault.pointer, fault.text]));
  const send = (event: FormEvent) => {
    event.preventDefault();
    sending.send(readRaw(schema, raw));
  };
  const change = (name: string, next: Raw) => {
    sending.mend(`/${name}`);
    setRaw({ ...raw, [name]: next });
  };
  const isChanged = isConflict(problem);
  const choice = choiceOf(draft, sending.forget, () => relied && go(relied.href));
  return (
    <form className="sheet form" noValidate onSubmit={send}>
      {relied !== undefined && (isChanged || isRestored) && (
        <Conflict {...{ declared, ...choice }} seen={relied} isRefused={isChanged} />
      )}
      <Summary faults={faults} problem={isChanged ? undefined : problem} {...{ declared, command }} />
      <Concerned value={wholeNumber(raw[command.person ?? ''])}>
        <Given value={{ command, subject: textIn(raw[command.key ?? '']) }}>
          {Object.entries(schema.properties ?? {}).map(([name, of]) => (
            <Field
              key={name}
              {...{ declared, name }}
              of={command.name}
              schema={of}
              pointer={`/${name}`}
              isRequired={schema.required?.includes(name) ?? false}
              raw={raw[name]}
              faults={known}
              change={(next) => change(name, next)}
            />
          ))}
        </Given>
      </Concerned>
      <Send title={textOf(declared, command.name)} {...{ isUnderWay, draft }} beginAnew={sending.beginAnew} />
    </form>
  );
}

const textIn = (raw: Raw | undefined): string => (typeof raw === 'string' ? raw.trim() : '');

function wishOf(declared: Declaration, command: Command) {
  const brief = (value: unknown) => briefOf(declared, command, value);
  return { type: command.type, title: textOf(declared, command.name), brief };
}

/** What to do when the record was changed: go on with its new version, what was entered stays; or forget that and leave. */
function choiceOf(draft: Draft, forget: () => void, leave: () => void) {
  const goOn = (at: string) => {
    draft.rely(at);
    forget();
  };
  const giveUp = () => {
    draft.clear();
    leave();
  };
  return { goOn, giveUp };
}

interface SendProps {
  readonly title: string;
  readonly isUnderWay: boolean;
  readonly draft: Draft;
  beginAnew(): void;
}

function Send({ title, isUnderWay, draft, beginAnew }: SendProps) {
  const isAsked = useIsAsked();
  const isQueued = useQueued() > 0;
  const restart = () => {
    beginAnew();
    draft.restart();
  };
  return (
    <div className="row">
      <button type="submit" className="button button-main">
        {isUnderWay ? t(isQueued ? 'form.queued' : isAsked ? 'form.proving' : 'form.sending') : title}
      </button>
      <p className="quiet small" role="status">
        {draft.savedAt === undefined ? '' : t('form.saved', { time: clockText(draft.savedAt) })}
      </p>
      {draft.savedAt !== undefined && (
        <button type="button" className="button button-plain" onClick={restart}>
          {t('form.restart')}
        </button>
      )}
    </div>
  );
}

/** A person who asks for themselves is not asked who they are. */
function isForSelf(session: ReturnType<typeof useSession>, { name }: Declaration, { by }: Command): boolean {
  const isOffice = by.some((role) => session?.who?.roles.includes(`${name}/${role}`));
  return by.includes('self') && session?.who?.isPerson === true && !isOffice;
}

function leaveOut(schema: Command['input'], field: string | null): Command['input'] {
  if (field === null) return schema;
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => name !== field),
  );
  return { ...schema, properties };
}

interface SummaryProps {
  readonly faults: readonly Fault[];
  readonly problem: Problem | undefined;
  readonly declared: Declaration;
  readonly command: Command;
}

/** What is wrong, each a link to its control; it takes the focus when it appears and stays as it is until the next try. */
function Summary({ faults, problem, declared, command }: SummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  const isWrong = faults.length > 0 || problem !== undefined;
  useEffect(() => {
    if (isWrong) box.current?.focus();
  }, [isWrong]);
  if (!isWrong) return null;
  return (
    <div className="sheet note edge-bad" ref={box} tabIndex={-1} role="alert">
      <Icon of={CircleAlert} />
      <div className="stack">
        {problem === undefined ? (
          <p className="strong">{t('form.faults', { n: faults.length })}</p>
        ) : (
          <ProblemText problem={problem} />
        )}
        {faults.length > 0 && (
          <ul className="fault-list">
            {faults.map(({ pointer, text }) => (
              <li key={pointer}>
                <a href={`#${controlId(pointer)}`} onClick={(event) => focusOn(event, pointer)}>
                  {`${fieldOf(declared, command, pointer)}${t('form.colon')}${text}`}
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function fieldOf(declared: Declaration, command: Command, pointer: string): string {
  const [, name = ''] = pointer.split('/');
  return name === '' ? (declared.texts[command.name] ?? '') : labelOf(declared, command.name, name);
}

function focusOn(event: { preventDefault(): void }, pointer: string): void {
  event.preventDefault();
  const steps = pointer.split('/');
  for (let length = steps.length; length > 1; length -= 1) {
    const control = document.getElementById(controlId(steps.slice(0, length).join('/')));
    if (control === null) continue;
    control.focus();
    return;
  }
}
