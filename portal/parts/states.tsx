import type { UseQueryResult } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, Eye, Inbox, LogIn, WifiOff } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { get } from '../api/client.ts';
import { type Problem, problemOf } from '../api/problem.ts';
import type { Envelope, Source } from '../api/types.ts';
import { clockText, momentText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { signInHref } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { Icon } from './icon.tsx';

/** Milliseconds before anything is shown for waiting, and before it is said in words. */
const silentMs = 300;
const wordsMs = 8_000;

/** What stands while something is on its way: nothing at first, then grey shapes of about the final height, then words. */
export function Waiting({
  lines = 4,
  of = [],
}: {
  readonly lines?: number;
  /** Members whose answers are waited for. */
  readonly of?: readonly string[];
}) {
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    const timers = [silentMs, wordsMs].map((ms) => setTimeout(() => setPassed(ms), ms));
    return () => timers.forEach(clearTimeout);
  }, []);
  const shapes = Array.from({ length: lines }, (_, i) => i);
  return (
    <div className="sheet sheet-body stack" aria-busy="true">
      {shapes.map((i) => (
        <div key={i} className="skeleton" hidden={false} data-shown={passed >= silentMs} />
      ))}
      <p role="status" className="quiet small">
        {passed < wordsMs
          ? ''
          : of.length === 0
            ? t('state.waiting')
            : t('state.waiting-for', { names: of.map(placeName).join(t('list.or')) })}
      </p>
    </div>
  );
}

/** Shows what was asked for, or why it is not there yet or at all. */
export function Loaded<T>({
  of,
  lines,
  from,
  children,
}: {
  readonly of: UseQueryResult<T>;
  readonly lines?: number;
  /** Members that are asked for it. */
  readonly from?: readonly string[];
  readonly children: (data: T) => ReactNode;
}) {
  if (of.data !== undefined) return children(of.data);
  if (of.error !== null) return <Broken error={of.error} retry={() => void of.refetch()} />;
  return (
    <Waiting {...(lines === undefined ? {} : { lines })} {...(from === undefined ? {} : { of: from })} />
  );
}

/** A failure: what, why, what to do, and the number to quote. Someone who is not signed in is led to that instead. */
export function Broken({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const problem = problemOf(error);
  if (problem.status === 401) return <SignInNeeded />;
  return (
    <div className="sheet note edge-bad" role="alert">
      <Icon of={problem.type === 'about:offline' ? WifiOff : CircleAlert} />
      <div className="stack">
        <ProblemText problem={problem} />
        {retry && (
          <div>
            <button type="button" className="button button-small" onClick={retry}>
              {t('state.retry')}
            </button>
          </div>
        )}
      </div>
    </div>
  );
}

/** A problem in words. */
export function ProblemText({ problem }: { readonly problem: Problem }) {
  const { title, detail, remedy, traceId, facts } = problem;
  const roles = Array.isArray(facts?.['roles']) ? facts['roles'].join(', ') : '';
  return (
    <div>
      <p className="strong">{title}</p>
      {detail !== title && <p className="quiet">{detail}</p>}
      {remedy !== undefined && remedy !== title && remedy !== detail && <p>{remedy}</p>}
      {roles !== '' && <p className="small quiet">{t('state.roles', { roles })}</p>}
      {traceId !== undefined && problem.status >= 500 && (
        <p className="small quiet row">
          <span>
            {t('state.trace')} <code>{traceId}</code>
          </span>
          <Copy text={traceId} />
        </p>
      )}
    </div>
  );
}

/** Takes a text along, and says that it did; the text stands beside it for whoever's browser lends no clipboard. */
function Copy({ text }: { readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <button type="button" className="button button-small" onClick={copy}>
      {t(isCopied ? 'state.copied' : 'state.copy')}
    </button>
  );
}

/** What is needed is a person: who, and where to go. */
export function SignInNeeded() {
  return (
    <div className="sheet note edge-you">
      <Icon of={LogIn} />
      <div className="stack">
        <p>{t('state.sign-in')}</p>
        <div>
          <a className="button button-main" href={signInHref()}>
            {t('session.sign-in')}
          </a>
        </div>
      </div>
    </div>
  );
}

/** A page for a person themselves: whoever is signed in for an office is told so. */
export function NotAPerson({ head, isSignedIn }: { readonly head: ReactNode; readonly isSignedIn: boolean }) {
  return (
    <>
      {head}
      {isSignedIn ? (
        <div className="sheet note edge-you">
          <Icon of={Eye} />
          <p>{t('accesses.office')}</p>
        </div>
      ) : (
        <SignInNeeded />
      )}
    </>
  );
}

/** Nothing is there: why, and the one thing to do. */
export function Empty({ why, children }: { readonly why: string; readonly children?: ReactNode }) {
  return (
    <div className="note">
      <Icon of={Inbox} />
      <div className="stack">
        <p className="quiet">{why}</p>
        {children}
      </div>
    </div>
  );
}

/** All is well, in a sentence. */
export function AllGood({ children }: { readonly children: ReactNode }) {
  return (
    <div className="sheet note edge-good">
      <Icon of={CircleCheck} />
      <div>{children}</div>
    </div>
  );
}

/** Members whose parts of an answer are not of now. */
export function awayIn({ sources }: Pick<Envelope<unknown>, 'sources'>): readonly string[] {
  return sources.filter(({ state }) => state !== 'fresh').map(({ member }) => member);
}

/** Which members' parts are not of now: each with the time of what is shown, and a way to look again. Nothing when all are. */
export function PartialNote({
  of,
  retry,
}: {
  readonly of: Pick<Envelope<unknown>, 'sources'>;
  /** Reads the whole anew; done once one of them answers again. */
  readonly retry?: () => void;
}) {
  const away = of.sources.filter(({ state }) => state !== 'fresh');
  const [lookedAt, setLookedAt] = useState<number>();
  if (away.length === 0) return null;
  const names = away.map(({ member }) => placeName(member)).join(t('list.or'));
  const look = async () => {
    const isBack = await areBack(awayIn(of));
    setLookedAt(isBack ? undefined : Date.now());
    if (isBack) retry?.();
  };
  return (
    <div className="sheet note edge-you" role="status">
      <Icon of={WifiOff} />
      <div>
        {away.map((source) => (
          <p key={source.member}>{awayText(source)}</p>
        ))}
        <p className="quiet small">{t('state.partial')}</p>
        {retry !== undefined && (
          <div className="row">
            <button type="button" className="button button-small" onClick={() => void look()}>
              {t('state.retry-for', { names })}
            </button>
            {lookedAt !== undefined && (
              <span className="small">{t('state.still-away', { names, time: clockText(lookedAt) })}</span>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

/** Asks for those members alone: whether one of them answers this node again. What they had sent is shown already. */
async function areBack(away: readonly string[]): Promise<boolean> {
  try {
    const { peers } = await get<Pulse>('/pulse');
    return peers.some(({ member, reachable }) => reachable && away.includes(member));
  } catch {
    return false; // The bar above the page says that the node itself is away.
  }
}

interface Pulse {
  readonly peers: readonly { readonly member: string; readonly reachable: boolean }[];
}

function awayText({ member, asOf, state }: Source): string {
  const name = placeName(member);
  if (state === 'refused') return t('state.refused', { name });
  if (asOf === null) return t('state.away', { name });
  return t('state.away-since', { name, time: momentText(asOf) });
}

/** When what is shown was so. */
export function AsOf({ at }: { readonly at: string }) {
  return (
    <p className="small quiet">
      <AsOfWords at={at} />
    </p>
  );
}

/** The same within a line. */
export function AsOfWords({ at }: { readonly at: string }) {
  return (
    <>
      {t('state.as-of')} <time dateTime={at}>{momentText(at)}</time>
    </>
  );
}
