import { useQuery } from '@tanstack/react-query';
import {
  asked,
  choiceText,
  type Declaration,
  dayText,
  type History,
  Loaded,
  PageHead,
  percents,
  placeName,
  ReceiptLink,
  type RecordView,
  Sheet,
  useDeclaration,
  useParams,
  useSession,
  WaySheet,
  Words,
  yuan,
  yuanParts,
} from '@yitong/portal';
import { type ReactNode, useCallback } from 'react';
import type { Reason } from './explain.ts';
import type { Settlement } from './records.ts';
import { Channels, payersOf, SplitBar } from './shares-picture.tsx';
import { Steps } from './steps.tsx';
import { words } from './texts.ts';
import { useHospital } from './use-hospital.ts';
import './bill.css';

/** One bill: what one pays, who paid the rest, and each step of the reckoning with its parameter. 为什么是这个数 */
export function Page() {
  const { subject = '', key = '' } = useParams();
  const session = useSession();
  const isOffice = session?.who?.roles.includes('medical-settlement/clerk') === true;
  const purpose = isOffice ? 'medical-settlement' : undefined;
  const at = `${encodeURIComponent(subject)}/${encodeURIComponent(key)}`;
  const isKnown = session !== undefined;
  const settlement = useQuery({
    ...asked<RecordView<Settlement>>(`/medical-settlement/settlement/${at}`, purpose),
    enabled: isKnown,
  });
  const grounds = useQuery({
    ...asked<RecordView<{ readonly reasons: readonly Reason[] }>>(
      `/medical-settlement/grounds/${at}`,
      purpose,
    ),
    enabled: isKnown,
  });
  const history = useQuery({
    ...asked<History>(`/history/medical-settlement/settlement/${at}`, purpose),
    enabled: settlement.isSuccess,
  });
  const { refetch: read } = settlement;
  const { refetch: readHistory } = history;
  const again = useCallback(() => void Promise.all([read(), readHistory()]), [read, readHistory]);
  const declaration = useDeclaration('medical-settlement');
  return (
    <Loaded of={declaration}>
      {(declared) => (
        <Loaded of={settlement} lines={10}>
          {({ value }) => (
            <Bill
              settlement={value}
              reasons={grounds.data?.value.reasons ?? []}
              declared={declared}
              path={`/medical-settlement/settlement/${at}`}
              purpose={purpose}
            >
              <Loaded of={history}>
                {({ way }) => (
                  <WaySheet way={way} of={{ type: 'medical-settlement/settlement', subject, again }} />
                )}
              </Loaded>
            </Bill>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

/** A settlement with its explanation. */
export interface BillProps {
  readonly settlement: Settlement;
  readonly reasons: readonly Reason[];
  readonly declared: Declaration;
  /** The settlement's own address, and the purpose under which it is read here. */
  readonly path: string;
  readonly purpose: string | undefined;
}

function Bill({ children, ...props }: BillProps & { readonly children: ReactNode }) {
  const { settlement, declared, path, purpose } = props;
  const { shares, hospital, care, visit, decidingDate, city, filingKind, state } = settlement;
  const { name } = useHospital(hospital, care);
  const yours = BigInt(shares.personalAccount) + BigInt(shares.cash);
  const after = [choiceText(declared, filingKind), choiceText(declared, state)];
  return (
    <>
      <PageHead
        title={words('why.paid', { amount: yuan(yours) })}
        under={
          <p>
            <Words of={name} /> · {choiceText(declared, visit)} ·{' '}
            <time dateTime={decidingDate}>{dayText(decidingDate)}</time> · {after.join(' · ')}
          </p>
        }
        back={{ to: '/medical-settlement/bills', title: words('bills') }}
      >
        <ReceiptLink path={path} purpose={purpose} isMain />
      </PageHead>
      <div className="stack">
        <Sheet>
          <div className="sheet-body stack">
            <Answer total={shares.total} yours={yours} />
            <div className="bill-picture">
              <div>
                <div className="only-wide">
                  <Channels shares={shares} />
                </div>
                <div className="only-narrow">
                  <SplitBar shares={shares} />
                </div>
                <p className="only-wide small quiet">{words('scale')}</p>
              </div>
              <Payers settlement={settlement} place={placeName(city)} />
            </div>
          </div>
        </Sheet>
        <Steps {...props} />
        {children}
        <p className="small quiet">
          {words('same')} {words('demonstration')}
        </p>
        <p className="small quiet">
          {words('objection.call')}
          <code>{settlement.id}</code>
        </p>
      </div>
    </>
  );
}

function Answer({ total, yours }: { readonly total: string; readonly yours: bigint }) {
  const [yuanOfYours, cents] = yuanParts(yours);
  return (
    <div className="bill-answer">
      <div>
        <p className="small quiet">{words('you')}</p>
        <p className="one-number you">
          {yuanOfYours}
          <small>.{cents}</small> <span className="small quiet">{words('yuan')}</span>
        </p>
      </div>
      <div className="bill-total">
        <p className="small quiet">{words('total')}</p>
        {yuan(total)}
      </div>
    </div>
  );
}

function Payers({ settlement, place }: { readonly settlement: Settlement; readonly place: string }) {
  const payers = payersOf(settlement.shares);
  const amounts = payers.map(({ amount }) => amount);
  const parts = percents(amounts, BigInt(settlement.shares.total));
  return (
    <ul className="payers">
      {payers.map(({ name, amount }, at) => (
        <li key={name}>
          <span className={`swatch pay-${name}`} />
          <span className="strong">{words(name)}</span>
          <span className={name === 'account' || name === 'cash' ? 'number strong you' : 'number strong'}>
            {yuan(amount)}
          </span>
          <span className="small quiet">{words(`${name}.of`, { place })}</span>
          <span className="small quiet number">{parts[at]}</span>
        </li>
      ))}
    </ul>
  );
}
