import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { asked, give } from '../api/client.ts';
import { uuid7 } from '../api/ids.ts';
import { problemOf } from '../api/problem.ts';
import type { Consent, Envelope } from '../api/types.ts';
import { textOf, useDeclaration } from '../app/declaration.ts';
import { momentText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { GiveConsent } from '../parts/give-consent.tsx';
import { Go } from '../parts/go.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { AsOf, Empty, Loaded, NotAPerson, ProblemText } from '../parts/states.tsx';

/** Where a person's consents are asked for. */
const consentsPath = '/me/consents?limit=100';

/** To whom I agreed that they ask what about me, for what, until when; here one is given and withdrawn. 我的授权 */
export function Page() {
  const session = useSession();
  const isPerson = session?.who?.isPerson === true;
  const consents = useQuery({ ...asked<Envelope<Consent>>(consentsPath), enabled: isPerson });
  const head = <PageHead title={t('consents.title')} under={<p>{t('consents.why')}</p>} />;
  if (session !== undefined && !isPerson) return <NotAPerson head={head} isSignedIn={session.who !== null} />;
  return (
    <>
      {head}
      <Loaded of={consents} lines={6}>
        {({ data, asOf }) => (
          <div className="two">
            <Sheet title={t('consents.given-by-me')}>
              {data.length === 0 ? (
                <Empty why={t('consents.none')} />
              ) : (
                <ul className="list">
                  {data.map((consent) => (
                    <Given key={consent.id} consent={consent} asOf={asOf} />
                  ))}
                </ul>
              )}
            </Sheet>
            <div className="stack">
              <GiveConsent />
              <p>
                <Go to="/me/accesses">{t('consents.who-read')}</Go>
              </p>
              <AsOf at={asOf} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}

/** One consent: what, to whom, for what, until when, and its end. */
function Given({ consent, asOf }: { readonly consent: Consent; readonly asOf: string }) {
  const { id, member, question, purpose, given, until, withdrawn } = consent;
  const [system = '', name = ''] = question.split('/');
  const { data: declared } = useDeclaration(system);
  const what = declared === undefined ? '…' : textOf(declared, name);
  const why = declared === undefined || purpose === undefined ? '…' : textOf(declared, `$${purpose}`);
  const isOver = withdrawn !== undefined || until <= asOf;
  const state = withdrawn !== undefined ? 'withdrawn' : isOver ? 'over' : 'in-force';
  return (
    <li className="sheet-body stack" id={id}>
      <div className="row between">
        <h3>{what}</h3>
        <span className={isOver ? 'chip chip-quiet' : 'chip chip-good'}>{t(`consents.state.${state}`)}</span>
      </div>
      <dl className="facts small">
        <Fact name={t('consents.to')}>{placeName(member)}</Fact>
        <Fact name={t('accesses.purpose')}>{why}</Fact>
        {given !== undefined && (
          <Fact name={t('consents.given')}>
            <time dateTime={given}>{momentText(given)}</time>
          </Fact>
        )}
        <Fact name={t(withdrawn === undefined ? 'consents.until' : 'consents.withdrawn')}>
          <time dateTime={withdrawn ?? until}>{momentText(withdrawn ?? until)}</time>
        </Fact>
        <Fact name={t('consents.number')}>
          <code>{id}</code>
        </Fact>
      </dl>
      {!isOver && <Withdraw id={id} what={what} />}
    </li>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** From the moment that it is withdrawn nobody reads by it any more; what was read stays on the list of readings. */
function Withdraw({ id, what }: { readonly id: string; readonly what: string }) {
  const queries = useQueryClient();
  const wish = useMutation({
    mutationFn: () => give('access/withdraw', { id }, uuid7()),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <div>
      {wish.error !== null && <ProblemText problem={problemOf(wish.error)} />}
      <button type="button" className="button button-small" onClick={() => wish.mutate()}>
        {t(wish.isPending ? 'form.sending' : 'consents.withdraw')}
        <span className="hidden">{what}</span>
      </button>
    </div>
  );
}
