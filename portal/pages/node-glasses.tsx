import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { get, post } from '../api/client.ts';
import { type Problem, problemOf } from '../api/problem.ts';
import { momentText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { useSession } from '../app/session.ts';
import { type Glass, type Glasses, glassesPath } from '../office/glasses.ts';
import { NodeTabs } from '../office/node-tabs.tsx';
import { say } from '../office/node-words.ts';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { AllGood, AsOf, Empty, Loaded, ProblemText } from '../parts/states.tsx';
import { Watchers } from '../parts/watchers.tsx';
import { Words } from '../parts/words.tsx';
import { useAccessWords } from './accesses.tsx';

/** Who read whose data in an emergency and why, and which auditor looked at it: what nobody has reviewed stands first. 紧急查阅复核 */
export function Page() {
  return (
    <Watchers title={say('glasses.title')}>
      <Watched />
    </Watchers>
  );
}

/** Emergency readings of a state, page after page. */
function useGlasses(state: 'open' | 'reviewed') {
  return useInfiniteQuery({
    queryKey: [glassesPath, state],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam === '' ? '' : `&cursor=${encodeURIComponent(pageParam)}`;
      return get<Glasses>(`${glassesPath}?state=${state}${cursor}`, { signal });
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

function Watched() {
  const [open, reviewed] = [useGlasses('open'), useGlasses('reviewed')];
  return (
    <>
      <PageHead title={say('glasses.title')} under={<p>{say('glasses.why')}</p>}>
        <NodeTabs at="glasses" />
      </PageHead>
      <Loaded of={open} lines={8}>
        {({ pages: [first] }) => (
          <div className="stack">
            {first?.open === 0 && reviewed.data?.pages[0]?.data.length === 0 && (
              <Sheet>
                <Empty why={say('glasses.none')} />
              </Sheet>
            )}
            {first?.open === 0 && (reviewed.data?.pages[0]?.data.length ?? 0) > 0 && (
              <AllGood>{say('glasses.all')}</AllGood>
            )}
            <Pages of={open} />
            <Pages of={reviewed} />
            {first !== undefined && <AsOf at={first.asOf} />}
          </div>
        )}
      </Loaded>
    </>
  );
}

/** The readings of the pages that are there, and what brings the next. */
function Pages({ of }: { readonly of: ReturnType<typeof useGlasses> }) {
  const rows = (of.data?.pages ?? []).flatMap(({ data }) => data);
  if (rows.length === 0 && !of.hasNextPage) return null;
  return (
    <>
      <Sheet>
        <ul className="list">
          {rows.map((one) => (
            <GlassRow key={one.id} of={one} />
          ))}
        </ul>
      </Sheet>
      {of.hasNextPage && (
        <div>
          <button
            type="button"
            className="button"
            disabled={of.isFetchingNextPage}
            onClick={() => void of.fetchNextPage()}
          >
            {say('glasses.more')}
          </button>
        </div>
      )}
    </>
  );
}

function GlassRow({ of }: { readonly of: Glass }) {
  const [, what] = useAccessWords(of);
  const { review, person, member, reader, at, emergency = '' } = of;
  return (
    <li className={`sheet-body stack ${review === undefined ? 'edge-you' : 'edge-good'}`}>
      <div>
        <p className="strong">
          <Words of={emergency} />
        </p>
        <p className="small">
          {say('glasses.who', { who: placeName(member), what, time: momentText(at, true) })}{' '}
          <code>{reader}</code>
        </p>
        <p className="small quiet">
          {say('reads.person')} <code>{person.replace(/^person:/, '')}</code>
        </p>
      </div>
      {review === undefined ? (
        <Review of={of} />
      ) : (
        <p className="small">
          <span className="chip chip-good">{say('glasses.reviewed')}</span> <Words of={review.remark} />{' '}
          <span className="quiet">
            <code>{review.reviewer}</code> · {momentText(review.at, true)}
          </span>
        </p>
      )}
    </li>
  );
}

/** The auditor's remark, which makes the reading a reviewed one; operators see that it waits. */
function Review({ of: { id, at } }: { readonly of: Glass }) {
  const field = useId();
  const queries = useQueryClient();
  const isAuditor = useSession()?.who?.roles.includes('node/auditor') === true;
  const [remark, setRemark] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    try {
      await post(`${glassesPath}/${id}`, { at, remark: remark.trim() });
      await queries.invalidateQueries();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  if (!isAuditor) return <p className="small you">{say('glasses.waits')}</p>;
  return (
    <form className="stack" onSubmit={(event) => void send(event)} noValidate>
      {problem !== undefined && (
        <div role="alert">
          <ProblemText problem={problem} />
        </div>
      )}
      <label htmlFor={field} className="small">
        {say('glasses.remark')}
      </label>
      <div className="release">
        <input
          id={field}
          type="text"
          maxLength={500}
          autoComplete="off"
          value={remark}
          onChange={(event) => setRemark(event.target.value)}
        />
        <button type="submit" className="button button-small">
          {say('glasses.review')}
        </button>
      </div>
    </form>
  );
}
