import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Platform, Store, TestResult } from '../../../../server/src/modules/channels/contract.ts';
import { useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { isActive } from '../../api/run.ts';
import { latestRunQuery } from '../../api/run-end.ts';
import { platformsQuery } from '../../api/shell.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import type { LoadArgs } from '../../routes.tsx';
import { NotFound } from '../../ui/boundaries.tsx';
import { ChannelMark } from '../../ui/channel-mark.tsx';
import { confirm } from '../../ui/confirm.tsx';
import { Status } from '../../ui/glyph.tsx';
import { Link } from '../../ui/link.tsx';
import { MoreMenu } from '../../ui/list-tools.tsx';
import { Columns, Grid, Line, Page as Frame, PageBody, PageHead, Stack } from '../../ui/page.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { RunProgress } from '../../ui/run-progress.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { When } from '../../ui/when.tsx';
import { Health } from './channel-words.tsx';
import { disconnectStore, PULL_KIND, pullStore, refreshChannels, setWrites, storeQuery, updateStore } from './queries.ts';
import { useStoreForm } from './store-form.tsx';
import { TestAnswer } from './test-answer.tsx';

export const load = async ({ queryClient, params }: LoadArgs) => {
  await Promise.all([queryClient.ensureQueryData(platformsQuery), queryClient.ensureQueryData(storeQuery(params['platform'] ?? '', params['id'] ?? ''))]);
};

/** One connected store: what it may do, its connection, its form. */
export function Page() {
  const { can } = useActor();
  const { platform: name = '', id = '' } = useParams({ strict: false });
  const { data: store } = useSuspenseQuery(storeQuery(name, id));
  const platform = useSuspenseQuery(platformsQuery).data.items.find((one) => one.platform === name);
  if (platform === undefined) return <NotFound />;
  return can('channels.connect') ? <Editable key={store.id} store={store} platform={platform} /> : <Screen store={store} platform={platform} />;
}

function Editable({ store, platform }: { store: Store; platform: Platform }) {
  const { panels, bar } = useStoreForm(store, platform);
  return <Screen store={store} platform={platform} form={panels} bar={bar} />;
}

function Screen({ store, platform, form, bar }: { store: Store; platform: Platform; form?: ReactNode; bar?: ReactNode }) {
  const { t } = useTranslation('channels');
  const { can } = useActor();
  const mayConnect = can('channels.connect');
  const sides = (
    <>
      {platform.capabilities.includes('stock') ? <StockPanel store={store} mayConnect={mayConnect} /> : null}
      <ConnectionPanel store={store} mayTest={can('channels.write')} />
    </>
  );
  const troubled = store.health === 'auth_failed' || store.health === 'failing' || store.health === 'waiting';
  return (
    <Frame title={store.name}>
      <PageHead
        trail={[{ label: t('stores.title'), to: paths.settings('channels') }]}
        title={
          <Line>
            <ChannelMark channel={store} /> {store.name}
          </Line>
        }
        note={store.testMode ? `${store.platformName}, ${t('stores.practice')}` : store.platformName}
        actions={<Actions store={store} mayConnect={mayConnect} />}
      />
      <PageBody>
        <Stack>
          {store.active && troubled ? (
            <Notice state={store.health === 'waiting' ? 'attention' : 'bad'} title={`${t(`health.${store.health}`)}.`}>
              {store.healthMessage}
            </Notice>
          ) : null}
          {store.active ? null : (
            <Notice state="attention" title={t('standing.paused')}>
              {t('standing.pausedText')}
            </Notice>
          )}
          {form === undefined ? <Grid>{sides}</Grid> : <Columns aside={<Stack>{sides}</Stack>}>{form}</Columns>}
        </Stack>
      </PageBody>
      {bar}
    </Frame>
  );
}

function Actions({ store, mayConnect }: { store: Store; mayConnect: boolean }) {
  const { t } = useTranslation('channels');
  const router = useRouter();
  const pausing = useMutation({
    mutationFn: updateStore,
    onSuccess: (saved) => toast(t(saved.active ? 'store.resumed' : 'store.paused', { name: saved.name })),
    onError: toastProblem,
  });
  const where = { platform: store.platform, id: store.id };
  const pause = async (): Promise<void> => {
    const go = !store.active || (await confirm({ title: t('store.pauseTitle', { name: store.name }), body: t('store.pauseBody'), action: t('store.pause') }));
    if (go) pausing.mutate({ ...where, version: store.version, active: !store.active });
  };
  const disconnect = async (): Promise<void> => {
    if (
      !(await confirm({
        title: t('store.disconnectTitle', { name: store.name }),
        body: t('store.disconnectBody'),
        action: t('store.disconnectAction'),
        danger: true,
      }))
    )
      return;
    try {
      await router.navigate({ href: paths.settings('channels') });
      await disconnectStore(where);
      toast(t('store.disconnected', { name: store.name }));
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <>
      <Button component={Link} plain to={paths.channel(store.platform, store.id)}>
        {t('store.see')}
      </Button>
      {mayConnect ? (
        <MoreMenu bordered>
          <Menu.Item onClick={() => void pause()}>{t(store.active ? 'store.pause' : 'store.resume')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item color="bad" onClick={() => void disconnect()}>
            {t('store.disconnect')}
          </Menu.Item>
        </MoreMenu>
      ) : null}
    </>
  );
}

/** Whether the store follows our stock, and since whose word. */
function StockPanel({ store, mayConnect }: { store: Store; mayConnect: boolean }) {
  const { t } = useTranslation('channels');
  const turning = useMutation({
    mutationFn: setWrites,
    onSuccess: (saved) => toast(t(saved.writes === 'on' ? 'stock.done' : 'stock.off', { name: saved.name })),
    onError: toastProblem,
  });
  const pause = async (): Promise<void> => {
    if (await confirm({ title: t('store.turnOffTitle', { name: store.name }), body: t('store.turnOffBody'), action: t('store.turnOff') }))
      turning.mutate({ platform: store.platform, id: store.id, on: false });
  };
  const on = store.writes === 'on';
  return (
    <Panel title={t('store.stock')}>
      <Stack tight>
        <Status state={on ? 'good' : 'none'}>{t(on ? 'store.writesOn' : 'store.writesOff')}</Status>
        {store.stockSource === null ? null : <Facts groups={[[{ label: t('stock.source'), value: t(`stock.chosen.${store.stockSource}`) }]]} />}
        {!mayConnect ? null : on ? (
          <Line>
            <Button onClick={() => void pause()} loading={turning.isPending}>
              {t('store.turnOff')}
            </Button>
          </Line>
        ) : (
          <Line>
            <Button component={Link} plain to={paths.connectChannel(store.platform, store.id, 'stock')}>
              {t('store.turnOn')}
            </Button>
          </Line>
        )}
      </Stack>
    </Panel>
  );
}

/** Whether the store answers, and what was read of it. */
function ConnectionPanel({ store, mayTest }: { store: Store; mayTest: boolean }) {
  const { t } = useTranslation('channels');
  const [answer, setAnswer] = useState<TestResult | undefined>();
  const where = { platform: store.platform, id: store.id };
  const run = useQuery(latestRunQuery(PULL_KIND, store.id)).data ?? undefined;
  const reading = run !== undefined && isActive(run);
  const testing = useMutation({
    mutationFn: () => api.channels.testStore(where),
    onMutate: () => setAnswer(undefined),
    onSuccess: (result) => {
      setAnswer(result);
      void refreshChannels();
    },
    onError: toastProblem,
  });
  const pulling = useMutation({ mutationFn: pullStore, onError: toastProblem });
  return (
    <Panel title={t('store.connection')}>
      <Stack tight>
        <Facts
          groups={[
            [
              { label: t('store.state'), value: <Health channel={store} /> },
              ...(store.healthAt === null ? [] : [{ label: t('store.checked'), value: <When at={store.healthAt} /> }]),
              {
                label: t('store.products'),
                value: t('store.productsOf', { mapped: formatNumber(store.mappedCount), total: formatNumber(store.productCount) }),
              },
              ...(store.pulledAt === null ? [] : [{ label: t('store.pulled'), value: <When at={store.pulledAt} /> }]),
              ...(store.tokenExpiresAt === null ? [] : [{ label: t('store.expires'), value: <When at={store.tokenExpiresAt} /> }]),
            ],
          ]}
        />
        {reading ? <RunProgress run={run} slim /> : null}
        {answer === undefined ? null : <TestAnswer answer={answer} />}
        {mayTest ? (
          <Line>
            <Button onClick={() => testing.mutate()} loading={testing.isPending}>
              {t('store.test')}
            </Button>
            <Button onClick={() => pulling.mutate(where)} loading={pulling.isPending} disabled={reading || !store.active}>
              {t('store.pull')}
            </Button>
          </Line>
        ) : null}
      </Stack>
    </Panel>
  );
}
