import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Platform, Store } from '../../../../server/src/modules/channels/contract.ts';
import { platformsQuery } from '../../api/shell.ts';
import { paths } from '../../lib/paths.ts';
import { oneOf, screenSearch, someText, useUrlState } from '../../lib/url-state.ts';
import type { LoadArgs } from '../../routes.tsx';
import { NotFound } from '../../ui/boundaries.tsx';
import { Page as Frame, PageBody, PageHead, Stack } from '../../ui/page.tsx';
import { Steps } from '../../ui/run-progress.tsx';
import { SkeletonLines } from '../../ui/states.tsx';
import css from './channels.module.css';
import { KeysStep } from './keys-step.tsx';
import { ProductsStep } from './products-step.tsx';
import { storeQuery } from './queries.ts';
import { StockStep } from './stock-step.tsx';

const connectSearch = screenSearch({ platform: someText(40), store: someText(40), step: oneOf(['stock']) });
const stepIds = ['platform', 'keys', 'products', 'stock'] as const;

export const load = ({ queryClient }: LoadArgs) => queryClient.ensureQueryData(platformsQuery);

/** From a platform to a store that follows our stock: keys, its products, whose stock counts. Every step has its address. */
export function Page() {
  const { t } = useTranslation('channels');
  const [search, setSearch] = useUrlState(connectSearch);
  const platforms = useSuspenseQuery(platformsQuery).data.items;
  const platform = platforms.find((one) => one.platform === search.platform);
  const current = platform === undefined ? 0 : search.store === undefined ? 1 : search.step === undefined ? 2 : 3;
  if (search.platform !== undefined && platform === undefined) return <NotFound />;
  return (
    <Frame title={t('connect.title')}>
      <PageHead
        trail={[{ label: t('stores.title'), to: paths.settings('channels') }]}
        title={platform === undefined ? t('connect.title') : t('connect.titleOn', { platform: platform.name })}
      />
      <PageBody reading>
        <Stack>
          <Steps
            label={t('connect.steps')}
            steps={stepIds.map((id, place) => ({
              id,
              label: t(`connect.step.${id}`),
              state: place < current ? 'good' : place === current ? 'moving' : 'none',
            }))}
          />
          {platform === undefined ? (
            <ChoosePlatform platforms={platforms} onChoose={(name) => setSearch({ platform: name }, { push: true })} />
          ) : search.store === undefined ? (
            <KeysStep key={platform.platform} platform={platform} done={(store) => setSearch({ store: store.id })} />
          ) : (
            <Connected platform={platform} id={search.store} step={search.step} onStock={() => setSearch({ step: 'stock' }, { push: true })} />
          )}
        </Stack>
      </PageBody>
    </Frame>
  );
}

function ChoosePlatform({ platforms, onChoose }: { platforms: readonly Platform[]; onChoose: (platform: string) => void }) {
  const { t } = useTranslation('channels');
  return (
    <>
      <h2 className={css.heading}>{t('connect.choose')}</h2>
      <div className={css.platforms}>
        {platforms.map((platform) => (
          <UnstyledButton
            key={platform.platform}
            className={css.platform}
            onClick={() => onChoose(platform.platform)}
            aria-label={t('connect.pick', { platform: platform.name })}
          >
            <span className={css.badge} aria-hidden>
              {platform.mark}
            </span>
            <span className={css.platformText}>
              <strong>{platform.name}</strong>
              <span>{t('connect.reads', { list: platform.capabilities.map((name) => t(`capability.${name}`)).join(', ') })}</span>
              {platform.storeCount === 0 ? null : <span>{t('connect.connected', { count: platform.storeCount })}</span>}
            </span>
            <IconChevronRight size="1.2em" stroke={1.6} aria-hidden />
          </UnstyledButton>
        ))}
      </div>
    </>
  );
}

function Connected({ platform, id, step, onStock }: { platform: Platform; id: string; step: 'stock' | undefined; onStock: () => void }) {
  const router = useRouter();
  const { data: store, isError } = useQuery({ ...storeQuery(platform.platform, id), retry: false });
  if (isError) return <NotFound />;
  if (store === undefined) return <SkeletonLines lines={6} />;
  const toStore = (connected: Store): void => void router.navigate({ href: paths.channel(connected.platform, connected.id) });
  const able = platform.capabilities.includes('stock');
  return step === 'stock' && able ? (
    <StockStep store={store} onDone={() => toStore(store)} />
  ) : (
    <ProductsStep store={store} platform={platform} onNext={able ? onStock : () => toStore(store)} />
  );
}
