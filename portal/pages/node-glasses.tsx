import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { asked, post } from '../api/client.ts';
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

function Watched() {
  const found = useQuery(asked<Glasses>(glassesPath));
  return (
    <>
      <PageHead title={say('glasses.title')} under={<p>{say('glasses.why')}</p>}>
        <NodeTabs at="glasses" />
      </PageHead>
      <Loaded of={found} lines={8}>
        {({ data, open, asOf }) => (
          <div className="stack">
            {data.length > 0 && open === 0 && <AllGood>{say('glasses.all')}</AllGood>}
            <Sheet>
              {data.length === 0 ? (
                <Empty why={say('glasses.none')} />
              ) : (
                <ul className="list">
                  {data.map((one) => (
                    <GlassRow key={one.id} of={one} />
                  ))}
                </ul>
              )}
            </Sheet>
            <AsOf at={asOf} />
          </div>
        )}
      </Loaded>
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
        <Review id={of.id} />
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
function Review({ id }: { readonly id: string }) {
  const field = useId();
  const queries = useQueryClient();
  const isAuditor = useSession()?.who?.roles.includes('node/auditor') === true;
  const [remark, setRemark] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    try {
      await post(`${glassesPath}/${id}`, { remark: remark.trim() });
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
