import { useQuery } from '@tanstack/react-query';
import { CircleSlash } from 'lucide-react';
import type { ReactNode } from 'react';
import { asked } from '../api/client.ts';
import type { Command, Declaration, Fields, RecordView } from '../api/types.ts';
import { choiceText, labelOf, purposeFor, reachOf, textOf } from '../app/declaration.ts';
import { mayUse, useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { closedBy } from './closed-by.ts';
import { Go } from './go.tsx';
import { Icon } from './icon.tsx';
import { presetQuery } from './preset.ts';
import type { Seen } from './seen.ts';
import { Waiting } from './states.tsx';

interface ClosedProps {
  readonly declared: Declaration;
  readonly command: Command;
  /** The record that the form was opened from. */
  readonly seen: Seen | undefined;
  readonly children: ReactNode;
}

/** A form; where its record no longer allows the command, instead of it why not and what is possible. 不再受理 */
export function UnlessClosed({ declared, command, seen, children }: ClosedProps) {
  const [, system = '', name = ''] = seen?.href.split(/[/?]/) ?? [];
  const record = declared.records.find((one) => one.name === name);
  const isTold = system === declared.name && record !== undefined && command.closed?.record === name;
  const session = useSession();
  const purpose = record && purposeFor(declared, record, reachOf(session, declared.name, record));
  const found = useQuery({ ...asked<RecordView>(seen?.href ?? '', purpose), enabled: isTold, retry: false });
  if (!isTold || seen === undefined) return children;
  if (found.isPending) return <Waiting />;
  const why = found.data && closedBy(command, name, found.data.value);
  // A record that cannot be read closes nothing: the node says what it thinks of the command.
  if (found.data === undefined || why === undefined) return children;
  return (
    <Why {...{ declared, command, why }} value={found.data.value} seen={{ ...seen, at: found.data.at }} />
  );
}

type WhyProps = Omit<ClosedProps, 'children' | 'seen'> & {
  readonly why: string;
  readonly value: Fields;
  readonly seen: Seen;
};

function Why({ declared, command, why, value, seen }: WhyProps) {
  const session = useSession();
  const { record = '', field = '' } = command.closed ?? {};
  const others = declared.commands.filter(
    (one) =>
      one.about === command.about &&
      one.closed?.record === record &&
      mayUse(session, declared.name, one.by) &&
      closedBy(one, record, value) === undefined,
  );
  return (
    <div className="sheet note edge-you">
      <Icon of={CircleSlash} />
      <div className="stack">
        <p className="strong">{textOf(declared, `!${why}`)}</p>
        <p>
          {t('closed.now', {
            field: labelOf(declared, record, field),
            value: choiceText(declared, String(value[field])),
          })}
        </p>
        <ul className="row">
          {others.map((one) => (
            <li key={one.type}>
              <Go to={`/${one.type}${presetQuery(one.input, value, seen)}`} className="button">
                {textOf(declared, one.name)}
              </Go>
            </li>
          ))}
          <li>
            <Go to={seen.href} className="button button-plain">
              {t('closed.record', { name: textOf(declared, record) })}
            </Go>
          </li>
        </ul>
      </div>
    </div>
  );
}
