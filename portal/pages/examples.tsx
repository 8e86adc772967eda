import { useQuery } from '@tanstack/react-query';
import { asked } from '../api/client.ts';
import type { Declaration } from '../api/types.ts';
import { useChoose, useSearch } from '../app/address.ts';
import { textOf } from '../app/declaration.ts';
import { dayText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { chosen } from '../app/texts.ts';
import { say } from '../office/law-words.ts';
import { Trial, type WorkedExample } from '../office/trial.tsx';
import { OfSystem } from '../parts/of-system.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import '../styles/law.css';

/** Worked examples of a system's rules with their results; each can be changed, fact by fact. 算例与试算 */
export function Page() {
  return <OfSystem>{(declared) => <Examples declared={declared} />}</OfSystem>;
}

function Examples({ declared }: { readonly declared: Declaration }) {
  const examples = useQuery(
    asked<{ readonly data: readonly WorkedExample[] }>(`/systems/${declared.name}/examples`),
  );
  return (
    <>
      <PageHead
        title={say('examples.title')}
        under={<p>{say('examples.why')}</p>}
        back={{ to: `/${declared.name}`, title: textOf(declared, declared.name) }}
      />
      <Loaded of={examples} lines={8}>
        {({ data }) =>
          data.length === 0 ? (
            <Sheet>
              <Empty why={say('examples.none')} />
            </Sheet>
          ) : (
            <Chosen declared={declared} examples={data} />
          )
        }
      </Loaded>
    </>
  );
}

function Chosen({
  declared,
  examples,
}: {
  readonly declared: Declaration;
  readonly examples: readonly WorkedExample[];
}) {
  const { example } = useSearch();
  const choose = useChoose();
  const at = Math.min(Math.max(0, Number(example ?? 0) || 0), examples.length - 1);
  const open = examples[at];
  return (
    <div className="examples">
      <Sheet title={say('examples.list')}>
        <ul className="examples-list" tabIndex={0} aria-label={say('examples.list')}>
          {examples.map((one, index) => (
            <li key={index} className={index === at ? 'chosen' : ''}>
              <button
                type="button"
                className="example-line"
                aria-pressed={index === at}
                onClick={() => choose({ example: String(index) })}
              >
                <span>{chosen(one.title)}</span>
                <span className="small quiet">{whenAndWhere(one)}</span>
              </button>
            </li>
          ))}
        </ul>
      </Sheet>
      {open !== undefined && <Trial key={at} declared={declared} example={open} />}
    </div>
  );
}

function whenAndWhere({ on, member }: WorkedExample): string {
  const day = dayText(on);
  return member === null
    ? say('examples.on-only', { day })
    : say('examples.on', { day, member: placeName(member) });
}
