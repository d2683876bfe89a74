import type { ReactNode } from 'react';
import { IconExternalLink } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useActor } from '../../api/actor.ts';
import { channelsQuery } from '../../api/shell.ts';
import { formatNumber, zoneName } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { Quiet } from '../../ui/cells.tsx';
import { Link } from '../../ui/link.tsx';
import { Page as Frame, PageBody, PageHead, Stack } from '../../ui/page.tsx';
import { Panel, PanelRow } from '../../ui/panel.tsx';
import { keysQuery, ratesQuery, usersQuery } from './queries.ts';
import { rateText } from './rate-words.ts';
import { groupsFor } from './sections.ts';
import type { Section } from './sections.ts';

/** All parts of the settings, each with how it stands. */
export function Page() {
  const { t } = useTranslation('settings');
  const { can } = useActor();
  return (
    <Frame title={t('title')}>
      <PageHead title={t('title')} />
      <PageBody reading>
        <Stack>
          {groupsFor(can).map((group) => (
            <Panel key={group.name} title={t(`group.${group.name}`)} flush>
              {group.sections.map(({ name }) => (
                <PanelRow
                  key={name}
                  title={
                    <Link plain to={paths.settings(name)}>
                      {t(`section.${name}`)}
                    </Link>
                  }
                  note={t(`about.${name}`)}
                  end={
                    <Quiet>
                      <Standing name={name} />
                    </Quiet>
                  }
                />
              ))}
              {group.name === 'access' ? <ApiDocs /> : null}
            </Panel>
          ))}
          {can('accounts.manage') || can('keys.manage') ? null : (
            <Panel flush>
              <ApiDocs />
            </Panel>
          )}
        </Stack>
      </PageBody>
    </Frame>
  );
}

function ApiDocs() {
  const { t } = useTranslation('settings');
  return (
    <PanelRow
      title={
        <Link plain to={paths.apiDocs()} target="_blank">
          {t('apiDocs')}
        </Link>
      }
      note={t('apiDocsAbout')}
      end={<IconExternalLink size="1.1em" stroke={1.6} aria-hidden />}
    />
  );
}

/** The one word or figure that says how a part stands. */
function Standing({ name }: { name: Section['name'] }): ReactNode {
  const { actor, shop, companies, can } = useActor();
  const channels = useQuery({ ...channelsQuery, enabled: name === 'channels' && can('channels.read') }).data?.items;
  const [rate] = useInfiniteQuery({ ...ratesQuery({}), enabled: name === 'rates' }).data?.pages[0]?.items ?? [];
  const users = useInfiniteQuery({ ...usersQuery(), enabled: name === 'users' });
  const keys = useInfiniteQuery({ ...keysQuery(), enabled: name === 'keys' }).data?.pages.flatMap((page) => page.items);
  switch (name) {
    case 'me':
      return actor.name;
    case 'shop':
      return `${zoneName(shop.timeZone)}, ${shop.currency}`;
    case 'companies':
      return formatNumber(companies.length);
    case 'rates':
      return rate === undefined ? null : `1 ${rate.base} = ${rateText(rate.value)} ${rate.quote}`;
    case 'channels':
      return channels === undefined ? null : formatNumber(channels.length);
    case 'users':
      return users.data === undefined ? null : formatNumber(users.data.pages.flatMap((page) => page.items).length);
    case 'keys':
      return keys === undefined ? null : formatNumber(keys.filter((key) => key.revokedAt === null).length);
    default:
      return null;
  }
}
