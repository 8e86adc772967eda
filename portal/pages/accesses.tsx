import { useQuery } from '@tanstack/react-query';
import { asked } from '../api/client.ts';
import type { Envelope } from '../api/types.ts';
import { accessesPath } from '../app/accesses-path.ts';
import { useDeclaration } from '../app/declaration.ts';
import { momentText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { Go } from '../parts/go.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { AsOf, Empty, Loaded, NotAPerson, PartialNote } from '../parts/states.tsx';
import { Words } from '../parts/words.tsx';

/** One reading of someone's data. */
export interface Access {
  readonly id: string;
  readonly at: string;
  readonly member: string;
  readonly reader: string;
  readonly purpose: string;
  readonly what: string;
  /** Absent from readings of before it was noted. */
  readonly ground?: 'self' | 'office' | 'by-law' | 'consent' | 'emergency' | 'none';
  /** Id of the consent that it was read by. */
  readonly consent?: string;
  /** The emergency for which somebody read who may not otherwise. */
  readonly emergency?: string;
}

/** Who read my data, when, for what, and what they saw. 谁看过我的数据 */
export function Page() {
  const session = useSession();
  const isPerson = session?.who?.isPerson === true;
  const accesses = useQuery({ ...asked<Envelope<Access>>(accessesPath), enabled: isPerson });
  const head = (
    <PageHead title={t('accesses.title')} under={<p>{t('accesses.why')}</p>}>
      {isPerson && (
        <Go to="/me/consents" className="button">
          {t('consents.title')}
        </Go>
      )}
    </PageHead>
  );
  if (session !== undefined && !isPerson) return <NotAPerson head={head} isSignedIn={session.who !== null} />;
  return (
    <>
      {head}
      <Loaded of={accesses} lines={6}>
        {(envelope) => (
          <div className="stack">
            <PartialNote of={envelope} />
            <Sheet>
              {envelope.data.length === 0 ? (
                <Empty why={t('accesses.none')} />
              ) : (
                <Table data={envelope.data} />
              )}
            </Sheet>
            <AsOf at={envelope.asOf} />
          </div>
        )}
      </Loaded>
    </>
  );
}

function Table({ data }: { readonly data: readonly Access[] }) {
  const heads = [
    t('accesses.when'),
    t('accesses.who'),
    t('accesses.purpose'),
    t('accesses.what'),
    t('accesses.ground'),
  ];
  return (
    <div className="table-scroll">
      <table className="table cards">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.map((access) => (
            <AccessRow key={access.id} access={access} heads={heads} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AccessRow({ access, heads }: { readonly access: Access; readonly heads: readonly string[] }) {
  const { at, member, reader } = access;
  const [purpose, what] = useAccessWords(access);
  return (
    <tr>
      <td data-label={heads[0]}>
        <time dateTime={at}>{momentText(at)}</time>
      </td>
      <td data-label={heads[1]}>
        <span>
          {placeName(member)} <span className="reader mono quiet small">{accountOf(reader)}</span>
        </span>
      </td>
      <td data-label={heads[2]}>
        <Purpose of={access} words={purpose} />
      </td>
      <td data-label={heads[3]}>{what}</td>
      <td data-label={heads[4]}>
        <GroundOf access={access} />
      </td>
    </tr>
  );
}

/** The account of a reader, whose member is named beside it, without what says that it is one. */
function accountOf(reader: string): string {
  return reader.replace(/^[0-9]{6} /, '').replace(/^staff:/, '');
}

/** By which right it was read; a consent is named, and led to. 查阅依据 */
function GroundOf({ access: { ground, consent } }: { readonly access: Access }) {
  if (ground === undefined) return <span className="quiet">{t('ground.older')}</span>;
  const text = t(`ground.${ground}`);
  return consent === undefined ? text : <Go to="/me/consents">{text}</Go>;
}

/** What it was for; an emergency is marked, in the reader's own words. */
export function Purpose({ of, words }: { readonly of: Access; readonly words: string }) {
  if (of.emergency === undefined) return words;
  return (
    <span>
      <span className="chip chip-you">{t('accesses.emergency')}</span> <Words of={of.emergency} />
    </span>
  );
}

/** What a reading was for and what was seen, in the words of the system that declares both. */
export function useAccessWords({ purpose, what }: Access): readonly [purpose: string, what: string] {
  const [type = ''] = what.split(' ');
  const [system = '', record = ''] = type.split('/');
  const declaration = useDeclaration(system);
  // Until the words are there nothing is said, rather than a program's name for it.
  if (declaration.isPending) return ['…', '…'];
  const texts = declaration.data?.texts ?? {};
  if (purpose === 'emergency') return [t('accesses.emergency'), texts[record] ?? type];
  if (purpose === 'own-data') return [t('accesses.own'), texts[record] ?? type];
  return [texts[`$${purpose}`] ?? texts[purpose.split('/')[1] ?? ''] ?? purpose, texts[record] ?? type];
}
