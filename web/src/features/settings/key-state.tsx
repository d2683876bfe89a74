import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../../../../server/src/modules/accounts/contract.ts';
import { formatDate } from '../../lib/format.ts';
import { useZone } from '../../lib/zone.ts';
import { Status } from '../../ui/glyph.tsx';
import { useNow } from '../../ui/when.tsx';

/** Whether a key still opens anything. */
export function KeyState({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation('settings');
  const zone = useZone();
  const now = useNow();
  if (apiKey.revokedAt !== null) return <Status state="none">{t('keys.isRevoked')}</Status>;
  if (apiKey.expiresAt === null) return <Status state="good">{t('keys.isActive')}</Status>;
  if (new Date(apiKey.expiresAt).getTime() <= now) return <Status state="attention">{t('keys.isExpired')}</Status>;
  return <Status state="good">{t('keys.isUntil', { day: formatDate(apiKey.expiresAt, zone) })}</Status>;
}
