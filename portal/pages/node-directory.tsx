import { useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { asked } from '../api/client.ts';
import { dayText, momentText } from '../app/format.ts';
import { placeName, shortName } from '../app/places.ts';
import { KeyTable } from '../office/key-table.tsx';
import { NodeTabs } from '../office/node-tabs.tsx';
import { say } from '../office/node-words.ts';
import { type DirectoryText, membersIn, type SignedVersion, signersOf } from '../office/signed-versions.ts';
import { Icon } from '../parts/icon.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Watchers } from '../parts/watchers.tsx';
import '../styles/office.css';

/** The region's directory as the node tells it. */
interface DirectoryState {
  readonly inForce: number;
  readonly versions: readonly SignedVersion[];
  readonly drafts: readonly {
    readonly version: number;
    readonly hash: string;
    readonly at: string;
    readonly by: string;
    readonly needs: number;
    readonly signatures: readonly { readonly member: string }[];
  }[];
  readonly conflicts: readonly SignedVersion[];
}

/** Versions of the directory with who signed them, drafts that wait, and every member's keys. 成员与密钥 */
export function Page() {
  return (
    <Watchers title={say('directory.title')}>
      <Watched />
    </Watchers>
  );
}

function Watched() {
  const state = useQuery(asked<DirectoryState>('/directory'));
  return (
    <>
      <PageHead title={say('directory.title')} under={<p>{say('directory.why')}</p>}>
        <NodeTabs at="directory" />
      </PageHead>
      <Loaded of={state} lines={8}>
        {(found) => (
          <div className="stack">
            <Versions state={found} />
            <Drafts state={found} />
            <KeyTable members={membersIn(found.versions, found.inForce)} />
          </div>
        )}
      </Loaded>
    </>
  );
}

interface Of {
  readonly state: DirectoryState;
}

function Versions({ state: { versions, inForce, conflicts } }: Of) {
  const heads = [
    say('directory.version'),
    say('directory.issued'),
    say('directory.expires'),
    say('directory.signed'),
  ];
  const twice = new Set(conflicts.map(({ canonical }) => (JSON.parse(canonical) as DirectoryText).version));
  return (
    <Sheet title={say('directory.versions')} aside={say('directory.in-force', { n: inForce })}>
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
            {[...versions].reverse().map((signed) => (
              <VersionRow
                key={signed.canonical}
                signed={signed}
                heads={heads}
                isNow={(JSON.parse(signed.canonical) as DirectoryText).version === inForce}
                twice={twice}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Sheet>
  );
}

interface RowProps {
  readonly signed: SignedVersion;
  readonly heads: readonly string[];
  readonly isNow: boolean;
  readonly twice: ReadonlySet<number>;
}

function VersionRow({ signed, heads, isNow, twice }: RowProps) {
  const { version, issued, expires, prev } = JSON.parse(signed.canonical) as DirectoryText;
  return (
    <tr>
      <td data-label={heads[0]}>
        <span className="row">
          {version}
          {isNow && <span className="chip chip-good">{say('directory.now')}</span>}
          {twice.has(version) && <span className="chip chip-bad">{say('directory.conflict')}</span>}
        </span>
      </td>
      <td data-label={heads[1]}>{momentText(issued)}</td>
      <td data-label={heads[2]}>{dayText(expires.slice(0, 10))}</td>
      <td data-label={heads[3]}>
        <span className="row">
          {signersOf(signed).map((member) => (
            <span key={member} className="mark-word good">
              <Icon of={CircleCheck} size={16} />
              {shortName(member)}
            </span>
          ))}
          {(prev === undefined || /^0*$/.test(prev)) && (
            <span className="small quiet">{say('directory.first')}</span>
          )}
        </span>
      </td>
    </tr>
  );
}

function Drafts({ state: { drafts } }: Of) {
  return (
    <Sheet title={say('directory.drafts')}>
      {drafts.length === 0 ? (
        <Empty why={say('directory.no-drafts')} />
      ) : (
        <ul className="list">
          {drafts.map(({ hash, version, at, by, needs, signatures }) => (
            <li key={hash} className="sheet-body">
              <p className="row">
                <strong>
                  {say('directory.version')} {version}
                </strong>
                <span className="chip chip-you">{say('directory.needs', { n: needs })}</span>
              </p>
              <p className="small quiet">
                {say('directory.proposed', { name: placeName(by), time: momentText(at) })} ·{' '}
                <code>{hash}</code>
              </p>
              <p className="small">{signatures.map(({ member }) => shortName(member)).join(' · ')}</p>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  );
}
