import { LogIn, Search } from 'lucide-react';
import { useState } from 'react';
import { domains } from '../app/catalogue.ts';
import { useSystems } from '../app/declaration.ts';
import { clockText, whole } from '../app/format.ts';
import { Head } from '../app/head.tsx';
import { navOf } from '../app/nav.ts';
import { signInHref, useSession } from '../app/session.ts';
import { language, t } from '../app/texts.ts';
import { Directory } from '../parts/directory.tsx';
import { Flows, type Pulse, usePulse } from '../parts/flows.tsx';
import { Go } from '../parts/go.tsx';
import { Icon } from '../parts/icon.tsx';
import { PublicDoors } from '../parts/public-doors.tsx';
import { useTitle } from '../parts/sheet.tsx';
import '../styles/landing.css';

/** What this is, live: the members, what passes between them, and every system, running or to come. */
export function Page() {
  const [words, setWords] = useState('');
  const pulse = usePulse();
  useTitle(t('landing.title'));
  return (
    <>
      <div className="hero">
        <Top />
        <div className="wrap hero-in">
          <div>
            <h1>
              <span>{t('landing.headline-1')}</span>
              {language === 'en' && ' '}
              <span>{t('landing.headline-2')}</span>
            </h1>
            <p className="hero-why">{t('landing.why')}</p>
            <SearchBox words={words} change={setWords} />
            <Begin />
          </div>
          <Flows pulse={pulse.data} isLost={pulse.isError} />
        </div>
        <Figures pulse={pulse.data} />
      </div>
      <div className="wrap landing-body">
        <Directory words={words} />
        <PublicDoors />
      </div>
    </>
  );
}

function Top() {
  const session = useSession();
  const whose = t('landing.whose');
  return <Head className="hero-head" session={session} whose={whose} nav={navOf(session)} path="/" />;
}

interface SearchBoxProps {
  readonly words: string;
  change(words: string): void;
}

function SearchBox({ words, change }: SearchBoxProps) {
  return (
    <search>
      <form className="search" onSubmit={(event) => event.preventDefault()}>
        <label htmlFor="search" className="hidden">
          {t('landing.search')}
        </label>
        <Icon of={Search} />
        <input
          id="search"
          type="search"
          value={words}
          placeholder={t('landing.search')}
          onChange={(event) => change(event.target.value)}
        />
        <a className="button button-main" href="#systems">
          {t('landing.find')}
        </a>
      </form>
    </search>
  );
}

function Begin() {
  const session = useSession();
  if (session?.who != null)
    return (
      <p className="hero-begin">
        <Go to="/home">{t('landing.go-home', { name: session.who.name })}</Go>
      </p>
    );
  if (session?.canSignIn !== true) return <p className="hero-begin" />;
  return (
    <p className="hero-begin">
      <a
        href={signInHref().replace(
          /back=.*/,
          `back=${encodeURIComponent(`${location.pathname.slice(0, 3)}/home`)}`,
        )}
      >
        <Icon of={LogIn} size={18} /> {t('landing.sign-in')}
      </a>
    </p>
  );
}

function Figures({ pulse }: { readonly pulse: Pulse | undefined }) {
  const systems = useSystems();
  const peers = pulse?.peers ?? [];
  const online = peers.filter(({ reachable }) => reachable).length + (pulse === undefined ? 0 : 1);
  const batches = peers.reduce((sum, { sent, received }) => sum + sent + received, 0);
  const receipts = peers.flatMap(({ lastReceipt }) => lastReceipt ?? []).sort();
  const total = domains.reduce((sum, { systems: own }) => sum + own.length, 0);
  const running = systems.data?.data.length ?? 0;
  const last = receipts.at(-1);
  const figures = [
    [pulse && String(online), t('landing.of-members', { n: peers.length + 1 }), t('landing.online')],
    [
      pulse && (batches === 0 ? t('flows.few') : t('flows.about', { n: whole(batches) })),
      t('landing.batches'),
      t('landing.batches-why'),
    ],
    [last === undefined ? '–' : clockText(last), '', t('landing.receipt')],
    [systems.data && String(running), t('landing.of-systems', { n: total }), t('landing.running')],
  ] as const;
  return (
    <div className="figures">
      <dl className="wrap figures-in">
        {figures.map(([number, unit, what]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              <strong>{number ?? '…'}</strong> {unit}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
