import { useMemo, useRef, useState } from 'react';
import { Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Shop } from '../../../../server/src/modules/accounts/contract.ts';
import { useActor } from '../../api/actor.ts';
import { api } from '../../api/client.ts';
import { currentLocale } from '../../lib/i18n.ts';
import { currencies, timeZones } from '../../lib/world.ts';
import type { LoadArgs } from '../../routes.tsx';
import { useSave } from '../../ui/form.tsx';
import { Page as Frame, PageBody, PageHead, Stack } from '../../ui/page.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { keepShop, shopQuery } from './queries.ts';
import { presentOf, StaleNotice } from './stale-notice.tsx';

export const load = ({ queryClient }: LoadArgs) => queryClient.ensureQueryData(shopQuery);

type Values = { name: string; timeZone: string; currency: string };
const fields = ['name', 'timeZone', 'currency'] as const;
const NAME = 120;
const toValues = ({ name, timeZone, currency }: Shop): Values => ({ name, timeZone, currency });

/** Name, time zone and home currency of the shop. */
export function Page() {
  const { t } = useTranslation('settings');
  const { can, limited } = useActor();
  const { data: shop } = useSuspenseQuery(shopQuery);
  return (
    <Frame title={t('section.shop')}>
      <PageHead title={t('section.shop')} />
      {can('settings.manage') && !limited ? (
        <ShopForm shop={shop} />
      ) : (
        <PageBody reading>
          <Stack>
            <Notice state="none">{t(can('settings.manage') ? 'limited' : 'readOnly')}</Notice>
            <Panel>
              <Facts groups={[fields.map((field) => ({ label: t(`shop.${field}`), value: shop[field] }))]} />
            </Panel>
          </Stack>
        </PageBody>
      )}
    </Frame>
  );
}

function ShopForm({ shop }: { shop: Shop }) {
  const { t } = useTranslation('settings');
  const [base, setBase] = useState(shop);
  /** The version that a save names; ahead of `base` once both versions were compared. */
  const version = useRef(shop.version);
  const [theirs, setTheirs] = useState<Shop | undefined>();
  const form = useForm<Values>({ initialValues: toValues(shop), validate: { name: (name) => (name.trim() === '' ? t('required') : null) } });
  const adopt = (next: Shop): void => {
    version.current = next.version;
    setBase(next);
    setTheirs(undefined);
    form.setValues(toValues(next));
    form.clearErrors();
  };
  const saving = useSave(form, {
    save: ({ name, ...rest }) => api.accounts.settings.update({ version: version.current, name: name.trim(), ...rest }),
    done: async (saved) => {
      adopt(saved);
      await keepShop(saved);
      toast(t('shop.saved'));
    },
    handle: (problem) => {
      const current = problem.code === 'resource.stale' ? presentOf<Shop>(problem) : undefined;
      if (current === undefined) return false;
      version.current = current.version;
      setTheirs(current);
      return true;
    },
  });
  const options = useMemo(() => ({ zones: timeZones(), currencies: currencies(currentLocale()) }), []);
  const stored = toValues(base);
  const dirty = fields.filter((field) => form.values[field] !== stored[field]);
  return (
    <>
      <PageBody reading>
        <form onSubmit={saving.submit} noValidate>
          <Stack>
            {theirs === undefined ? null : (
              <StaleNotice
                rows={fields.map((field) => ({ id: field, label: t(`shop.${field}`), theirs: theirs[field], mine: form.values[field] }))}
                onTake={() => adopt(theirs)}
              />
            )}
            <TextInput {...form.getInputProps('name')} label={t('shop.name')} description={t('shop.nameHelp')} maxLength={NAME} />
            <Select
              {...form.getInputProps('timeZone')}
              label={t('shop.timeZone')}
              description={t('shop.timeZoneHelp')}
              data={options.zones}
              limit={100}
              searchable
              allowDeselect={false}
            />
            <Select
              {...form.getInputProps('currency')}
              label={t('shop.currency')}
              description={t('shop.currencyHelp')}
              data={options.currencies}
              limit={100}
              searchable
              allowDeselect={false}
            />
          </Stack>
          <button type="submit" hidden />
        </form>
      </PageBody>
      <SaveBar
        fields={dirty.map((field) => t(`shop.${field}`))}
        saving={saving.saving}
        onSave={() => saving.submit()}
        onDiscard={() => adopt(theirs ?? base)}
        saveLabel={theirs === undefined ? undefined : t('stale.saveMine')}
        problem={saving.problem?.message}
      />
    </>
  );
}
