import type { PeerNotes } from '../exchange/courier.ts';
import { readBatchHead } from '../exchange/head.ts';
import type { Accuse } from '../exchange/receiver.ts';
import type { SignedDirectory } from '../exchange/signed-directory.ts';
import { twoHeads } from '../exchange/two-heads.ts';
import type { Environment } from '../runtime/environment.ts';

/** Shows the operator a peer that signed two heads for one place: an alarm, and the proof in the log, to be kept and shown to others. */
export function accuser(
  env: Environment,
  note: (peer: string) => PeerNotes,
  directories: () => readonly SignedDirectory[],
): Accuse {
  return (peer, heads) => {
    const read = readBatchHead(heads[0].head);
    if (!read.ok) throw new Error('a stored head cannot be read');
    const { stream, seq } = read.value;
    const detail = `signed two heads for batch ${seq}: the proof is in the log`;
    note(peer).alarms.set(`from ${stream}`, { code: 'two-heads', detail });
    const proof = JSON.stringify(twoHeads(heads, directories()));
    env.log.error('a peer signed two heads', { peer, stream, seq, proof });
  };
}
