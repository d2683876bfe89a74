import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Seals secrets with AES-256-GCM under a key that lives outside the database. */
export interface Vault {
  /** `kv1.<key id>.<nonce>.<tag>.<cipher text>`, base64url; `context` (e.g. `channel:<id>`) is bound in, so a seal cannot be moved to another row. */
  seal(plain: string, context: string): string;
  /** Throws when the key is unknown or the seal or its context was altered. */
  open(sealed: string, context: string): string;
  /** Id of the key that `seal` uses now; a seal under another id is due for rotation. */
  readonly keyId: string;
}

const keyFrom = (secret: string): Buffer => createHash('sha256').update(`karavan vault\n${secret}`).digest();
const idOf = (key: Buffer): string => createHash('sha256').update(key).digest('base64url').slice(0, 8);

/** `secrets[0]` seals; all of them open, so that an old secret can be rotated out. */
export function createVault(secrets: readonly [string, ...string[]]): Vault {
  const keys = new Map(secrets.map((secret) => [idOf(keyFrom(secret)), keyFrom(secret)]));
  const current = keyFrom(secrets[0]);
  const keyId = idOf(current);
  return {
    keyId,
    seal(plain, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return ['kv1', keyId, nonce.toString('base64url'), cipher.getAuthTag().toString('base64url'), body.toString('base64url')].join('.');
    },
    open(sealed, context) {
      const [version, id, nonce, tag, body] = sealed.split('.');
      const key = keys.get(id ?? '');
      if (version !== 'kv1' || nonce === undefined || tag === undefined || body === undefined) throw new Error('This is not a seal of this vault.');
      if (key === undefined) throw new Error(`The secret with key id ${id} is not configured; set the KARAVAN_SECRET it was sealed with.`);
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'))
        .setAAD(Buffer.from(context))
        .setAuthTag(Buffer.from(tag, 'base64url'));
      return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8');
    },
  };
}
