import type { ReactNode } from 'react';
import { isStatus } from '../api/client.ts';
import type { Declaration } from '../api/types.ts';
import { useParams } from '../app/address.ts';
import { useDeclaration } from '../app/declaration.ts';
import { NotFound } from '../pages/not-found.tsx';
import { Loaded } from './states.tsx';

/** What a page makes of the system that its address names; a system that does not run here is a page that is not there. */
export function OfSystem({ children }: { readonly children: (declared: Declaration) => ReactNode }) {
  const { system = '' } = useParams();
  const declaration = useDeclaration(system);
  return isStatus(declaration.error, 404) ? <NotFound /> : <Loaded of={declaration}>{children}</Loaded>;
}
