import { type ReactNode, useContext } from 'react';
import { Link } from 'wouter';
import { ShownContext } from '../app/address.ts';
import { warmPage } from '../app/pages.ts';

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
  const [path = ''] = to.split('?', 1);
  const shown = useContext(ShownContext);
  const isHere = current ?? shown.path === path;
  const warm = () => warmPage(path);
  return (
    <Link
      href={to}
      onPointerEnter={warm}
      onFocus={warm}
      {...(className === undefined ? {} : { className })}
      {...(isHere ? { 'aria-current': 'page' as const } : {})}
    >
      {children}
    </Link>
  );
}
