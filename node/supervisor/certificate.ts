import { webcrypto, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { spkiOf } from '../peers/contacts.ts';
import { writePrivate } from '../postgres/secret.ts';

/** Where a node's TLS key and certificate lie, as PEM. */
export type CertificateFiles = { tlsKey: string; tlsCertificate: string };

const dayMs = 86_400_000;
const validDays = 825;
const renewDays = 60;

/**
 * Makes sure that a member has a TLS key (ECDSA P-256) and a self-signed certificate for `host`, valid for two
 * more months; a renewed certificate keeps its key. Returns the SPKI's SHA-256 as the directory has it (hex).
 */
export async function ensureCertificate(
  files: CertificateFiles,
  member: string,
  host: string,
): Promise<string> {
  const kept = readCertificate(files);
  if (kept !== undefined && Date.parse(kept.validTo) - Date.now() > renewDays * dayMs) return spkiOf(kept);
  const keys = await keyPair(files.tlsKey);
  const certificate = await selfSigned(keys, member, host);
  mkdirSync(dirname(files.tlsKey), { recursive: true, mode: 0o700 });
  writePrivate(files.tlsKey, pem(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)));
  writePrivate(files.tlsCertificate, certificate);
  return spkiOf(new X509Certificate(certificate));
}

function readCertificate({ tlsKey, tlsCertificate }: CertificateFiles): X509Certificate | undefined {
  if (!existsSync(tlsKey) || !existsSync(tlsCertificate)) return undefined;
  return new X509Certificate(readFileSync(tlsCertificate));
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function keyPair(path: string): Promise<webcrypto.CryptoKeyPair> {
  if (!existsSync(path)) return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const body = readFileSync(path, 'utf8').replace(/-----[A-Z ]+-----|\s/g, '');
  const privateKey = await webcrypto.subtle.importKey('pkcs8', Buffer.from(body, 'base64'), algorithm, true, [
    'sign',
  ]);
  const { kty, crv, x, y } = await webcrypto.subtle.exportKey('jwk', privateKey);
  const half = Object.fromEntries(
    Object.entries({ kty, crv, x, y }).filter(([, value]) => value !== undefined),
  );
  const publicKey = await webcrypto.subtle.importKey('jwk', half, algorithm, true, ['verify']);
  return { privateKey, publicKey };
}

/** Loaded only here: the library is not needed again once the certificate is made. */
async function selfSigned(keys: webcrypto.CryptoKeyPair, member: string, host: string): Promise<string> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const names = new Set([host, 'localhost', '127.0.0.1', '::1']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=yitong ${member}, O=Yitong, C=CN`,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + validDays * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension([...names].map(nameOf)),
    ],
  });
  return certificate.toString('pem');
}

function nameOf(value: string): { readonly type: 'ip' | 'dns'; readonly value: string } {
  return { type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value };
}

function pem(der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}
