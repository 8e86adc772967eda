import { mkdirSync, writeFileSync } from 'node:fs';
import { ensureCertificate } from '../../node/supervisor/certificate.ts';
import { memberFiles } from '../../node/supervisor/layout.ts';
import { keysOf } from '../../node/supervisor/members.ts';
import { choosePorts } from '../../node/supervisor/ports.ts';
import { entryOf } from '../../node/supervisor/region-directory.ts';
import type { Run } from '../command.ts';
import { fileFailure, usage } from '../failure.ts';
import { wishedMembers } from '../members.ts';
import { dataFolder } from '../region.ts';

/** Makes keys, certificate and address of a member that wants to join, and a file of their public parts. */
export const run: Run = async ({ args, options, env, output }) => {
  const [wish, other] = wishedMembers(args[0]);
  if (wish === undefined || other !== undefined) throw usage(`${args[0]}: not one member.`);
  const data = dataFolder(options, env);
  const host = options.text('host') ?? '127.0.0.1';
  const files = memberFiles(data, wish.code);
  mkdirSync(files.folder, { recursive: true, mode: 0o700 });
  const wishes = [
    { name: 'issuer', port: 7300 },
    { name: `${wish.code}.http`, port: 7310 },
    { name: `${wish.code}.exchange`, port: 7311 },
  ];
  const ports = await choosePorts(data, host, wishes);
  const tls = await ensureCertificate(files, wish.code, host);
  const url = `https://${host}:${ports.get(`${wish.code}.exchange`)}`;
  const member = entryOf(
    { code: wish.code, name: wish.name.zh, url, tls, ...keysOf(data, wish.code) },
    Date.now(),
  );
  const path = options.text('output') ?? `${wish.code}.member.json`;
  try {
    writeFileSync(path, `${JSON.stringify({ format: 'yitong-member/1', member }, undefined, 1)}\n`);
  } catch (error) {
    throw fileFailure(path, error);
  }
  output.data({ member: wish.code, file: path, url });
  output.say(`${path}: ${wish.code} ${wish.name.zh} at ${url}; its secret keys stay in ${data}.`);
  output.say(`Give the file to a member of the region. There: yitong member join ${path} --at <member>`);
  return 'done';
};
