import { ConnectorError } from '../../kit/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../kit/http-client.ts';
import type { Store } from '../connector.ts';
import { type Credentials, credentialsSchema, type Settings, settingsSchema, storeFrontOf } from './settings.ts';
import { type Envelope, readEnvelope } from './schemas.ts';

/** One call: `path` after the base address, `{s}` stands for the seller id. */
export interface Call extends Omit<HttpRequest, 'headers'> {
  storeFront: string;
}

export interface Client {
  settings: Settings;
  /** Answers with a success, or an answer the call accepts; every refusal is a ConnectorError. */
  call(call: Call): Promise<HttpAnswer>;
}

/** Signs requests the way the platform asks for and turns its refusals into our kinds. */
export function openClient(store: Store): Client {
  const credentials = credentialsSchema.parse(store.credentials);
  const settings = settingsSchema.parse(store.settings);
  return {
    settings,
    async call({ storeFront, ...request }) {
      const answer = await store.http.request({
        ...request,
        path: request.path.replace('{s}', credentials.sellerId),
        headers: headersOf(credentials, settings, storeFront),
      });
      if (answer.status < 300 || request.accept?.(answer) === true) return answer;
      throw refusalOf(answer, storeFront, store.now());
    },
  };
}

function headersOf(credentials: Credentials, settings: Settings, storeFront: string): Record<string, string> {
  return {
    authorization: `Basic ${Buffer.from(`${credentials.apiKey}:${credentials.apiSecret}`).toString('base64')}`,
    // Without this very form the gateway answers 403.
    'user-agent': `${credentials.sellerId} - ${credentials.integratorName}`,
    storefrontcode: storeFront === 'TR' ? settings.turkiyeHeader : storeFront,
    'accept-language': settings.language === 'auto' ? storeFrontOf(storeFront).language : settings.language,
  };
}

const STORE_FRONT_KEYS = new Set(['invalid.storefrontcode', 'supplier.api.supplier.not.found']);

/** Codes of refusals that the connection test tells apart. */
export const refusal = {
  wrongKeys: 'credentials.refused',
  otherSeller: 'seller.foreign',
  blocked: 'gateway.blocked',
  storeFront: 'store_front.unavailable',
} as const;

/** Decided by status, exception and key; the words are localised and only shown. */
function refusalOf(answer: HttpAnswer, storeFront: string, now: Date): ConnectorError {
  const envelope = readEnvelope(answer.body);
  const key = envelope.keys[0];
  const said = envelope.messages.length === 0 ? '' : ` Trendyol says: ${envelope.messages.join(' ').slice(0, 500)}`;
  const rejected = (message: string, code = key ?? String(answer.status)): ConnectorError =>
    new ConnectorError('rejected', message, { code, reasons: envelope.messages });

  if (envelope.keys.includes('too.many.requests')) {
    return new ConnectorError('rate_limited', 'Trendyol is asked too often; this continues by itself.', {
      retryAt: new Date(now.getTime() + 10_000),
      code: 'too.many.requests',
    });
  }
  if (answer.status === 401 || envelope.keys.includes('authentication.error')) return unauthorised(envelope);
  if (answer.status === 403) {
    // A page instead of JSON comes from the gateway before the keys were looked at.
    return answer.body === undefined
      ? new ConnectorError(
          'unavailable',
          'Trendyol’s gateway blocked this server before looking at the keys (HTTP 403). In test mode the server’s IP address must be allowed by Trendyol first; otherwise ask its seller support.',
          { code: refusal.blocked },
        )
      : new ConnectorError(
          'auth',
          `Trendyol refused access (HTTP 403). Check the seller id, the integrator name and whether the keys are still active.${said}`,
          { code: key ?? '403' },
        );
  }
  if (envelope.keys.some((each) => STORE_FRONT_KEYS.has(each))) {
    return rejected(`The store front ${storeFront} is not available for this seller. The keys are fine.`, refusal.storeFront);
  }
  if (answer.status === 426) return rejected('Trendyol has closed this service for good or for today; an update of Karavan is needed if this lasts.');
  if (answer.status === 404) return rejected(`Trendyol does not know what was asked for.${said}`);
  return rejected(`Trendyol refused the request (HTTP ${answer.status}).${said}`);
}

function unauthorised(envelope: Envelope): ConnectorError {
  return envelope.exception === 'TrendyolAuthorizationException'
    ? new ConnectorError('auth', 'The keys are valid but belong to another seller id.', { code: refusal.otherSeller })
    : new ConnectorError('auth', 'Trendyol refuses this API key and secret. Copy both again from the seller panel: Account info → Integration info.', {
        code: refusal.wrongKeys,
      });
}
