import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Channel, ChannelProduct, PushState } from '../../../../server/src/modules/channels/contract.ts';
import { formatNumber } from '../../lib/format.ts';
import { Status } from '../../ui/glyph.tsx';
import type { State } from '../../ui/glyph.tsx';

const healthShape: Record<Channel['health'], State> = { unknown: 'none', ok: 'good', waiting: 'attention', auth_failed: 'bad', failing: 'bad' };
export const pushShape: Record<PushState, State> = {
  wanted: 'moving',
  sending: 'moving',
  sent: 'moving',
  confirmed: 'good',
  failed: 'bad',
  in_doubt: 'attention',
};
const statusShape: Record<ChannelProduct['status'], State> = {
  live: 'good',
  pending: 'moving',
  rejected: 'bad',
  archived: 'none',
  blocked: 'bad',
  inactive: 'none',
};

/** How a store's connection stands, in a word. */
export function Health({ channel, note }: { channel: Pick<Channel, 'active' | 'health'>; note?: ReactNode }) {
  const { t } = useTranslation('channels');
  if (!channel.active) return <Status state="none">{t('stores.paused')}</Status>;
  return (
    <Status state={healthShape[channel.health]} note={note}>
      {t(`health.${channel.health}`)}
    </Status>
  );
}

/** How a product stands on the store. */
export function Standing({ item }: { item: Pick<ChannelProduct, 'status' | 'missingSince' | 'statusReason'> }) {
  const { t } = useTranslation('channels');
  if (item.missingSince !== null) return <Status state="none">{t('status.missing')}</Status>;
  return (
    <span title={item.statusReason === '' ? undefined : item.statusReason}>
      <Status state={statusShape[item.status]}>{t(`status.${item.status}`)}</Status>
    </span>
  );
}

/** The last wish for its stock: value and how far it is; a refusal with its reason. */
export function PushWord({ item, writesOn }: { item: Pick<ChannelProduct, 'stock' | 'product'>; writesOn: boolean }) {
  const { t } = useTranslation('channels');
  const { stock } = item;
  if (stock === null) return <span>{item.product !== null && !writesOn ? t('push.off') : t('push.none')}</span>;
  return (
    <span title={stock.error ?? undefined}>
      <Status state={pushShape[stock.state]}>{t(`pushed.${stock.state}`, { number: formatNumber(stock.wanted), reason: stock.error ?? '' })}</Status>
    </span>
  );
}

/** What a person has to do on a store, as words; nothing is an empty list. */
export function useNeeds(): (problems: Channel['problems']) => string[] {
  const { t } = useTranslation('channels');
  return ({ unmapped, failed, inDoubt }) => [
    ...(unmapped > 0 ? [t('problems.unmapped', { count: unmapped, number: formatNumber(unmapped) })] : []),
    ...(failed > 0 ? [t('problems.failed', { count: failed, number: formatNumber(failed) })] : []),
    ...(inDoubt > 0 ? [t('problems.inDoubt', { count: inDoubt, number: formatNumber(inDoubt) })] : []),
  ];
}
