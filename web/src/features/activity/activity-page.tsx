import { useTranslation } from 'react-i18next';
import { paths } from '../../lib/paths.ts';
import { useUrlState } from '../../lib/url-state.ts';
import type { LoadArgs } from '../../routes.tsx';
import { Page as Frame, PageHead, Views } from '../../ui/page.tsx';
import { ChangesList } from './changes-list.tsx';
import { changesQuery, changesSearch, runsQuery, runsSearch, tabSearch } from './queries.ts';
import { RunsList } from './runs-list.tsx';

export const load = ({ queryClient, search }: LoadArgs) =>
  tabSearch.parse(search).tab === 'changes'
    ? queryClient.prefetchInfiniteQuery(changesQuery(changesSearch.parse(search)))
    : queryClient.prefetchInfiniteQuery(runsQuery(runsSearch.parse(search)));

/** Everything that was done here: long work, and changes with their way back. */
export function Page() {
  const { t } = useTranslation('activity');
  const [{ tab }] = useUrlState(tabSearch);
  return (
    <Frame title={t('title')} fill>
      <PageHead title={t('title')} />
      <Views
        label={t('tab.label')}
        views={[
          { to: paths.activity(), label: t('tab.runs'), active: tab === undefined },
          { to: paths.activity({ tab: 'changes' }), label: t('tab.changes'), active: tab === 'changes' },
        ]}
      />
      {tab === 'changes' ? <ChangesList /> : <RunsList />}
    </Frame>
  );
}
