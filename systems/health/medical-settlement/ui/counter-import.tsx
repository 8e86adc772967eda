import { get, Icon } from '@yitong/portal';
import { Upload } from 'lucide-react';
import { type ChangeEvent, useEffect, useState } from 'react';
import { words } from './counter-texts.ts';
import { type DraftLine, emptyLine } from './draft.ts';
import { linesIn } from './import-lines.ts';

interface ImportProps {
  readonly here: string;
  readonly isOver: boolean;
  add(lines: readonly DraftLine[]): void;
}

/** Lines from the hospital's own system: a file of code, quantity and unit price, or the same pasted anywhere on the page. */
export function ImportLines({ here, isOver, add }: ImportProps) {
  const [said, setSaid] = useState('');
  const take = async (text: string) => {
    const { lines, faults } = linesIn(text);
    if (lines.length > 0)
      add(
        await named(
          here,
          lines.map((line) => ({ ...emptyLine(), ...line })),
        ),
      );
    const n = lines.length;
    setSaid(
      faults.length === 0
        ? words('imported', { n })
        : words('imported-faults', { n, faults: faults.slice(0, 10).join(', ') }),
    );
  };
  useEffect(() => {
    const hear = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (isOver || linesIn(text).lines.length === 0) return;
      event.preventDefault();
      void take(text);
    };
    document.addEventListener('paste', hear);
    return () => document.removeEventListener('paste', hear);
  });
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    event.target.value = '';
    if (file !== undefined) await take(await file.text());
  };
  return (
    <>
      <span className="small quiet" role="status">
        {said}
      </span>
      <label className="button button-small counter-import" title={words('import-why')}>
        <Icon of={Upload} size={16} />
        {words('import')}
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          disabled={isOver}
          onChange={(event) => void choose(event)}
        />
      </label>
    </>
  );
}

/** The lines with the catalogue's names; one that the catalogue does not have keeps its code alone. */
async function named(here: string, lines: readonly DraftLine[]): Promise<readonly DraftLine[]> {
  const codes = [...new Set(lines.map(({ code }) => code))].slice(0, 500).join(',');
  const { value } = await get<{
    readonly value: readonly { readonly code: string; readonly name: string }[];
  }>(`/systems/medical-settlement/parameters/catalogue?member=${here}&at=/items&code=${codes}`);
  const names = new Map(value.map(({ code, name }) => [code, name]));
  return lines.map((line) => ({ ...line, name: names.get(line.code) ?? '' }));
}
