import type { MessageType } from '@yitong/kit';

/** Data (JSON form) of this major in today's form: those of the major before are lifted. Errors: data that their own schema refuses. */
export function lifted(message: MessageType, major: number, data: unknown): unknown {
  const { version, before } = message;
  if (major >= version || !before) return data;
  before.data.parse(data);
  return before.lift(data);
}

/** Whether data of this major are handled: today's, and the one before where a type says how to lift it. */
export function isHandled({ version, before }: MessageType, major: number): boolean {
  return major === version || (before !== undefined && major === version - 1);
}

/** Data (JSON form) as a peer gets them that handles this major. */
export function lowered(message: MessageType, major: number, data: unknown): unknown {
  return major < message.version && message.before ? message.before.lower(data) : data;
}
