import { ShieldAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { isWatcher, readsBooks } from '../app/nav.ts';
import { useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { Icon } from './icon.tsx';
import { PageHead } from './sheet.tsx';
import { SignInNeeded, Waiting } from './states.tsx';

interface ForSome {
  readonly title: string;
  readonly children: ReactNode;
}

/** A page for those who watch the node: operators and auditors. Anybody else is told whom it is for, and nothing is asked for them. */
export function Watchers({ title, children }: ForSome) {
  const session = useSession();
  return isWatcher(session) ? children : <NotForYou title={title} whom={t('role.watchers')} />;
}

/** The same for those who read the member's books: accountants too. */
export function BookReaders({ title, children }: ForSome) {
  const session = useSession();
  return readsBooks(session) ? children : <NotForYou title={title} whom={t('role.books')} />;
}

function NotForYou({ title, whom }: { readonly title: string; readonly whom: string }) {
  const session = useSession();
  return (
    <>
      <PageHead title={title} />
      {session === undefined ? (
        <Waiting />
      ) : session.who === null ? (
        <SignInNeeded />
      ) : (
        <Refused whom={whom} />
      )}
    </>
  );
}

function Refused({ whom }: { readonly whom: string }) {
  return (
    <div className="sheet note edge-you">
      <Icon of={ShieldAlert} />
      <p>{t('state.not-allowed', { roles: whom })}</p>
    </div>
  );
}
