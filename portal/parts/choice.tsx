import { type ReactNode, type RefCallback, useContext } from 'react';
import { labelOf, textOf } from '../app/declaration.ts';
import { useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { type Option, type Source, sourceOf } from './choice-source.ts';
import type { SingleProps } from './controls.tsx';
import { Given } from './given.ts';
import { type ChoiceBox, useChoice } from './use-choice.ts';
import { Words } from './words.tsx';
import '../styles/choice.css';

interface ChoiceProps extends SingleProps {
  readonly id: string;
  /** The box that takes the code alone. */
  readonly line: ReactNode;
  /** Keeps the focus of a box whose place is taken. */
  readonly keep: RefCallback<HTMLInputElement>;
}

/** A field that names something: chosen where this reader has something to choose from, else its code is typed. */
export function Choice({ line, ...props }: ChoiceProps) {
  const { declared, schema } = props;
  const session = useSession();
  const given = useContext(Given);
  const names = schema.names ?? '';
  const source = sourceOf({ declared, names, session, ...given });
  if (source === undefined) return line;
  const asked = [declared.name, names, given?.subject ?? ''].join(' ');
  return <Combo {...props} source={source} asked={asked} command={given?.command.name ?? ''} />;
}

interface ComboProps extends Omit<ChoiceProps, 'line'> {
  readonly source: Source;
  /** What tells this choice from others that the node was asked for. */
  readonly asked: string;
  readonly command: string;
}

/**
 * What is typed is looked for by name or code and chosen from a list, by keyboard, finger or mouse; what is not in the list is typed as its code. The
 * combo box of the ARIA practices, chosen by hand.
 */
function Combo({ id, raw, change, keep, described, isWrong, source, asked, ...props }: ComboProps) {
  const code = typeof raw === 'string' ? raw : '';
  const box = useChoice(code, source, asked, change);
  return (
    <div className="combo">
      <input
        id={id}
        ref={keep}
        type="text"
        role="combobox"
        aria-expanded={box.isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={box.active === undefined ? undefined : `${id}-${box.active}`}
        aria-describedby={`${described} ${id}-told`.trim()}
        aria-invalid={isWrong || undefined}
        autoComplete="off"
        spellCheck={false}
        value={box.text}
        onChange={(event) => box.type(event.target.value)}
        onClick={box.open}
        onKeyDown={box.key}
        onBlur={box.leave}
      />
      <div id={`${id}-list`} role="listbox" aria-label={t('choice.list')} hidden={box.options.length === 0}>
        {box.options.map((option, at) => (
          <Line
            key={option.code}
            id={`${id}-${at}`}
            isActive={at === box.active}
            {...{ option }}
            box={box}
            isId={props.schema.kind === 'id'}
          />
        ))}
      </div>
      <p id={`${id}-told`} className="small quiet" role="status">
        <Told {...{ box, source, code }} {...props} />
      </p>
    </div>
  );
}

interface LineProps {
  readonly id: string;
  readonly option: Option;
  readonly isActive: boolean;
  /** Its code is a number that tells people nothing. */
  readonly isId: boolean;
  readonly box: ChoiceBox;
}

/** An option; the keyboard stays in the box, which says where it is. */
function Line({ id, option, isActive, isId, box }: LineProps) {
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      ref={(line) => void (isActive && line?.scrollIntoView({ block: 'nearest' }))}
      onMouseDown={(event) => event.preventDefault()}
      onMouseUp={() => box.choose(option)}
    >
      <span>
        <Words of={option.name} />
      </span>
      <span className="small quiet">
        {!isId && option.name !== option.code && <code>{option.code}</code>} {option.more}
      </span>
    </div>
  );
}

type ToldProps = Pick<ComboProps, 'declared' | 'schema' | 'source' | 'command'> & {
  readonly box: ChoiceBox;
  readonly code: string;
};

/** What the box can do, what was found, or which code stands behind the name. */
function Told({ box, source, code, schema, declared, command }: ToldProps) {
  if (source.waitsFor !== undefined)
    return t('choice.first', { field: labelOf(declared, command, source.waitsFor) });
  const purpose = textOf(declared, `$${source.purpose}`);
  if (!box.isOpen) {
    if (code === '')
      return source.purpose !== undefined && source.least === 0
        ? t('choice.noted', { purpose })
        : t('choice.help');
    return box.text !== code && schema.kind !== 'id' ? <code>{code}</code> : null;
  }
  if (box.isShort) return t('choice.few', { n: source.least, purpose });
  if (box.found === undefined) return t(box.isFailed ? 'choice.failed' : 'state.loading');
  const n = box.options.length;
  if (n === 0) return t('choice.none');
  return t(box.found.isMore ? 'choice.more' : 'choice.found', { n });
}
