import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../lib/format.ts';
import { ChannelMark } from '../../ui/channel-mark.tsx';
import { Panel, PanelRow } from '../../ui/panel.tsx';
import { QuickLook } from '../../ui/quick-look.tsx';
import { EmptyState, Problem, SkeletonLines } from '../../ui/states.tsx';
import { When } from '../../ui/when.tsx';
import { quarantineQuery } from './queries.ts';

/** Messages of platforms that could not become orders, each with its reason. */
export function QuarantineDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['orders', 'common']);
  return (
    <QuickLook opened={opened} onClose={onClose} title={t('quarantine.title')}>
      {opened ? <Messages /> : null}
    </QuickLook>
  );
}

function Messages() {
  const { t } = useTranslation(['orders', 'common']);
  const query = useInfiniteQuery(quarantineQuery());
  if (query.isPending) return <SkeletonLines lines={6} />;
  if (query.isError) return <Problem error={query.error} title={t('common:list.failed')} onRetry={() => void query.refetch()} />;
  const messages = query.data.pages.flatMap((page) => page.items);
  if (messages.length === 0) return <EmptyState title={t('quarantine.none')}>{t('quarantine.noneText')}</EmptyState>;
  return (
    <>
      <Panel flush>
        {messages.map((message) => (
          <PanelRow
            key={message.id}
            lead={<ChannelMark channel={message.channel} alone />}
            title={t('quarantine.external', { id: message.externalId })}
            note={
              <>
                {message.reason}
                <br />
                {t('quarantine.times', { count: message.times, number: formatNumber(message.times) })}, <When at={message.lastAt} />
              </>
            }
          />
        ))}
      </Panel>
      {query.hasNextPage ? (
        <Button onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
          {t('quarantine.more')}
        </Button>
      ) : null}
    </>
  );
}
