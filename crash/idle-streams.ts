import { connect, type Socket } from 'node:net';
import { residentMb } from './memory.ts';

/** Event streams that are open and idle, and what each costs the node. */
export interface IdleStreams {
  readonly held: number;
  readonly kibEach: number;
  close(): void;
}

/** Opens so many streams of a type that anybody may follow. Those that the node does not take are not counted. */
export async function holdStreams(
  url: string,
  count: number,
  pid: () => number | undefined,
): Promise<IdleStreams> {
  const before = residentMb(pid());
  const open: Socket[] = [];
  for (let begun = 0; begun < count; begun += 100) {
    const some = Array.from({ length: Math.min(100, count - begun) }, () => openStream(new URL(url)));
    for (const socket of await Promise.all(some)) if (socket) open.push(socket);
  }
  const kib = Math.max(0, residentMb(pid()) - before) * 1024;
  return {
    // One that was cut meanwhile is held no more.
    get held() {
      return open.filter(({ destroyed }) => !destroyed).length;
    },
    kibEach: open.length === 0 ? 0 : kib / open.length,
    close() {
      for (const socket of open) socket.destroy();
    },
  };
}

function openStream({ hostname, port, host }: URL): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(undefined));
    socket.on('data', (part) => {
      text = (text + part.toString('latin1')).slice(0, 4_096);
      // The head of the answer and its first line are there: the stream is followed.
      if (text.includes('retry: ')) resolve(text.startsWith('HTTP/1.1 200') ? socket : undefined);
    });
    socket.write(
      `GET /events?type=medical-settlement/institution HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\n\r\n`,
    );
  });
}
