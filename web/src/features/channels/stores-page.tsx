import { Button } from '@mantine/core';
import { IconBuildingStore, IconPlus } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Channel } from '../../../../server/src/modules/channels/contract.ts';
import { useActor } from '../../api/actor.ts';
import { channelsQuery } from '../../api/shell.ts';
import { paths } from '../../lib/paths.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Quiet } from '../../ui/cells.tsx';
import { ChannelMark, ChannelName } from '../../ui/channel-mark.tsx';
import { Status } from '../../ui/glyph.tsx';
import { Link } from '../../ui/link.tsx';
import { Page as Frame, PageBody, PageHead } from '../../ui/page.tsx';
import { Panel, PanelRow, PanelTable } from '../../ui/panel.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { usePhone } from '../../ui/use-phone.ts';
import { Health, useNeeds } from './channel-words.tsx';

export const load = ({ queryClient }: LoadArgs) => queryClient.ensureQueryData(channelsQuery);

/** Every connected store: whether it answers, whether it is written to, what needs a person. */
export function Page() {
  const { t } = useTranslation('channels');
  const { can } = useActor();
  const { items } = useSuspenseQuery(channelsQuery).data;
  const connect = can('channels.connect') ? (
    <Button variant="filled" component={Link} plain to={paths.connectChannel()} leftSection={<IconPlus size="1em" stroke={1.6} />}>
      {t('stores.connect')}
    </Button>
  ) : undefined;
  return (
    <Frame title={t('stores.title')}>
      <PageHead title={t('stores.title')} count={items.length === 0 ? undefined : items.length} actions={items.length === 0 ? undefined : connect} />
      <PageBody>
        {items.length === 0 ? (
          <EmptyState icon={<IconBuildingStore size="1em" stroke={1.4} />} title={t('stores.empty')} actions={connect}>
            {t('stores.emptyText')}
          </EmptyState>
        ) : (
          <Panel flush>
            <Stores items={items} />
          </Panel>
        )}
      </PageBody>
    </Frame>
  );
}

const Writes = ({ channel }: { channel: Channel }) => {
  const { t } = useTranslation('channels');
  return <Status state={channel.writes === 'on' ? 'good' : 'none'}>{t(`writes.${channel.writes}`)}</Status>;
};

function Stores({ items }: { items: readonly Channel[] }) {
  const { t } = useTranslation('channels');
  const { companies } = useActor();
  const needs = useNeeds();
  const phone = usePhone();
  const needsOf = (channel: Channel) => {
    const words = needs(channel.problems);
    return words.length === 0 ? <Quiet>{t('stores.nothing')}</Quiet> : <Link to={paths.channel(channel.platform, channel.id)}>{words.join(', ')}</Link>;
  };
  if (phone)
    return items.map((channel) => (
      <PanelRow
        key={channel.id}
        lead={<ChannelMark channel={channel} />}
        title={
          <Link plain to={paths.store(channel.platform, channel.id)}>
            {channel.name}
          </Link>
        }
        note={
          <>
            {channel.platformName} · {needsOf(channel)}
          </>
        }
        end={<Health channel={channel} />}
      />
    ));
  return (
    <PanelTable<Channel>
      label={t('stores.title')}
      rows={items}
      rowKey={(channel) => channel.id}
      columns={[
        {
          id: 'store',
          header: t('stores.store'),
          cell: (channel) => (
            <Link plain to={paths.store(channel.platform, channel.id)}>
              <ChannelName channel={channel} />
            </Link>
          ),
        },
        {
          id: 'platform',
          header: t('stores.platform'),
          cell: (channel) => (
            <>
              {channel.platformName}
              {channel.testMode ? <Quiet>, {t('stores.practice')}</Quiet> : null}
            </>
          ),
        },
        ...(companies.length > 1
          ? [{ id: 'company', header: t('stores.company'), cell: (channel: Channel) => companies.find((company) => company.id === channel.companyId)?.name }]
          : []),
        { id: 'health', header: t('stores.health'), cell: (channel) => <Health channel={channel} /> },
        { id: 'writes', header: t('stores.writes'), cell: (channel) => <Writes channel={channel} /> },
        { id: 'needs', header: t('stores.needs'), cell: needsOf },
      ]}
    />
  );
}
