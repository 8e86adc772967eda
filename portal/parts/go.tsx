import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A link to a page of the portal; `to` is its path after the language, with the query that belongs to it. */
export function Go({
  to,
  className,
  current,
  children,
}: {
  readonly to: string;
  readonly className?: string;
  /** Shown as where one is. */
  readonly current?: boolean | undefined;
  readonly children: ReactNode;
}) {
  const [path = '', query = ''] = to.split('?', 2);
  const search = Object.fromEntries(new URLSearchParams(query));
  return (
    <Link
      to={path}
      search={search}
      activeOptions={exactly}
      {...(className === undefined ? {} : { className })}
      {...(current === true ? { 'aria-current': 'page' as const } : {})}
    >
      {children}
    </Link>
  );
}

/** A page is where one is only at its own address, not at those below it. */
const exactly = { exact: true } as const;
