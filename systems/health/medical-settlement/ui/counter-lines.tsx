import { useQuery } from '@tanstack/react-query';
import { asked, get, Icon, useSession, Words, yuan } from '@yitong/portal';
import { Plus, X } from 'lucide-react';
import { ImportLines } from './counter-import.tsx';
import { words } from './counter-texts.ts';
import { amountOf, type BillDraft, type DraftLine, emptyLine, totalOf } from './draft.ts';

interface CatalogueItem {
  readonly code: string;
  readonly name: string;
  readonly class: string;
  readonly priceCap: string | null;
}

const itemsPath = (here: string, words: string): string =>
  `/systems/medical-settlement/parameters/catalogue?member=${here}&at=/items&q=${encodeURIComponent(words)}`;

interface LinesProps {
  readonly draft: BillDraft;
  readonly here: string;
  /** The bill was presented: its lines stand. */
  readonly isOver: boolean;
  change(next: BillDraft): void;
  addLine(): void;
}

/** What was done and given, line by line; codes and names come from the catalogue of this place. */
export function CounterLines({ draft, change, addLine, here, isOver }: LinesProps) {
  const { lines } = draft;
  const put = (key: string, part: Partial<DraftLine>) =>
    change({ ...draft, lines: lines.map((line) => (line.key === key ? { ...line, ...part } : line)) });
  return (
    <section className="counter-lines">
      <div className="section-head">
        <h2>{words('lines')}</h2>
        <div className="row">
          {!isOver && lines.length === 0 && (
            <Sample here={here} fill={(filled) => change({ ...draft, lines: filled })} />
          )}
          <ImportLines
            here={here}
            isOver={isOver}
            add={(more) => change({ ...draft, lines: [...lines, ...more] })}
          />
          <button type="button" className="button button-small" onClick={addLine} disabled={isOver}>
            <Icon of={Plus} size={16} />
            {words('add')} <kbd>F4</kbd>
          </button>
        </div>
      </div>
      <div className="sheet">
        {lines.length === 0 ? (
          <p className="sheet-body quiet">{words('no-lines')}</p>
        ) : (
          <ul className="list">
            {lines.map((line, at) => (
              <Line
                key={line.key}
                line={line}
                at={at + 1}
                here={here}
                isOver={isOver}
                put={(part) => put(line.key, part)}
                remove={() => change({ ...draft, lines: lines.filter(({ key }) => key !== line.key) })}
              />
            ))}
          </ul>
        )}
        <p className="counter-total">
          <span>{words('total', { n: lines.length })}</span>
          <strong className="number">{yuan(totalOf(lines))}</strong>
        </p>
      </div>
    </section>
  );
}

interface LineProps {
  readonly line: DraftLine;
  readonly at: number;
  readonly here: string;
  readonly isOver: boolean;
  put(part: Partial<DraftLine>): void;
  remove(): void;
}

function Line({ line, at, here, isOver, put, remove }: LineProps) {
  const wanted = line.code.trim();
  const found = useQuery({
    ...asked<{ readonly value: readonly CatalogueItem[] }>(itemsPath(here, wanted)),
    enabled: wanted.length > 1 && line.name === '',
  });
  const options = found.data?.value ?? [];
  const choose = (text: string) => {
    const item = options.find(({ code, name }) => code === text || name === text);
    put(item === undefined ? { code: text, name: '' } : lineOf(item, line.price));
  };
  const amount = amountOf(line);
  return (
    <li className="counter-line">
      <div>
        <input
          type="text"
          aria-label={words('item', { n: at })}
          placeholder={words('item.hint')}
          list={`items-${line.key}`}
          value={line.code}
          disabled={isOver}
          onChange={(event) => choose(event.target.value)}
        />
        <datalist id={`items-${line.key}`}>
          {options.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </datalist>
        <span className="small quiet">
          <Words of={line.name} />
        </span>
      </div>
      {(['quantity', 'price'] as const).map((name) => (
        <input
          key={name}
          type="text"
          inputMode="decimal"
          className="number"
          aria-label={words(`${name}.of`, { n: at })}
          placeholder={words(name)}
          value={line[name]}
          disabled={isOver}
          onChange={(event) => put({ [name]: event.target.value })}
        />
      ))}
      <span className="number">{amount === undefined ? '–' : yuan(amount)}</span>
      <button type="button" className="button button-plain" onClick={remove} disabled={isOver}>
        <Icon of={X} size={18} />
        <span className="hidden">{words('remove', { n: at })}</span>
      </button>
    </li>
  );
}

function lineOf({ code, name, priceCap }: CatalogueItem, price: string): Partial<DraftLine> {
  return { code, name, price: price === '' ? String(Number(priceCap ?? 20_000) / 100) : price };
}

/** What the demonstration's lines are looked for by. */
const sampled = ['手术', '检查', '片'];

/** In a demonstration nobody has a hospital's system at hand: lines of the catalogue, to begin with. */
function Sample({ here, fill }: { readonly here: string; fill(lines: readonly DraftLine[]): void }) {
  const session = useSession();
  if (session?.demonstration !== true) return null;
  const take = async () => {
    const found = await Promise.all(
      sampled.map((of) => get<{ readonly value: readonly CatalogueItem[] }>(itemsPath(here, of))),
    );
    fill(
      found
        .flatMap(({ value }) => value.slice(0, 2))
        .map((item) => ({ ...emptyLine(), ...lineOf(item, '') })),
    );
  };
  return (
    <button type="button" className="button button-small button-plain" onClick={() => void take()}>
      {words('sample')}
    </button>
  );
}
