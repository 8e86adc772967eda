import { type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino';
import { maskedForLog, maskForLog } from './mask.ts';

/** A node's log: JSON lines without bodies, tokens or citizens' numbers. */
export type NodeLog = Logger;

/** What the log is told. */
export interface LogOptions {
  readonly level: string;
  readonly member: string;
  /** File of mode 0600; standard output when absent. */
  readonly file?: string;
  /** Where lines go instead, for tests. */
  readonly stream?: DestinationStream;
}

/** Opens the log. Whatever is logged passes through one mask: citizens' numbers, mobile numbers and tokens never stand in it. */
export function openLog(options: LogOptions): NodeLog {
  const { level, member, file } = options;
  const stream =
    options.stream ??
    (file === undefined
      ? destination(1)
      : destination({ dest: file, mode: 0o600, mkdir: true, sync: false }));
  return pino(
    {
      level,
      base: { member },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      redact: {
        paths: [
          'authorization',
          'cookie',
          '*.authorization',
          '*.cookie',
          '*.headers',
          'headers',
          'body',
          '*.body',
        ],
        censor: '[removed]',
      },
      formatters: {
        level: (label) => ({ level: label }),
        log: (facts) => Object(maskedForLog(facts)),
      },
      // An error is an instance with a stack; the mask above sees plain objects only, so it is written out first.
      serializers: { err: (error: Error) => error },
      hooks: {
        logMethod(parts, method) {
          const [first, ...rest] = parts.map((part: unknown) =>
            typeof part === 'string' ? maskForLog(part) : plainOf(part),
          );
          Reflect.apply(method, this, [first, ...rest]);
        },
      },
    },
    stream,
  );
}

/** Errors among the facts as plain objects, so that the mask reaches their texts. */
function plainOf(part: unknown): unknown {
  if (part instanceof Error) return { err: plainError(part) };
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, value instanceof Error ? plainError(value) : value]),
  );
}

function plainError(error: Error): unknown {
  const { type, message, stack } = stdSerializers.err(error);
  return maskedForLog({ type, message, stack });
}
