import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CircleX } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { post } from '../api/client.ts';
import type { Declaration, Schema } from '../api/types.ts';
import { labelOf, plain, textOf } from '../app/declaration.ts';
import { Facts } from '../parts/cells.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { NumberHeads } from '../parts/number-heads.tsx';
import { type Raw, readRaw } from '../parts/read-input.ts';
import { Sheet } from '../parts/sheet.tsx';
import { Broken, Waiting } from '../parts/states.tsx';
import { Yuan } from '../parts/words.tsx';
import { say } from './law-words.ts';
import { changedFields, rawOf } from './raw-of.ts';

/** A worked example as the node tells it, with the rule's own answer. */
export interface WorkedExample {
  readonly rule: string;
  readonly title: { readonly 'zh-CN': string; readonly en: string };
  readonly on: string;
  readonly member: string | null;
  readonly input: unknown;
  readonly answer: Answer;
}

type Answer = Readonly<Record<string, unknown>>;
type Group = Readonly<Record<string, Raw>>;

interface TrialProps {
  readonly declared: Declaration;
  readonly example: WorkedExample;
}

/** An example's facts as controls, and beside them what the rule says of what stands in them now. The node runs the rule: its parameters are too large for a page. */
export function Trial({ declared, example }: TrialProps) {
  const { rule, input, answer } = example;
  const shapes = declared.rules.find(({ name }) => name === rule);
  const schema = shapes?.input ?? {};
  const first = Object(rawOf(schema, input)) as Group;
  const [raw, setRaw] = useState<Group>(first);
  const read = readRaw(schema, raw);
  const faults = new Map(read.faults.map(({ pointer, text }) => [pointer, text]));
  const changed = changedFields(first, raw);
  const facts = useDeferredValue(JSON.stringify(read.value));
  const now = useQuery({
    queryKey: ['try', declared.name, rule, facts],
    queryFn: () =>
      post<{ readonly answer: Answer }>(`/systems/${declared.name}/rules/${rule}`, JSON.parse(facts)),
    enabled: changed.length > 0 && read.faults.length === 0,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const shown = changed.length === 0 ? answer : now.data?.answer;
  return (
    <>
      <Sheet
        title={say('examples.facts')}
        aside={changed.length === 0 ? textOf(declared, rule) : say('examples.changed', { n: changed.length })}
      >
        <div className="form trial-form">
          {Object.entries(schema.properties ?? {}).map(([name, of]) => (
            <Field
              key={name}
              {...{ declared, name, faults }}
              of={rule}
              schema={of}
              pointer={`/${name}`}
              isRequired={schema.required?.includes(name) ?? false}
              raw={raw[name]}
              change={(next) => setRaw({ ...raw, [name]: next })}
            />
          ))}
          {changed.length > 0 && (
            <button type="button" className="button" onClick={() => setRaw(first)}>
              {say('examples.reset')}
            </button>
          )}
        </div>
      </Sheet>
      <div className="stack" aria-live="polite">
        {now.error !== null && changed.length > 0 && <Broken error={now.error} />}
        {shown === undefined && now.error === null && <Waiting lines={8} />}
        {shown !== undefined && (
          <Result declared={declared} rule={rule} schema={shapes?.answer ?? {}} before={answer} now={shown} />
        )}
      </div>
    </>
  );
}

interface ResultProps {
  readonly declared: Declaration;
  readonly rule: string;
  readonly schema: Schema;
  readonly before: Answer;
  readonly now: Answer;
}

/** What the rule says, amounts beside those of the example; of a refusal its reason. */
function Result({ declared, rule, schema, before, now }: ResultProps) {
  if (now['ok'] === false)
    return (
      <div className="sheet note edge-bad">
        <Icon of={CircleX} />
        <div>
          <p className="strong">{say('examples.refused')}</p>
          <p>{declared.texts[`!${String(now['code'])}`] ?? String(now['code'])}</p>
        </div>
      </div>
    );
  const amounts = Object.entries(schema.properties ?? {}).filter(([, of]) => isAmounts(of));
  return (
    <>
      {amounts.map(([name, of]) => (
        <Sheet key={name} title={labelOf(declared, rule, name)}>
          <AmountTable {...{ declared, name }} schema={of} before={before[name]} now={now[name]} />
        </Sheet>
      ))}
      <Sheet title={say('examples.result')}>
        <div className="sheet-body">
          <Facts
            value={now}
            schema={schema}
            declared={declared}
            of={rule}
            leave={amounts.map(([name]) => name)}
          />
        </div>
      </Sheet>
    </>
  );
}

/** Whether a value is nothing but amounts by name. */
function isAmounts(schema: Schema): boolean {
  const inner = Object.values(plain(schema).properties ?? {});
  return inner.length > 0 && inner.every((one) => plain(one).kind === 'money');
}

interface AmountTableProps {
  readonly declared: Declaration;
  readonly name: string;
  readonly schema: Schema;
  readonly before: unknown;
  readonly now: unknown;
}

function AmountTable({ declared, name, schema, before, now }: AmountTableProps) {
  const amount = (of: unknown, field: string) => BigInt(String(Reflect.get(Object(of), field) ?? 0));
  const fields = Object.keys(plain(schema).properties ?? {}).filter(
    (field) => amount(before, field) !== 0n || amount(now, field) !== 0n,
  );
  return (
    <table className="table amounts">
      <NumberHeads
        first={say('examples.name')}
        heads={[say('examples.before'), say('examples.now'), say('examples.change')]}
      />
      <tbody>
        {fields.map((field) => {
          const [was, is] = [amount(before, field), amount(now, field)];
          return (
            <tr key={field}>
              <th scope="row">{labelOf(declared, name, field)}</th>
              <td className="number quiet">
                <Yuan fen={was} />
              </td>
              <td className="number strong">
                <Yuan fen={is} />
              </td>
              <td className="number">
                {was === is ? (
                  <span className="quiet small">{say('examples.same')}</span>
                ) : (
                  <Yuan fen={is - was} />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
