import { CircleX, ShieldCheck } from 'lucide-react';
import { textOf, useDeclaration } from '../app/declaration.ts';
import { momentText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { Facts } from './cells.tsx';
import { Icon } from './icon.tsx';
import { type Evidence, reasonText, type Verdict, type Voucher } from './verdict-words.ts';
import { statementRecord, VouchedStatement } from './vouched-statement.tsx';

/** What was proven, by whose keys, as of when; or that nothing was, and what to do. */
export function VerdictShown({ of }: { readonly of: Verdict }) {
  if (!of.ok)
    return (
      <div className="sheet note edge-bad" role="alert">
        <Icon of={CircleX} size={24} />
        <div className="stack">
          <h2>{t('verify.bad')}</h2>
          <p>{reasonText(of)}</p>
        </div>
      </div>
    );
  return (
    <div className="sheet edge-good">
      <div className="sheet-body stack">
        <h2 className="row verify-good">
          <Icon of={ShieldCheck} size={24} />
          {t('verify.good')}
        </h2>
        {of.voucher !== undefined && <Vouched of={of.voucher} />}
        {of.evidence?.ok === true && <Exchanged of={of.evidence} />}
        {of.evidence?.ok === false && <p className="you">{t('verify.evidence-broken')}</p>}
        <NotShown isFile={of.voucher === undefined} />
      </div>
    </div>
  );
}

function Vouched({ of }: { readonly of: Voucher }) {
  if (of.record === statementRecord) return <VouchedStatement of={of} />;
  return <VouchedRecord of={of} />;
}

function VouchedRecord({ of }: { readonly of: Voucher }) {
  const [system = '', name = ''] = of.record.split('/');
  const declared = useDeclaration(system).data;
  const record = declared?.records.find((one) => one.name === name);
  const title = declared === undefined ? of.record : textOf(declared, name);
  const said = { member: placeName(of.member), time: momentText(of.time, true), title };
  return (
    <>
      <p>{t('verify.says', said)}</p>
      <dl className="facts">
        {of.about !== '' && <Fact name={t('verify.about')} value={of.about} />}
        {of.id !== '' && <Fact name={t('verify.id')} value={of.id} />}
      </dl>
      {declared !== undefined && record !== undefined && (
        <Facts value={of.facts} schema={record.schema} declared={declared} of={name} />
      )}
      <p className="small quiet">
        {t('verify.key', { key: of.key, member: placeName(of.member), n: of.directory })}
      </p>
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd className="mono">{value}</dd>
    </div>
  );
}

/** The message that both members signed; what stands in it stays in the file. */
function Exchanged({ of }: { readonly of: Evidence }) {
  const { from = '', to = '', type = '', sentAt = '', receivedAt = '', keys, id = '' } = of;
  const [system = '', name = ''] = type.split('/');
  const declared = useDeclaration(system).data;
  const what = declared === undefined ? type : (declared.texts[name] ?? declared.texts[system] ?? type);
  const said = { from: placeName(from), to: placeName(to), what };
  return (
    <div className="verify-both">
      <p>{t('verify.sent', { ...said, time: momentText(sentAt, true), key: keys?.sender ?? '' })}</p>
      <p>
        {t('verify.received', { ...said, time: momentText(receivedAt, true), key: keys?.receiver ?? '' })}
      </p>
      <p className="small quiet mono">{id}</p>
    </div>
  );
}

function NotShown({ isFile }: { readonly isFile: boolean }) {
  return (
    <div className="small quiet">
      <p>{t(isFile ? 'verify.not-content' : 'verify.not-later')}</p>
      <p>{t('verify.not-holder')}</p>
    </div>
  );
}
