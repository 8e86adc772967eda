import { useMutation } from '@tanstack/react-query';
import { Upload } from 'lucide-react';
import { type ChangeEvent, type FormEvent, useEffect, useId, useState } from 'react';
import { post } from '../api/client.ts';
import { t } from '../app/texts.ts';
import { Icon } from '../parts/icon.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { Broken, Waiting } from '../parts/states.tsx';
import { VerdictShown } from '../parts/verdict.tsx';
import type { Verdict } from '../parts/verdict-words.ts';
import '../styles/verify.css';

/** What is handed in: the text of a code or of an evidence file, or a receipt in base64. */
type Shown = { readonly text: string } | { readonly pdf: string };

/** Bytes of a file that the node takes here; a longer evidence file is for the command line. */
const fileMax = 700_000;

/** Anybody verifies a receipt here: by its code, by the file, or by an evidence file. 验证凭证 */
export function Page() {
  const verified = useMutation({ mutationFn: (shown: Shown) => post<Verdict>('/verify', shown) });
  const { mutate } = verified;
  // A code's word stands behind `#`: it is no part of what browsers send, and so of no log.
  useEffect(() => {
    const look = () => {
      const word = location.hash.slice(1);
      if (word.length > 20) mutate({ text: word });
    };
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [mutate]);
  return (
    <>
      <PageHead title={t('verify.title')} under={<p>{t('verify.why')}</p>} />
      <div className="stack verify">
        <div aria-live="polite">
          {verified.isPending && <Waiting lines={5} />}
          {verified.isError && <Broken error={verified.error} />}
          {verified.data !== undefined && !verified.isPending && <VerdictShown of={verified.data} />}
        </div>
        <HandIn give={mutate} isAgain={verified.data !== undefined} />
      </div>
    </>
  );
}

interface HandInProps {
  readonly isAgain: boolean;
  give(shown: Shown): void;
}

function HandIn({ give, isAgain }: HandInProps) {
  const [fault, setFault] = useState<string>();
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    event.target.value = '';
    if (file === undefined) return;
    setFault(file.size > fileMax ? t('verify.too-large', { name: file.name.slice(0, 80) }) : undefined);
    if (file.size <= fileMax) give(await shownOf(file));
  };
  return (
    <Sheet title={t(isAgain ? 'verify.another' : 'verify.hand-in')}>
      <div className="sheet-body stack">
        <p>{t('verify.scan')}</p>
        <div>
          <label className="button button-main verify-file">
            <Icon of={Upload} size={18} />
            {t('verify.file')}
            <input type="file" accept=".pdf,.json,application/pdf,application/json" onChange={take} />
          </label>
          <p className="small quiet">{t('verify.file-why')}</p>
          {fault !== undefined && (
            <p className="fault" role="alert">
              {fault}
            </p>
          )}
        </div>
        <ByText give={give} />
      </div>
    </Sheet>
  );
}

function ByText({ give }: Pick<HandInProps, 'give'>) {
  const id = useId();
  const [text, setText] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') give({ text: text.trim() });
  };
  return (
    <form className="field" onSubmit={send}>
      <label htmlFor={id}>{t('verify.text')}</label>
      <textarea
        id={id}
        rows={3}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
      <div>
        <button type="submit" className="button">
          {t('verify.check')}
        </button>
      </div>
    </form>
  );
}

async function shownOf(file: File): Promise<Shown> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isPdf = String.fromCharCode(...bytes.subarray(0, 5)) === '%PDF-';
  if (!isPdf) return { text: new TextDecoder().decode(bytes) || ' ' };
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8_192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return { pdf: btoa(binary) };
}
