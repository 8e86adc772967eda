import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { IssuerConfig } from './access/issuer-config.ts';
import { describe, SetupError } from './postgres/setup-error.ts';

const port = z.int().min(1).max(65_535);
const role = z.strictObject({ user: z.string().min(1), password: z.string() });
const listen = z.strictObject({
  host: z.string().min(1).describe('Address or name to listen on'),
  port: port.describe('TCP port'),
});

/** Everything one node process is told, read once when it starts (`<data>/nodes/<member>/config.json`, mode 0600). */
export const NodeConfig = z.strictObject({
  member: z
    .string()
    .regex(/^[1-9]\d{5}$/, 'not a division code of six digits')
    .describe('GB/T 2260 code'),
  region: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'not a short lower-case name')
    .describe('Name of the region as its directory has it'),
  name: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }).describe('Names of the member'),
  dataDir: z.string().min(1).describe('Folder for the files of this node alone'),
  http: listen
    .extend({
      names: z
        .array(z.string().min(1))
        .optional()
        .describe('Host names by which people reach it, beside the address'),
      origin: z
        .url()
        .optional()
        .describe(
          'Origin at which browsers reach it, such as https://yitong.example; the address when absent',
        ),
      portal: z.string().min(1).optional().describe('Folder of the built portal; no pages when absent'),
    })
    .describe('Address of portal, API and operators'),
  exchange: listen
    .extend({ inner: z.boolean().describe('Whether members may be at this machine or in a private network') })
    .describe('Address for the other members, by mutual TLS'),
  database: z
    .strictObject({
      host: z.string().min(1).describe('Host name, or the folder of a Unix socket'),
      port,
      user: z.string().min(1),
      password: z.string(),
      database: z.string().min(1),
      ssl: z.boolean().optional().describe('Whether to speak TLS to the server'),
      owner: role
        .optional()
        .describe(
          'Role that owns the tables: used for the schema when the node starts, and for nothing else',
        ),
      retention: role
        .optional()
        .describe('Role that erases what is over its term; nothing is erased when absent'),
    })
    .describe('The PostgreSQL database of this node'),
  keys: z
    .strictObject({
      batch: z.string().min(1).describe('File of the key for frames, receipts and answers'),
      directory: z.string().min(1).describe('File of the key that votes on the directory'),
      tls: z.strictObject({
        key: z.string().min(1).describe('PEM file of the private key'),
        cert: z.string().min(1).describe('PEM file of the certificate'),
        ca: z
          .string()
          .min(1)
          .optional()
          .describe('PEM file of authorities, where certificates are not self-signed'),
      }),
    })
    .describe('Key files, each readable by this node alone'),
  directoryPath: z.string().min(1).describe('File of the signed directories of the region, oldest first'),
  issuer: IssuerConfig.describe('Who signs people in'),
  partitions: z
    .int()
    .min(1)
    .max(256)
    .refine((count) => Number.isInteger(Math.log2(count)), 'not a power of two')
    .describe('Number of partitions; divides the region’s number of streams'),
  writers: z.int().min(1).max(16).describe('Partition writers, each with a connection of its own'),
  processes: listen
    .extend({
      number: z.int().min(1).max(64).describe('Which one this is, from 1; each of them has its own'),
      of: z.int().min(1).max(64).describe('How many there are'),
    })
    .refine(({ number, of }) => number <= of, 'a number above how many there are')
    .optional()
    .describe(
      'Where the node has several processes: this one’s share, and its address for the others, by mutual TLS. It holds all partitions when absent',
    ),
  questions: z
    .strictObject({
      ofMember: z.int().min(1).describe('Of one member'),
      ofAsker: z.int().min(1).describe('Of one asker whom it names'),
    })
    .optional()
    .describe('Questions of others answered within 24 hours; 500,000 and 3,000 when absent'),
  systems: z.union([z.literal('all'), z.array(z.string().min(1))]).describe('Systems that this member runs'),
  log: z.strictObject({
    level: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']),
    file: z.string().min(1).optional().describe('Log file; standard output when absent'),
  }),
  demonstration: z.boolean().describe('Whether the data are made up and the accounts known to all'),
});

/** Everything one node process is told. */
export type NodeConfig = z.infer<typeof NodeConfig>;

/** Reads and checks a configuration file; throws `SetupError` `bad-config` naming each field at fault. */
export function readNodeConfig(path: string): NodeConfig {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw badConfig(path, describe(error), error);
  }
  const parsed = NodeConfig.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join('.') || 'the whole'}: ${message}`,
  );
  throw badConfig(path, faults.join('; '), parsed.error);
}

function badConfig(path: string, reason: string, cause: unknown): SetupError {
  const remedy = 'correct the file, or let `yitong up` write it anew';
  return new SetupError({ code: 'bad-config', reason: `${path}: ${reason}`, remedy }, cause);
}
