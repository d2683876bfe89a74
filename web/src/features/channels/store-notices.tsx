import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Channel } from '../../../../server/src/modules/channels/contract.ts';
import { useActor } from '../../api/actor.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { Link } from '../../ui/link.tsx';
import { Notice } from '../../ui/states.tsx';

/** The one thing a store needs most, with the button that ends it: its connection, its mapping, its writes. */
export function StoreNotices({ store, canWrite }: { store: Channel; canWrite: boolean }) {
  const { t } = useTranslation('channels');
  const { can } = useActor();
  const open = (
    <Button component={Link} plain to={paths.store(store.platform, store.id)}>
      {t('standing.fix')}
    </Button>
  );
  if (!store.active)
    return (
      <Notice flush state="attention" title={t('standing.paused')} action={open}>
        {t('standing.pausedText')}
      </Notice>
    );
  if (store.health === 'auth_failed' || store.health === 'failing' || store.health === 'waiting')
    return (
      <Notice flush state={store.health === 'waiting' ? 'attention' : 'bad'} title={`${t(`health.${store.health}`)}.`} action={open}>
        {store.healthMessage}
      </Notice>
    );
  if (store.writes === 'off' && canWrite)
    return (
      <Notice
        flush
        state="none"
        title={t('standing.writesOff')}
        action={
          can('channels.connect') ? (
            <Button component={Link} plain to={paths.connectChannel(store.platform, store.id, 'stock')}>
              {t('standing.turnOn')}
            </Button>
          ) : undefined
        }
      >
        {t('standing.writesOffText')}
      </Notice>
    );
  if (store.problems.unmapped > 0)
    return (
      <Notice
        flush
        state="attention"
        title={t('standing.toMapTitle', { count: store.problems.unmapped, number: formatNumber(store.problems.unmapped) })}
        action={
          <Button component={Link} plain to={paths.platform(store.platform, { channel: store.id, mapped: 'no' })}>
            {t('standing.toMap')}
          </Button>
        }
      >
        {t('standing.toMapText')}
      </Notice>
    );
  return null;
}
