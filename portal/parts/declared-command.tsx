import { ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import type { Answer, Command, Declaration } from '../api/types.ts';
import { useSearch } from '../app/address.ts';
import { textOf } from '../app/declaration.ts';
import { mayUse, useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { UnlessClosed } from './closed.tsx';
import { CommandForm } from './command-form.tsx';
import { Go } from './go.tsx';
import { Icon } from './icon.tsx';
import { Outcome } from './outcome.tsx';
import { presetOf } from './preset.ts';
import { seenOf } from './seen.ts';
import { PageHead } from './sheet.tsx';
import { SignInNeeded, Waiting } from './states.tsx';

/** The page of a command: its form, and then what became of it. */
export function DeclaredCommand({
  declared,
  command,
}: {
  readonly declared: Declaration;
  readonly command: Command;
}) {
  const session = useSession();
  const search = useSearch();
  const preset = presetOf(command.input, search);
  const seen = seenOf(search);
  const [answer, setAnswer] = useState<Answer>();
  const back = { to: `/${declared.name}`, title: textOf(declared, declared.name) };
  const body = () => {
    if (session === undefined) return <Waiting />;
    if (answer !== undefined)
      return (
        <Outcome declared={declared} command={command} answer={answer} again={() => setAnswer(undefined)} />
      );
    if (mayUse(session, declared.name, command.by))
      return (
        <UnlessClosed {...{ declared, command, seen }}>
          <CommandForm {...{ declared, command, preset, seen }} done={setAnswer} />
        </UnlessClosed>
      );
    return session.who === null ? <SignInNeeded /> : <NotAllowed declared={declared} roles={command.by} />;
  };
  return (
    <>
      <PageHead title={textOf(declared, command.name)} back={back} />
      {body()}
    </>
  );
}

/** What is needed, and who has it. */
export function NotAllowed({
  declared,
  roles,
}: {
  readonly declared: Declaration;
  readonly roles: readonly string[];
}) {
  const names = roles.map((role) => (role === 'self' ? t('role.self') : textOf(declared, `@${role}`)));
  return (
    <div className="sheet note edge-you">
      <Icon of={ShieldAlert} />
      <div className="stack">
        <p>{t('state.not-allowed', { roles: names.join(t('list.or')) })}</p>
        <p>
          <Go to={`/${declared.name}`}>
            {t('state.not-allowed.back', { name: textOf(declared, declared.name) })}
          </Go>
        </p>
      </div>
    </div>
  );
}
