import { useState } from 'react';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Channel, ChannelProduct, StockPush } from '../../../../server/src/modules/channels/contract.ts';
import { useActor } from '../../api/actor.ts';
import { searchProducts } from '../../api/products.ts';
import { formatNumber } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { Quiet, Thumb } from '../../ui/cells.tsx';
import { ChannelName } from '../../ui/channel-mark.tsx';
import { confirm } from '../../ui/confirm.tsx';
import { Money } from '../../ui/figures.tsx';
import { Status } from '../../ui/glyph.tsx';
import { Link } from '../../ui/link.tsx';
import { OutsideLink } from '../../ui/outside-link.tsx';
import { Line, Stack } from '../../ui/page.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { ProductPicker } from '../../ui/product-picker.tsx';
import type { Choice } from '../../ui/product-picker.tsx';
import { QuickLook } from '../../ui/quick-look.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { When } from '../../ui/when.tsx';
import css from './channels.module.css';
import { pushShape, Standing } from './channel-words.tsx';
import { mapProduct, piecesText, suggestionsQuery } from './queries.ts';

/** One product as it stands on a store: what it is there, which product of ours it is, how its stock is on the way. */
export function StandingLook({
  item,
  platform,
  store,
  onChange,
  onClose,
}: {
  item: ChannelProduct | undefined;
  platform: string;
  store: Channel | undefined;
  /** It was mapped or parted, and may have left the list by that. */
  onChange: (item: ChannelProduct) => void;
  onClose: () => void;
}) {
  return (
    <QuickLook opened={item !== undefined} onClose={onClose} title={store === undefined ? undefined : <ChannelName channel={store} />}>
      {item === undefined ? null : <Look key={item.id} item={item} platform={platform} writesOn={store?.writes === 'on'} onChange={onChange} />}
    </QuickLook>
  );
}

function Look({ item, platform, writesOn, onChange }: { item: ChannelProduct; platform: string; writesOn: boolean; onChange: (item: ChannelProduct) => void }) {
  const { t } = useTranslation('channels');
  return (
    <>
      <div className={css.look}>
        <Thumb src={item.imageUrl} large />
        <div>
          <h3>{item.title}</h3>
          <Standing item={item} />
        </div>
      </div>
      {item.statusReason === '' ? null : (
        <Notice state="bad" title={`${t('look.reason')}:`}>
          {item.statusReason}
        </Notice>
      )}
      <Mapping item={item} platform={platform} onChange={onChange} />
      {item.product === null ? null : <StockPanel push={item.stock} writesOn={writesOn} />}
      <Panel title={t('look.facts')} action={item.url === '' ? undefined : <OutsideLink href={item.url}>{t('look.open')}</OutsideLink>}>
        <Facts
          groups={[
            [
              { label: t('standing.column.barcode'), value: item.barcode },
              { label: t('standing.column.sku'), value: item.sku },
              { label: t('look.external'), value: item.externalId },
              ...(item.brand === '' ? [] : [{ label: t('look.brand'), value: item.brand }]),
              ...(item.category === '' ? [] : [{ label: t('look.category'), value: item.category }]),
            ],
            [
              { label: t('look.price'), value: <Money value={item.price} /> },
              ...(item.listPrice === null ? [] : [{ label: t('look.listPrice'), value: <Money value={item.listPrice} /> }]),
              { label: t('look.quantity'), value: piecesText(item.quantity) },
              item.missingSince === null
                ? { label: t('look.seen'), value: <When at={item.observedAt} /> }
                : { label: t('look.gone'), value: <When at={item.missingSince} /> },
            ],
          ]}
        />
      </Panel>
    </>
  );
}

function StockPanel({ push, writesOn }: { push: StockPush | null; writesOn: boolean }) {
  const { t } = useTranslation('channels');
  if (push === null)
    return (
      <Panel title={t('look.stock')}>
        <Quiet>{writesOn ? t('look.noPush') : t('standing.writesOff')}</Quiet>
      </Panel>
    );
  const ways = [
    { id: 'wanted', label: t('look.wanted'), value: push.wanted, at: push.wantedAt },
    { id: 'sent', label: t('look.sent'), value: push.sent, at: push.sentAt },
    { id: 'confirmed', label: t('look.confirmed'), value: push.confirmed, at: push.confirmedAt },
  ];
  return (
    <Panel title={t('look.stock')} action={<Status state={pushShape[push.state]}>{t(`push.${push.state}`)}</Status>}>
      <Stack tight>
        <div className={css.ways}>
          {ways.map((way) => (
            <div key={way.id}>
              <span>{way.label}</span>
              <strong>{way.value === null ? '–' : formatNumber(way.value)}</strong>
              <span>{way.at === null ? '' : <When at={way.at} />}</span>
            </div>
          ))}
        </div>
        {push.error === null ? null : <Quiet state={push.state === 'failed' ? 'bad' : 'attention'}>{push.error}</Quiet>}
        {push.dueAt === null || push.state === 'confirmed' ? null : (
          <Quiet>
            {t('look.next')} <When at={push.dueAt} />
          </Quiet>
        )}
      </Stack>
    </Panel>
  );
}

/** Which product of ours it is; or the way to say so. */
function Mapping({ item, platform, onChange }: { item: ChannelProduct; platform: string; onChange: (item: ChannelProduct) => void }) {
  const { t } = useTranslation('channels');
  const { can } = useActor();
  const [changing, setChanging] = useState(false);
  const mayMap = can('channels.write');
  const mapping = useMutation({
    mutationFn: mapProduct,
    onSuccess: (mapped) => {
      setChanging(false);
      onChange(mapped);
      toast(mapped.product === null ? t('look.unmapped', { title: mapped.title }) : t('look.mapped', { title: mapped.title, sku: mapped.product.sku }));
    },
    onError: toastProblem,
  });
  const unmap = async (): Promise<void> => {
    const sure = await confirm({ title: t('look.unmapTitle'), body: t('look.unmapBody', { title: item.title }), action: t('look.unmapAction'), danger: true });
    if (sure) mapping.mutate({ platform, channelProductId: item.id, productId: null });
  };
  const pick = (choice: Choice): void => mapping.mutate({ platform, channelProductId: item.id, productId: choice.id });
  if (item.product !== null && !changing)
    return (
      <Panel title={t('look.ours')}>
        <Stack tight>
          <Link to={paths.product(item.product.id)}>{item.product.title}</Link>
          <Quiet>
            {item.product.sku} · {item.mappedBy === 'automatic' || item.mappedBy === null ? t('look.automatic') : t('look.by', { name: item.mappedBy })}
            {item.mappedAt === null ? null : (
              <>
                , <When at={item.mappedAt} />
              </>
            )}
          </Quiet>
          {mayMap ? (
            <Line>
              <Button onClick={() => setChanging(true)}>{t('look.change')}</Button>
              <Button variant="subtle" color="bad" onClick={() => void unmap()} loading={mapping.isPending}>
                {t('look.unmap')}
              </Button>
            </Line>
          ) : null}
        </Stack>
      </Panel>
    );
  return (
    <Panel
      title={t('look.choose')}
      action={
        changing ? (
          <Button size="xs" variant="subtle" onClick={() => setChanging(false)}>
            {t('look.cancel')}
          </Button>
        ) : undefined
      }
    >
      <Stack tight>
        {item.product === null ? <Quiet state="attention">{t(item.matchProblem === 'ambiguous' ? 'look.ambiguous' : 'look.none')}</Quiet> : null}
        {mayMap ? <Picker item={item} platform={platform} picking={mapping.isPending} onPick={pick} /> : null}
      </Stack>
    </Panel>
  );
}

function Picker({ item, platform, picking, onPick }: { item: ChannelProduct; platform: string; picking: boolean; onPick: (choice: Choice) => void }) {
  const { t } = useTranslation('channels');
  const suggestions = useQuery(suggestionsQuery(platform, item));
  return (
    <ProductPicker
      candidates={suggestions.isError ? [] : suggestions.data}
      search={searchProducts}
      action={t('look.action')}
      except={item.product?.id}
      picking={picking}
      onPick={onPick}
    />
  );
}
