import { CircleCheck, CircleX, Download, ShieldCheck, ShieldX } from 'lucide-react';
import { textOf, useDeclaration } from '../app/declaration.ts';
import { momentText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { Icon } from '../parts/icon.tsx';
import { Sheet } from '../parts/sheet.tsx';
import {
  type EvidenceFile,
  type EvidenceStep,
  linesOf,
  messageText,
  type Verified,
  versionsIn,
} from './evidence-file.ts';
import { say } from './evidence-words.ts';
import '../styles/evidence.css';

interface ResultProps {
  readonly text: string;
  readonly file: EvidenceFile | undefined;
  readonly result: Verified;
}

/** The verdict, each step with what it found, what the file says, and what it does not show. 核验结果 */
export function EvidenceResult({ text, file, result }: ResultProps) {
  return (
    <div className="stack">
      <Verdict result={result} />
      <div className="two">
        <Sheet title={say('steps')} aside={say('steps-why', { n: result.steps.length })}>
          <ol className="evidence-steps">
            {result.steps.map((step, at) => (
              <StepRow key={step.step} step={step} number={at + 1} file={file} />
            ))}
          </ol>
        </Sheet>
        <div className="stack">
          {result.says !== undefined && <Said result={result} text={text} />}
          <Sheet title={say('not-shown')}>
            <ul className="sheet-body evidence-limits">
              {([1, 2, 3, 4, 5] as const).map((n) => (
                <li key={n}>{say(`not-shown.${n}`)}</li>
              ))}
            </ul>
          </Sheet>
        </div>
      </div>
      {file !== undefined && <Originals file={file} />}
    </div>
  );
}

function Verdict({ result: { ok, steps, says } }: { readonly result: Verified }) {
  const what = useMessageTitle(says?.message.type ?? '');
  const failed = steps.findIndex((step) => !step.ok);
  if (ok && says !== undefined)
    return (
      <div className="sheet note edge-good" role="status">
        <Icon of={ShieldCheck} size={24} />
        <div>
          <p className="verdict">{say('stands')}</p>
          <p>
            {say('stands-why', {
              from: placeName(says.from),
              to: placeName(says.to),
              what,
              sent: momentText(says.sentAt, true),
              received: momentText(says.receivedAt, true),
            })}
          </p>
        </div>
      </div>
    );
  const step = steps[failed];
  return (
    <div className="sheet note edge-bad" role="alert">
      <Icon of={ShieldX} size={24} />
      <div>
        <p className="verdict">
          {say('fails', { n: failed + 1, step: step === undefined ? '' : say(`step.${step.step}`) })}
        </p>
        <p>{say('fails-why')}</p>
      </div>
    </div>
  );
}

/** What a message is called by the system that declares it. */
function useMessageTitle(type: string): string {
  const [system = '', name = ''] = type.split('/');
  const declared = useDeclaration(system === 'kernel' ? '' : system).data;
  return declared === undefined ? type : textOf(declared, name);
}

interface StepProps {
  readonly step: EvidenceStep;
  readonly number: number;
  readonly file: EvidenceFile | undefined;
}

function StepRow({ step: { step, ok, detail }, number, file }: StepProps) {
  return (
    <li className={ok ? 'evidence-step' : 'evidence-step is-failed'}>
      <span className="step-number" aria-hidden="true">
        {number}
      </span>
      <div>
        <p className="strong">{say(`step.${step}`)}</p>
        {ok && file !== undefined ? (
          <p className="small quiet">{findingOf(step, file)}</p>
        ) : (
          <p className="small" lang="en">
            {detail}
          </p>
        )}
      </div>
      <span className={ok ? 'chip chip-good' : 'chip chip-bad'}>
        <Icon of={ok ? CircleCheck : CircleX} size={16} />
        {say(ok ? 'passed' : 'failed')}
      </span>
    </li>
  );
}

/** What a step that passed has shown, from the file's own parts. */
function findingOf(step: EvidenceStep['step'], file: EvidenceFile): string {
  const [head, receipt] = [linesOf(file.head), linesOf(file.receipt)];
  const [first, last] = versionsIn(file);
  const signed = (of: Readonly<Record<string, string>>) => ({
    name: placeName(of['from'] ?? ''),
    key: of['key'] ?? '',
    time: momentText(of['time'] ?? 0, true),
  });
  switch (step) {
    case 'file':
      return say('found.file', { format: file.format });
    case 'directories':
      return say('found.directories', { first: String(first), last: String(last) });
    case 'head':
      return say('found.head', signed(head));
    case 'message':
      return say('found.message', { n: file.index + 1, of: file.size, path: file.path.length });
    case 'parties':
      return say('found.parties', {
        from: placeName(head['from'] ?? ''),
        to: placeName(head['to'] ?? ''),
      });
    case 'receipt':
      return say('found.receipt', signed(receipt));
    case 'refusals':
      return say('found.refusals', {
        accepted: receipt['accepted'] ?? '',
        refused: receipt['refused'] ?? '',
      });
    case 'revocation':
      return say('found.revocation');
    case 'checkpoint':
      return say('found.checkpoint');
    case 'blobs':
      return say('found.blobs', { n: file.blobs?.length ?? 0 });
  }
}

function Said({ result, text }: { readonly result: Verified; readonly text: string }) {
  const { says, trusted } = result;
  const what = useMessageTitle(says?.message.type ?? '');
  if (says === undefined) return null;
  const { stream, epoch, number } = says.place;
  const place = say('place-text', { stream, epoch: String(epoch), n: String(number) });
  return (
    <Sheet title={say('facts')}>
      <div className="sheet-body stack">
        <dl className="facts">
          {[
            [say('type'), what],
            [say('id'), <code key="id">{says.message.id}</code>],
            [say('from'), placeName(says.from)],
            [say('to'), placeName(says.to)],
            [say('place'), place],
            [say('trusted-hash'), <code key="hash">{trusted}</code>],
          ].map(([name, value]) => (
            <div key={String(name)} className="fact">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <div>
          <a
            className="button button-small"
            href={`data:application/json;charset=utf-8,${encodeURIComponent(text)}`}
            download={`evidence-${says.message.id}.json`}
          >
            <Icon of={Download} size={16} />
            {say('save')}
          </a>
        </div>
      </div>
    </Sheet>
  );
}

/** The signed texts themselves, closed until somebody needs them. */
function Originals({ file }: { readonly file: EvidenceFile }) {
  const parts = [
    [say('content'), say('content-why'), messageText(file)],
    [say('head'), '', file.head],
    [say('receipt'), '', file.receipt],
  ] as const;
  return (
    <div className="sheet list originals">
      {parts.map(([title, why, content]) => (
        <details key={title}>
          <summary>
            <span className="strong">{title}</span> <span className="small quiet">{why}</span>
          </summary>
          <pre className="mono" tabIndex={0}>
            {content}
          </pre>
        </details>
      ))}
    </div>
  );
}
