import { dayText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { Sheet } from '../parts/sheet.tsx';
import { say } from './node-words.ts';
import type { DirectoryText, MemberKey } from './signed-versions.ts';

const dayMs = 86_400_000;
/** Days before its end at which a key is shown as ending. */
const soonDays = 60;
const uses = ['batch', 'receipt', 'question', 'answer', 'journal', 'directory'] as const;

/** Every member's keys with what they sign and until when; what ends soon stands out. 密钥 */
export function KeyTable({ members }: { readonly members: DirectoryText['members'] }) {
  const heads = [say('keys.member'), say('keys.key'), say('keys.use'), say('keys.suite'), say('keys.until')];
  return (
    <Sheet title={say('keys.title')} aside={say('keys.why')}>
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
            {members.flatMap(({ code, keys }) =>
              keys.map((key) => <KeyRow key={key.id} member={code} of={key} heads={heads} />),
            )}
          </tbody>
        </table>
      </div>
    </Sheet>
  );
}

interface KeyRowProps {
  readonly member: string;
  readonly of: MemberKey;
  readonly heads: readonly string[];
}

function KeyRow({ member, of: { id, use, suite, until, revoked }, heads }: KeyRowProps) {
  const days = Math.floor((Date.parse(until) - Date.now()) / dayMs);
  const named = uses.filter((one) => use.includes(one)).map((one) => say(`use.${one}`));
  return (
    <tr>
      <td data-label={heads[0]}>{placeName(member)}</td>
      <td className="mono" data-label={heads[1]}>
        {id}
      </td>
      <td data-label={heads[2]}>{named.join(' · ')}</td>
      <td data-label={heads[3]}>
        <code>{suite}</code>
      </td>
      <td data-label={heads[4]}>
        <span className="row">
          {dayText(until.slice(0, 10))}
          {revoked !== undefined && <span className="chip chip-bad">{say('keys.revoked')}</span>}
          {revoked === undefined && days < soonDays && (
            <span className="chip chip-you">
              {days < 0 ? say('keys.ended') : say('keys.left', { n: days })}
            </span>
          )}
        </span>
      </td>
    </tr>
  );
}
