import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { isStatus } from '../api/client.ts';
import { knownAnswers } from './known.ts';
import { type opening, Pages } from './router.tsx';
import { sessionAsked, sessionPath } from './session.ts';

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // Whoever was signed in a moment ago is told why they are not any more.
    onError: (error) => void (isStatus(error, 401) && queries.invalidateQueries(sessionAsked)),
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal stays one however often it is asked for; a node that is away may come back.
      retry: (tries, error) => tries < 2 && !isStatus(error, 400, 401, 403, 404, 409, 422),
      refetchOnWindowFocus: true,
    },
  },
});
for (const [path, answer] of knownAnswers())
  queries.setQueryData(path === sessionPath ? [path] : [path, ''], answer);
// Asked at once, while the page's own file is still on its way, unless it came with the page.
void queries.prefetchQuery(sessionAsked);

/** The whole portal. */
export function App({ first }: { readonly first: Awaited<ReturnType<typeof opening>> }) {
  return (
    <QueryClientProvider client={queries}>
      <Pages first={first} />
    </QueryClientProvider>
  );
}
